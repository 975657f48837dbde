"""How fast complaints are answered and resolved (F03, F04)."""

import ibis

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.catalogue.complaints.received import DAY_US, complaints, had_until
from careloop.insight.kpis.catalogue.voice.answers import (
    ANSWER_NEEDS,
    WORDINGS,
    answers,
    scale_of,
    top_boxes,
    top_share_of,
)
from careloop.insight.kpis.measures.kinds import Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options, Switch
from careloop.insight.kpis.words import said

__all__ = [
    "COMPLAINT_ACK_TIME",
    "COMPLAINT_HANDLING_CSAT",
    "COMPLAINT_RESOLUTION_TIME",
    "COMPLAINT_RESOLVED_IN_TIME",
]

HOUR_US = 3_600_000_000

TARGET = Number(
    name="target_h",
    default=24,
    meaning=said(
        "hours, all counted, within which receipt has to be confirmed",
        "접수확인 기한(시간, 역일 기준)",
        "须确认受理的小时数（自然时间）",
        "số giờ (tính liên tục) phải xác nhận đã nhận",
    ),
)
PERSONAL = Switch(
    name="personal_only",
    default=False,
    meaning=said(
        "count only receipts that a person confirmed",
        "사람이 확인한 접수확인만 셈",
        "只计由人确认的受理",
        "chỉ tính xác nhận do người thực hiện",
    ),
)
GAMING = said(
    "Close without the customer’s agreement; restart the clock.",
    "고객 동의 없이 종결, 시계 다시 시작.",
    "未经客户同意就结案；重启计时。",
    "Khép lại khi khách chưa đồng ý; tính lại thời gian từ đầu.",
)


def complaint_ack_time(facts: Facts, options: Options) -> Ratio:
    """Acknowledged within the target over complaints whose target has passed, or who were acknowledged before."""
    rows = complaints(facts)
    span = int(options.number("target_h") * HOUR_US)
    took = whole(rows, "acknowledged_at_us") - whole(rows, "received_at_us")
    in_time = is_true(took <= span)
    if options.on("personal_only"):
        in_time = in_time & is_true(rows.is_personal_ack)
    due = in_time | had_until(facts, "complaint", rows, "received_at", span)
    return Ratio(
        numerator=Sum(rows=rows, value=in_time, at="received_at"),
        denominator=Sum(rows=rows, value=due, at="received_at"),
    )


def complaint_resolution_time(facts: Facts, _options: Options) -> Survival:
    """Days from receipt to resolution; an open complaint counts for as long as it is open."""
    rows = complaints(facts)
    watched = micros_until(facts, ["complaint"])
    end: ibis.expr.types.IntegerValue = whole(rows, "resolved_at_us")
    happened = rows.resolved_at.notnull()
    if watched is not None:
        happened = is_true(end <= watched)
        end = ibis.least(end.fill_null(watched), ibis.literal(watched, type="int64"))
    days = (end - whole(rows, "received_at_us")).cast("float64") / DAY_US
    return Survival(rows=rows, duration=days, happened=happened, at="received_at", where=days >= 0)


def complaint_resolved_in_time(facts: Facts, _options: Options) -> Ratio:
    """Resolved by the due instant over complaints that were due, or were resolved before."""
    rows = complaints(facts)
    in_time = is_true(rows.resolved_at_us <= rows.due_at_us)
    due = in_time | had_until(facts, "complaint", rows, "due_at")
    return Ratio(
        numerator=Sum(rows=rows, value=in_time, at="received_at"),
        denominator=Sum(rows=rows, value=due, at="received_at"),
    )


def complaint_handling_csat(facts: Facts, options: Options) -> Ratio:
    """Answers in the top boxes about the case of a complaint over valid answers about one."""
    told = facts.counted("complaint")
    known = told.filter(told.case_id.notnull()).select(told_of="case_id").distinct()
    rows = answers(facts, "csat")
    rows = rows.inner_join(known, rows.case_id == known.told_of)
    return top_share_of(rows, options)


