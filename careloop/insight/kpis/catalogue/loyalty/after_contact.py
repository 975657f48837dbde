"""Whether customers leave after a bad contact (E07): an association, not a cause."""

import math
from collections import defaultdict
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, micros_until
from careloop.insight.kpis.catalogue.loyalty.spans import contract_spells
from careloop.insight.kpis.measures.kinds import Finished, Pooled
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.intervals import newcombe

__all__ = ["POST_CONTACT_CHURN", "matched_difference", "post_contact_churn"]

DAY_US = 86_400_000_000

DAYS = Number(
    name="days",
    default=90,
    least=1,
    meaning=said(
        "days after the contact in which a customer who leaves counts",
        "접촉 후 이탈을 세는 일수",
        "联络后计入流失的天数",
        "số ngày sau liên hệ mà khách rời đi được tính",
    ),
)
LOW = Number(
    name="low",
    default=2,
    meaning=said(
        "the highest satisfaction score that counts as bad",
        "나쁜 접촉으로 보는 만족도 최고값",
        "视为不良的最高满意度分值",
        "điểm hài lòng cao nhất còn bị coi là xấu",
    ),
)


def judged(facts: Facts, options: Options) -> ir.Table:
    """Return contacts that customers judged, bad where one answer says “not solved” or is low."""
    invites = facts.counted("survey_invite").select("invite_id", judged_id="contact_id")
    rows = facts["survey_answer"].inner_join(invites, "invite_id")
    value = number(rows, "value")
    is_bad = ((rows.question_key == "solved") & (value == 0)) | (
        (rows.question_key == "csat") & (value <= options.number("low"))
    )
    rows = rows.mutate(bad=is_true(is_bad).ifelse(1, 0)).filter(rows.question_key.isin(["solved", "csat"]))
    return rows.group_by("judged_id").aggregate(bad=rows.bad.max())


def landmarks(facts: Facts, options: Options) -> ir.Table:
    """Return judged contacts of customers under contract, none within `days` of an earlier one of the same customer."""
    days = int(options.number("days"))
    marks = judged(facts, options)
    rows = contacts(facts).inner_join(marks, ibis._.contact_id == marks.judged_id)
    rows = rows.filter(rows.customer_id.notnull(), rows.ended_at.notnull())
    in_order = ibis.window(group_by=rows.customer_id, order_by=[rows.arrived_at_us, rows.contact_id])
    rows = rows.mutate(previous_us=rows.arrived_at_us.lag(1).over(in_order))
    ended = whole(rows, "ended_at_us")
    day = ((ended - ended % DAY_US) / DAY_US).cast("int64")
    rows = rows.mutate(day=day)
    apart = (whole(rows, "arrived_at_us") - whole(rows, "previous_us")) > days * DAY_US
    rows = rows.filter(rows.previous_us.isnull() | apart)
    watched = micros_until(facts, ["contact", "subscription"])
    return rows if watched is None else rows.filter(whole(rows, "ended_at_us") + days * DAY_US <= watched)


def post_contact_churn(facts: Facts, options: Options) -> Pooled:
    """Customers who left soon after a bad contact, less customers like them who left after a good one."""
    rows = landmarks(facts, options)
    spells = contract_spells(facts)
    spells = spells.select(
        spell_customer="customer_id",
        first_day=spells.starts.epoch_days().cast("int64"),
        left_day=spells.ends.epoch_days().cast("int64"),
    )
    day = whole(rows, "day")
    held = (spells.first_day <= day) & (spells.left_day.isnull() | (spells.left_day > day))
    rows = rows.inner_join(spells, [rows.customer_id == spells.spell_customer, held])
    tenure = whole(rows, "day") - whole(rows, "first_day")
    bands = ibis.cases(
        (tenure < 90, "under 90 days"), (tenure < 365, "first year"), (tenure < 1095, "to 3 years"), else_="longer"
    )
    known = facts["customer"].select(known_customer="customer_id", customer_kind="segment")
    rows = rows.mutate(tenure=bands).left_join(known, ibis._.customer_id == known.known_customer)
    left = is_true(whole(rows, "left_day") <= whole(rows, "day") + int(options.number("days")))
    return Pooled(
        rows=rows,
        values={"bad": rows.bad, "left": left, "tenure": rows.tenure, "kind": rows.customer_kind},
        at="arrived_at",
        finish=matched_difference,
        method="Newcombe",
    )


