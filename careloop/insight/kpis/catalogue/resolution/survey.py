"""What customers say about the first contact (C03)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.voice.answers import RESPONSE_WEIGHTED, maturity, weight_needs
from careloop.insight.kpis.catalogue.voice.weights import weighed, weighed_notes
from careloop.insight.kpis.measures.kinds import Ratio, Sum, Told, Weighed
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["FCR_SURVEY"]


def _answered_both(facts: Facts) -> tuple[ir.Table, ir.BooleanValue, ir.BooleanValue]:
    """Return answers by invitation, which of them answered both questions, and which say “solved” and “the first time”."""
    answers = facts["survey_answer"]
    key, value = text(answers, "question_key"), number(answers, "value")
    both = answers.group_by("invite_id").aggregate(
        solved=(key == "solved").ifelse(value, None).max(),
        first_time=(key == "first_time").ifelse(value, None).max(),
        answered_at_us=answers.answered_at_us.max(),
        answered_at_slot=answers.answered_at_slot.max(),
    )
    invites = facts["survey_invite"].select(
        "invite_id", "programme", "customer_id", "contact_id", "case_id", "agent_id"
    )
    rows = both.left_join(invites, "invite_id").drop("invite_id_right")
    counted = rows.solved.notnull() & rows.first_time.notnull()
    return rows, counted, counted & (rows.solved > 0) & (rows.first_time > 0)


def fcr_survey(facts: Facts, options: Options) -> Ratio | Weighed:
    """“Solved” and “the first time” over those who answered both; weighted where the option says so."""
    if options.on("response_weighted"):
        return fcr_survey_weighed(facts, options, Told.MEAN)
    rows, counted, meant = _answered_both(facts)
    return Ratio(
        numerator=Sum(rows=rows, value=meant, at="answered_at"),
        denominator=Sum(rows=rows, value=counted, at="answered_at"),
    )


def fcr_survey_weighed(facts: Facts, _options: Options, told: Told) -> Weighed:
    """The same, weighed for who was asked and who answered."""
    rows, counted, meant = _answered_both(facts)
    score = counted.ifelse(is_true(meant).ifelse(1.0, 0.0), None)
    return weighed(facts, rows, score, is_share=True, told=told)


FCR_SURVEY = Metric(
    id="fcr_survey",
    code="C03",
    name=said(
        "First-contact resolution, survey",
        "최초 해결률 – 설문",
        "一次解决率(调研)",
        "Giải quyết ngay lần đầu (theo khảo sát)",
    ),
    numerator=said(
        "answers “solved” and “the first time I contacted you about this”",
        "‘해결됨’이며 ‘이 건으로 처음 연락’이라는 응답",
        "回答“已解决”且“首次就此联系”",
        "câu trả lời “đã giải quyết” và “lần đầu liên hệ về việc này”",
    ),
    denominator=said(
        "valid answers to both questions",
        "두 질문 모두의 유효 응답",
        "两题均有效的回答",
        "câu trả lời hợp lệ cho cả hai câu hỏi",
    ),
    symbols="#{solved ∧ first} ÷ #{answered both}",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    subject=Subject.CUSTOMERS,
    needs={"survey_answer": ("question_key", "value"), "survey_invite": ("customer_id",)},
    also_needs=weight_needs,
    measure=fcr_survey,
    options=(RESPONSE_WEIGHTED,),
    notes=weighed_notes("fcr_survey", fcr_survey_weighed),
    maturity_seconds=maturity,
    gaming=said(
        "Prompt the answer; ask only after good calls.",
        "응답을 유도하기, 좋은 통화 후에만 설문하기.",
        "诱导回答；只在好的通话后调研。",
        "Gợi ý câu trả lời; chỉ khảo sát sau cuộc gọi tốt.",
    ),
    pairs=("fcr_issue",),
    checks=(
        "invitation_mix",
        "invitation_outcome_mix",
        "fcr_survey_gap",
        "fcr_gap_trend",
    ),
    source="S2",
)
