"""Whether customers would recommend the company (D03)."""

import math
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.voice.answers import (
    ANSWER_NEEDS,
    RESPONSE_WEIGHTED,
    WORDINGS,
    answers,
    maturity,
    weight_needs,
)
from careloop.insight.kpis.catalogue.voice.responding import answering
from careloop.insight.kpis.catalogue.voice.weights import weighed, weighed_notes
from careloop.insight.kpis.measures.kinds import Finished, Pooled, Told, Weighed
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import Words
from careloop.insight.stats.arrays import Floats, normal_quantile

__all__ = ["KIND", "NPS", "net_promoters", "nps", "promoter_score", "score_and_error"]

KIND = Choice(
    name="kind",
    default="relational",
    choices=("relational", "transactional"),
    meaning=Words(
        en="answers about the relation as a whole, or about one contact; never both together",
        ko="관계 전반에 대한 응답 또는 한 접촉에 대한 응답, 둘을 합치지 않음",
        zh_hans="针对整体关系或针对单次联络的回答；两者不合并",
        vi="câu trả lời về quan hệ nói chung, hay về một lần liên hệ; không gộp hai loại",
    ),
)


def score_and_error(*, promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """Return the net promoter score and its standard error, both in points. n: answers, above 0.

    Check: 50 and 20 of 100 give 30 and 7.810250.
    """
    p, d = promoters / n, detractors / n
    return 100 * (p - d), 100 * math.sqrt((p + d - (p - d) ** 2) / n)


def promoter_score(*, promoters: float, passives: float, detractors: float) -> Finished:
    """Work out the net promoter score from counts, with the adjusted Wald interval.

    Source: Rocks 2016: ¾ is added to promoters and to detractors, 3 to all. Check: 50, 30, 20 give 30, 14.051 to 44.201.
    """
    n = promoters + passives + detractors
    if n == 0:
        return Finished(value=None, numerator=0, denominator=0)
    center, error = score_and_error(promoters=promoters + 0.75, detractors=detractors + 0.75, n=n + 3)
    half = normal_quantile(0.95) * error
    return Finished(
        value=100 * (promoters - detractors) / n,
        low=max(-100.0, center - half),
        high=min(100.0, center + half),
        numerator=promoters - detractors,
        denominator=n,
        n=int(n),
    )


def net_promoters(values: Mapping[str, list[object]], counts: Floats) -> Finished:
    """Count promoters (9 and 10), passives and detractors (0 to 6) among answers from 0 to 10."""
    scores = [float(str(score)) for score in values["score"]]
    promoters = sum(count for score, count in zip(scores, counts, strict=True) if score >= 9)
    detractors = sum(count for score, count in zip(scores, counts, strict=True) if score <= 6)
    return promoter_score(
        promoters=promoters, passives=float(counts.sum()) - promoters - detractors, detractors=detractors
    )


def _answers(facts: Facts, options: Options) -> tuple[ir.Table, ir.BooleanValue]:
    """Return answers to the question “nps”, and which of them are valid and of the chosen kind."""
    rows = answers(facts, "nps")
    value = number(rows, "value")
    counts = is_true((number(rows, "scale_max") == 10) & (value >= 0) & (value <= 10))
    counts = counts & is_true(rows.is_transactional == (options.choice("kind") == "transactional"))
    if wordings := options.codes("wordings"):
        counts = counts & text(rows, "wording_id").isin(wordings)
    return rows, counts


def nps(facts: Facts, options: Options) -> Pooled | Weighed:
    """Promoters less detractors among valid answers to the question “nps”, from counts; weighted where the option says so."""
    if options.on("response_weighted"):
        return nps_weighed(facts, options, Told.MEAN)
    rows, counts = _answers(facts, options)
    return Pooled(
        rows=rows, values={"score": number(rows, "value")}, at="answered_at", finish=net_promoters, where=counts
    )


def nps_weighed(facts: Facts, options: Options, told: Told) -> Weighed:
    """100 for a promoter, -100 for a detractor, 0 between, weighed for who was asked and who answered."""
    rows, counts = _answers(facts, options)
    value = number(rows, "value")
    worth = ibis.cases((~counts, None), (value >= 9, 100.0), (value <= 6, -100.0), else_=0.0)
    return weighed(facts, rows, worth, is_share=False, told=told)


NPS = Metric(
    id="nps",
    code="D03",
    name=Words(
        en="Net promoter score",
        ko="순추천지수(NPS)",
        zh_hans="净推荐值(NPS)",
        vi="Chỉ số khách hàng sẵn lòng giới thiệu (NPS)",
    ),
    numerator=Words(
        en="100 × (promoters 9–10 − detractors 0–6)",
        ko="100 × (추천 9–10 − 비추천 0–6)",
        zh_hans="100 ×（推荐者 9–10 − 贬损者 0–6）",
        vi="100 × (người ủng hộ 9–10 − người chê 0–6)",
    ),
    denominator=Words(
        en="valid answers from 0 to 10",
        ko="0–10의 유효 응답",
        zh_hans="0–10 的有效回答",
        vi="câu trả lời hợp lệ từ 0 đến 10",
    ),
    symbols="100·(P − D) ÷ n",
    unit=Unit.POINTS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.MODEL,
    needs={**ANSWER_NEEDS, "survey_invite": (*ANSWER_NEEDS["survey_invite"], "is_transactional")},
    also_needs=weight_needs,
    measure=nps,
    notes={"survey_response_rate": answering, **weighed_notes("nps", nps_weighed)},
    maturity_seconds=maturity,
    options=(KIND, WORDINGS, RESPONSE_WEIGHTED),
    subject=Subject.CUSTOMERS,
    gaming=Words(
        en="Hint that only 9 counts; color the scale.",
        ko="9점만 인정된다고 암시, 척도에 색 입히기.",
        zh_hans="暗示“只有 9 分算数”；给量表上色。",
        vi="Gợi ý rằng chỉ điểm 9 mới được tính; tô màu thang điểm.",
    ),
    pairs=("survey_response_rate", "churn_rate", "csat"),
    checks=(
        "nines_over_tens",
        "score_trend",
        "question_render",
    ),
    source="S2 (index −100…100); Reichheld 2003; Rocks 2016",
)
