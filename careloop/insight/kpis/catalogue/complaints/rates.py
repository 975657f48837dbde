"""How often customers complain, and complain again (F01, F02)."""

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.catalogue.complaints.received import DAY_US, complaints, had_until
from careloop.insight.kpis.catalogue.loyalty.demand import exposure
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options
from careloop.insight.kpis.words import said

__all__ = ["COMPLAINTS_PER_CUSTOMER", "COMPLAINT_RATE", "REPEAT_COMPLAINT_RATE"]

WITHIN = Number(
    name="days",
    default=30,
    least=1,
    meaning=said(
        "days after the closure in which another complaint is a repeat; 30 and 90 are usual",
        "종결 후 재민원으로 보는 일수, 보통 30일과 90일",
        "结案后视为重复投诉的天数，常用 30 与 90",
        "số ngày sau khi khép lại mà khiếu nại nữa là lặp lại; thường là 30 và 90",
    ),
)
RECEIVED = said("complaints received", "접수된 불만", "收到的投诉", "khiếu nại nhận được")
GAMING = said(
    "Code complaints as enquiries; discourage people from complaining.",
    "불만을 문의로 코딩, 불만 제기를 막기.",
    "把投诉登记为咨询；劝阻投诉。",
    "Ghi khiếu nại thành câu hỏi; làm khách nản không khiếu nại.",
)


def complaint_rate(facts: Facts, _options: Options) -> Ratio:
    """Complaints received over contacts handled."""
    rows, handled = complaints(facts), contacts(facts)
    return Ratio(
        numerator=Sum(rows=rows, value=rows.complaint_id.notnull(), at="received_at"),
        denominator=Sum(rows=handled, value=is_true(handled.outcome == "handled"), at="arrived_at"),
    )


def complaints_per_customer(facts: Facts, _options: Options) -> Ratio:
    """Complaints received over customer-months."""
    rows = complaints(facts)
    return Ratio(
        numerator=Sum(rows=rows, value=rows.complaint_id.notnull(), at="received_at"),
        denominator=exposure(facts),
        scale=1000,
    )


def repeat_complaint_rate(facts: Facts, options: Options) -> Ratio:
    """Closed complaints followed by another of the same customer for the same group of reasons, over closed ones."""
    rows = complaints(facts)
    span = int(options.number("days") * DAY_US)
    later = rows.select(
        later_id="complaint_id", later_of="customer_id", later_for="reason_group", later_us="received_at_us"
    )
    paired = rows.select("complaint_id", "customer_id", "reason_group", "resolved_at_us")
    paired = paired.inner_join(later, [paired.customer_id == later.later_of, paired.reason_group == later.later_for])
    gap = whole(paired, "later_us") - whole(paired, "resolved_at_us")
    followed = paired.filter(paired.later_id != paired.complaint_id, gap >= 0, gap <= span)
    followed = followed.select(followed_id="complaint_id").distinct()
    rows = rows.left_join(followed, rows.complaint_id == followed.followed_id)
    counts = rows.customer_id.notnull() & rows.reason_group.notnull()
    counts = counts & had_until(facts, "complaint", rows, "resolved_at", span)
    return Ratio(
        numerator=Sum(rows=rows, value=counts & rows.followed_id.notnull(), at="resolved_at"),
        denominator=Sum(rows=rows, value=counts, at="resolved_at"),
    )


COMPLAINT_RATE = Metric(
    id="complaint_rate",
    code="F01",
    name=said("Complaint rate", "불만(민원) 발생률", "客户投诉率", "Tỷ lệ khiếu nại"),
    numerator=RECEIVED,
    denominator=said("contacts handled", "처리된 접촉", "已处理的联络", "liên hệ đã xử lý"),
    symbols="K ÷ C_handled",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"complaint": ("received_at",), "contact": ("arrived_at", "outcome")},
    measure=complaint_rate,
    gaming=GAMING,
    pairs=("external_escalation", "csat", "reason_other_share"),
    checks=(
        "complaints_by_team",
        "external_without_record",
        "uncoded_complaints",
    ),
    source="S3 complaint rate; ISO 10002",
)

COMPLAINTS_PER_CUSTOMER = Metric(
    id="complaints_per_thousand_customers",
    code="F01b",
    name=said(
        "Complaints per 1 000 customers", "고객 1천명당 불만", "千户投诉量", "Số khiếu nại trên 1.000 khách hàng"
    ),
    numerator=RECEIVED,
    denominator=said("thousands of customer-months", "고객·월(천)", "客户·月（千）", "nghìn tháng khách hàng"),
    symbols="1000·K ÷ Σ months",
    unit=Unit.PER_THOUSAND,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    needs={"complaint": ("received_at",), "customer": ("since", "until")},
    measure=complaints_per_customer,
    gaming=GAMING,
    pairs=("external_escalation", "complaint_rate"),
    checks=(
        "complaints_by_team",
        "external_without_record",
        "uncoded_complaints",
    ),
    source="S3 complaint rate; ISO 10002",
)

REPEAT_COMPLAINT_RATE = Metric(
    id="repeat_complaint_rate",
    code="F02",
    name=said("Repeat complaint rate", "재민원율(반복 불만율)", "重复投诉率", "Tỷ lệ khiếu nại lặp lại"),
    numerator=said(
        "of them followed, within the days, by another complaint of the same customer for the same group of reasons",
        "그중 기한 내에 같은 고객이 같은 사유 그룹으로 다시 불만을 제기한 건",
        "其中在规定天数内同一客户因同类原因再次投诉的",
        "trong đó có khiếu nại nữa của cùng khách, cùng nhóm lý do, trong số ngày đó",
    ),
    denominator=said(
        "complaints closed at least so many days ago",
        "그만큼의 일수가 지난 종결 불만",
        "结案已满该天数的投诉",
        "khiếu nại đã khép lại ít nhất bấy nhiêu ngày",
    ),
    symbols="K_again ÷ K_closed",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"complaint": ("customer_id", "reason_group", "received_at", "resolved_at")},
    measure=repeat_complaint_rate,
    options=(WITHIN,),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    gaming=said(
        "Merge or split complaints.", "불만을 합치거나 쪼개기.", "合并或拆分投诉。", "Gộp hoặc tách khiếu nại."
    ),
    pairs=("complaint_resolution_time", "complaint_rate"),
    checks=("unlinked_repeats",),
    source="S3; ISO 10002",
)
