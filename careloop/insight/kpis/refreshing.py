"""Cells made anew where facts have changed since.

A refresh works towards one state of the lake, table by table, and only then lets questions find what it made. What it has made
so far is kept, so that whoever comes after one that ran out of time, or was killed, goes on where it stopped.
"""

import time
import zlib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

import careloop
from careloop.insight import cell_record as records
from careloop.insight.cell_record import FOLDER, Family, Record
from careloop.insight.facts import manifest as manifests
from careloop.insight.facts.errors import NotALake
from careloop.insight.facts.reading import read
from careloop.insight.kpis.asking.columns import whole
from careloop.insight.kpis.asking.dimensions import DIMENSIONS, with_dimensions
from careloop.insight.kpis.asking.queries import Scan, is_day, scans, summed
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue import METRICS
from careloop.insight.kpis.cells.grains import GRAINS, Grain
from careloop.insight.kpis.cells.staleness import ALL, Change, change_of, stale_since
from careloop.insight.kpis.cells.writing import sweep, write_cells
from careloop.insight.kpis.classes import additive
from careloop.insight.kpis.classes.ordered import COUNTED, counted
from careloop.insight.kpis.engine import Asked, needs_missing, series_of
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import Count, Mean, Quantile, Ratio, Span, Sum

__all__ = ["Refreshed", "refresh_cells"]

# Files that a state names are kept for a day after the lake has let go of them.
STATES_HOLD = timedelta(hours=12)
NOTED_EVERY_SECONDS = 2.0
# Different values of days and queues that are brought up at once: so many fit into memory, and are read faster than facts.
MOST_VALUES = 2_000_000
NEVER = 2**40


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """families: how many tables of cells there are. scanned: how many of them facts were scanned for. cells: rows written.

    is_complete: whether questions find cells of the state that the lake had when the refresh began; else time ran out.
    """

    families: int
    scanned: int
    cells: int
    is_complete: bool = True


def refresh_cells(
    root: Path | str,
    *,
    asked: Iterable[Asked] | None = None,
    memory_mb: int | None = 1024,
    wait_seconds: float = 600,
    seconds: float | None = None,
) -> Refreshed:
    """Bring the cells of a lake to its present state: only families whose facts changed, and only days from the first that did.

    asked: metrics with their options; None for every metric of the catalogue with its defaults. Those that are no sums, or whose
        facts no source gives, are left out. Whoever asks a board with other options names them here.
    memory_mb: what DuckDB may use. wait_seconds: how long to wait for another refresh.
    seconds: after which no further table is begun but the first; the next refresh goes on there. None for all the time it takes.

    Questions find the cells from the moment that this returns, or those of before where time ran out.
    Raises NotALake, NewerLake, LakeBusy.
    """
    root, ends = Path(root), None if seconds is None else time.monotonic() + seconds
    wanted = [Asked.of(metric) for metric in METRICS.values()] if asked is None else list(asked)
    with manifests.writing(root / FOLDER, wait_seconds=wait_seconds):
        steps: list[_Step] = []
        for begun in _states(root):
            step = _Step(root=root, target=begun, before=records.load(root), memory_mb=memory_mb, ends=ends)
            steps.append(step)
            if not step.carried_out(wanted):
                break
        return Refreshed(
            families=len(steps[-1].made),
            scanned=sum(step.scanned for step in steps),
            cells=sum(step.cells for step in steps),
            is_complete=steps[-1].is_done,
        )


def _states(root: Path) -> Iterator[Record]:
    """Yield what is to be worked towards: the state that an unfinished refresh had chosen, then the present one."""
    begun = records.load_pending(root)
    if begun is not None and datetime.now(UTC) - begun.taken_at < STATES_HOLD:
        yield begun
    taken_at = datetime.now(UTC)
    manifest = manifests.load(root)
    if manifest is None:
        raise NotALake(root=root)
    yield Record(state=replace(manifest, batches={}, retired={}), taken_at=taken_at)


@dataclass(slots=True, kw_only=True)
class _Step:
    """The way to one state. target: that state, with the families that an unfinished refresh has made of it.

    ends: when to stop, on the clock that never jumps.
    """

    root: Path
    target: Record
    before: Record
    memory_mb: int | None
    ends: float | None
    made: dict[str, Family] = field(default_factory=dict)
    scanned: int = 0
    cells: int = 0
    is_done: bool = False

    def carried_out(self, asked: Sequence[Asked]) -> bool:
        """Make what is not made yet, and let questions find it; False where time runs out before."""
        change = change_of(self.root, self.target.state, self.before)
        noted = time.monotonic()
        self._note()
        facts = read(self.root, memory_mb=self.memory_mb, state=self.target.state)
        for scan, lag in _wanted(facts, asked):
            reached = {name for grain in GRAINS for name in grain.dimensions if _leads_to(facts, scan, name)}
            for grain in GRAINS if scan.key is None else GRAINS[:1]:
                name, family = _family(facts, scan, grain, reached)
                if family is None or name in self.made:
                    continue
                if name in self.target.families:
                    self.made[name] = self.target.families[name]
                    continue
                # At least one is made, so that however little time there is, it comes to an end one day.
                if self.scanned and self.ends is not None and time.monotonic() >= self.ends:
                    self._note()
                    return False
                done = _brought_up(facts, scan, name, family, self.before, change, lag)
                self.made[name] = done.family
                self.scanned += done.is_scanned
                self.cells += done.cells
                if time.monotonic() - noted > NOTED_EVERY_SECONDS:
                    self._note()
                    noted = time.monotonic()
        records.save(self.root, replace(self.target, families=self.made))
        records.drop_pending(self.root)
        sweep(self.root, self.made, self.before)
        self.is_done = True
        return True

    def _note(self) -> None:
        """Keep what is made so far for whoever goes on."""
        records.save_pending(self.root, replace(self.target, families={**self.target.families, **self.made}))


