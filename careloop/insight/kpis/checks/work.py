"""Checks of agents' time: states of a few seconds, wrap that ends at one value, schedules that change afterwards."""

from functools import partial

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, segments, states
from careloop.insight.kpis.catalogue.handling.presence import days_at
from careloop.insight.kpis.checks.check import Check
from careloop.insight.kpis.measures.kinds import Finished, PerCell, Pooled, Ratio, Sum
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.intervals import wilson

__all__ = ["CHECKS"]


def micro_aux(facts: Facts, options: Options) -> Ratio:
    """Stretches of auxiliary work under thirty seconds over all of them."""
    rows = states(facts)
    length = (whole(rows, "ended_at_us") - whole(rows, "started_at_us")).cast("float64") / 1_000_000
    counted = is_true(text(rows, "state") == "aux_productive") & length.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=counted & is_true(length < 30), at="started_at"),
        denominator=Sum(rows=rows, value=counted, at="started_at"),
    )


def wrap_heaping(facts: Facts, options: Options) -> Pooled:
    """The share of the longest common wrap among all wraps above zero: a cap that is always used up shows here."""
    rows = segments(facts)
    return Pooled(
        rows=rows,
        values={"wrap_s": number(rows, "wrap_s")},
        at="queued_at",
        finish=commonest,
        where=is_true(number(rows, "wrap_s") > 0),
    )


def commonest(_values: dict[str, list[object]], counts: Floats) -> Finished:
    """The share of the commonest value, with Wilson's interval."""
    trials = float(counts.sum())
    found = wilson(successes=float(counts.max()) if len(counts) else 0.0, trials=trials)
    # A handful of rows always has a commonest value.
    if found is None or trials < 30:
        return Finished(value=None)
    return Finished(value=found.estimate, low=found.low, high=found.high, n=int(trials))


def late_edits(facts: Facts, options: Options) -> Ratio:
    """Scheduled activities that were published or edited after they began."""
    rows = facts["schedule_activity"]
    is_late = is_true(rows.published_at_us > rows.starts_at_us) | is_true(rows.edited_at_us > rows.starts_at_us)
    return Ratio(
        numerator=Sum(rows=rows, value=is_late, at="starts_at"),
        denominator=Sum(rows=rows, value=rows.agent_id.notnull(), at="starts_at"),
    )


def _sustained(more: float, facts: Facts, options: Options) -> PerCell:
    """Days on which occupancy reached the band, and so much more, over days worked."""
    return days_at(facts, min(1.0, options.number("band") + more))


CHECKS = (
    Check(
        id="occupancy_sustained",
        name=said("Occupancy high for days", "여러 날 높은 점유율", "连日高占用率", "Mức bận cao nhiều ngày liền"),
        severity=Severity.NOTE,
        sentence=said(
            "Occupancy reached its band on more than three days of five.",
            "닷새 중 사흘 넘게 점유율이 기준에 이르렀습니다.",
            "五天中超过三天占用率达到界限。",
            "Mức bận chạm ngưỡng hơn ba trong năm ngày.",
        ),
        needs={"agent_state": ("state", "started_at", "ended_at")},
        measure=partial(_sustained, 0.0),
        limit=0.6,
        fewest=5,
        source="metrics.md §2 B07, §3.10",
    ),
    Check(
        id="occupancy_strained",
        name=said(
            "Occupancy far too high for days",
            "여러 날 지나친 점유율",
            "连日过高占用率",
            "Mức bận quá cao nhiều ngày liền",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Occupancy lay five points or more above its band on more than three days of five.",
            "닷새 중 사흘 넘게 점유율이 기준보다 5%p 이상 높았습니다.",
            "五天中超过三天占用率高出界限五个百分点以上。",
            "Mức bận vượt ngưỡng từ năm điểm phần trăm trở lên hơn ba trong năm ngày.",
        ),
        needs={"agent_state": ("state", "started_at", "ended_at")},
        measure=partial(_sustained, 0.05),
        limit=0.6,
        fewest=5,
        source="metrics.md §2 B07, §3.10",
    ),
    Check(
        id="micro_aux",
        name=said("Auxiliary work of seconds", "몇 초짜리 보조 업무", "数秒的辅助工作", "Việc phụ vài giây"),
        severity=Severity.WARNING,
        sentence=said(
            "Many stretches of auxiliary work last less than thirty seconds.",
            "30초 미만의 보조 업무 상태가 많습니다.",
            "大量辅助工作状态不足三十秒。",
            "Nhiều khoảng việc phụ kéo dài chưa đến ba mươi giây.",
        ),
        needs={"agent_state": ("state", "started_at", "ended_at")},
        measure=micro_aux,
        limit=0.1,
    ),
    Check(
        id="wrap_heaping",
        name=said("Wraps of one length", "같은 길이의 후처리", "等长的事后处理", "Xử lý sau dài như nhau"),
        severity=Severity.WARNING,
        sentence=said(
            "Very many wraps have the same length: is the cap always used up?",
            "같은 길이의 후처리가 매우 많습니다. 상한을 늘 채우고 있습니까?",
            "事后处理时长大量相同：是否总是用满上限？",
            "Rất nhiều lần xử lý sau dài bằng nhau: có phải luôn dùng hết mức trần?",
        ),
        needs={"contact_segment": ("wrap_s",)},
        measure=wrap_heaping,
        limit=0.3,
    ),
    Check(
        id="late_schedule_edits",
        name=said("Schedules changed afterwards", "사후 변경된 스케줄", "事后更改的班表", "Lịch sửa sau khi bắt đầu"),
        severity=Severity.SEVERE,
        sentence=said(
            "Schedules were changed after work had begun.",
            "근무가 시작된 뒤에 스케줄이 변경되었습니다.",
            "班表在工作开始后被修改。",
            "Lịch bị đổi sau khi ca làm đã bắt đầu.",
        ),
        needs={"schedule_activity": ("published_at", "starts_at", "edited_at")},
        measure=late_edits,
        limit=0.05,
    ),
)
