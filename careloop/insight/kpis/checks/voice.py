"""Checks of what customers say: who was asked, how they answered, who got back to them, and how complaints are kept."""

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import complaints
from careloop.insight.kpis.catalogue.voice.answers import ANSWER_NEEDS
from careloop.insight.kpis.checks.check import Check
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said

__all__ = ["CHECKS"]

FEWEST_ITEMS = 5


def straight_lining(facts: Facts, _options: Options) -> Ratio:
    """Respondents with one and the same answer to all of at least five items over respondents with so many."""
    rows = facts["survey_answer"]
    rows = rows.group_by("invite_id").aggregate(
        items=rows.count(),
        spread=number(rows, "value").max() - number(rows, "value").min(),
        answered_at_us=rows.answered_at_us.max(),
        answered_at_slot=rows.answered_at_slot.max(),
    )
    whose = facts.counted("survey_invite").select("invite_id", "contact_id", "agent_id", "customer_id", "programme")
    rows = rows.inner_join(whose, "invite_id")
    counts = rows["items"] >= FEWEST_ITEMS
    return Ratio(
        numerator=Sum(rows=rows, value=counts & (rows.spread == 0), at="answered_at"),
        denominator=Sum(rows=rows, value=counts, at="answered_at"),
    )


def initiated_by_agents(facts: Facts, _options: Options) -> Ratio:
    """Invitations that an agent chose over invitations sent."""
    rows = facts.counted("survey_invite")
    sent = rows.sent_at.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=sent & is_true(rows.selected_by == "agent"), at="sent_at"),
        denominator=Sum(rows=rows, value=sent, at="sent_at"),
    )


def followed_up_without_contact(facts: Facts, _options: Options) -> Ratio:
    """Follow-ups without a contact over follow-ups."""
    rows = facts["follow_up"]
    return Ratio(
        numerator=Sum(rows=rows, value=rows.contact_id.isnull(), at="at"),
        denominator=Sum(rows=rows, value=rows.invite_id.notnull(), at="at"),
    )


def vague_complaints(facts: Facts, _options: Options) -> Ratio:
    """Complaints without a telling group of reasons over complaints."""
    rows = complaints(facts)
    is_vague = text(rows, "reason_group").fill_null("").isin(("", "other", "unknown"))
    return Ratio(
        numerator=Sum(rows=rows, value=is_vague, at="received_at"),
        denominator=Sum(rows=rows, value=rows.complaint_id.notnull(), at="received_at"),
    )


def acknowledged_by_machine(facts: Facts, _options: Options) -> Ratio:
    """Acknowledgements that no person gave over acknowledgements."""
    rows = complaints(facts)
    done = rows.acknowledged_at.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=done & ~is_true(rows.is_personal_ack), at="received_at"),
        denominator=Sum(rows=rows, value=done, at="received_at"),
    )


def rejected_and_taken_outside(facts: Facts, _options: Options) -> Ratio:
    """Complaints that were not upheld and went to a body outside over complaints not upheld."""
    rows = complaints(facts)
    rejected = is_true(rows.upheld == "not_upheld")
    return Ratio(
        numerator=Sum(rows=rows, value=rejected & rows.external_body.notnull(), at="received_at"),
        denominator=Sum(rows=rows, value=rejected, at="received_at"),
    )


def moved_due_dates(facts: Facts, _options: Options) -> Ratio:
    """Corrective actions whose date was put off over corrective actions."""
    rows = facts["corrective_action"]
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.due_at_us > rows.due_at_first_us), at="due_at_first"),
        denominator=Sum(rows=rows, value=rows.action_id.notnull(), at="due_at_first"),
    )