def _wanted(facts: Facts, asked: Iterable[Asked]) -> list[tuple[Scan, timedelta | None]]:
    """Return the scans that all sums need, each with how long its rows take to mature."""
    wanted: dict[str, Sum | Span] = {}
    counts: list[Scan] = []
    lags: dict[str, float] = {}
    for each in asked:
        if needs_missing(facts, each):
            continue
        measure = each.metric.measure(facts, each.options)
        if isinstance(measure, Ratio | Mean | Count):
            for role, what in additive.wanted(measure).items():
                wanted[series_of(each, role)] = what
                lags[series_of(each, role)] = each.metric.maturity_seconds(each.options)
        elif isinstance(measure, Quantile):
            counts.append(counted(measure, series_of(each, COUNTED)))
            lags[series_of(each, COUNTED)] = each.metric.maturity_seconds(each.options)
    found = []
    for scan in (*scans(wanted), *counts):
        lag = max(lags[name] for name in scan.sums)
        found.append((scan, timedelta(seconds=lag) if lag else None))
    return found


def _family(facts: Facts, scan: Scan, grain: Grain, reached: Set[str]) -> tuple[str, Family | None]:
    """Name and describe the cells of a scan at a grain; None where its rows have no such time.

    reached: the dimensions that its rows lead to.
    """
    if is_day(scan.rows, scan.at) and grain.times[0] != "day":
        return "", None
    dimensions = tuple(name for name in grain.dimensions if name in reached)
    series = tuple(f"{name}{more}" for name in scan.sums for more in (("", "_rows") if scan.span else ("",)))
    told = "\n".join((careloop.__version__, facts.zone, grain.times[0], *dimensions, *series))
    family = Family(
        grain=grain.name,
        dimensions=dimensions,
        series=series,
        has_spans=scan.span is not None,
        is_by_day=is_day(scan.rows, scan.at),
        is_keyed=scan.key is not None,
    )
    return f"{zlib.crc32(told.encode()):08x}", family


def _leads_to(facts: Facts, scan: Scan, dimension: str) -> bool:
    known = DIMENSIONS[dimension]
    try:
        with_dimensions(scan.rows, [known.column], facts=facts, at=scan.at, lookups={known.column: known.lookups})
    except BadQuestion:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    family: Family
    is_scanned: bool
    cells: int


def _brought_up(
    facts: Facts, scan: Scan, name: str, family: Family, before: Record, change: Change, lag: timedelta | None
) -> _Made:
    question = Question(facts=facts, by=family.dimensions)
    first: date | None = ALL
    if (known := before.families.get(name)) is not None:
        first = None
        if change.is_any:
            # What is looked at is where the sums come from; between which moments they lie does not matter.
            expression = summed(scan, replace(question, lasting=(0, 0)))
            first = stale_since(expression, change, at=scan.at, matures_in=lag, has_spans=family.has_spans)
            if first is not None and not known.series:
                first = ALL
        if first is None:
            return _Made(family=known, is_scanned=False, cells=0)
        if first != ALL:
            question = replace(question, since=datetime.fromtimestamp(question.clock.day_start(first), UTC))
    if scan.key is not None and _rows_of(scan, question) > MOST_VALUES:
        # A family without series answers nothing, so that facts are scanned.
        return _Made(family=replace(family, series=()), is_scanned=True, cells=0)
    table = _cells(scan, family, question)
    told = [pc.max(table["latest"]).as_py(), None if known is None or first == ALL else known.latest]
    files = {} if known is None or first == ALL else dict(known.files)
    files = write_cells(change, name, table.drop(["latest"]), files, first or ALL)
    latest = max((each for each in told if each is not None), default=None)
    return _Made(family=replace(family, files=files, latest=latest), is_scanned=True, cells=table.num_rows)


def _cells(scan: Scan, family: Family, question: Question) -> pa.Table:
    times = next(grain for grain in GRAINS if grain.name == family.grain).times
    # A month is worked out from the day afterwards, so that rows need not be asked which months there are.
    asked = tuple(name for name in times if name != "month")
    table = question.fetch(summed(scan, question, buckets=asked, latest=_slot(scan)))
    days = pc.cast(table["d_day"], pa.timestamp("s"))
    return table.append_column("d_month", pc.cast(pc.floor_temporal(days, unit="month"), pa.int64()))


def _rows_of(scan: Scan, question: Question) -> int:
    """Count what would be kept of values: durations to the millisecond are nearly as many as there are rows."""
    cells = summed(scan, replace(question, lasting=(0, 0)), buckets=("day",))
    return int(question.fetch(cells.aggregate(n=cells.count()))["n"][0].as_py())


def _slot(scan: Scan) -> ir.IntegerValue:
    """Return the half hour of each row, or in which its span ends; a time that never comes for one that is open."""
    if is_day(scan.rows, scan.at):
        return ibis.literal(0, type="int64")
    return whole(scan.rows, f"{scan.at if scan.span is None else scan.span.ends}_slot").fill_null(NEVER)
