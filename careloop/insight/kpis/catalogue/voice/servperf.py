"""Perceived quality of service in five dimensions (D10)."""

from collections import defaultdict
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.voice.answers import ANSWER_NEEDS
from careloop.insight.kpis.measures.kinds import Finished, Mean, Pooled
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import Words
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.reliability import cronbach_alpha, mcdonald_omega

__all__ = ["DIMENSIONS", "SERVPERF", "SERVPERF_ALPHA"]

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")

SCORE = Choice(
    name="score",
    default="perception",
    choices=("perception", "gap"),
    meaning=Words(
        en="perception alone, or perception less expectation (SERVQUAL); expectations have keys such as "
        "servperf_expected_empathy_1",
        ko="지각만, 또는 지각 − 기대(SERVQUAL). 기대 문항의 키는 servperf_expected_empathy_1 형식",
        zh_hans="仅感知，或感知减期望（SERVQUAL）；期望题的键形如 servperf_expected_empathy_1",
        vi="chỉ cảm nhận, hoặc cảm nhận trừ kỳ vọng (SERVQUAL); câu kỳ vọng có khóa như servperf_expected_empathy_1",
    ),
)
WEIGHTS = tuple(
    Number(
        name=f"weight_{name}",
        default=1,
        most=100,
        meaning=Words(
            en=f"how much the dimension “{name}” counts, beside the others",
            ko=f"‘{name}’ 차원의 가중치(다른 차원 대비)",
            zh_hans=f"维度“{name}”相对其他维度的权重",
            vi=f"trọng số của khía cạnh “{name}” so với các khía cạnh khác",
        ),
    )
    for name in DIMENSIONS
)
COEFFICIENT = Choice(
    name="coefficient",
    default="alpha",
    choices=("alpha", "omega"),
    meaning=Words(
        en="Cronbach’s alpha, or McDonald’s omega from one factor",
        ko="크론바흐 알파 또는 단일 요인의 맥도널드 오메가",
        zh_hans="克龙巴赫 α，或单因子的麦克唐纳 ω",
        vi="alpha của Cronbach, hoặc omega của McDonald theo một nhân tố",
    ),
)
GAMING = Words(
    en="Drop weak items or dimensions; word questions leadingly.",
    ko="약한 문항·차원 빼기, 유도하는 문구.",
    zh_hans="删去弱项或弱维度；诱导性措辞。",
    vi="Bỏ câu hỏi hay khía cạnh yếu; đặt câu hỏi dẫn dắt.",
)


def items(facts: Facts) -> ir.Table:
    """Return answers from 1 to 7 to the items `servperf_<dimension>_<n>`, with their dimension."""
    rows = facts["survey_answer"]
    key = text(rows, "question_key")
    dimension = key.re_extract(r"^servperf_(?:expected_)?([a-z]+)_[0-9]+$", 1)
    rows = rows.mutate(dimension=dimension, is_expected=key.startswith("servperf_expected_"))
    invites = facts.counted("survey_invite").select(
        "invite_id", "programme", "customer_id", "contact_id", "case_id", "agent_id"
    )
    is_item = text(rows, "dimension").isin(DIMENSIONS) & (number(rows, "scale_max") == 7)
    return rows.filter(is_item).inner_join(invites, "invite_id")


def servperf(facts: Facts, options: Options) -> Mean:
    """The weighted mean, over respondents, of the mean of their five dimensions; who left one out does not count.

    Where all weights are 0 there is no number.
    """
    rows = items(facts)
    if options.choice("score") == "perception":
        rows = rows.filter(~rows.is_expected)
    sign = rows.is_expected.ifelse(-1.0, 1.0)
    whose = ["invite_id", "programme", "customer_id", "contact_id", "case_id", "agent_id"]
    weights = {name: options.number(f"weight_{name}") for name in DIMENSIONS}
    by_part = rows.group_by([*whose, "dimension", "is_expected"]).aggregate(
        part=(number(rows, "value") * sign).mean(),
        answered_at_us=rows.answered_at_us.max(),
        answered_at_slot=rows.answered_at_slot.max(),
    )
    worth = ibis.cases(*((by_part.dimension == name, weight) for name, weight in weights.items()), else_=0.0)
    respondents = by_part.group_by(whose).aggregate(
        score=(by_part.part * worth).sum() / (sum(weights.values()) or None),
        parts=by_part.count(),
        answered_at_us=by_part.answered_at_us.max(),
        answered_at_slot=by_part.answered_at_slot.max(),
    )
    asked = len(DIMENSIONS) * (1 if options.choice("score") == "perception" else 2)
    return Mean(
        rows=respondents,
        value=number(respondents, "score"),
        at="answered_at",
        where=respondents.parts == asked,
        cluster="customer_id",
    )


