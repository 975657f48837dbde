"""Service level and how many intervals keep it (A01, A02)."""

from collections.abc import Mapping

import ibis.expr.types as ir
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.access.queue import INCLUDE_FLOW_OUT, SHORT_ABANDON, Queue, queue, queue_of, within
from careloop.insight.kpis.measures.kinds import PerCell, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import Words, said
from careloop.insight.stats.arrays import Floats

__all__ = ["INTERVAL_ATTAINMENT", "SERVICE_LEVEL", "interval_attainment", "service_level"]

TARGET = Number(
    name="target_s",
    default=20,
    meaning=Words(
        en="T, the seconds within which an answer is in time, included",
        ko="T, 이 초수 이내(포함)의 응답을 목표 내로 봄",
        zh_hans="T，在此秒数以内（含）接起即为达标",
        vi="T, số giây mà trả lời trong đó (kể cả) là đúng hạn",
    ),
)
DENOMINATOR = Choice(
    name="denominator",
    default="offered_ex_short",
    choices=("offered_ex_short", "offered", "ex_abandon_within_target", "answered", "credit_abandon_within_target"),
    meaning=Words(
        en="who counts: all but short abandons, all, all but abandons within T, the answered only (not recommended), or all "
        "with abandons within T counted as in time",
        ko="분모: 짧은 포기 제외, 전체, T 이내 포기 제외, 응답만(권장하지 않음), 또는 T 이내 포기를 달성으로 본 전체",
        zh_hans="分母：除短时放弃外全部、全部、除 T 内放弃外全部、仅已接（不推荐），或全部并将 T 内放弃视为达标",
        vi="mẫu số: tất cả trừ bỏ cuộc sớm, tất cả, tất cả trừ bỏ cuộc trong T, chỉ cuộc được trả lời (không nên dùng), "
        "hoặc tất cả và coi bỏ cuộc trong T là đạt",
    ),
)
CLOCK = Choice(
    name="clock",
    default="queued_at",
    choices=("queued_at", "arrived_at"),
    meaning=Words(
        en="when the clock starts: entering the queue, or the first touch of the contact",
        ko="시계의 시작: 큐 진입 또는 접촉의 최초 도달",
        zh_hans="计时起点：进入队列，或联络首次到达",
        vi="thời điểm bắt đầu tính: khi vào hàng chờ hoặc khi liên hệ đến lần đầu",
    ),
)


def service_level(facts: Facts, options: Options) -> Ratio:
    """Answered within T over those who count. Vector: A 1000, B 60, A_T 860, B_T 20, B_s 10 give 0.819048 by default."""
    calls = queue(facts)
    rows = calls.rows
    if options.choice("clock") == "arrived_at":
        arrival = facts["contact"].select("contact_id", started_us="arrived_at_us")
        rows = rows.left_join(arrival, "contact_id")
        calls = queue_of(
            rows, (whole(rows, "left_queue_at_us") - whole(rows, "started_us")).cast("float64") / 1_000_000
        )
    in_time = within(calls.wait, options.number("target_s"))
    met, counted = calls.is_answered & in_time, _counted(calls, in_time, options)
    if options.choice("denominator") == "credit_abandon_within_target":
        met = met | (calls.is_abandoned & in_time)
    if options.on("include_flow_out"):
        counted = counted | calls.is_flow_out
    return Ratio(
        numerator=Sum(rows=rows, value=met, at="queued_at"),
        denominator=Sum(rows=rows, value=counted, at="queued_at"),
    )


def _clock_needs(options: Options) -> Mapping[str, tuple[str, ...]]:
    if options.choice("clock") == "arrived_at":
        return {"contact": ("arrived_at",), "contact_segment": ("left_queue_at",)}
    return {"contact_segment": ("wait_s",)}


def _counted(calls: Queue, in_time: ir.BooleanValue, options: Options) -> ir.BooleanValue:
    match options.choice("denominator"):
        case "offered_ex_short":
            is_short = is_true(calls.wait < options.number("short_abandon_s"))
            return calls.is_answered | (calls.is_abandoned & ~is_short)
        case "ex_abandon_within_target":
            return calls.is_answered | (calls.is_abandoned & ~in_time)
        case "answered":
            return calls.is_answered
    return calls.is_answered | calls.is_abandoned


