"""Whether customers can help themselves, and what that saves (H07, H08)."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["SELF_SERVICE_DEFLECTION", "SELF_SERVICE_RESOLUTION", "WITHIN_HOURS", "assisted_after"]

HOUR_US = 3_600_000_000

PROOF = Choice(
    name="proof",
    default="any",
    choices=("any", "confirmed", "inferred"),
    meaning=said(
        "what shows success: the customer said so, or the task was done and nobody was asked afterwards, or either",
        "성공의 근거: 고객의 확인, 또는 작업 완료 후 상담 접촉 없음, 또는 둘 중 하나",
        "成功的依据：客户确认，或任务完成且之后未联系人工，或二者之一",
        "bằng chứng thành công: khách xác nhận, hoặc việc đã xong và sau đó không hỏi ai, hoặc một trong hai",
    ),
)
WITHIN_HOURS = Number(
    name="within_h",
    default=72,
    least=1,
    meaning=said(
        "hours in which a contact on the same intent speaks against success",
        "같은 의도의 상담 접촉이 실패를 뜻하는 시간(시간)",
        "同一意图的人工联络视为失败的小时数",
        "số giờ mà liên hệ với cùng ý định cho thấy không thành công",
    ),
)
METHOD = Choice(
    name="method",
    default="entered_flow",
    choices=("entered_flow", "survey_share"),
    meaning=said(
        "who would otherwise have contacted us: those who had begun to and stopped, or a share that a survey of intent gave; "
        "an experiment is better: see contacts saved by proactive notices",
        "그렇지 않았으면 연락했을 고객: 연락을 시작했다 멈춘 고객, 또는 의도 설문의 비율. 실험이 더 나음",
        "否则会联系人工的客户：已进入联络流程又停下的，或意图调研给出的比例；实验更佳",
        "ai lẽ ra đã liên hệ: người đã bắt đầu rồi dừng, hay tỷ lệ từ khảo sát ý định; tốt hơn là thử nghiệm",
    ),
)
SURVEYED = Number(
    name="share",
    default=0.5,
    most=1,
    meaning=said(
        "for a share from a survey: the share who said that they would have contacted us",
        "설문 비율일 때: 연락했을 것이라고 답한 비율",
        "用于由调查得出的比例：表示会联系人工的比例",
        "cho tỷ lệ từ khảo sát: tỷ lệ người nói rằng lẽ ra đã liên hệ",
    ),
)
NEEDS = {"self_service_session": ("session_id", "intent", "started_at", "ended_at")}


def assisted_after(facts: Facts, options: Options) -> ir.Table:
    """Return sessions, `asked_id` naming those whose customer needed a human for the same intent soon afterwards."""
    rows = facts["self_service_session"]
    came = contacts(facts)
    came = came.filter(is_true(came.outcome == "handled"), is_true(came.direction == "inbound"))
    came = came.select(who="customer_id", why="reason_group", came_us="arrived_at_us")
    met = rows.select("session_id", "customer_id", "intent", "started_at_us", "ended_at_us")
    met = met.inner_join(came, [met.customer_id == came.who, met.intent == came.why])
    latest = whole(met, "ended_at_us") + int(options.number("within_h") * HOUR_US)
    met = met.filter((met.came_us >= met.started_at_us) & (met.came_us <= latest))
    asked = met.select(asked_id="session_id").distinct()
    return rows.left_join(asked, rows.session_id == asked.asked_id)


def _resolved(rows: ir.Table, proof: str) -> ir.BooleanValue:
    confirmed = is_true(rows.confirmed_solved)
    inferred = is_true(rows.task_done) & rows.asked_id.isnull() & rows.escalated_contact_id.isnull()
    return {"any": confirmed | inferred, "confirmed": confirmed, "inferred": inferred}[proof]


def self_service_resolution(facts: Facts, options: Options) -> Ratio:
    """Solved without a human over sessions with a wish for service."""
    rows = assisted_after(facts, options)
    meant = rows.intent.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=meant & _resolved(rows, options.choice("proof")), at="started_at"),
        denominator=Sum(rows=rows, value=meant, at="started_at"),
    )


def self_service_deflection(facts: Facts, options: Options) -> Ratio:
    """Solved alone by customers who would have contacted us, over sessions solved and contacts on the same intents."""
    rows = assisted_after(facts, options)
    solved = rows.intent.notnull() & _resolved(rows, "any")
    if options.choice("method") == "entered_flow":
        saved: ir.Value = solved & is_true(rows.entered_contact_flow) & rows.escalated_contact_id.isnull()
    else:
        saved = solved.ifelse(ibis.literal(options.number("share")), 0.0)
    intents = facts["self_service_session"].select("intent").distinct()
    # Seen as a table of its own: one chain of half joins is more than PostgreSQL can read.
    asked = contacts(facts).view().semi_join(intents, ibis._.reason_group == intents.intent)
    is_assisted = is_true(asked.outcome == "handled") & is_true(asked.direction == "inbound")
    return Ratio(
        numerator=Sum(rows=rows, value=saved, at="started_at"),
        denominator=(
            Sum(rows=rows, value=solved, at="started_at"),
            Sum(rows=asked, value=is_assisted, at="arrived_at"),
        ),
    )


def _needs(options: Options) -> Mapping[str, tuple[str, ...]]:
    proof = dict(options).get("proof", "any")
    if proof == "confirmed":
        return {"self_service_session": ("confirmed_solved",)}
    told = "task_done" if proof == "inferred" else "task_done or confirmed_solved"
    return {
        "self_service_session": (told, "customer_id"),
        "contact": ("customer_id", "reason_group", "arrived_at", "outcome"),
    }


SELF_SERVICE_RESOLUTION = Metric(
    id="self_service_resolution",
    code="H07",
    name=said("Self-service resolution", "셀프서비스 해결률", "自助解决率", "Tỷ lệ tự phục vụ thành công"),
    numerator=said(
        "of them confirmed as solved, or done without a human on that intent in the hours after",
        "그중 해결이 확인되었거나, 이후 시간 내 같은 의도의 상담 없이 완료된 세션",
        "其中确认已解决，或之后规定小时内未因该意图联系人工的",
        "trong đó được xác nhận là đã giải quyết, hoặc đã xong mà trong số giờ sau không cần người hỗ trợ về ý định ấy",
    ),
    denominator=said(
        "sessions with a wish for service", "서비스 의도가 있는 세션", "有服务意图的会话", "phiên có nhu cầu phục vụ"
    ),
    symbols="S_solved ÷ S_intent",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    also_needs=_needs,
    measure=self_service_resolution,
    options=(PROOF, WITHIN_HOURS),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("within_h") * 3600,
    gaming=said("Hide the contact button.", "문의 버튼 감추기.", "隐藏联系按钮。", "Giấu nút liên hệ."),
    pairs=("contact_propensity", "csat", "containment_rate"),
    checks=(
        "self_service_give_ups",
        "way_to_a_person",
    ),
    source="S0 item 6; KCS",
)

SELF_SERVICE_DEFLECTION = Metric(
    id="self_service_deflection",
    code="H08",
    name=said("Self-service deflection", "셀프서비스 상담감축률", "自助分流率", "Tỷ lệ giảm liên hệ nhờ tự phục vụ"),
    numerator=said(
        "sessions solved whose customer would otherwise have contacted us, by the method named in the options; "
        "containment is not deflection",
        "옵션의 방법에 따라 그렇지 않았으면 연락했을 고객의 해결 세션, 완결은 감축이 아님",
        "按选项所述方法，否则会联系人工的已解决会话；独立接待不等于分流",
        "phiên đã giải quyết mà khách lẽ ra đã liên hệ, theo phương pháp trong tùy chọn; giữ lại không phải là giảm liên hệ",
    ),
    denominator=said(
        "sessions solved and assisted contacts on the same intents",
        "해결된 세션 + 같은 의도의 상담 접촉",
        "已解决会话与同意图的人工联络",
        "phiên đã giải quyết cộng liên hệ được hỗ trợ cùng ý định",
    ),
    symbols="S_saved ÷ (S_solved + C_intent)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    also_needs=_needs,
    measure=self_service_deflection,
    options=(METHOD, SURVEYED, WITHIN_HOURS),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("within_h") * 3600,
    gaming=said("Count every page view.", "페이지 조회를 모두 세기.", "把每次浏览都算上。", "Tính mọi lượt xem trang."),
    pairs=("contact_propensity", "self_service_resolution"),
    checks=("self_service_give_ups",),
    source="S0 item 6",
)