COMPLAINT_ACK_TIME = Metric(
    id="complaint_ack_time",
    code="F03",
    name=said(
        "Complaint acknowledgement within target",
        "불만 접수확인 준수율",
        "投诉首响达标率",
        "Tỷ lệ xác nhận khiếu nại đúng hạn",
    ),
    numerator=said(
        "of them acknowledged within the target",
        "그중 기한 내 접수확인된 건",
        "其中在时限内确认受理的",
        "trong đó được xác nhận trong thời hạn",
    ),
    denominator=said(
        "complaints whose acknowledgement was due",
        "접수확인 기한이 된 불만",
        "已到确认时限的投诉",
        "khiếu nại đã đến hạn xác nhận",
    ),
    symbols="K_ack ÷ K_due",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"complaint": ("received_at", "acknowledged_at")},
    also_needs=lambda options: {"complaint": ("is_personal_ack",)} if options.on("personal_only") else {},
    measure=complaint_ack_time,
    options=(TARGET, PERSONAL),
    maturity_seconds=lambda options: options.number("target_h") * 3600,
    gaming=said("Automatic mails.", "자동 메일.", "自动邮件。", "Thư tự động."),
    pairs=("complaint_resolution_time",),
    checks=("personal_ack_share",),
    source="ISO 10002",
)

COMPLAINT_RESOLUTION_TIME = Metric(
    id="complaint_resolution_time",
    code="F04",
    name=said("Complaint resolution time", "불만 처리기간", "投诉处理时长", "Thời gian giải quyết khiếu nại"),
    numerator=said(
        "days from receipt until half are resolved, by Kaplan and Meier",
        "접수부터 절반이 해결될 때까지의 일수(카플란–마이어)",
        "自受理至一半解决所经天数（Kaplan–Meier）",
        "số ngày từ khi nhận đến khi một nửa được giải quyết, theo Kaplan–Meier",
    ),
    denominator=said("complaints", "불만", "投诉", "khiếu nại"),
    symbols="inf{t: Ŝ(t) ≤ ½}",
    unit=Unit.DAYS,
    direction=Direction.LOWER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs={"complaint": ("received_at", "resolved_at")},
    measure=complaint_resolution_time,
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("repeat_complaint_rate", "complaint_resolved_in_time"),
    checks=("complaint_clock_resets",),
    source="ISO 10002; GB/T 19012",
)

COMPLAINT_RESOLVED_IN_TIME = Metric(
    id="complaint_resolved_in_time",
    code="F04b",
    name=said(
        "Complaints resolved within policy",
        "불만 처리기한 준수율",
        "投诉按时解决率",
        "Tỷ lệ khiếu nại giải quyết đúng hạn",
    ),
    numerator=said(
        "of them resolved by then", "그중 기한까지 해결된 건", "其中按时解决的", "trong đó được giải quyết trước hạn"
    ),
    denominator=said("complaints that were due", "처리기한이 된 불만", "已到期的投诉", "khiếu nại đã đến hạn"),
    symbols="K_in time ÷ K_due",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"complaint": ("received_at", "resolved_at", "due_at")},
    measure=complaint_resolved_in_time,
    gaming=GAMING,
    pairs=("repeat_complaint_rate", "complaint_resolution_time"),
    checks=("complaint_clock_resets",),
    source="ISO 10002; GB/T 19012",
)

COMPLAINT_HANDLING_CSAT = Metric(
    id="complaint_handling_csat",
    code="F04c",
    name=said(
        "Satisfaction with the handling of complaints",
        "불만 처리 만족도",
        "投诉处理满意度",
        "Mức hài lòng với cách xử lý khiếu nại",
    ),
    numerator=said(
        "answers in the top boxes about the case of a complaint",
        "불만 건에 대한 상위 칸 응답",
        "针对投诉工单的高分档回答",
        "câu trả lời ở các mức cao nhất về hồ sơ của khiếu nại",
    ),
    denominator=said(
        "valid answers about the case of a complaint",
        "불만 건에 대한 유효 응답",
        "针对投诉工单的有效回答",
        "câu trả lời hợp lệ về hồ sơ của khiếu nại",
    ),
    symbols="#{x > max − boxes} ÷ n",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**ANSWER_NEEDS, "complaint": ("case_id",)},
    measure=complaint_handling_csat,
    options=(scale_of(5), top_boxes(2), WORDINGS),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("complaint_resolution_time", "repeat_complaint_rate"),
    checks=("complaint_clock_resets", "agent_initiated_share"),
    source="ISO 10002; ISO 10004",
)
