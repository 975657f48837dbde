"""Answers to survey questions, beside what is known of their invitation."""

from collections.abc import Collection, Mapping
from typing import Final

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.voice.weights import MATURITY_S, weighed
from careloop.insight.kpis.measures.kinds import Mean, Ratio, Sum, Told, Weighed
from careloop.insight.kpis.options import Choice, Codes, Number, Options, Switch
from careloop.insight.kpis.words import Words

__all__ = [
    "ANSWER_NEEDS",
    "RESPONSE_WEIGHTED",
    "WEIGHTED",
    "WORDINGS",
    "answers",
    "maturity",
    "mean",
    "scale_of",
    "top_boxes",
    "top_share",
    "top_share_of",
    "valid",
    "weighed_mean",
    "weighed_top",
    "weight_needs",
]

ANSWER_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "survey_invite": ("invite_id", "customer_id"),
    "survey_answer": ("invite_id", "question_key", "wording_id", "scale_min", "scale_max", "value", "answered_at"),
}

WORDINGS = Codes(
    name="wordings",
    meaning=Words(
        en="only answers to these wordings of the question; all when empty",
        ko="이 질문 문구에 대한 응답만, 비우면 전체",
        zh_hans="只计对这些问法的回答；留空为全部",
        vi="chỉ tính câu trả lời cho các cách hỏi này; để trống là tất cả",
    ),
)
WEIGHTED = Choice(
    name="weighted",
    default="off",
    choices=("off", "on", "response"),
    meaning=Words(
        en="weigh every answer by 1 over its chance of being asked (on), or by that and the chance of answering, over all whom it "
        "was decided in the period whether to ask (response); answers that were not drawn by chance then do not count",
        ko="응답에 초대 확률의 역수를 가중(on), 또는 응답 확률까지 반영해 기간 중 초대 여부가 결정된 대상 전체로 가중(response). "
        "무작위로 뽑히지 않은 응답은 제외",
        zh_hans="按被抽中概率的倒数加权（on），或再按回答概率加权，覆盖该期间内决定是否邀请的所有人（response）；"
        "非随机抽取的回答不计",
        vi="nhân trọng số 1 chia cho xác suất được hỏi (on), hoặc thêm xác suất trả lời, trên mọi người được quyết định hỏi hay "
        "không trong kỳ (response); câu trả lời không do bốc ngẫu nhiên thì không tính",
    ),
)
RESPONSE_WEIGHTED = Switch(
    name="response_weighted",
    default=False,
    meaning=Words(
        en="weigh every answer by 1 over its chance of being asked and of answering, over all whom it was decided in the period "
        "whether to ask; answers that were not drawn by chance then do not count",
        ko="초대 확률과 응답 확률의 역수를 가중해 기간 중 초대 여부가 결정된 대상 전체로 추정, 무작위로 뽑히지 않은 응답은 제외",
        zh_hans="按被抽中与回答概率的倒数加权，覆盖该期间内决定是否邀请的所有人；非随机抽取的回答不计",
        vi="nhân trọng số 1 chia cho xác suất được hỏi và trả lời, trên mọi người được quyết định hỏi hay không trong kỳ; câu trả "
        "lời không do bốc ngẫu nhiên thì không tính",
    ),
)


def weight_needs(options: Options) -> Mapping[str, tuple[str, ...]]:
    """Return the columns that weights need, where the options ask for them."""
    asked = dict(options)
    is_weighed = asked.get("weighted", "off") != "off" or asked.get("response_weighted") == "on"
    return {"survey_invite": ("inclusion_prob",)} if is_weighed else {}


def scale_of(most: float) -> Number:
    """Return the option that says which scale is meant; answers on another one are never rescaled into it."""
    return Number(
        name="scale_max",
        default=most,
        least=1,
        meaning=Words(
            en="highest value of the scale; answers on other scales do not count",
            ko="척도의 최고값, 다른 척도의 응답은 세지 않음",
            zh_hans="量表最高值；其他量表的回答不计",
            vi="giá trị cao nhất của thang điểm; câu trả lời theo thang khác không được tính",
        ),
    )


def top_boxes(count: float) -> Number:
    """Return the option that says how many of the best answers are meant."""
    return Number(
        name="top_boxes",
        default=count,
        least=1,
        meaning=Words(
            en="how many of the highest answers count as satisfied",
            ko="만족으로 보는 상위 응답 칸 수",
            zh_hans="最高的几档算作满意",
            vi="bao nhiêu mức cao nhất được coi là hài lòng",
        ),
    )