def reliability(values: Mapping[str, list[object]], coefficient: str) -> Finished:
    """Lay answers out by respondent and item, keep complete respondents, and work out a coefficient."""
    answered: dict[str, dict[str, float]] = defaultdict(dict)
    for respondent, item, value in zip(values["respondent"], values["item"], values["value"], strict=True):
        answered[str(respondent)][str(item)] = float(str(value))
    every = sorted({item for given in answered.values() for item in given})
    table = [[given[item] for item in every] for given in answered.values() if len(given) == len(every)]
    if not table or len(every) < 2:
        return Finished(value=None, n=len(table))
    if coefficient == "omega":
        return Finished(value=mcdonald_omega(table), n=len(table))
    found = cronbach_alpha(table)
    if found is None:
        return Finished(value=None, n=len(table))
    return Finished(value=found.estimate, low=found.low, high=found.high, n=len(table))


def servperf_alpha(facts: Facts, options: Options) -> Pooled:
    """How far the items of perception hang together, over respondents who answered all of them."""
    rows = items(facts)
    coefficient = options.choice("coefficient")

    def finish(values: dict[str, list[object]], _counts: Floats) -> Finished:
        return reliability(values, coefficient)

    return Pooled(
        rows=rows,
        values={"respondent": rows.invite_id, "item": rows.question_key, "value": rows.value},
        at="answered_at",
        finish=finish,
        where=~rows.is_expected,
    )


SERVPERF = Metric(
    id="servperf",
    code="D10",
    name=Words(
        en="Perceived service quality (SERVPERF)",
        ko="서비스품질 지각(SERVPERF)",
        zh_hans="服务质量感知(SERVPERF)",
        vi="Chất lượng dịch vụ cảm nhận (SERVPERF)",
    ),
    numerator=Words(
        en="mean over the five dimensions (tangibles, reliability, responsiveness, assurance, empathy) of their item means",
        ko="다섯 차원(유형성·신뢰성·응답성·확신성·공감성) 문항 평균의 평균",
        zh_hans="五个维度（有形性、可靠性、响应性、保证性、移情性）题项均值的平均",
        vi="trung bình của năm khía cạnh (hữu hình, tin cậy, đáp ứng, đảm bảo, đồng cảm), mỗi khía cạnh là trung bình các câu",
    ),
    denominator=Words(
        en="respondents who answered all dimensions",
        ko="모든 차원에 답한 응답자",
        zh_hans="五个维度均作答的受访者",
        vi="người trả lời đủ các khía cạnh",
    ),
    symbols="Σᵢ (Σ_d w_d·x̄_id ÷ Σ_d w_d) ÷ n",
    unit=Unit.POINTS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=ANSWER_NEEDS,
    measure=servperf,
    options=(SCORE, *WEIGHTS),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("servperf_alpha", "csat"),
    checks=(
        "straight_lining",
        "dimension_halo",
        "item_set_trend",
    ),
    source="PZB88; CT92; S1 service quality",
)

SERVPERF_ALPHA = Metric(
    id="servperf_alpha",
    code="D10b",
    name=Words(
        en="Reliability of perceived service quality (α, ω)",
        ko="서비스품질 지각의 신뢰도(α, ω)",
        zh_hans="服务质量感知的信度（α、ω）",
        vi="Độ tin cậy của thang chất lượng dịch vụ cảm nhận (α, ω)",
    ),
    numerator=Words(
        en="how much of the differences between sums of items the items share",
        ko="문항 합계의 차이 중 문항들이 공유하는 정도",
        zh_hans="题项总分差异中由题项共同解释的程度",
        vi="phần khác biệt của tổng điểm mà các câu hỏi cùng chia sẻ",
    ),
    symbols="α = k/(k−1)·(1 − Σσᵢ²/σ²_Σ)",
    unit=Unit.INDEX,
    direction=Direction.BAND,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.MODEL,
    needs=ANSWER_NEEDS,
    measure=servperf_alpha,
    options=(COEFFICIENT,),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("servperf",),
    checks=(
        "straight_lining",
        "dimension_halo",
        "item_set_trend",
    ),
    source="Cronbach 1951; McDonald 1999; Feldt 1965",
)
