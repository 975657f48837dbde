"""How hard customers found it (D04)."""

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.voice.answers import (
    ANSWER_NEEDS,
    RESPONSE_WEIGHTED,
    WEIGHTED,
    WORDINGS,
    maturity,
    mean,
    scale_of,
    top_boxes,
    top_share,
    weighed_mean,
    weighed_top,
    weight_needs,
)
from careloop.insight.kpis.catalogue.voice.responding import answering
from careloop.insight.kpis.catalogue.voice.weights import weighed_notes
from careloop.insight.kpis.measures.kinds import Mean, Ratio, Told, Weighed
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Codes, Options
from careloop.insight.kpis.words import Words

__all__ = ["CES", "CES_TOP2"]

REVERSED = Codes(
    name="reversed_wordings",
    default=("ces_1.0",),
    meaning=Words(
        en="wordings in which a low answer is the good one; they do not count here",
        ko="낮은 응답이 좋은 문구, 여기서는 세지 않음",
        zh_hans="低分为好的问法；此处不计",
        vi="cách hỏi mà điểm thấp là tốt; không tính ở đây",
    ),
)
GAMING = Words(
    en="Mix up scales that run the other way.",
    ko="방향이 반대인 척도를 섞기.",
    zh_hans="混用方向相反的量表。",
    vi="Trộn lẫn các thang điểm ngược chiều.",
)


def ces(facts: Facts, options: Options) -> Mean | Weighed:
    """The mean agreement that it was made easy, from 1 to 7."""
    return mean(facts, options, "ces", without=options.codes("reversed_wordings"))


def ces_top2(facts: Facts, options: Options) -> Ratio | Weighed:
    """Answers in the top boxes over valid ones, without wordings that run the other way."""
    return top_share(facts, options, "ces", without=options.codes("reversed_wordings"))


def ces_weighed(facts: Facts, options: Options, told: Told) -> Weighed:
    """The mean agreement, weighed for who was asked and who answered."""
    return weighed_mean(facts, options, told, key="ces", without=options.codes("reversed_wordings"))


def ces_top2_weighed(facts: Facts, options: Options, told: Told) -> Weighed:
    """The share in the top boxes, weighed for who was asked and who answered."""
    return weighed_top(facts, options, told, key="ces", without=options.codes("reversed_wordings"))


CES = Metric(
    id="ces",
    code="D04",
    name=Words(
        en="Customer effort score", ko="고객노력지수(CES)", zh_hans="客户费力度", vi="Điểm nỗ lực của khách hàng (CES)"
    ),
    numerator=Words(
        en="sum of agreement that the company made it easy, 1 to 7",
        ko="‘쉽게 해결되었다’에 대한 동의(1–7)의 합",
        zh_hans="对“办理很轻松”的同意程度（1–7）之和",
        vi="tổng mức đồng ý rằng việc đã được làm cho dễ dàng, từ 1 đến 7",
    ),
    denominator=Words(en="valid answers", ko="유효 응답", zh_hans="有效回答", vi="câu trả lời hợp lệ"),
    symbols="Σ x ÷ n",
    unit=Unit.POINTS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=ANSWER_NEEDS,
    also_needs=weight_needs,
    measure=ces,
    notes={"survey_response_rate": answering, **weighed_notes("ces", ces_weighed)},
    maturity_seconds=maturity,
    options=(scale_of(7), WORDINGS, REVERSED, RESPONSE_WEIGHTED),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("csat", "survey_response_rate"),
    checks=("ces_against_csat",),
    source="Dixon et al. 2010",
)

CES_TOP2 = Metric(
    id="ces_top2",
    code="D04b",
    name=Words(
        en="Customer effort score (top-two share)",
        ko="고객노력지수(상위 2칸 비율)",
        zh_hans="客户费力度（最高两档占比）",
        vi="Điểm nỗ lực của khách hàng (tỷ lệ hai mức cao nhất)",
    ),
    numerator=Words(
        en="answers in the top boxes", ko="상위 칸 응답", zh_hans="高分档回答", vi="câu trả lời ở các mức cao nhất"
    ),
    denominator=Words(en="valid answers", ko="유효 응답", zh_hans="有效回答", vi="câu trả lời hợp lệ"),
    symbols="Σ w·1[x > max − boxes] ÷ Σ w",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=ANSWER_NEEDS,
    also_needs=weight_needs,
    measure=ces_top2,
    notes={"survey_response_rate": answering, **weighed_notes("ces_top2", ces_top2_weighed)},
    maturity_seconds=maturity,
    options=(scale_of(7), top_boxes(2), WORDINGS, REVERSED, WEIGHTED),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("csat", "survey_response_rate"),
    checks=("ces_against_csat",),
    source="Dixon et al. 2010",
)