def matched_difference(values: Mapping[str, list[object]], counts: Floats) -> Finished:
    """Compare within groups alike in tenure and kind, weighing the others as the customers of bad contacts are spread.

    Groups that lack one side are left out. The interval is Newcombe's, the others counting for (Σ w²/n)⁻¹ rows.
    """
    groups: dict[tuple[object, object], dict[tuple[int, bool], float]] = defaultdict(lambda: defaultdict(float))
    for place, count in enumerate(counts.tolist()):
        key = (values["tenure"][place], values["kind"][place])
        groups[key][(int(str(values["bad"][place])), bool(values["left"][place]))] += count
    sides = []
    for cell in groups.values():
        bad, good = (cell[(side, True)] + cell[(side, False)] for side in (1, 0))
        if bad and good:
            sides.append((cell[(1, True)], bad, cell[(0, True)], good))
    if not sides:
        return Finished(value=None)
    whole_bad = math.fsum(bad for _left, bad, _others_left, _good in sides)
    share = math.fsum(bad / whole_bad * others / good for _left, bad, others, good in sides)
    effective = 1 / math.fsum((bad / whole_bad) ** 2 / good for _left, bad, _others, good in sides)
    left = math.fsum(side[0] for side in sides)
    found = newcombe(
        successes=left, trials=whole_bad, base_successes=min(effective, share * effective), base_trials=effective
    )
    if found is None:
        return Finished(value=None)
    rows = int(whole_bad + sum(side[3] for side in sides))
    return Finished(value=found.estimate, low=found.low, high=found.high, n=rows)


POST_CONTACT_CHURN = Metric(
    id="post_contact_churn",
    code="E07",
    name=said(
        "Churn after bad contact",
        "불만족 접촉 후 이탈 차이",
        "不良联络后流失差",
        "Chênh lệch rời bỏ sau liên hệ không tốt",
    ),
    numerator=said(
        "share who left within the days after an unresolved or dissatisfying contact, less the share of matched others: "
        "an association",
        "미해결·불만족 접촉 후 기한 내 이탈한 비율 − 짝지은 다른 고객의 비율(연관일 뿐 인과 아님)",
        "未解决或不满意联络后规定天数内流失的比例，减去匹配的其他客户的比例：仅为关联",
        "tỷ lệ rời đi trong số ngày sau liên hệ chưa giải quyết hoặc không hài lòng, trừ tỷ lệ của khách tương tự: chỉ là liên hệ",
    ),
    symbols="p(churn | bad) − p(churn | matched)",
    unit=Unit.RATIO,
    direction=Direction.LOWER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.MODEL,
    needs={
        "contact": ("customer_id", "arrived_at", "ended_at"),
        "subscription": ("customer_id", "start_date", "end_date"),
        "survey_answer": ("question_key", "value"),
        "survey_invite": ("contact_id",),
    },
    measure=post_contact_churn,
    options=(DAYS, LOW),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    gaming=said(
        "Choose whom to compare with after seeing the results.",
        "결과를 본 뒤 비교 집단을 고르기.",
        "看到结果后再选对照组。",
        "Chọn nhóm so sánh sau khi đã thấy kết quả.",
    ),
    pairs=("churn_rate", "csat", "fcr_issue"),
    checks=(
        "tenure_balance",
        "placebo_window",
    ),
    source="S1 (bad contact → stops buying)",
)
