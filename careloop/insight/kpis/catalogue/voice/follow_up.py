"""What happens after a low score, and along a journey (D09, D12)."""

from careloop.insight.kpis.asking.columns import is_true, number, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.catalogue.voice.answers import ANSWER_NEEDS, WORDINGS, answers, scale_of, valid
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Codes, Number, Options
from careloop.insight.kpis.words import Words

__all__ = ["CLOSED_LOOP_RATE", "JOURNEY_COMPLETION", "JOURNEY_DROPOFF"]

MICROS = 1_000_000

LOW = Number(
    name="low",
    default=2,
    meaning=Words(
        en="the highest score that counts as low",
        ko="낮은 점수로 보는 최고값",
        zh_hans="视为低分的最高分值",
        vi="điểm cao nhất còn được coi là thấp",
    ),
)
WITHIN_HOURS = Number(
    name="within_h",
    default=48,
    meaning=Words(
        en="hours within which somebody has to get back to the customer",
        ko="고객에게 다시 연락해야 하는 시간(시간)",
        zh_hans="须回访客户的小时数",
        vi="số giờ phải liên hệ lại với khách hàng",
    ),
)
WITHIN_DAYS = Number(
    name="within_days",
    default=30,
    least=1,
    meaning=Words(
        en="days within which the goal has to be reached",
        ko="목표에 이르러야 하는 일수",
        zh_hans="须达到目标的天数",
        vi="số ngày phải đạt được mục tiêu",
    ),
)
KINDS = Codes(
    name="kinds",
    meaning=Words(
        en="only these journeys; all when empty",
        ko="이 여정만, 비우면 전체",
        zh_hans="只计这些旅程；留空为全部",
        vi="chỉ các hành trình này; để trống là tất cả",
    ),
)


STEPS = Codes(
    name="steps",
    meaning=Words(
        en="only those that came no further than these steps; all when empty",
        ko="이 단계에서 멈춘 것만, 비우면 전체",
        zh_hans="仅止步于这些步骤的；留空为全部",
        vi="chỉ những hành trình dừng ở các bước này; để trống là tất cả",
    ),
)


def journey_dropoff(facts: Facts, options: Options) -> Ratio:
    """Journeys that ended at a step without the goal over journeys started; those that still may reach it do not count."""
    rows = facts["journey"]
    counted = rows.journey_id.notnull()
    if options.codes("kinds"):
        counted = is_true(rows.kind.isin(options.codes("kinds")))
    limit = whole(rows, "started_at_us") + int(options.number("within_days") * 86_400 * MICROS)
    known = micros_until(facts, ("journey",))
    if known is not None:
        counted = counted & is_true(limit <= known)
    has_ended = ~is_true(rows.goal_reached_at_us <= limit)
    if options.codes("steps"):
        has_ended = has_ended & is_true(rows.last_step.isin(options.codes("steps")))
    return Ratio(
        numerator=Sum(rows=rows, value=counted & has_ended, at="started_at"),
        denominator=Sum(rows=rows, value=counted, at="started_at"),
    )


def closed_loop_rate(facts: Facts, options: Options) -> Ratio:
    """Low scorers somebody got back to, by a contact and with an outcome, over low scorers who agreed to that."""
    rows = answers(facts, "csat")
    calls = facts["follow_up"]
    calls = calls.filter(calls.contact_id.notnull(), calls.outcome.notnull())
    rows = rows.left_join(calls.select(called_invite="invite_id", called_us="at_us"), rows.invite_id == calls.invite_id)
    counts = valid(rows, options) & is_true(number(rows, "value") <= options.number("low"))
    counts = counts & is_true(rows.consented_to_contact)
    waited = whole(rows, "called_us") - whole(rows, "answered_at_us")
    in_time = is_true((waited >= 0) & (waited <= int(options.number("within_h") * 3600 * MICROS)))
    return Ratio(
        numerator=Sum(rows=rows, value=counts & in_time, at="answered_at"),
        denominator=Sum(rows=rows, value=counts, at="answered_at"),
    )


def journey_completion(facts: Facts, options: Options) -> Ratio:
    """Journeys that reached their goal in time and alone over journeys started."""
    rows = facts["journey"]
    if kinds := options.codes("kinds"):
        rows = rows.filter(rows.kind.isin(kinds))
    took = whole(rows, "goal_reached_at_us") - whole(rows, "started_at_us")
    in_time = is_true(took <= int(options.number("within_days") * 86_400 * MICROS))
    return Ratio(
        numerator=Sum(rows=rows, value=in_time & ~is_true(rows.is_rescued), at="started_at"),
        denominator=Sum(rows=rows, value=rows.journey_id.notnull(), at="started_at"),
    )


