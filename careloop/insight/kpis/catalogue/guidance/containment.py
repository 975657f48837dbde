"""What bots and voice menus finish alone (H09)."""

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.guidance.self_service import WITHIN_HOURS, assisted_after
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit, Variant
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said

__all__ = ["CONTAINMENT_RATE", "FALSE_CONTAINMENT"]

PART = Choice(
    name="part",
    default="all",
    choices=("all", "solved", "gave_up", "unknown"),
    meaning=said(
        "all that ended without a human, or only those solved, given up, or nobody knows",
        "사람 없이 끝난 전체, 또는 해결·포기·알 수 없음만",
        "全部未转人工者，或仅已解决、放弃、未知",
        "mọi phiên kết thúc không cần người, hay chỉ phiên đã giải quyết, bỏ cuộc, hoặc không rõ",
    ),
)
NEEDS = {"self_service_session": ("started_at", "is_automated_dialog", "escalated_contact_id")}
GAMING = said(
    "Block the way to a human.", "사람에게 가는 길 막기.", "堵住转人工的路。", "Chặn đường đến với nhân viên."
)


def containment_rate(facts: Facts, options: Options) -> Ratio:
    """Automated dialogs that led to nobody over automated dialogs."""
    rows = facts["self_service_session"]
    counts = is_true(rows.is_automated_dialog)
    contained = counts & rows.escalated_contact_id.isnull()
    solved = is_true(rows.confirmed_solved) | is_true(rows.task_done)
    refused = (is_true(~rows.confirmed_solved) | is_true(~rows.task_done)) & ~solved
    part = {"all": contained, "solved": contained & solved, "gave_up": contained & refused}
    meant = part.get(options.choice("part"), contained & ~solved & ~refused)
    return Ratio(
        numerator=Sum(rows=rows, value=meant, at="started_at"),
        denominator=Sum(rows=rows, value=counts, at="started_at"),
    )


def false_containment(facts: Facts, options: Options) -> Ratio:
    """Contained dialogs whose customer needed a human soon afterwards over contained dialogs of known customers."""
    rows = assisted_after(facts, options)
    contained = is_true(rows.is_automated_dialog) & rows.escalated_contact_id.isnull() & rows.customer_id.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=contained & rows.asked_id.notnull(), at="started_at"),
        denominator=Sum(rows=rows, value=contained, at="started_at"),
    )


CONTAINMENT_RATE = Metric(
    id="containment_rate",
    code="H09",
    name=said("IVR/bot containment", "IVR·봇 완결률", "机器人独立接待率", "Tỷ lệ bot/IVR tự xử lý"),
    numerator=said(
        "of them ended without passing to a human",
        "그중 사람에게 넘기지 않고 끝난 세션",
        "其中未转人工而结束的",
        "trong đó kết thúc mà không chuyển cho người",
    ),
    denominator=said(
        "sessions with a bot or voice menu", "봇·IVR 세션", "机器人或语音菜单会话", "phiên với bot hoặc hệ thống thoại"
    ),
    symbols="S_alone ÷ S_auto",
    unit=Unit.SHARE,
    direction=Direction.BAND,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    also_needs=lambda options: (
        {} if options.choice("part") == "all" else {"self_service_session": ("confirmed_solved or task_done",)}
    ),
    measure=containment_rate,
    options=(PART,),
    variants=(
        Variant(option="part", setting="solved", direction=Direction.HIGHER),
        Variant(option="part", setting="gave_up", direction=Direction.LOWER),
        Variant(option="part", setting="unknown", direction=Direction.LOWER),
    ),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("false_containment", "self_service_resolution"),
    checks=(
        "false_containment_share",
        "agent_keyword",
    ),
    source="S0; COPC R8 (same rules for bots)",
)

FALSE_CONTAINMENT = Metric(
    id="false_containment",
    code="H09b",
    name=said("False containment", "가짜 완결률", "虚假独立接待率", "Tỷ lệ tự xử lý giả"),
    numerator=said(
        "of them followed by an assisted contact on the intent within the hours",
        "그중 기한 내 같은 의도의 상담 접촉이 뒤따른 세션",
        "其中在规定小时内就同一意图联系了人工的",
        "trong đó sau ấy có liên hệ được hỗ trợ cùng ý định trong số giờ",
    ),
    denominator=said(
        "contained sessions of known customers",
        "고객이 식별된 완결 세션",
        "已识别客户的独立接待会话",
        "phiên tự xử lý của khách đã biết",
    ),
    symbols="S_back ÷ S_alone",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**NEEDS, "contact": ("customer_id", "reason_group", "arrived_at", "outcome")},
    measure=false_containment,
    options=(WITHIN_HOURS,),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("within_h") * 3600,
    gaming=GAMING,
    pairs=("containment_rate",),
    checks=("agent_keyword",),
    source="S0; COPC R8",
)
