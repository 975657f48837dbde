"""Whether the customer was right, and whose fault it was (F05, F06)."""

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import complaints
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Options
from careloop.insight.kpis.words import said

__all__ = ["AGENT_LIABLE_SHARE", "UPHELD_RATE"]

LIABILITIES = Codes(
    name="liability",
    meaning=said(
        "only complaints with this liability: agent, process, product, system, policy, partner; all when empty",
        "이 귀책의 불만만: agent, process, product, system, policy, partner. 비우면 전체",
        "只计此责任方的投诉：agent、process、product、system、policy、partner；留空为全部",
        "chỉ khiếu nại do bên này chịu trách nhiệm: agent, process, product, system, policy, partner; để trống là tất cả",
    ),
)
LIABLE = Choice(
    name="liable",
    default="agent",
    choices=("agent", "process", "product", "system", "policy", "partner", "undecided"),
    meaning=said(
        "whose share; undecided is out of all complaints, the others out of decided ones",
        "누구의 비율인지, undecided는 전체 불만 중, 나머지는 귀책이 정해진 불만 중",
        "哪一方的占比；undecided 占全部投诉，其余占已定责投诉",
        "tỷ lệ của bên nào; undecided tính trên mọi khiếu nại, các bên khác tính trên khiếu nại đã xác định trách nhiệm",
    ),
)


def upheld_rate(facts: Facts, options: Options) -> Ratio:
    """Upheld, wholly or partly, over decided."""
    rows = complaints(facts)
    counts = rows.upheld.notnull()
    if liabilities := options.codes("liability"):
        counts = counts & is_true(rows.liability.isin(liabilities))
    return Ratio(
        numerator=Sum(rows=rows, value=counts & rows.upheld.isin(["upheld", "partly_upheld"]), at="received_at"),
        denominator=Sum(rows=rows, value=counts, at="received_at"),
    )


def agent_liable_share(facts: Facts, options: Options) -> Ratio:
    """Complaints of one liability over those whose liability is decided."""
    rows = complaints(facts)
    whose = options.choice("liable")
    is_theirs = rows.liability.isnull() if whose == "undecided" else is_true(rows.liability == whose)
    counts = rows.complaint_id.notnull() if whose == "undecided" else rows.liability.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=is_theirs, at="received_at"),
        denominator=Sum(rows=rows, value=counts, at="received_at"),
    )


UPHELD_RATE = Metric(
    id="upheld_rate",
    code="F05",
    name=said("Upheld complaint share", "불만 인정률", "投诉成立率", "Tỷ lệ khiếu nại được công nhận"),
    numerator=said(
        "of them upheld or partly upheld",
        "그중 인정·일부 인정",
        "其中成立或部分成立的",
        "trong đó được công nhận cả hay một phần",
    ),
    denominator=said("complaints decided", "판정된 불만", "已裁定的投诉", "khiếu nại đã có kết luận"),
    symbols="(U + U_part) ÷ D",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"complaint": ("received_at", "upheld")},
    also_needs=lambda options: {"complaint": ("liability",)} if options.codes("liability") else {},
    measure=upheld_rate,
    options=(LIABILITIES,),
    gaming=said(
        "Reject complaints to look good.", "좋아 보이려고 기각하기.", "为好看而驳回。", "Bác bỏ để trông tốt hơn."
    ),
    pairs=("external_escalation", "repeat_complaint_rate"),
    checks=("overturned_by_external_body",),
    source="ISO 10002",
)

AGENT_LIABLE_SHARE = Metric(
    id="agent_liable_share",
    code="F06",
    name=said(
        "Agent-liable complaint share", "상담사 귀책 불만 비율", "坐席责任投诉占比", "Tỷ lệ khiếu nại do lỗi nhân viên"
    ),
    numerator=said(
        "of them with the agent liable", "그중 상담사 귀책", "其中坐席责任的", "trong đó nhân viên chịu trách nhiệm"
    ),
    denominator=said(
        "complaints whose liability is decided",
        "귀책이 정해진 불만",
        "已定责的投诉",
        "khiếu nại đã xác định trách nhiệm",
    ),
    symbols="K_agent ÷ K_decided",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"complaint": ("received_at", "liability")},
    measure=agent_liable_share,
    options=(LIABLE,),
    gaming=said(
        "Blame agents, or never blame them.",
        "상담사 탓으로 돌리기, 또는 절대 탓하지 않기.",
        "归咎坐席，或从不归咎。",
        "Đổ lỗi cho nhân viên, hoặc không bao giờ quy lỗi.",
    ),
    pairs=("upheld_rate", "procedure_issue_rate"),
    checks=(
        "agent_blame",
        "liability_second_review",
    ),
    source="S3 “complaints for personal reasons”",
)
