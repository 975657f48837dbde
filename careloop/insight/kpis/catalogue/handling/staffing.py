"""People missing, or too many, against what calls ask for by Erlang A (B16)."""

from collections.abc import Mapping, Sequence

import ibis
import numpy as np
import numpy.typing as npt

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, segments
from careloop.insight.kpis.catalogue.handling.forecasts import HORIZON, frozen
from careloop.insight.kpis.catalogue.handling.work import BUSY, READY, stretches
from careloop.insight.kpis.measures.kinds import Finished, Inner, Layer, Layered, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said
from careloop.insight.queueing import Goals, staff
from careloop.insight.stats.arrays import Floats

__all__ = ["STAFFING_GAP"]

HALF_HOUR_S = 1_800


def staffing_gap(facts: Facts, options: Options) -> Layered:
    """People missing (or too many) per half hour: what the calls of each queue ask for against who was there."""
    legs = segments(facts)
    legs = legs.filter(legs.queue_id.notnull())
    handle = number(legs, "talk_s") + number(legs, "hold_s") + number(legs, "wrap_s")
    is_known = is_true(text(legs, "exit") == "answered") & handle.notnull()
    measured = {
        "calls": Sum(rows=legs, value=legs.queue_id.notnull(), at="queued_at"),
        "handled": Sum(rows=legs, value=is_known, at="queued_at"),
        "handle_s": Sum(rows=legs, value=is_known.ifelse(handle, 0.0), at="queued_at"),
        "wait_s": Sum(rows=legs, value=number(legs, "wait_s").fill_null(0.0), at="queued_at"),
        "abandoned": Sum(rows=legs, value=is_true(text(legs, "exit") == "abandoned"), at="queued_at"),
    }
    there = stretches(facts, joined=BUSY, others=READY)
    layers = {
        "came": Layer(sums=measured, per=("queue", "half_hour")),
        "present": Layer(sums={"present": Span(rows=there, where=there.agent_id.notnull())}, per=("half_hour",)),
    }
    if options.choice("required") != "actual":
        layers["planned"] = Layer(sums=_planned(facts, options.choice("horizon")), per=("queue", "half_hour"))
    goals = Goals(
        service_level=options.number("service_level"),
        target_seconds=options.number("target_s"),
        abandon_share_max=options.number("max_abandon"),
    )

    def finish(inner: Mapping[str, Inner]) -> Finished:
        needed = _needed(inner, options, goals)
        there = dict(zip(inner["present"].keys["half_hour"], inner["present"].sums["present"].tolist(), strict=True))
        sign = 1.0 if options.choice("side") == "short" else -1.0
        gaps = [max(0.0, sign * (people - there.get(slot, 0.0) / HALF_HOUR_S)) for slot, people in needed.items()]
        total, count = float(sum(gaps)), len(gaps)
        return Finished(value=total / count if count else None, numerator=total, denominator=count, n=count)

    return Layered(layers=layers, finish=finish, method="")


def _planned(facts: Facts, horizon: str) -> dict[str, Sum | Span]:
    """Sum what the frozen forecast expects, an interval longer than a half hour spread over its half hours."""
    plan = frozen(facts, horizon)
    plan = plan.mutate(offset=ibis.range(0, number(plan, "interval_s").cast("int64"), HALF_HOUR_S).unnest())
    piece = ibis.least(number(plan, "interval_s") - plan.offset, ibis.literal(float(HALF_HOUR_S)))
    plan = plan.mutate(
        part=piece / number(plan, "interval_s"),
        piece_s=piece,
        begin_us=plan.interval_start_us + plan.offset * 1_000_000,
        begin_slot=plan.interval_start_slot + plan.offset,
    )
    calls = number(plan, "contacts") * plan.part
    is_known = plan.handle_s.notnull()
    return {
        "calls": Sum(rows=plan, value=calls, at="begin"),
        "handled": Sum(rows=plan, value=is_known.ifelse(calls, 0.0), at="begin"),
        "handle_s": Sum(rows=plan, value=(calls * number(plan, "handle_s")).fill_null(0.0), at="begin"),
        "people_s": Sum(rows=plan, value=number(plan, "required_agents") * plan.piece_s, at="begin"),
    }


def _needed(inner: Mapping[str, Inner], options: Options, goals: Goals) -> dict[object, float]:
    """Return how many people each half hour asks for, half hours that ask for nobody left out."""
    came = inner["came"]
    if options.choice("required") == "plan":
        planned = inner["planned"]
        return _per_slot(planned.keys["half_hour"], planned.sums["people_s"] / HALF_HOUR_S)
    asked = came if options.choice("required") == "actual" else inner["planned"]
    usual = _by_queue(came, "handle_s", "handled")
    patience = _by_queue(came, "wait_s", "abandoned")
    given = options.number("patience_s")
    calls, handled = asked.sums["calls"], asked.sums["handled"]
    queues = asked.keys["queue"]
    with np.errstate(divide="ignore", invalid="ignore"):
        handle = np.where(handled > 0, asked.sums["handle_s"] / handled, [usual.get(queue, np.nan) for queue in queues])
    # Whole seconds, so that equal half hours are worked out once.
    handle = _whole(handle)
    waits = _whole([given or patience.get(queue, np.inf) for queue in queues])
    return _per_slot(asked.keys["half_hour"], _agents(calls, handle, waits, goals))


def _whole(seconds: npt.ArrayLike) -> Floats:
    return np.rint(np.asarray(seconds, dtype=np.float64))


