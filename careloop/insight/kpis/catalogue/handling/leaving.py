"""People who leave (B17)."""

from typing import cast

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.measures.kinds import Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["AGENT_TURNOVER", "EARLY_ATTRITION", "TENURE_MEDIAN"]

MICROS = 1_000_000


def agent_turnover(facts: Facts, options: Options) -> Ratio:
    """Separations × 12 over months of headcount. Vector: 6 leavers, 100 people, 3 months give 0.24."""
    rows = facts["agent"]
    kinds = {
        "all": ("voluntary", "involuntary"),
        "with_transfers": ("voluntary", "involuntary", "transfer"),
    }.get(options.choice("kind"), (options.choice("kind"),))
    left = is_true(text(rows, "separation_kind").isin(kinds))
    if options.choice("kind") == "all":
        left = left | (rows.separation_date.notnull() & rows.separation_kind.isnull())
    days = _days_of_work(facts)
    return Ratio(
        numerator=Sum(rows=rows, value=left, at="separation_date"),
        denominator=Sum(rows=days, value=number(days, "months"), at="on"),
        scale=12.0,
    )


def _days_of_work(facts: Facts) -> ir.Table:
    """Return one row per person and day in the house, from the first day to the last, with the share of the month that a day is."""
    rows = facts["agent"]
    limit = micros_until(facts, ("agent",))
    now = ibis.literal((limit or 0) // MICROS // 86_400, type="int64")
    first = rows.hire_date.epoch_days().cast("int64")
    last = rows.separation_date.epoch_days().cast("int64").fill_null(now)
    rows = rows.select("agent_id", "role", "employment_type", "hire_date", length=last - first + 1)
    rows = rows.filter(rows.length > 0)
    rows = rows.mutate(nth=ibis.range(0, rows.length, 1).unnest())
    rows = rows.mutate(on=(rows.hire_date + rows.nth.as_interval("D")).cast("date"))
    month, year = rows.on.month(), rows.on.year()
    length = ibis.cases(
        (month.isin((4, 6, 9, 11)), 30.0),
        (month != 2, 31.0),
        (year % 4 == 0, 29.0),  # so it is until 2100
        else_=28.0,
    )
    return rows.mutate(months=1.0 / length)


def early_attrition(facts: Facts, options: Options) -> Ratio:
    """People who left within so many days of their first over people hired that long ago; of either choice, but not moves."""
    rows, span = facts["agent"], int(options.number("days"))
    limit = micros_until(facts, ("agent",))
    first, last = _day(rows.hire_date), _day(rows.separation_date)
    counted = first.notnull()
    if limit is not None:
        counted = first + span <= limit // MICROS // 86_400
    has_left = is_true(last - first <= span) & ~is_true(text(rows, "separation_kind") == "transfer")
    return Ratio(
        numerator=Sum(rows=rows, value=counted & has_left, at="hire_date"),
        denominator=Sum(rows=rows, value=counted, at="hire_date"),
    )


def tenure_median(facts: Facts, options: Options) -> Survival:
    """Days from the first day to the last, by Kaplan and Meier; who is still here, and who moved within, is censored."""
    rows = facts["agent"]
    limit = micros_until(facts, ("agent",))
    now = ibis.literal(limit // MICROS // 86_400 if limit is not None else None, type="int64")
    first, last = _day(rows.hire_date), _day(rows.separation_date)
    length = (last.fill_null(now) - first).cast("float64")
    has_left = last.notnull() & ~is_true(text(rows, "separation_kind") == "transfer")
    return Survival(rows=rows, duration=length, happened=has_left, at="hire_date", where=is_true(length >= 0))


def _day(column: ir.Value) -> ir.IntegerValue:
    """Number a calendar day."""
    return cast("ir.DateColumn", column).epoch_days().cast("int64")


EARLY_DAYS = Number(
    name="days",
    default=90,
    least=1,
    most=730,
    meaning=said(
        "days after the first within which leaving counts",
        "입사 후 이 일수 이내의 퇴사를 셈",
        "入职后此天数以内离职者计入",
        "nghỉ trong số ngày này kể từ ngày đầu thì tính",
    ),
)
AGENT_TURNOVER = Metric(
    id="agent_turnover",
    code="B17",
    name=said("Agent turnover", "상담사 이직률", "坐席流失率", "Tỷ lệ nhân viên nghỉ việc"),
    numerator=said("people who left × 12", "떠난 인원 × 12", "离职人数 × 12", "số người nghỉ × 12"),
    denominator=said("months of headcount", "인원·개월", "人·月数", "số người-tháng"),
    symbols="12 · leavers ÷ Σ headcount·months",
    unit=Unit.PER_YEAR,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    subject=Subject.PEOPLE,
    needs={"agent": ("hire_date", "separation_date")},
    also_needs=lambda options: {} if options.choice("kind") == "all" else {"agent": ("separation_kind",)},
    measure=agent_turnover,
    options=(
        Choice(
            name="kind",
            default="all",
            choices=("all", "voluntary", "involuntary", "transfer", "with_transfers"),
            meaning=said("who counts as having left", "누구를 이직으로 볼지", "何种离职计入", "ai được tính là nghỉ"),
        ),
    ),
    gaming=said(
        "Call leavers transfers.", "퇴사를 전보로 부르기.", "把离职称为调岗。", "Gọi người nghỉ là điều chuyển."
    ),
    pairs=("absence_rate", "early_attrition"),
    checks=("headcount_identity",),
    source="F00 #11; S1",
)
EARLY_ATTRITION = Metric(
    id="early_attrition",
    code="B17b",
    name=said("Early attrition (90 days)", "조기 퇴사율(90일)", "早期流失率(90天)", "Tỷ lệ nghỉ việc sớm (90 ngày)"),
    numerator=said(
        "people who left within so many days of their first; moves within the house do not count",
        "입사 후 해당 일수 안에 떠난 인원(전보 제외)",
        "入职后该天数内离开的人数（内部调岗不计）",
        "số người nghỉ trong số ngày đó kể từ ngày đầu; điều chuyển nội bộ không tính",
    ),
    denominator=said(
        "people whose first day is that long ago, by their first day",
        "입사한 지 해당 일수가 지난 인원(입사일 기준)",
        "入职已满该天数的人数（按入职日）",
        "số người đã vào làm đủ số ngày đó, tính theo ngày đầu",
    ),
    symbols="#{left − hired ≤ D} ÷ #{hired ≤ now − D}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    subject=Subject.PEOPLE,
    needs={"agent": ("hire_date", "separation_date")},
    measure=early_attrition,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    options=(EARLY_DAYS,),
    gaming=said(
        "Call leavers transfers; keep people formally until the days are over.",
        "퇴사를 전보로 부르기, 일수가 지날 때까지 형식상 붙잡아 두기.",
        "把离职称为调岗；拖到天数届满再办离职。",
        "Gọi người nghỉ là điều chuyển; giữ tên cho đến khi qua số ngày.",
    ),
    pairs=("agent_turnover", "tenure_median"),
    checks=("headcount_identity",),
    source="WFM practice",
)
TENURE_MEDIAN = Metric(
    id="tenure_median",
    code="B17c",
    name=said(
        "Agent tenure (KM median)",
        "상담사 근속기간(KM 중앙값)",
        "坐席在职时长(KM中位数)",
        "Thâm niên nhân viên (trung vị KM)",
    ),
    numerator=said(
        "days until half have left; who is still here is censored",
        "절반이 떠날 때까지의 일수(재직자는 중도절단)",
        "半数离开所经天数（在职者为删失）",
        "số ngày đến khi một nửa đã nghỉ; người còn làm là kiểm duyệt",
    ),
    denominator=said(
        "people, by their first day", "인원(입사일 기준)", "人员（按入职日）", "nhân viên, tính theo ngày đầu"
    ),
    symbols="inf{t: Ŝ(t) ≤ ½}",
    unit=Unit.DAYS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    subject=Subject.PEOPLE,
    needs={"agent": ("hire_date", "separation_date")},
    measure=tenure_median,
    gaming=said(
        "Leave out who is still here, or who left early.",
        "재직자나 조기 퇴사자를 빼기.",
        "剔除在职者或早离者。",
        "Bỏ ra người còn làm hoặc người nghỉ sớm.",
    ),
    pairs=("agent_turnover", "early_attrition"),
    checks=("headcount_identity",),
    source="metrics.md §3.12",
)
