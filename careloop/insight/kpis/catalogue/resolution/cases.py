"""How many cases are solved, and how soon (C04, C05)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, cases, micros_until
from careloop.insight.kpis.catalogue.access.replies import CLOCK, elapsed
from careloop.insight.kpis.catalogue.business import CALENDAR
from careloop.insight.kpis.measures.kinds import Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["DAYS", "DAY_US", "RESOLUTION_RATE", "RESOLUTION_TIME", "is_old"]

DAY_US = 86_400_000_000


def is_old(us: ir.IntegerValue, span: int, limit: int | None) -> ir.BooleanValue:
    """Say whether so long has passed since; where nobody knows how complete the data are, it has."""
    return us.notnull() if limit is None else us + span <= limit


def resolution_rate(facts: Facts, options: Options) -> Ratio:
    """Cases resolved within D days of opening over cases opened at least D days ago."""
    rows, span = cases(facts), int(options.number("days") * DAY_US)
    opened = whole(rows, "opened_at_us")
    counted = is_old(opened, span, micros_until(facts, ("case",)))
    in_time = is_true(whole(rows, "resolved_at_us") - opened <= span)
    return Ratio(
        numerator=Sum(rows=rows, value=counted & in_time, at="opened_at"),
        denominator=Sum(rows=rows, value=counted, at="opened_at"),
    )


def resolution_time(facts: Facts, options: Options) -> Survival:
    """Hours from opening to the final resolution; open cases are censored."""
    rows, seconds = elapsed(facts, cases(facts), ends="resolved_at", clock=options.choice("clock"))
    return Survival(
        rows=rows,
        duration=seconds / 3600,
        happened=rows["resolved_at_us"].notnull(),
        at="opened_at",
        share=float(options.choice("share")),
        where=is_true(seconds >= 0),
    )


DAYS = said(
    "D, the days within which it has to happen",
    "D, 그 안에 일어나야 하는 일수",
    "D，须在此天数内发生",
    "D, số ngày mà việc phải xảy ra trong đó",
)
RESOLUTION_RATE = Metric(
    id="resolution_rate",
    code="C04",
    name=said("Resolution rate", "해결률", "问题解决率", "Tỷ lệ giải quyết"),
    numerator=said(
        "cases resolved within D days of opening",
        "접수 후 D일 이내에 해결된 건",
        "创建后 D 天内解决的工单",
        "số hồ sơ được giải quyết trong D ngày từ khi mở",
    ),
    denominator=said(
        "cases opened at least D days ago",
        "D일 이전에 접수된 건",
        "至少 D 天前创建的工单",
        "số hồ sơ mở cách đây ít nhất D ngày",
    ),
    symbols="#{resolved_at − opened_at ≤ D} ÷ #{opened_at ≤ now − D}",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"case": ("opened_at", "resolved_at")},
    measure=resolution_rate,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    options=(Number(name="days", default=7, least=0, most=365, meaning=DAYS),),
    gaming=said("Close too early.", "너무 일찍 종료하기.", "过早关闭。", "Đóng quá sớm."),
    pairs=("reopen_rate", "backlog"),
    checks=(
        "reopened_share",
        "complaints_after_resolution",
    ),
    source="S2",
)
RESOLUTION_TIME = Metric(
    id="resolution_time",
    code="C05",
    name=said("Resolution time", "해결 소요시간", "解决时长", "Thời gian giải quyết"),
    numerator=said(
        "hours from opening until a share of cases is solved for good, open ones censored",
        "접수부터 해당 비율의 건이 최종 해결될 때까지의 시간(미해결은 중도절단)",
        "从创建到该比例工单最终解决的小时数（未结者为删失）",
        "số giờ từ khi mở đến khi một tỷ lệ hồ sơ được giải quyết hẳn, hồ sơ còn mở bị kiểm duyệt",
    ),
    symbols="min { t : S(t) ≤ 1 − share }, Kaplan–Meier",
    unit=Unit.HOURS,
    direction=Direction.LOWER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs={"case": ("opened_at", "resolved_at")},
    also_needs=lambda options: CALENDAR if options.choice("clock") == "business" else {},
    measure=resolution_time,
    options=(
        Choice(
            name="share",
            default="0.5",
            choices=("0.5", "0.75", "0.9"),
            meaning=said(
                "the share: 0.5 is the median", "비율: 0.5는 중앙값", "比例：0.5 为中位数", "tỷ lệ: 0.5 là trung vị"
            ),
        ),
        CLOCK,
    ),
    gaming=said(
        "Reset the clock by closing and reopening.",
        "종료와 재오픈으로 시계를 되돌리기.",
        "以关闭再重开来重置计时。",
        "Đặt lại đồng hồ bằng cách đóng rồi mở lại.",
    ),
    pairs=("reopen_rate", "backlog_age"),
    checks=("reopen_cycles",),
    source="ISO 10002; ITIL",
)