CLOSED_LOOP_RATE = Metric(
    id="closed_loop_rate",
    code="D09",
    name=Words(
        en="Closed-loop follow-up",
        ko="부정응답 후속조치율",
        zh_hans="差评闭环率",
        vi="Tỷ lệ liên hệ lại sau phản hồi xấu",
    ),
    numerator=Words(
        en="of them contacted, with an outcome, within the time",
        ko="그중 기한 내에 연락하여 결과를 남긴 고객",
        zh_hans="其中在时限内回访并有结果的",
        vi="trong đó đã được liên hệ và có kết quả trong thời hạn",
    ),
    denominator=Words(
        en="low scorers who agreed to be contacted",
        ko="연락에 동의한 낮은 점수 응답자",
        zh_hans="同意回访的低分客户",
        vi="khách cho điểm thấp và đồng ý được liên hệ",
    ),
    symbols="L_48h ÷ L",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        **ANSWER_NEEDS,
        "survey_invite": ("consented_to_contact",),
        "follow_up": ("invite_id", "at", "contact_id", "outcome"),
    },
    measure=closed_loop_rate,
    options=(LOW, WITHIN_HOURS, scale_of(5), WORDINGS),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("within_h") * 3600,
    gaming=Words(
        en="Tick it off without a contact.",
        ko="연락 없이 완료로 표시하기.",
        zh_hans="未联络就勾选完成。",
        vi="Đánh dấu đã xong mà không liên hệ.",
    ),
    pairs=("csat", "repeat_complaint_rate"),
    checks=("follow_up_contact_exists",),
    source="S0 voice; S3 closed loop",
)

JOURNEY_COMPLETION = Metric(
    id="journey_completion",
    code="D12",
    name=Words(en="Journey completion", ko="여정 완료율", zh_hans="旅程完成率", vi="Tỷ lệ hoàn tất hành trình"),
    numerator=Words(
        en="of them reached the goal within the days, without help of a human",
        ko="그중 사람의 도움 없이 기한 내 목표에 이른 여정",
        zh_hans="其中在规定天数内、无人工救援而达到目标的",
        vi="trong đó đạt mục tiêu trong số ngày quy định mà không cần người trợ giúp",
    ),
    denominator=Words(en="journeys started", ko="시작된 여정", zh_hans="已开始的旅程", vi="hành trình đã bắt đầu"),
    symbols="J_goal ÷ J",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"journey": ("journey_id", "kind", "started_at", "goal_reached_at", "is_rescued")},
    measure=journey_completion,
    options=(WITHIN_DAYS, KINDS),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("within_days") * 86_400,
    gaming=Words(
        en="Redefine where a journey starts.",
        ko="여정의 시작을 다시 정의하기.",
        zh_hans="重新定义旅程起点。",
        vi="Định nghĩa lại điểm bắt đầu của hành trình.",
    ),
    pairs=("contact_propensity", "ces"),
    checks=("journey_starts",),
    source="S0 item 7",
)

JOURNEY_DROPOFF = Metric(
    id="journey_dropoff",
    code="D12b",
    name=Words(en="Journey drop-off", ko="여정 이탈률", zh_hans="旅程流失率", vi="Tỷ lệ rời bỏ hành trình"),
    numerator=Words(
        en="of them ended without the goal, at these steps",
        ko="그중 해당 단계에서 목표 없이 끝난 여정",
        zh_hans="其中在这些步骤未达目标而结束的",
        vi="trong đó kết thúc mà không đạt mục tiêu, ở các bước này",
    ),
    denominator=Words(
        en="journeys started that long ago",
        ko="시작 후 해당 일수가 지난 여정",
        zh_hans="已开始满该天数的旅程",
        vi="hành trình đã bắt đầu đủ số ngày đó",
    ),
    symbols="J_step ÷ J",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"journey": ("started_at", "goal_reached_at", "last_step")},
    measure=journey_dropoff,
    options=(WITHIN_DAYS, KINDS, STEPS),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("within_days") * 86_400,
    gaming=Words(
        en="Redefine where a journey begins.",
        ko="여정의 시작을 다시 정의하기.",
        zh_hans="重新定义旅程的起点。",
        vi="Định nghĩa lại điểm bắt đầu hành trình.",
    ),
    pairs=("journey_completion",),
    source="S0 item 7",
)
