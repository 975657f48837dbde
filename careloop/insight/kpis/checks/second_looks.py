"""Checks by a second look: two people judged the same contact, or an audit drawn by chance looked at what nobody recorded."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.checks.check import Check, Trend, share
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said

__all__ = ["CHECKS"]

TWO_WEEKS_US = 14 * 86_400_000_000
CRITICAL = ("critical_customer", "critical_business", "critical_compliance")
AUDIT = {"triage_prediction": ("object_id", "aspect", "final", "is_final_verified", "inclusion_prob")}


def _looked_at_twice(facts: Facts) -> ir.Table:
    """Return evaluations of a contact that another person had judged by the same form, with what that one found."""
    rows = facts.counted("evaluation")
    rows = rows.filter(~is_true(rows.is_automatic))
    order = ibis.window(group_by=[rows.contact_id, rows.form_id], order_by=[rows.evaluated_at_us, rows.evaluation_id])
    rows = rows.mutate(
        before_id=rows.evaluation_id.lag(1).over(order),
        before_by=rows.evaluator_id.lag(1).over(order),
        **{f"before_{name}": rows[name].lag(1).over(order) for name in CRITICAL},
    )
    return rows.filter(rows.before_id.notnull(), rows.before_by != rows.evaluator_id)


def disagreed_severity(facts: Facts, _options: Options) -> Ratio:
    """Contacts that one person found critical and the other did not over contacts that two judged."""
    rows = _looked_at_twice(facts)
    differs = is_true(rows[CRITICAL[0]]) != is_true(rows[f"before_{CRITICAL[0]}"])
    for name in CRITICAL[1:]:
        differs = differs | (is_true(rows[name]) != is_true(rows[f"before_{name}"]))
    return share(rows, differs, among=rows.evaluation_id.notnull(), at="evaluated_at")


def disagreed_causes(facts: Facts, _options: Options) -> Ratio:
    """Missed lines for which two people named another cause over missed lines for which both named one."""
    pairs = _looked_at_twice(facts).select(
        "evaluation_id", "before_id", "contact_id", "agent_id", "evaluated_at_us", "evaluated_at_slot"
    )
    lines = facts["evaluation_item"].select("evaluation_id", "item_id", "deviation_cause")
    lines = lines.filter(lines.deviation_cause.notnull())
    first = lines.select(first_id="evaluation_id", first_item="item_id", first_cause="deviation_cause")
    rows = pairs.inner_join(lines, "evaluation_id")
    rows = rows.inner_join(first, [rows.before_id == first.first_id, rows.item_id == first.first_item])
    differs = is_true(rows.deviation_cause != rows.first_cause)
    return share(rows, differs, among=rows.item_id.notnull(), at="evaluated_at")


def _unrecorded(facts: Facts, final: str, known: ir.Table) -> Ratio:
    """Weigh what an audit found and nobody recorded against all that it found. known: objects with a record, as `known_id`."""
    audit = facts["triage_prediction"]
    chance = number(audit, "inclusion_prob")
    found = audit.filter(
        is_true(audit.is_final_verified), text(audit, "final") == final, audit.aspect == "class", is_true(chance > 0)
    )
    rows = found.left_join(known.distinct(), found.object_id == known.known_id)
    rows = rows.mutate(contact_id=rows.object_id)
    weight = 1.0 / number(rows, "inclusion_prob")
    return Ratio(
        numerator=Sum(rows=rows, value=rows.known_id.isnull().ifelse(weight, 0.0), at="at"),
        denominator=Sum(rows=rows, value=weight, at="at"),
        squares=Sum(rows=rows, value=weight * weight, at="at"),
    )


def uncoded_complaints(facts: Facts, _options: Options) -> Ratio:
    """Contacts and cases that an audit found to be complaints and nobody recorded as such, over those it found to be."""
    told = facts["complaint"]
    known = told.select(known_id="origin_contact_id").union(told.select(known_id="case_id"))
    return _unrecorded(facts, "complaint", known.filter(known.known_id.notnull()))


def unlogged_abuse(facts: Facts, _options: Options) -> Ratio:
    """Contacts that an audit found abusive and nobody logged as such, over those it found to be."""
    return _unrecorded(facts, "abuse", facts["abuse_event"].select(known_id="contact_id"))


def silence(facts: Facts, _options: Options) -> Ratio:
    """Delivered invitations without a completed answer two weeks later over delivered invitations that old."""
    rows = facts.counted("survey_invite")
    known = micros_until(facts, ("survey_invite",))
    asked = is_true(rows.delivered) & rows.sent_at.notnull()
    if known is not None:
        asked = asked & is_true(rows.sent_at_us + TWO_WEEKS_US <= known)
    return share(rows, rows.completed_at.isnull(), among=asked, at="sent_at")


CHECKS = (
    Check(
        id="severity_second_review",
        name=said("Second look at severity", "심각도 재검토", "严重度复核", "Xét lại mức nghiêm trọng"),
        severity=Severity.WARNING,
        sentence=said(
            "Two people who judge the same contact often differ on whether an error is critical.",
            "같은 접촉을 평가한 두 사람이 치명적 오류 여부에서 자주 다릅니다.",
            "评定同一联络的两人常对是否致命差错意见不一。",
            "Hai người chấm cùng một liên hệ thường khác nhau về việc lỗi có nghiêm trọng không.",
        ),
        needs={"evaluation": ("contact_id", "evaluator_id", *CRITICAL)},
        measure=disagreed_severity,
        limit=0.1,
    ),
    Check(
        id="deviation_second_coder",
        name=said("Second coder of deviations", "일탈 원인 재코딩", "偏差原因复编码", "Người mã hóa thứ hai"),
        severity=Severity.WARNING,
        sentence=said(
            "Two people who look at the same missed line often name different causes.",
            "같은 미준수 항목을 본 두 사람이 자주 다른 원인을 적습니다.",
            "查看同一未达项的两人常给出不同原因。",
            "Hai người xem cùng một mục không đạt thường nêu nguyên nhân khác nhau.",
        ),
        needs={"evaluation": ("contact_id", "evaluator_id"), "evaluation_item": ("item_id", "deviation_cause")},
        measure=disagreed_causes,
        limit=0.3,
    ),
    Check(
        id="uncoded_complaints",
        name=said(
            "Complaints coded as enquiries", "문의로 코드된 불만", "被编码为咨询的投诉", "Khiếu nại ghi thành hỏi đáp"
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "A random audit finds complaints that nobody recorded as such.",
            "무작위 점검에서 불만으로 기록되지 않은 불만이 발견됩니다.",
            "随机核查发现未登记为投诉的投诉。",
            "Kiểm tra ngẫu nhiên thấy những khiếu nại không ai ghi là khiếu nại.",
        ),
        needs={**AUDIT, "complaint": ("origin_contact_id", "case_id")},
        measure=uncoded_complaints,
        limit=0.1,
        source="metrics.md §2 F01: audit with inclusion probabilities, verified class “complaint”",
    ),
    Check(
        id="unlogged_abuse",
        name=said("Abuse that nobody logged", "기록되지 않은 폭언", "未登记的辱骂", "Lăng mạ không được ghi"),
        severity=Severity.WARNING,
        sentence=said(
            "A random audit finds abuse that nobody logged.",
            "무작위 점검에서 기록되지 않은 폭언이 발견됩니다.",
            "随机核查发现未登记的辱骂。",
            "Kiểm tra ngẫu nhiên thấy lăng mạ không ai ghi lại.",
        ),
        needs={**AUDIT, "abuse_event": ("contact_id",)},
        measure=unlogged_abuse,
        limit=0.1,
        source="metrics.md §2 I03: audit with inclusion probabilities, verified class “abuse”",
    ),
    Check(
        id="response_rate_fall",
        name=said("Fewer and fewer answer", "응답률 하락", "参评率下滑", "Ngày càng ít người trả lời"),
        severity=Severity.WARNING,
        sentence=said(
            "Fewer people answer than before: they may be tired of being asked.",
            "응답이 예전보다 줄었습니다. 잦은 설문에 지쳤을 수 있습니다.",
            "回答的人比以前少：可能已厌倦被问。",
            "Ít người trả lời hơn trước: có thể họ đã mệt vì bị hỏi.",
        ),
        needs={"survey_invite": ("sent_at", "delivered", "completed_at")},
        measure=silence,
        limit=0.05,
        how=Trend(),
        source="metrics.md §3.13",
    ),
)
