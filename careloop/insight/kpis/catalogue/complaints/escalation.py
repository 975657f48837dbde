"""Complaints that went elsewhere, and causes that were found (F07, F09)."""

from collections.abc import Mapping

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import DAY_US, complaints, had_until
from careloop.insight.kpis.catalogue.loyalty.demand import exposure
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["EXTERNAL_ESCALATION", "ROOT_CAUSE_RATE"]

BODIES = Codes(
    name="bodies",
    meaning=said(
        "only complaints lodged with these bodies; all when empty",
        "이 기관에 접수된 민원만, 비우면 전체",
        "只计向这些机构提出的申诉；留空为全部",
        "chỉ khiếu nại gửi đến các cơ quan này; để trống là tất cả",
    ),
)
OF = Choice(
    name="of",
    default="complaints",
    choices=("complaints", "problems"),
    meaning=said("whose causes", "무엇의 원인인지", "谁的根因", "nguyên nhân của cái gì"),
)
TARGET = Number(
    name="target_days",
    default=30,
    meaning=said(
        "days after which a cause should be known and confirmed",
        "원인이 규명·확인되어야 하는 일수",
        "应查明并确认根因的天数",
        "số ngày sau đó nguyên nhân phải được tìm ra và xác nhận",
    ),
)


def external_escalation(facts: Facts, options: Options) -> Ratio:
    """Complaints lodged with a body outside over customer-months."""
    rows = complaints(facts)
    bodies = options.codes("bodies")
    is_external = is_true(rows.external_body.isin(bodies)) if bodies else rows.external_body.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=is_external, at="received_at"), denominator=exposure(facts), scale=1_000_000
    )


def root_cause_rate(facts: Facts, options: Options) -> Ratio:
    """Old enough and with a cause that somebody else confirmed, over old enough. “Human error” alone confirms nothing."""
    span = options.number("target_days") * DAY_US
    problems = facts["problem"]
    if options.choice("of") == "problems":
        found = problems.root_cause_id.notnull() & problems.verified_by.notnull()
        rows, at, table = problems, "opened_at", "problem"
        found = found & ~is_true(rows.is_human_error_only)
    else:
        blamed = problems.filter(is_true(problems.is_human_error_only), problems.root_cause_id.notnull())
        blamed = blamed.select(blamed_cause="root_cause_id").distinct()
        rows, at, table = complaints(facts), "received_at", "complaint"
        rows = rows.left_join(blamed, rows.root_cause_id == blamed.blamed_cause)
        found = rows.root_cause_id.notnull() & rows.root_cause_verified_at.notnull() & rows.blamed_cause.isnull()
    old = had_until(facts, table, rows, at, span)
    return Ratio(numerator=Sum(rows=rows, value=old & found, at=at), denominator=Sum(rows=rows, value=old, at=at))


def _needs(options: Options) -> Mapping[str, tuple[str, ...]]:
    if options.choice("of") == "problems":
        return {"problem": ("opened_at", "root_cause_id", "verified_by")}
    return {"complaint": ("received_at", "root_cause_id", "root_cause_verified_at")}


EXTERNAL_ESCALATION = Metric(
    id="external_escalation",
    code="F07",
    name=said(
        "External complaints per million customers",
        "백만 고객당 외부민원",
        "百万用户申诉率",
        "Số khiếu nại ra bên ngoài trên một triệu khách hàng",
    ),
    numerator=said(
        "complaints lodged with a regulator, ombudsman or consumer body",
        "규제기관·옴부즈맨·소비자단체에 접수된 민원",
        "向监管机构、申诉专员或消费者组织提出的申诉",
        "khiếu nại gửi đến cơ quan quản lý, thanh tra viên hay tổ chức bảo vệ người tiêu dùng",
    ),
    denominator=said(
        "millions of customer-months: customers, for a month",
        "고객·월(백만): 한 달 기준 고객 수",
        "客户·月（百万）：按月为客户数",
        "triệu tháng khách hàng: số khách hàng, nếu xét một tháng",
    ),
    symbols="10⁶·K_ext ÷ Σ months",
    unit=Unit.PER_MILLION,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    needs={"complaint": ("received_at", "external_body"), "customer": ("since", "until")},
    measure=external_escalation,
    options=(BODIES,),
    gaming=said(
        "Goodwill payments to have complaints withdrawn; late registration.",
        "취하를 위한 보상금, 늦은 등록.",
        "以补偿换取撤诉；延迟登记。",
        "Trả tiền để khách rút khiếu nại; ghi nhận muộn.",
    ),
    pairs=("complaint_rate", "upheld_rate"),
    checks=(
        "withdrawn_after_payment",
        "external_without_record",
        "external_register",
    ),
    source="China telecom practice; ISO 10002",
)

ROOT_CAUSE_RATE = Metric(
    id="root_cause_rate",
    code="F09",
    name=said("Root cause assigned", "근본원인 규명률", "根因定位率", "Tỷ lệ tìm ra nguyên nhân gốc"),
    numerator=said(
        "of them with a cause that was confirmed; “human error” alone is none",
        "그중 원인이 확인된 건, ‘사람의 실수’만으로는 인정하지 않음",
        "其中根因已确认的；仅“人为失误”不算",
        "trong đó nguyên nhân đã được xác nhận; chỉ “lỗi con người” thì không tính",
    ),
    denominator=said(
        "complaints, or problems, older than the target",
        "목표 일수가 지난 불만 또는 문제",
        "超过目标天数的投诉或问题",
        "khiếu nại hoặc vấn đề cũ hơn số ngày mục tiêu",
    ),
    symbols="K_verified ÷ K_old",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={},
    also_needs=_needs,
    measure=root_cause_rate,
    options=(OF, TARGET),
    maturity_seconds=lambda options: options.number("target_days") * 86_400,
    gaming=said("Boiler-plate causes.", "틀에 박힌 원인.", "套话式根因。", "Nguyên nhân viết theo khuôn."),
    pairs=("recurrence_rate", "permanent_fix_share"),
    checks=(
        "one_root_cause",
        "cause_second_review",
    ),
    source="S3; ITIL problem management",
)
