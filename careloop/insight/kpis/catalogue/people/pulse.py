"""Anonymous answers of colleagues (I01, I06). Below five of them nothing is shown."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.voice.promoters import net_promoters
from careloop.insight.kpis.measures.kinds import Mean, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options
from careloop.insight.kpis.words import said

__all__ = [
    "ENPS",
    "ESAT",
    "ESAT_TOP2",
    "PULSE_NEEDS",
    "PULSE_PARTICIPATION",
    "SCALE",
    "TOP_BOXES",
    "pulse_answers",
    "pulse_top",
]

SCALE = Number(
    name="scale_max",
    default=5,
    least=1,
    meaning=said(
        "highest value of the scale; answers on other scales do not count",
        "척도의 최고값, 다른 척도의 응답은 세지 않음",
        "量表最高值；其他量表的回答不计",
        "giá trị cao nhất của thang điểm; câu trả lời theo thang khác không được tính",
    ),
)
TOP_BOXES = Number(
    name="top_boxes",
    default=2,
    least=1,
    meaning=said(
        "how many of the highest answers count",
        "세는 상위 응답 칸 수",
        "计入最高的几档",
        "tính bao nhiêu mức cao nhất",
    ),
)
PULSE_NEEDS = {
    "pulse_answer": ("wave", "team_id", "question_key", "value", "scale_max", "respondent_token"),
    "pulse_wave": ("wave", "team_id", "closed_at"),
}
GAMING = said("Coercion.", "강요.", "强迫。", "Ép buộc.")
SOURCE = "S1 employee satisfaction; HESK94"
ANSWERS = said("answers", "응답", "回答", "câu trả lời")


def pulse_answers(facts: Facts, key: str) -> ir.Table:
    """Return answers to one question, placed at the close of their wave; nothing in them leads to a person."""
    given = facts["pulse_answer"]
    waves = facts["pulse_wave"].select("wave", "team_id", "closed_at", "closed_at_us", "closed_at_slot")
    return given.filter(given.question_key == key).inner_join(waves, ["wave", "team_id"])


def _valid(rows: ir.Table, options: Options) -> ir.BooleanValue:
    value = number(rows, "value")
    on_scale = number(rows, "scale_max") == options.number("scale_max")
    return is_true(on_scale & (value >= number(rows, "scale_min")) & (value <= number(rows, "scale_max")))


def pulse_top(facts: Facts, options: Options, key: str) -> Ratio:
    """Top boxes over valid answers."""
    rows = pulse_answers(facts, key)
    counts = _valid(rows, options)
    top = counts & is_true(number(rows, "value") > options.number("scale_max") - options.number("top_boxes"))
    return Ratio(
        numerator=Sum(rows=rows, value=top, at="closed_at"), denominator=Sum(rows=rows, value=counts, at="closed_at")
    )


def esat(facts: Facts, options: Options) -> Mean:
    """The mean answer to the pulse question “esat”."""
    rows = pulse_answers(facts, "esat")
    return Mean(rows=rows, value=number(rows, "value"), at="closed_at", where=_valid(rows, options))


def esat_top2(facts: Facts, options: Options) -> Ratio:
    """Top boxes over valid answers to “esat”."""
    return pulse_top(facts, options, "esat")


def enps(facts: Facts, _options: Options) -> Pooled:
    """Promoters less detractors among valid answers to “enps”."""
    rows = pulse_answers(facts, "enps")
    value = number(rows, "value")
    counts = is_true((number(rows, "scale_max") == 10) & (value >= 0) & (value <= 10))
    return Pooled(rows=rows, values={"score": value}, at="closed_at", finish=net_promoters, where=counts)


def pulse_participation(facts: Facts, _options: Options) -> Ratio:
    """Who answered over who was invited: one row for each invited place, of which so many were filled."""
    waves = facts["pulse_wave"]
    given = facts["pulse_answer"].select(in_wave="wave", of_team="team_id", who="respondent_token").distinct()
    counted = given.group_by(["in_wave", "of_team"]).aggregate(answered=given.count())
    rows = waves.left_join(counted, [waves.wave == counted.in_wave, waves.team_id == counted.of_team])
    rows = rows.mutate(place=ibis.range(0, whole(rows, "invited_count")).unnest())
    place = whole(rows, "place")
    rows = rows.mutate(respondent_token=rows.wave + "/" + rows.team_id + "/" + place.cast("string"))
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(place < whole(rows, "answered")), at="closed_at"),
        denominator=Sum(rows=rows, value=place.notnull(), at="closed_at"),
    )


ESAT = Metric(
    id="esat",
    code="I01",
    name=said("Employee satisfaction", "직원만족도", "员工满意度", "Mức độ hài lòng của nhân viên"),
    numerator=said("sum of pulse answers", "펄스 응답의 합", "脉搏调研回答之和", "tổng câu trả lời khảo sát nhanh"),
    denominator=ANSWERS,
    symbols="Σ x ÷ n",
    unit=Unit.POINTS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=PULSE_NEEDS,
    measure=esat,
    options=(SCALE,),
    subject=Subject.ANONYMOUS,
    gaming=GAMING,
    pairs=("pulse_participation", "agent_turnover"),
    checks=(
        "pulse_identical",
        "full_participation",
    ),
    source=SOURCE,
)

ESAT_TOP2 = Metric(
    id="esat_top2",
    code="I01b",
    name=said(
        "Employee satisfaction (top-two share)",
        "직원만족도(상위 2칸 비율)",
        "员工满意度（最高两档占比）",
        "Mức độ hài lòng của nhân viên (tỷ lệ hai mức cao nhất)",
    ),
    numerator=said("of them in the top boxes", "그중 상위 칸 응답", "其中高分档的", "trong đó ở các mức cao nhất"),
    denominator=ANSWERS,
    symbols="n_top ÷ n",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=PULSE_NEEDS,
    measure=esat_top2,
    options=(SCALE, TOP_BOXES),
    subject=Subject.ANONYMOUS,
    gaming=GAMING,
    pairs=("pulse_participation", "agent_turnover"),
    checks=(
        "pulse_identical",
        "full_participation",
    ),
    source=SOURCE,
)

ENPS = Metric(
    id="enps",
    code="I01c",
    name=said(
        "Employee net promoter score",
        "직원 순추천지수(eNPS)",
        "员工净推荐值(eNPS)",
        "Chỉ số nhân viên sẵn lòng giới thiệu nơi làm việc (eNPS)",
    ),
    numerator=said(
        "100 × (promoters 9–10 − detractors 0–6)",
        "100 × (추천 9–10 − 비추천 0–6)",
        "100 ×（推荐者 9–10 − 贬损者 0–6）",
        "100 × (người ủng hộ 9–10 − người chê 0–6)",
    ),
    denominator=ANSWERS,
    symbols="100·(P − D) ÷ n",
    unit=Unit.POINTS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.MODEL,
    needs=PULSE_NEEDS,
    measure=enps,
    subject=Subject.ANONYMOUS,
    gaming=GAMING,
    pairs=("pulse_participation", "agent_turnover"),
    checks=("full_participation",),
    source=SOURCE,
)

PULSE_PARTICIPATION = Metric(
    id="pulse_participation",
    code="I06",
    name=said("Pulse participation", "펄스 참여율", "脉搏调研参与率", "Tỷ lệ tham gia khảo sát nhanh"),
    numerator=said("of them answered", "그중 응답한 직원", "其中作答的", "trong đó đã trả lời"),
    denominator=said("staff invited", "초대된 직원", "受邀员工", "nhân viên được mời"),
    symbols="A ÷ I",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"pulse_answer": ("wave", "team_id", "respondent_token"), "pulse_wave": ("closed_at", "invited_count")},
    measure=pulse_participation,
    subject=Subject.ANONYMOUS,
    gaming=said(
        "Managers answer for staff.",
        "관리자가 직원 대신 응답하기.",
        "主管代员工作答。",
        "Quản lý trả lời thay nhân viên.",
    ),
    pairs=("esat", "burnout_risk"),
    checks=(
        "pulse_identical",
        "full_participation",
        "pulse_devices",
    ),
    source="S1",
)
