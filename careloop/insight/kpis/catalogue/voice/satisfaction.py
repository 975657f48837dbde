"""How satisfied customers are (D01, D02)."""

from functools import partial

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
from careloop.insight.kpis.measures.kinds import Mean, Ratio, Weighed
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import Words

__all__ = ["AGENT_CSAT", "CSAT", "CSAT_MEAN"]

GAMING = Words(
    en="Beg for scores, survey happy customers only, let agents choose whom to ask, drop low answers that come late.",
    ko="점수 부탁, 만족한 고객만 조사, 상담사가 대상 선택, 늦게 온 낮은 응답 버리기.",
    zh_hans="求好评；只调查满意的客户；由坐席挑选对象；丢弃迟到的低分。",
    vi="Xin điểm, chỉ hỏi khách hài lòng, để nhân viên chọn người được hỏi, bỏ các câu trả lời thấp đến muộn.",
)


def csat(facts: Facts, options: Options) -> Ratio | Weighed:
    """Top boxes over valid answers to the question “csat”."""
    return top_share(facts, options, "csat")


def csat_mean(facts: Facts, options: Options) -> Mean | Weighed:
    """The mean of valid answers to the question “csat”."""
    return mean(facts, options, "csat")


def csat_weighted(facts: Facts, options: Options) -> Ratio | Weighed:
    """The same, every answer weighed by its chance of being asked."""
    return top_share(facts, Options({**options.settings, "weighted": "on"}), "csat")


def agent_csat_weighted(facts: Facts, options: Options) -> Ratio | Weighed:
    """The same, every answer weighed by its chance of being asked."""
    return top_share(facts, Options({**options.settings, "weighted": "on"}), "agent_csat")


def agent_csat(facts: Facts, options: Options) -> Ratio | Weighed:
    """Top boxes over valid answers to the question “agent_csat”."""
    return top_share(facts, options, "agent_csat")


CSAT = Metric(
    id="csat",
    code="D01",
    name=Words(
        en="Customer satisfaction (top-box share)",
        ko="고객만족도(CSAT)",
        zh_hans="客户满意度",
        vi="Mức độ hài lòng của khách hàng (CSAT)",
    ),
    numerator=Words(
        en="answers in the top boxes",
        ko="상위 칸 응답",
        zh_hans="高分档回答",
        vi="câu trả lời ở các mức cao nhất",
    ),
    denominator=Words(en="valid answers", ko="유효 응답", zh_hans="有效回答", vi="câu trả lời hợp lệ"),
    symbols="Σ w·1[x > max − boxes] ÷ Σ w",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=ANSWER_NEEDS,
    also_needs=weight_needs,
    measure=csat,
    notes={
        "survey_response_rate": answering,
        "csat_weighted": csat_weighted,
        **weighed_notes("csat", partial(weighed_top, key="csat")),
    },
    maturity_seconds=maturity,
    options=(scale_of(5), top_boxes(2), WORDINGS, WEIGHTED),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("survey_response_rate", "fcr_contact", "complaint_rate"),
    checks=(
        "agent_initiated_share",
        "straight_lining",
        "invitation_mix",
        "invitation_outcome_mix",
        "answer_hours",
        "answers_during_contact",
        "csat_against_fcr",
        "csat_against_complaints",
        "completed_without_answers",
    ),
    source="S1, S2; ISO-A; KS-CQI",
)

CSAT_MEAN = Metric(
    id="csat_mean",
    code="D01b",
    name=Words(
        en="Customer satisfaction (mean score)",
        ko="고객만족도(평균 점수)",
        zh_hans="客户满意度（平均分）",
        vi="Mức độ hài lòng của khách hàng (điểm trung bình)",
    ),
    numerator=Words(
        en="sum of valid answers", ko="유효 응답의 합", zh_hans="有效回答之和", vi="tổng các câu trả lời hợp lệ"
    ),
    denominator=Words(en="valid answers", ko="유효 응답", zh_hans="有效回答", vi="câu trả lời hợp lệ"),
    symbols="Σ x ÷ n",
    unit=Unit.POINTS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=ANSWER_NEEDS,
    also_needs=weight_needs,
    measure=csat_mean,
    notes={
        "survey_response_rate": answering,
        **weighed_notes("csat_mean", partial(weighed_mean, key="csat")),
    },
    maturity_seconds=maturity,
    options=(scale_of(5), WORDINGS, RESPONSE_WEIGHTED),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("csat", "survey_response_rate"),
    checks=(
        "agent_initiated_share",
        "straight_lining",
        "invitation_mix",
        "invitation_outcome_mix",
        "answer_hours",
        "answers_during_contact",
        "csat_against_fcr",
        "csat_against_complaints",
        "completed_without_answers",
    ),
    source="S1, S2; ISO-A; KS-CQI",
)

AGENT_CSAT = Metric(
    id="agent_csat",
    code="D02",
    name=Words(
        en="Satisfaction with the agent",
        ko="상담사 만족도",
        zh_hans="坐席满意度",
        vi="Mức độ hài lòng với nhân viên",
    ),
    numerator=Words(
        en="answers in the top boxes to the question about the agent",
        ko="상담사 문항의 상위 칸 응답",
        zh_hans="对坐席问题的高分档回答",
        vi="câu trả lời ở các mức cao nhất cho câu hỏi về nhân viên",
    ),
    denominator=Words(
        en="valid answers to that question",
        ko="그 문항의 유효 응답",
        zh_hans="该问题的有效回答",
        vi="câu trả lời hợp lệ cho câu hỏi đó",
    ),
    symbols="Σ w·1[x > max − boxes] ÷ Σ w",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=ANSWER_NEEDS,
    also_needs=weight_needs,
    measure=agent_csat,
    notes={
        "survey_response_rate": answering,
        "agent_csat_weighted": agent_csat_weighted,
        **weighed_notes("agent_csat", partial(weighed_top, key="agent_csat")),
    },
    maturity_seconds=maturity,
    options=(scale_of(5), top_boxes(2), WORDINGS, WEIGHTED),
    subject=Subject.CUSTOMERS,
    gaming=Words(
        en="Agents choose whom to invite, or beg for scores.",
        ko="상담사가 초대 대상을 고르거나 점수를 부탁하기.",
        zh_hans="坐席挑选邀请对象，或求好评。",
        vi="Nhân viên tự chọn người được mời, hoặc xin điểm.",
    ),
    pairs=("csat", "survey_coverage", "qa_score"),
    checks=(
        "agent_initiated_share",
        "invites_by_agent",
        "customer_initiated_gap",
        "begging_phrases",
    ),
    source="S2 “satisfaction with staff”",
)