def answers(facts: Facts, key: str) -> ir.Table:
    """Return the answers to a question, each with whom it came from and how they were chosen."""
    given = facts["survey_answer"]
    invites = facts.counted("survey_invite").select(
        "invite_id",
        "programme",
        "customer_id",
        "contact_id",
        "case_id",
        "agent_id",
        "inclusion_prob",
        "is_transactional",
        "consented_to_contact",
    )
    return given.filter(given.question_key == key).inner_join(invites, "invite_id")


def valid(rows: ir.Table, options: Options, *, without: Collection[str] = ()) -> ir.BooleanValue:
    """Say which answers are on the chosen scale, within it, and to a chosen wording. without: wordings that do not count."""
    value = number(rows, "value")
    on_scale = number(rows, "scale_max") == options.number("scale_max")
    is_valid = is_true(on_scale & (value >= number(rows, "scale_min")) & (value <= number(rows, "scale_max")))
    if without:
        is_valid = is_valid & ~text(rows, "wording_id").isin(without)
    wordings = options.codes("wordings")
    return is_valid & text(rows, "wording_id").isin(wordings) if wordings else is_valid


def maturity(options: Options) -> float:
    """Seconds for which answers still come; only where the silent are counted too does that change a number."""
    is_weighed = dict(options).get("weighted") == "response" or dict(options).get("response_weighted") == "on"
    return MATURITY_S if is_weighed else 0.0


def top_share(facts: Facts, options: Options, key: str, *, without: Collection[str] = ()) -> Ratio | Weighed:
    """Answers in the top boxes over valid answers, weighted where the option says so."""
    if options.choice("weighted") == "response":
        return weighed_top(facts, options, Told.MEAN, key=key, without=without)
    rows = answers(facts, key)
    if options.choice("weighted") == "off":
        return top_share_of(rows, options, without=without)
    counts = valid(rows, options, without=without)
    is_top = counts & _is_top(rows, options)
    probability = number(rows, "inclusion_prob")
    is_drawn = is_true(probability > 0)
    weight = is_drawn.ifelse(1.0 / probability, 0.0)
    return Ratio(
        numerator=Sum(rows=rows, value=is_top.ifelse(weight, 0.0), at="answered_at"),
        denominator=Sum(rows=rows, value=counts.ifelse(weight, 0.0), at="answered_at"),
        squares=Sum(rows=rows, value=counts.ifelse(weight * weight, 0.0), at="answered_at"),
    )


def top_share_of(rows: ir.Table, options: Options, *, without: Collection[str] = ()) -> Ratio:
    """Answers in the top boxes over valid answers, each counting once. rows: some of `answers`."""
    counts = valid(rows, options, without=without)
    return Ratio(
        numerator=Sum(rows=rows, value=counts & _is_top(rows, options), at="answered_at"),
        denominator=Sum(rows=rows, value=counts, at="answered_at"),
    )


def _is_top(rows: ir.Table, options: Options) -> ir.BooleanValue:
    return is_true(number(rows, "value") > options.number("scale_max") - options.number("top_boxes"))


def weighed_top(facts: Facts, options: Options, told: Told, *, key: str, without: Collection[str] = ()) -> Weighed:
    """The share of answers in the top boxes, weighed for who was asked and who answered."""
    rows = answers(facts, key)
    score = valid(rows, options, without=without).ifelse(_is_top(rows, options).ifelse(1.0, 0.0), None)
    return weighed(facts, rows, score, is_share=True, told=told)


def mean(facts: Facts, options: Options, key: str, *, without: Collection[str] = ()) -> Mean | Weighed:
    """The mean of valid answers, weighted where the option says so."""
    if options.on("response_weighted"):
        return weighed_mean(facts, options, Told.MEAN, key=key, without=without)
    rows = answers(facts, key)
    return Mean(
        rows=rows,
        value=number(rows, "value"),
        at="answered_at",
        where=valid(rows, options, without=without),
        cluster="customer_id",
    )


def weighed_mean(facts: Facts, options: Options, told: Told, *, key: str, without: Collection[str] = ()) -> Weighed:
    """The mean of valid answers, weighed for who was asked and who answered."""
    rows = answers(facts, key)
    score = valid(rows, options, without=without).ifelse(number(rows, "value"), None)
    return weighed(facts, rows, score, is_share=False, told=told)