SERVICE_LEVEL = Metric(
    id="service_level",
    code="A01",
    name=Words(
        en="Service level (TSF)",
        ko="서비스레벨(목표시간 내 응대율)",
        zh_hans="服务水平",
        vi="Mức độ dịch vụ (tỷ lệ trả lời đúng hạn)",
    ),
    numerator=Words(
        en="segments answered within T seconds",
        ko="T초 이내에 응답한 구간",
        zh_hans="T 秒内接起的分段",
        vi="số chặng được trả lời trong T giây",
    ),
    denominator=Words(
        en="segments that count, as the options say",
        ko="옵션에 따라 세는 구간",
        zh_hans="按选项计入的分段",
        vi="số chặng được tính theo tùy chọn",
    ),
    symbols="A_T ÷ (A + B − B_s)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"contact_segment": ("queued_at", "exit")},
    also_needs=_clock_needs,
    measure=service_level,
    options=(TARGET, DENOMINATOR, INCLUDE_FLOW_OUT, SHORT_ABANDON, CLOCK),
    gaming=Words(
        en="Answer and drop; answer just inside T and hold; raise the short-abandon limit; overstaff quiet intervals to lift "
        "the day; push callers to callback or busy.",
        ko="받자마자 끊기, T 직전에 받고 보류하기, 짧은 포기 기준 올리기, 한산한 구간에 과다 배치해 하루 평균 올리기, "
        "콜백이나 통화중으로 밀어내기.",
        zh_hans="接起即挂；在 T 前接起后保持；提高短时放弃门限；在清闲时段超配以拉高全天；把来电推向回拨或忙音。",
        vi="Nhấc máy rồi cúp; nhấc ngay trước T rồi giữ máy; nâng ngưỡng bỏ cuộc sớm; thừa người giờ vắng để kéo cả ngày; "
        "đẩy khách sang gọi lại hoặc máy bận.",
    ),
    pairs=("abandonment_rate", "interval_attainment", "blocked_rate"),
    checks=(
        "short_talk_share",
        "early_hold_share",
        "wait_heaping",
        "service_level_spread",
        "flow_out_share",
        "lost_share",
    ),
    source="F00 #13; S2; KS 80 %/20 s",
)


def interval_attainment(facts: Facts, options: Options) -> PerCell:
    """Half hours (or quarters) of queues that kept their service level, over those with contacts enough to say."""
    inner = service_level(facts, options)
    goal, least = options.number("target"), options.number("min_offered")
    is_weighted = options.choice("weight") == "offered"

    def finish(sums: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        met, offered = sums["met"], sums["offered"]
        weight = np.where(offered >= max(least, 1), offered if is_weighted else 1.0, 0.0)
        # A level of 0.8 that was met to the last call must not fail by the last bit of a quotient.
        return np.where(met >= goal * offered - 1e-9 * offered, weight, 0.0), weight

    assert isinstance(inner.numerator, Sum)  # noqa: S101 - so it is made above
    assert isinstance(inner.denominator, Sum)  # noqa: S101
    length = "quarter_hour" if options.choice("interval_min") == "15" else "half_hour"
    return PerCell(
        sums={"met": inner.numerator, "offered": inner.denominator},
        per=("queue", length),
        finish=finish,
        is_share=not is_weighted,
    )


INTERVAL_ATTAINMENT = Metric(
    id="interval_attainment",
    code="A02",
    name=said("Interval attainment", "구간 서비스레벨 달성률", "时段服务水平达成率", "Tỷ lệ khung giờ đạt mức dịch vụ"),
    numerator=said(
        "intervals of a queue whose service level reaches the target",
        "서비스레벨이 목표에 도달한 큐의 구간",
        "服务水平达标的队列时段",
        "số khung giờ của hàng chờ có mức dịch vụ đạt mục tiêu",
    ),
    denominator=said(
        "intervals with enough contacts",
        "접촉이 충분한 구간",
        "联络量足够的时段",
        "số khung giờ có đủ liên hệ",
    ),
    symbols="#{i : SL_i ≥ target} ÷ #{i : n_i ≥ min_offered}",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"contact_segment": ("queue_id", "queued_at", "exit")},
    also_needs=_clock_needs,
    measure=interval_attainment,
    options=(
        TARGET,
        DENOMINATOR,
        INCLUDE_FLOW_OUT,
        SHORT_ABANDON,
        CLOCK,
        Number(
            name="target",
            default=0.8,
            least=0.0,
            most=1.0,
            meaning=said(
                "the service level that an interval has to reach",
                "구간이 도달해야 할 서비스레벨",
                "时段须达到的服务水平",
                "mức dịch vụ mà khung giờ phải đạt",
            ),
        ),
        Number(
            name="min_offered",
            default=10,
            least=1,
            meaning=said(
                "how many contacts an interval needs to count",
                "구간을 세기 위한 최소 접촉 수",
                "时段计入所需的最少联络量",
                "số liên hệ tối thiểu để khung giờ được tính",
            ),
        ),
        Choice(
            name="interval_min",
            default="30",
            choices=("30", "15"),
            meaning=said(
                "the length of an interval in minutes",
                "구간 길이(분)",
                "时段长度（分钟）",
                "độ dài khung giờ tính bằng phút",
            ),
        ),
        Choice(
            name="weight",
            default="interval",
            choices=("interval", "offered"),
            meaning=said(
                "whether an interval counts as one, or by its contacts",
                "구간을 하나로 셀지, 접촉 수로 가중할지",
                "每个时段计为一，或按联络量加权",
                "mỗi khung giờ tính là một, hay theo số liên hệ",
            ),
        ),
    ),
    gaming=said(
        "Average bad peaks away over the day.",
        "나쁜 피크를 하루 평균에 묻기.",
        "以全天平均掩盖高峰的差表现。",
        "San đều giờ cao điểm kém bằng trung bình cả ngày.",
    ),
    pairs=("service_level",),
    checks=("missed_offered_share",),
    source="ICMI practice; GKM03",
)