def _by_queue(came: Inner, top: str, bottom: str) -> dict[object, float]:
    """Divide two sums over all half hours of each queue; queues where the divisor is 0 are left out."""
    sums: dict[object, tuple[float, float]] = {}
    for queue, x, n in zip(came.keys["queue"], came.sums[top].tolist(), came.sums[bottom].tolist(), strict=True):
        before = sums.get(queue, (0.0, 0.0))
        sums[queue] = (before[0] + x, before[1] + n)
    return {queue: x / n for queue, (x, n) in sums.items() if n > 0}


def _agents(calls: Floats, handle: Floats, patience: Floats, goals: Goals) -> Floats:
    """Find the people that each cell asks for; none where nobody knows how long a call takes. Infinite patience: Erlang C."""
    found = np.zeros(len(calls))
    for is_endless in (True, False):
        own = np.flatnonzero((calls > 0) & (handle > 0) & (np.isinf(patience) == is_endless))
        if not len(own):
            continue
        cases, places = np.unique(np.stack([calls[own], handle[own], patience[own]]), axis=1, return_inverse=True)
        people = staff(
            calls_per_hour=cases[0] * 2,
            handle_seconds=cases[1],
            patience_seconds=None if is_endless else cases[2],
            goals=goals,
        )
        found[own] = people.agents[places.ravel()]
    return found


def _per_slot(slots: Sequence[object], people: Floats) -> dict[object, float]:
    needed: dict[object, float] = {}
    for slot, many in zip(slots, people.tolist(), strict=True):
        if many > 0:
            needed[slot] = needed.get(slot, 0.0) + many
    return needed


CAME = {"contact_segment": ("queue_id", "queued_at", "exit", "wait_s", "talk_s", "hold_s", "wrap_s")}
STAFFING_GAP = Metric(
    id="staffing_gap",
    code="B16",
    version=2,
    name=said("Staffing gap", "인력 과부족", "人力缺口", "Chênh lệch nhân sự"),
    numerator=said(
        "people missing (or too many) in half hours, each queue’s need by Erlang A",
        "30분 구간의 부족(또는 초과) 인원, 큐별 소요는 Erlang A로 산정",
        "半小时内缺少（或多余）的人数，各队列需求按 Erlang A 计算",
        "số người thiếu (hoặc thừa) theo nửa giờ, nhu cầu từng hàng chờ tính theo Erlang A",
    ),
    denominator=said(
        "half hours that ask for somebody",
        "인력이 필요한 30분 구간",
        "需要人手的半小时",
        "số nửa giờ cần có người",
    ),
    symbols="Σ max(0, Σ_q required_q − present) ÷ n",
    unit=Unit.FTE_INTERVALS,
    direction=Direction.BAND,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.NONE,
    needs={"agent_state": ("state", "started_at", "ended_at"), **CAME},
    also_needs=lambda options: (
        {}
        if options.choice("required") == "actual"
        else {"forecast": ("queue_id", "interval_start", "interval_s", "contacts", "handle_s", "required_agents")}
    ),
    measure=staffing_gap,
    options=(
        Choice(
            name="required",
            default="actual",
            choices=("actual", "forecast", "plan"),
            meaning=said(
                "whose need: of the calls that came, of the calls that were forecast, or the people that the forecast itself names",
                "소요 기준: 실제 들어온 콜, 예측된 콜, 또는 예측에 적힌 인원",
                "需求依据：实际来电、预测来电，或预测本身给出的人数",
                "nhu cầu của ai: cuộc gọi đã đến, cuộc gọi được dự báo, hay số người ghi trong dự báo",
            ),
        ),
        HORIZON,
        Choice(
            name="side",
            default="short",
            choices=("short", "over"),
            meaning=said("who is missing, or who is too many", "부족 또는 초과", "缺口或富余", "thiếu hoặc thừa"),
        ),
        Number(
            name="service_level",
            default=0.8,
            least=0.01,
            most=0.999,
            meaning=said(
                "the share to be answered within the target",
                "목표 시간 이내에 응답해야 할 비율",
                "须在目标时间内接起的比例",
                "tỷ lệ phải trả lời trong thời gian mục tiêu",
            ),
        ),
        Number(
            name="target_s",
            default=20,
            most=3_600,
            meaning=said(
                "the seconds within which an answer is in time",
                "이 초수 이내의 응답을 목표 내로 봄",
                "在此秒数以内接起即为达标",
                "số giây mà trả lời trong đó là đúng hạn",
            ),
        ),
        Number(
            name="max_abandon",
            default=0.05,
            least=0.001,
            most=1,
            meaning=said(
                "the share that may hang up at most",
                "허용 포기율 상한",
                "允许放弃率的上限",
                "tỷ lệ bỏ cuộc tối đa cho phép",
            ),
        ),
        Number(
            name="patience_s",
            default=0,
            most=86_400,
            meaning=said(
                "mean patience in seconds; 0 measures it per queue: waits of all over those who hung up",
                "평균 인내 시간(초), 0이면 큐별로 측정: 전체 대기 ÷ 포기 수",
                "平均耐心秒数；0 表示按队列测定：全部等待 ÷ 放弃数",
                "độ kiên nhẫn trung bình (giây); 0 là đo theo hàng chờ: tổng chờ chia số bỏ cuộc",
            ),
        ),
    ),
    gaming=said(
        "Plan with inflated handle times or a soft target, so that no gap shows.",
        "처리시간을 부풀리거나 느슨한 목표로 계획해 부족을 감추기.",
        "以夸大的处理时长或宽松目标做计划，使缺口不现。",
        "Lập kế hoạch với thời gian xử lý thổi phồng hoặc mục tiêu dễ để không lộ thiếu.",
    ),
    pairs=("forecast_wape", "service_level"),
    checks=("inflated_handle_plan",),
    source="GKM03; metrics.md §3.3",
)
