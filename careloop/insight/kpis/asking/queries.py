"""From what a metric sums to one query per set of rows: dimensions, filter, period, sums per cell.

Metrics that start from equal rows at the same instant are summed in one scan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import ibis
import ibis.expr.types as ir
from ibis.expr.types.groupby import GroupedTable

from careloop.insight.kpis.asking.columns import total, whole
from careloop.insight.kpis.asking.dimensions import DIMENSIONS, TIMES, at_local, with_dimensions
from careloop.insight.kpis.asking.filters import columns_of, compiled
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.sources import micros
from careloop.insight.kpis.asking.zones import HALF_HOUR, LocalTime
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import Span, Sum
from careloop.kernel.sentences import gettext_noop

__all__ = ["Scan", "as_number", "buckets_of", "by_cell", "is_day", "prepared", "scans", "summed"]

MICROS = 1_000_000
# Zones that changed their clock more often than this are looked at for the span of the rows only.
FEW_CHANGES = 8
WITHIN_A_DAY = {"quarter_hour", "half_hour", "hour", "time_of_day"}


@dataclass(slots=True, kw_only=True)
class Scan:
    """One query to be: rows, the instant or span they are placed by, and what is summed over them, by name.

    key: what tells the rows of a cell apart, such as a value where it is counted how often each came; the sums are then of each.
    """

    rows: ir.Table
    at: str
    span: Span | None = None
    sums: dict[str, ir.Value] = field(default_factory=dict)
    key: ir.Value | None = None


def scans(wanted: Mapping[str, Sum | Span]) -> list[Scan]:
    """Gather named sums into as few scans as possible."""
    gathered: list[Scan] = []
    for name, what in wanted.items():
        at = what.at if isinstance(what, Sum) else what.starts
        span = what if isinstance(what, Span) else None
        scan = next((scan for scan in gathered if _is_same(scan, what.rows, at, span)), None)
        if scan is None:
            scan = Scan(rows=what.rows, at=at, span=span)
            gathered.append(scan)
        # Equal rows may be two objects; sums are bound to those of the scan.
        scan.sums[name] = what.value if isinstance(what, Sum) else what.where
    return gathered


def _is_same(scan: Scan, rows: ir.Table, at: str, span: Span | None) -> bool:
    if scan.at != at or (scan.span is None) != (span is None) or not scan.rows.equals(rows):
        return False
    if scan.span is None or span is None:
        return True
    weights = [each.weight for each in (scan.span, span) if each.weight is not None]
    is_equal_weight = not weights or (len(weights) == 2 and weights[0].equals(weights[1]))
    return scan.span.ends == span.ends and scan.span.is_lived == span.is_lived and is_equal_weight


def summed(
    scan: Scan, question: Question, *, buckets: Sequence[str] = (), latest: ir.IntegerValue | None = None
) -> ir.Table:
    """Return the query of a scan: one row per cell, and per `m_key` where a scan has one, with the sums by name; of spans also how
    many there were, as NAME_rows.

    buckets: times in addition to those of the question, such as the day for the bootstrap.
    latest: a column of the rows, of which each cell tells the greatest value under this name.
    """
    values: dict[str, ir.Value] = {f"m_{name}": as_number(value) for name, value in scan.sums.items()}
    if scan.key is not None:
        values["m_key"] = scan.key
    if latest is not None:
        values["m__latest"] = latest
    if scan.span is not None and scan.span.weight is not None:
        values["m_weight"] = scan.span.weight.cast("float64")
    rows = prepared(
        scan.rows.mutate(**values),
        question,
        at=scan.at,
        span=scan.span,
        buckets=buckets,
    )
    seconds = rows["piece_s"] if scan.span is not None else None
    totals = {name: total(rows[f"m_{name}"] if seconds is None else rows[f"m_{name}"] * seconds) for name in scan.sums}
    if seconds is not None:
        totals |= {f"{name}_rows": total(rows[f"m_{name}"]) for name in scan.sums}
    if latest is not None:
        totals["latest"] = rows["m__latest"].max()
    return by_cell(rows, (*question.by, *buckets), *(("m_key",) if scan.key is not None else ())).aggregate(**totals)


def by_cell(rows: ir.Table, names: Sequence[str], *others: str) -> ir.Table | GroupedTable:
    """Group placed rows by dimensions, and by other columns; all together where there are none."""
    keys = [*(f"d_{name}" for name in names), *others]
    return rows.group_by(keys) if keys else rows


def as_number(value: ir.Value) -> ir.Value:
    """Write a yes as 1 and a no or nothing as 0; every number as float64, so that databases agree on sums and quotients."""
    if isinstance(value, ir.BooleanValue):
        return value.ifelse(1.0, 0.0)
    return value.cast("float64")


def prepared(
    rows: ir.Table,
    question: Question,
    *,
    at: str,
    span: Span | None = None,
    buckets: Sequence[str] = (),
    from_start: bool = True,
) -> ir.Table:
    """Place rows into cells: add a column `d_NAME` for each dimension and bucket, and keep the rows that were asked for.

    at: their instant. span: where given, rows are spans, cut at edges; `piece_s` says how many seconds of each piece are meant.
    from_start: whether rows before the period are left out.
    """
    names = tuple(dict.fromkeys((*question.by, *buckets)))
    times = [name for name in names if name in TIMES]
    columns = {DIMENSIONS[name].column for name in names if name in DIMENSIONS} | columns_of(question.where)
    lookups = {known.column: known.lookups for known in DIMENSIONS.values()}
    placing = [f"{name}{end}" for name in (at, *((span.ends,) if span else ())) for end in ("", "_us", "_slot")]
    # Fewer columns make shorter queries, which Ibis writes sooner.
    rows = rows.select(
        [name for name in rows.columns if name.startswith("m_") or name.endswith("_id") or name in {*columns, *placing}]
    )
    ends = span.ends if span else None
    rows = with_dimensions(rows, sorted(columns), facts=question.facts, at=at, lookups=lookups, ends=ends)
    if question.where is not None:
        rows = rows.filter(compiled(question.where, rows))
    if span is not None:
        rows = _pieces(rows, question, span, times=times)
        return rows.select(
            **_dimensions(rows, names), **buckets_of(rows, rows["piece_slot"], question, times), **_own(rows)
        )
    if is_day(rows, at) and WITHIN_A_DAY & set(times):
        raise BadQuestion(
            gettext_noop("These numbers are known by the day only; they cannot be split by “%(name)s”."),
            name=", ".join(name for name in times if name in WITHIN_A_DAY),
        )
    rows = _within(rows, question, at, from_start=from_start)
    seconds = _seconds(rows, at, is_fine=question.clock.step != HALF_HOUR or "quarter_hour" in times)
    placed = _buckets_of_days if is_day(rows, at) else buckets_of
    return rows.select(**_dimensions(rows, names), **placed(rows, seconds, question, times), **_own(rows))


def _own(rows: ir.Table) -> dict[str, ir.Value]:
    """Return the columns that the metric made."""
    return {name: rows[name] for name in rows.columns if name.startswith("m_") or name == "piece_s"}


def _dimensions(rows: ir.Table, names: Sequence[str]) -> dict[str, ir.Value]:
    return {f"d_{name}": rows[DIMENSIONS[name].column] for name in names if name in DIMENSIONS}


def is_day(rows: ir.Table, at: str) -> bool:
    """Say whether rows are placed by a calendar day rather than by an instant."""
    return at in rows.columns and rows[at].type().is_date()


def _seconds(rows: ir.Table, at: str, *, is_fine: bool) -> ir.IntegerValue:
    """Return the instant of rows in whole UTC seconds, to the half hour unless is_fine; of a calendar day its local second."""
    if is_day(rows, at):
        return cast("ir.DateColumn", rows[at]).epoch_days().cast("int64") * 86_400
    if not is_fine:
        return whole(rows, f"{at}_slot")
    us = whole(rows, f"{at}_us")
    # Whole seconds by remainders: databases round the division of whole numbers in different ways.
    return ((us - us % MICROS) / MICROS).cast("int64")


def _within(rows: ir.Table, question: Question, at: str, *, from_start: bool) -> ir.Table:
    since, until = (question.since if from_start else None), question.until
    if is_day(rows, at):
        clock = question.clock
        if since is not None:
            rows = rows.filter(rows[at] >= ibis.date(clock.date_at(since)))
        if until is not None:
            rows = rows.filter(rows[at] < ibis.date(clock.date_at(until)))
        return rows.filter(rows[at].notnull())
    edges = [micros(moment) for moment in (since, until) if moment is not None]
    # Where the edges are half hours, the slots say the same and are the smaller column.
    is_even = all(edge % (HALF_HOUR * MICROS) == 0 for edge in edges)
    moment, scale = (rows[f"{at}_slot"], MICROS) if is_even else (rows[f"{at}_us"], 1)
    if since is not None:
        rows = rows.filter(moment >= micros(since) // scale)
    if until is not None:
        rows = rows.filter(moment < micros(until) // scale)
    return rows.filter(moment.notnull())


def _pieces(rows: ir.Table, question: Question, span: Span, *, times: Sequence[str]) -> ir.Table:
    """Cut spans at the edges of the period, and at half hours where time is asked about."""
    start: ir.IntegerValue = whole(rows, f"{span.starts}_us")
    end: ir.IntegerValue = whole(rows, f"{span.ends}_us")
    known = question.facts.watermark()
    lasts = question.until or known
    if lasts is not None:
        end = end.fill_null(micros(lasts))
        if span.is_lived:
            end = ibis.least(end, ibis.literal(micros(lasts), type="int64"))
    low = start if question.since is None else ibis.greatest(start, ibis.literal(micros(question.since), type="int64"))
    high = end if question.until is None else ibis.least(end, ibis.literal(micros(question.until), type="int64"))
    if "piece_from_us" in rows.columns:
        low, high = ibis.greatest(low, rows.piece_from_us), ibis.least(high, rows.piece_to_us)
    rows = rows.mutate(piece_low=low, piece_high=high)
    rows = rows.filter(rows.piece_high > rows.piece_low)
    if not times:
        seconds = (rows.piece_high - rows.piece_low).cast("float64") / MICROS
        return rows.mutate(piece_s=_weighed(rows, seconds, span), piece_slot=rows[f"{span.starts}_slot"])
    step = 900 if "quarter_hour" in times else question.clock.step
    slot = whole(rows, f"{span.starts}_slot")
    last: ir.IntegerValue = whole(rows, f"{span.ends}_slot")
    if lasts is not None:
        last = last.fill_null(micros(lasts) // MICROS // 1_800 * 1_800)
    rows = rows.mutate(piece_length=last + 1_800 - slot)
    # From 0 on: Ibis writes `stop - start` for PostgreSQL without parentheses around a start that is a difference.
    offset = ibis.range(0, rows.piece_length, step).unnest()
    rows = rows.mutate(piece_offset=offset)
    rows = rows.mutate(piece_slot=rows[f"{span.starts}_slot"] + rows.piece_offset)
    begin = rows.piece_slot.cast("int64") * MICROS
    cut = ibis.least(rows.piece_high, begin + step * MICROS) - ibis.greatest(rows.piece_low, begin)
    rows = rows.mutate(piece_us=cut)
    rows = rows.filter(rows.piece_us > 0)
    return rows.mutate(piece_s=_weighed(rows, rows.piece_us.cast("float64") / MICROS, span))


def _weighed(rows: ir.Table, seconds: ir.Value, span: Span) -> ir.Value:
    return seconds if span.weight is None else seconds * rows["m_weight"].fill_null(0.0)


def buckets_of(
    rows: ir.Table, seconds: ir.IntegerValue, question: Question, times: Sequence[str]
) -> dict[str, ir.Value]:
    """Return the columns that say in which buckets of time rows lie. seconds: when, in UTC."""
    if not times:
        return {}
    clock, first, last = _clock_of(rows, seconds, question, times)
    return {f"d_{name}": at_local(name, seconds=seconds, clock=clock, first=first, last=last) for name in times}


def _clock_of(
    rows: ir.Table, seconds: ir.IntegerValue, question: Question, times: Sequence[str]
) -> tuple[LocalTime, int, int]:
    """Return the clock for the span of these rows, and the span; asks the rows only where many changes or months matter."""
    clock = question.clock
    if question.lasting is not None:
        return clock.within(*question.lasting), *question.lasting
    first = 0 if question.since is None else micros(question.since) // MICROS - 86_400
    last = 4_102_444_800 if question.until is None else micros(question.until) // MICROS
    if len(clock.within(first, last).changes) > FEW_CHANGES or ("month" in times and last - first > 400 * 86_400):
        found = question.fetch(rows.aggregate(first=seconds.min(), last=seconds.max())).to_pylist()[0]
        if found["first"] is not None:
            first, last = max(first, int(found["first"])), min(last, int(found["last"]))
        else:
            last = first
    return clock.within(first, last), first, last


def _buckets_of_days(
    rows: ir.Table, local: ir.IntegerValue, question: Question, times: Sequence[str]
) -> dict[str, ir.Value]:
    """Place rows that have a calendar day: their local second is midnight already."""
    if not times:
        return {}
    clock, first, last = _clock_of(rows, local, question, times)
    still = LocalTime(zone=clock.zone, changes=(0,), offsets=(0,))
    return {
        f"d_{name}": at_local(name, seconds=local, clock=still, first=first - 86_400, last=last + 86_400)
        for name in times
    }
