"""How far forecasts miss (B15)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import number, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until, segments
from careloop.insight.kpis.asking.zones import local_time
from careloop.insight.kpis.measures.kinds import Mean, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit, Variant
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["FORECAST", "FORECAST_MASE", "FORECAST_WAPE", "HORIZON", "frozen"]

MICROS = 1_000_000
DAY_US = 86_400 * MICROS


def frozen(facts: Facts, horizon: str) -> ir.Table:
    """Return, for each queue and interval, the last forecast that was issued at this horizon before the interval began."""
    plan = facts["forecast"]
    plan = plan.filter(plan.horizon == horizon, plan.issued_at_us <= plan.interval_start_us)
    newest = ibis.window(
        group_by=[plan.queue_id, plan.interval_start_us], order_by=[ibis.desc(plan.issued_at_us), plan.forecast_version]
    )
    plan = plan.mutate(place=ibis.row_number().over(newest))
    return plan.filter(plan.place == 0)


def missed(facts: Facts, horizon: str) -> ir.Table:
    """Return the frozen forecasts of intervals that are over, each with `actual`: how many entered the queue in it."""
    plan = frozen(facts, horizon)
    plan = plan.mutate(plan_end=whole(plan, "interval_start_us") + (number(plan, "interval_s") * MICROS).cast("int64"))
    legs = segments(facts)
    legs = legs.filter(legs.queue_id.notnull()).select(leg_queue="queue_id", leg_us="queued_at_us")
    came = plan.join(
        legs,
        [
            plan.queue_id == legs.leg_queue,
            plan.interval_start_us <= legs.leg_us,
            plan.plan_end > legs.leg_us,
        ],
    )
    counts = came.group_by(met_queue=came.queue_id, met_us=came.interval_start_us).aggregate(
        actual=came.count().cast("float64")
    )
    rows = plan.left_join(counts, [plan.queue_id == counts.met_queue, plan.interval_start_us == counts.met_us]).drop(
        "met_queue", "met_us"
    )
    rows = rows.mutate(actual=number(rows, "actual").fill_null(0.0))
    # What has not been seen to its end is no miss yet.
    limit = micros_until(facts, ("contact_segment",))
    return rows if limit is None else rows.filter(rows.plan_end <= limit)


def _by_day(facts: Facts, rows: ir.Table) -> ir.Table:
    """Add up the intervals of each queue and local day, placed at the first of them."""
    local = local_time(facts.zone).local(whole(rows, "interval_start_slot"))
    rows = rows.mutate(local_s=local)
    rows = rows.mutate(day_s=rows.local_s - rows.local_s % 86_400)
    return rows.group_by("queue_id", "day_s").aggregate(
        interval_start_us=rows.interval_start_us.min(),
        interval_start_slot=rows.interval_start_slot.min(),
        contacts=number(rows, "contacts").sum(),
        actual=number(rows, "actual").sum(),
    )


def forecast_wape(facts: Facts, options: Options) -> Ratio:
    """Absolute misses of the frozen forecast over what came; or its bias. Vector of metrics.md §3.4: 0.2 and −0.088889."""
    rows = missed(facts, options.choice("horizon"))
    if options.choice("level") == "day":
        rows = _by_day(facts, rows)
    miss = number(rows, "contacts") - number(rows, "actual")
    value = miss if options.choice("statistic") == "bias" else miss.abs()
    return Ratio(
        numerator=Sum(rows=rows, value=value, at="interval_start"),
        denominator=Sum(rows=rows, value=number(rows, "actual"), at="interval_start"),
    )


def forecast_mase(facts: Facts, options: Options) -> Mean:
    """Absolute misses in units of what repeating the last season would have missed before the forecast was made.

    Vector of metrics.md §3.4: scale 15, MASE 1.5. Source: Hyndman and Koehler 2006.
    """
    rows = missed(facts, options.choice("horizon"))
    length = (number(rows, "interval_s") * MICROS).cast("int64")
    rows = rows.mutate(length_us=length)
    rows = rows.mutate(phase_us=whole(rows, "interval_start_us") % rows.length_us)
    rows = rows.mutate(seen=_place(whole(rows, "issued_at_us"), rows) - 1)
    known = _seasonal_misses(facts, rows, int(options.number("season_days") * DAY_US))
    met = rows.left_join(
        known,
        [
            rows.queue_id == known.known_queue,
            rows.length_us == known.known_length,
            rows.phase_us == known.known_phase,
            rows.seen == known.place,
        ],
    )
    scale = number(met, "naive_sum") / whole(met, "naive_count").cast("float64").nullif(0.0)
    miss = (number(met, "contacts") - number(met, "actual")).abs()
    return Mean(rows=met, value=miss / scale.nullif(0.0), at="interval_start")


def _place(us: ir.IntegerValue, rows: ir.Table) -> ir.IntegerValue:
    """Number the interval that an instant lies in; rows have the length and the phase of intervals."""
    since = us - rows["phase_us"]
    return ((since - since % rows["length_us"]).cast("float64") / rows["length_us"].cast("float64")).cast("int64")


def _seasonal_misses(facts: Facts, rows: ir.Table, season_us: int) -> ir.Table:
    """Return, per series and interval, what the seasonal naive forecast has missed in all intervals up to this one."""
    series = rows.group_by("queue_id", "length_us", "phase_us").aggregate(last=rows.seen.max())
    legs = segments(facts)
    legs = legs.filter(legs.queue_id.notnull()).select(leg_queue="queue_id", leg_us="queued_at_us")
    came = legs.join(series, legs.leg_queue == series.queue_id)
    came = came.mutate(place=_place(whole(came, "leg_us"), came))
    counts = came.group_by("queue_id", "length_us", "phase_us", "place").aggregate(many=came.count().cast("float64"))
    begins = came.group_by("queue_id", "length_us", "phase_us", "last").aggregate(first=came.place.min())
    begins = begins.mutate(steps=begins["last"] - begins["first"] + 1)
    begins = begins.filter(begins.steps > 0)
    grid = begins.mutate(step=ibis.range(0, begins.steps, 1).unnest())
    grid = grid.select(
        known_queue=grid.queue_id,
        known_length=grid.length_us,
        known_phase=grid.phase_us,
        begin=grid["first"],
        place=grid["first"] + grid.step,
        back=grid["first"] + grid.step - (season_us / grid.length_us.cast("float64")).floor().cast("int64"),
    )
    now = counts.select(
        now_queue="queue_id", now_length="length_us", now_phase="phase_us", now_place="place", now_many="many"
    )
    then = counts.select(
        then_queue="queue_id", then_length="length_us", then_phase="phase_us", then_place="place", then_many="many"
    )
    for other, name, at in ((now, "now", "place"), (then, "then", "back")):
        grid = grid.left_join(
            other,
            [
                grid.known_queue == other[f"{name}_queue"],
                grid.known_length == other[f"{name}_length"],
                grid.known_phase == other[f"{name}_phase"],
                grid[at] == other[f"{name}_place"],
            ],
        ).drop(f"{name}_queue", f"{name}_length", f"{name}_phase", f"{name}_place")
    has_past = grid.back >= grid.begin
    miss = (number(grid, "now_many").fill_null(0.0) - number(grid, "then_many").fill_null(0.0)).abs()
    grid = grid.mutate(naive=has_past.ifelse(miss, 0.0), counted=has_past.ifelse(1, 0))
    so_far = ibis.window(
        group_by=[grid.known_queue, grid.known_length, grid.known_phase], order_by=grid.place, rows=(None, 0)
    )
    return grid.select(
        "known_queue",
        "known_length",
        "known_phase",
        "place",
        naive_sum=grid.naive.sum().over(so_far),
        naive_count=grid.counted.sum().over(so_far),
    )


HORIZON = Choice(
    name="horizon",
    default="1d",
    choices=("intraday", "1d", "1w", "4w"),
    meaning=said(
        "how long before the forecast was frozen",
        "예측을 고정한 시점",
        "预测在多久之前冻结",
        "dự báo được chốt trước bao lâu",
    ),
)
FORECAST = {"forecast": ("queue_id", "interval_start", "interval_s", "horizon", "contacts")}
FORECAST_WAPE = Metric(
    id="forecast_wape",
    code="B15",
    name=said("Forecast error (WAPE)", "예측오차율(WAPE)", "预测误差率(WAPE)", "Sai số dự báo (WAPE)"),
    numerator=said("absolute misses", "절대 오차", "绝对误差", "sai lệch tuyệt đối"),
    denominator=said("contacts that came", "실제 접촉", "实际联络量", "số liên hệ thực tế"),
    symbols="Σ |f − a| ÷ Σ a",
    unit=Unit.RATIO,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={**FORECAST, "contact_segment": ("queue_id", "queued_at")},
    measure=forecast_wape,
    options=(
        HORIZON,
        Choice(
            name="statistic",
            default="wape",
            choices=("wape", "bias"),
            meaning=said(
                "absolute misses, or their balance",
                "절대 오차 또는 편향",
                "绝对误差，或偏差",
                "sai lệch tuyệt đối, hoặc độ chệch",
            ),
        ),
        Choice(
            name="level",
            default="interval",
            choices=("interval", "day"),
            meaning=said(
                "whether intervals are compared, or whole days of a queue",
                "구간별로 비교할지, 큐의 하루 합계로 비교할지",
                "按时段比较，还是按队列整天比较",
                "so từng khung giờ, hay cả ngày của hàng chờ",
            ),
        ),
    ),
    variants=(Variant(option="statistic", setting="bias", symbols="Σ (F − A) ÷ Σ A", direction=Direction.BAND),),
    gaming=said(
        "Issue the forecast anew afterwards.",
        "나중에 예측을 다시 내기.",
        "事后重发预测。",
        "Phát hành lại dự báo sau đó.",
    ),
    pairs=("staffing_gap", "forecast_mase"),
    checks=("forecast_reissued",),
    source="metrics.md §3.4",
)
FORECAST_MASE = Metric(
    id="forecast_mase",
    code="B15b",
    name=said(
        "Forecast error in units of the seasonal naive (MASE)",
        "예측오차(MASE, 계절 단순예측 대비)",
        "预测误差(MASE，相对季节性朴素预测)",
        "Sai số dự báo so với dự báo mùa đơn giản (MASE)",
    ),
    numerator=said(
        "absolute misses, each over the mean miss of repeating the last season, before the forecast was made",
        "절대 오차를, 예측 이전에 직전 계절을 반복했을 때의 평균 오차로 나눈 값",
        "绝对误差，各除以预测发布前重复上一季的平均误差",
        "sai lệch tuyệt đối, mỗi cái chia cho sai lệch trung bình nếu lặp lại mùa trước, trước lúc dự báo",
    ),
    denominator=said("intervals", "구간", "时段", "số khung giờ"),
    symbols="(1/n) · Σ |f − a| ÷ scale, scale = mean |aₜ − aₜ₋ₘ|",
    unit=Unit.RATIO,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={**FORECAST, "contact_segment": ("queue_id", "queued_at")},
    measure=forecast_mase,
    options=(
        HORIZON,
        Number(
            name="season_days",
            default=7,
            least=1,
            most=366,
            meaning=said(
                "m, the days after which the pattern repeats itself",
                "m, 패턴이 반복되는 일수",
                "m，模式重复的天数",
                "m, số ngày sau đó mẫu lặp lại",
            ),
        ),
    ),
    gaming=said(
        "Issue the forecast anew afterwards.",
        "나중에 예측을 다시 내기.",
        "事后重发预测。",
        "Phát hành lại dự báo sau đó.",
    ),
    pairs=("forecast_wape", "staffing_gap"),
    checks=("forecast_reissued",),
    source="metrics.md §3.4; Hyndman and Koehler 2006",
)
