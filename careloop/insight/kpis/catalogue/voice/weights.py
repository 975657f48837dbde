"""Answers weighed for who was asked and who answered (metrics.md §3.8), and how alike people answered (D05b)."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Told, Weighed
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Codes, Options
from careloop.insight.kpis.words import said

__all__ = ["MATURITY_S", "SURVEY_REPRESENTATIVENESS", "weighed", "weighed_notes"]

DAY_US = 86_400_000_000
REPEAT_US = 7 * DAY_US
# Answers come for two weeks.
MATURITY_S = 14 * 86_400.0
WAITS_S = (20.0, 60.0, 180.0)
HANDLES_S = (180.0, 360.0, 720.0)
TENURES_DAYS = (90.0, 365.0, 1095.0)
MARGINS = ("channel", "queue", "reason")


def weighed(
    facts: Facts, answers: ir.Table, value: ir.FloatingValue, *, is_share: bool, told: Told = Told.MEAN
) -> Weighed:
    """Weigh answers, one per invitation.

    answers: with `invite_id`; value: of each, null where it does not count.

    Everybody stands in the period in which it was decided whether to ask, silent people too. Who was drawn and then held back by
    a rule of fatigue counts as silent.
    """
    given = answers.select(given_id=answers.invite_id, score=value.cast("float64"))
    decisions = facts.counted("survey_invite")
    rows = decisions.left_join(given, decisions.invite_id == given.given_id)
    rows = _described(facts, rows)
    return Weighed(
        rows=rows,
        at="decided_at",
        is_eligible=is_true(rows.eligible),
        is_asked=rows.sent_at.notnull() | is_true(rows.suppressed_reason != "not_drawn"),
        chance=number(rows, "inclusion_prob"),
        value=number(rows, "score"),
        is_share=is_share,
        traits={
            "channel": text(rows, "trait_channel"),
            "queue": text(rows, "trait_queue"),
            "reason": text(rows, "trait_reason"),
            "wait": _band(number(rows, "trait_wait_s"), WAITS_S),
            "handle": _band(number(rows, "trait_handle_s"), HANDLES_S),
            "repeat": text(rows, "trait_repeat"),
            "tenure": _band(
                (whole(rows, "decided_at_us") - whole(rows, "trait_since_us")) / float(DAY_US), TENURES_DAYS
            ),
        },
        margins=MARGINS,
        told=told,
    )


def _described(facts: Facts, rows: ir.Table) -> ir.Table:
    """Add what answering may depend on: of the contact asked about, and of the customer."""
    contacts, legs, customers = facts["contact"], facts["contact_segment"], facts["customer"]
    order = ibis.window(
        group_by=[contacts.customer_id, contacts.reason_group], order_by=[contacts.arrived_at_us, contacts.contact_id]
    )
    since = contacts.arrived_at_us - contacts.arrived_at_us.lag(1).over(order)
    is_known = contacts.customer_id.notnull() & contacts.reason_group.notnull()
    about = contacts.select(
        about_id=contacts.contact_id,
        trait_channel=contacts.channel,
        trait_reason=contacts.reason_group,
        trait_repeat=(is_known & is_true(since <= REPEAT_US)).ifelse("again", "first"),
    )
    spent = number(legs, "talk_s").fill_null(0.0) + number(legs, "hold_s").fill_null(0.0)
    spent = spent + number(legs, "wrap_s").fill_null(0.0)
    taken = legs.group_by(taken_id="contact_id").aggregate(trait_wait_s=legs.wait_s.sum(), trait_handle_s=spent.sum())
    answered = legs.filter(legs.exit == "answered")
    last = ibis.window(group_by=answered.contact_id, order_by=[ibis.desc(answered.seq), answered.segment_id])
    answered = answered.mutate(place=ibis.row_number().over(last))
    where = answered.filter(answered.place == 0).select(where_id="contact_id", trait_queue="queue_id")
    whose = customers.select(whose_id="customer_id", trait_since_us="since_us")
    rows = rows.left_join(about, rows.contact_id == about.about_id)
    rows = rows.left_join(taken, rows.contact_id == taken.taken_id)
    rows = rows.left_join(where, rows.contact_id == where.where_id)
    return rows.left_join(whose, rows.customer_id == whose.whose_id)


def _band(value: ir.NumericValue, edges: tuple[float, ...]) -> ir.StringValue:
    """Say between which edges a number lies; unknown is a band of its own."""
    return ibis.cases(
        (value.isnull(), "unknown"),
        *((value < edge, f"below {edge:g}") for edge in edges),
        else_=f"{edges[-1]:g} and above",
    )


def weighed_notes(
    name: str, ask: Callable[[Facts, Options, Told], Weighed]
) -> dict[str, Callable[[Facts, Options], Weighed]]:
    """Return what stands beside a number of answers: the weighed one, by how much it differs, and how alike people answered."""
    return {
        f"{name}_response_weighted": lambda facts, options: ask(facts, options, Told.MEAN),
        "response_weighted_difference": lambda facts, options: ask(facts, options, Told.DIFFERENCE),
        "survey_representativeness": lambda facts, options: ask(facts, options, Told.REPRESENTATIVENESS),
    }


def survey_representativeness(facts: Facts, options: Options) -> Weighed:
    """The R-indicator of those drawn: answered is who gave an answer to one of the questions."""
    given = facts["survey_answer"]
    keys = options.codes("key_items")
    rows = given.filter(given.question_key.isin(keys)) if keys else given
    told = rows.group_by("invite_id").aggregate(score=rows.value.count().cast("float64"))
    return weighed(facts, told, number(told, "score"), is_share=False, told=Told.REPRESENTATIVENESS)


SURVEY_REPRESENTATIVENESS = Metric(
    id="survey_representativeness",
    code="D05b",
    name=said(
        "Representativeness of answers (R-indicator)",
        "응답의 대표성(R-지표)",
        "回答的代表性（R 指标）",
        "Tính đại diện của câu trả lời (chỉ số R)",
    ),
    numerator=said(
        "1 less twice the spread of the chance of answering, as channel, queue, reason, wait, handle time, repeat, tenure tell it",
        "1에서 응답 확률 산포의 두 배를 뺀 값(채널·큐·사유·대기·처리시간·재문의·거래기간으로 추정)",
        "1 减去回答概率离散度的两倍（由渠道、队列、原因、等待、处理时长、重复与客龄估计）",
        "1 trừ hai lần độ phân tán của xác suất trả lời, theo kênh, hàng chờ, lý do, chờ, xử lý, liên hệ lại và thâm niên",
    ),
    denominator=said("people drawn to be asked", "추출된 조사 대상", "被抽中的调研对象", "người được bốc để hỏi"),
    symbols="1 − 2·S(ρ̂)",
    unit=Unit.INDEX,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.NONE,
    needs={
        "survey_invite": ("eligible", "inclusion_prob", "decided_at", "sent_at", "suppressed_reason"),
        "survey_answer": ("invite_id", "question_key"),
    },
    measure=survey_representativeness,
    options=(
        Codes(
            name="key_items",
            meaning=said(
                "questions one of which counts as an answer; all when empty",
                "응답으로 보는 문항, 비우면 전체",
                "算作回答的题目；留空为全部",
                "câu hỏi được coi là trả lời; để trống là tất cả",
            ),
        ),
    ),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda _options: MATURITY_S,
    gaming=said(
        "Ask only those who are alike; leave out what answering depends on.",
        "비슷한 고객만 조사, 응답에 영향을 주는 특성 빼기.",
        "只问相似的人；略去影响回答的特征。",
        "Chỉ hỏi những người giống nhau; bỏ đi điều ảnh hưởng đến việc trả lời.",
    ),
    pairs=("survey_response_rate", "csat"),
    checks=("invitation_mix", "invitation_reason_mix"),
    source="Schouten, Cobben and Bethlehem 2009; metrics.md §3.8",
)