CHECKS = (
    Check(
        id="straight_lining",
        name=said("One answer to everything", "한 가지 답만", "全选同一答案", "Một câu trả lời cho tất cả"),
        severity=Severity.NOTE,
        sentence=said(
            "Many respondents gave one and the same answer to everything.",
            "모든 문항에 같은 답을 한 응답자가 많습니다.",
            "许多受访者对所有题目给出同一答案。",
            "Nhiều người trả lời mọi câu giống hệt nhau.",
        ),
        needs=ANSWER_NEEDS,
        measure=straight_lining,
        limit=0.2,
    ),
    Check(
        id="agent_initiated_share",
        name=said("Asked by the agent", "상담사가 고른 조사", "由坐席邀请", "Do nhân viên mời"),
        severity=Severity.WARNING,
        sentence=said(
            "Agents chose many of those who were asked.",
            "조사 대상의 상당수를 상담사가 골랐습니다.",
            "许多受访对象由坐席挑选。",
            "Nhân viên đã chọn nhiều người được hỏi.",
        ),
        needs={"survey_invite": ("selected_by", "sent_at")},
        measure=initiated_by_agents,
        limit=0.05,
    ),
    Check(
        id="follow_up_contact_exists",
        name=said("Follow-ups without contact", "연락 없는 후속조치", "无联络的回访", "Liên hệ lại không có thật"),
        severity=Severity.SEVERE,
        sentence=said(
            "Follow-ups were ticked off without a contact.",
            "연락 없이 완료로 표시된 후속조치가 있습니다.",
            "有回访未联络就被标记完成。",
            "Có lần liên hệ lại được đánh dấu xong mà không có liên hệ nào.",
        ),
        needs={"follow_up": ("contact_id", "at")},
        measure=followed_up_without_contact,
        limit=0.02,
    ),
    Check(
        id="other_share",
        name=said("Complaints coded “other”", "‘기타’ 불만", "“其他”类投诉", "Khiếu nại ghi “khác”"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a tenth of complaints have no telling reason: concentration cannot be read from the rest.",
            "불만의 10분의 1 이상에 구체적 사유가 없어 집중도를 읽을 수 없습니다.",
            "超过十分之一的投诉没有明确原因：无法据其余部分判断集中度。",
            "Hơn một phần mười khiếu nại không có lý do rõ ràng: không thể đọc mức tập trung từ phần còn lại.",
        ),
        needs={"complaint": ("reason_group", "received_at")},
        measure=vague_complaints,
        limit=0.1,
    ),
    Check(
        id="personal_ack_share",
        name=said("Acknowledged by machine", "자동 접수확인", "机器受理确认", "Máy xác nhận"),
        severity=Severity.NOTE,
        sentence=said(
            "Most acknowledgements come from a machine.",
            "접수확인의 대부분이 자동으로 발송됩니다.",
            "多数受理确认由机器发出。",
            "Phần lớn xác nhận do máy gửi.",
        ),
        needs={"complaint": ("acknowledged_at", "is_personal_ack")},
        measure=acknowledged_by_machine,
        limit=0.5,
    ),
    Check(
        id="overturned_by_external_body",
        name=said("Rejected, taken outside", "기각 후 외부행", "驳回后外诉", "Bác rồi ra bên ngoài"),
        severity=Severity.WARNING,
        sentence=said(
            "Many complaints that were rejected went to a body outside.",
            "기각된 불만의 상당수가 외부 기관으로 갔습니다.",
            "许多被驳回的投诉转向了外部机构。",
            "Nhiều khiếu nại bị bác đã được đưa ra cơ quan bên ngoài.",
        ),
        needs={"complaint": ("upheld", "external_body")},
        measure=rejected_and_taken_outside,
        limit=0.1,
    ),
    Check(
        id="due_dates_moved",
        name=said("Due dates put off", "미뤄진 기한", "推迟的期限", "Hạn bị dời"),
        severity=Severity.WARNING,
        sentence=said(
            "Many due dates were put off.",
            "기한이 미뤄진 조치가 많습니다.",
            "许多期限被推迟。",
            "Nhiều hạn đã bị dời.",
        ),
        needs={"corrective_action": ("due_at_first", "due_at")},
        measure=moved_due_dates,
        limit=0.2,
    ),
)
