"""From files of a telephone system to facts, step by step."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa

from careloop.insight.imports.ami import Translation, frames_in, separator_of
from careloop.insight.imports.calls import Assembly, Settings
from careloop.insight.imports.calls.records import read_cdr, read_cel
from careloop.insight.imports.events import EVENTS
from careloop.insight.imports.files import BLOCK_BYTES, Block, blocks, is_gzip, opened
from careloop.insight.imports.memory import Place, place_of, remember, remembered, working
from careloop.insight.imports.queue_log import events_in
from careloop.insight.imports.report import Report
from careloop.insight.imports.steps import Progress, Step, ahead

__all__ = ["Records", "read_ami", "read_queue_log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Call records beside a queue log. zone: IANA name, for their times without one."""

    cdr: Path | None = None
    cel: Path | None = None
    zone: str = "UTC"


def read_queue_log(
    path: Path,
    *,
    settings: Settings,
    report: Report,
    memory: Path,
    records: Records | None = None,
    progress: Progress = lambda _read, _whole: None,
    block_bytes: int = BLOCK_BYTES,
) -> Generator[Step, None, None]:
    """Read what is new in a queue log, plain or gzip, and yield facts a step at a time.

    report: filled while reading. memory: the database that remembers how far each file was read and what is still open; it is
    made where missing. Asking for the next step says that the last one is kept: only then it is remembered as read, so a crash
    in between gives the same step again, under the same key. Half a line at the end is left for the next run.

    Raises NotACallRecord, FileShrank or OSError.
    """
    given = records or Records()
    with remembered(memory) as connection:
        assembly = Assembly(connection, settings=settings, report=report, knows_hold=False)
        if given.cel:
            read_cel(connection, given.cel, zone=given.zone)
        if given.cdr:
            read_cdr(connection, given.cdr, zone=given.zone)
        if given.cel or given.cdr:
            assembly.know_calls()
        whole, is_finished = path.stat().st_size, is_gzip(path)
        place = place_of(connection, path, size=None if is_finished else whole)
        with closing(ahead(_lines(path, place, block_bytes=block_bytes, report=report))) as lines:
            for block, events, line in lines:
                report.has_half_line = block.is_last and not is_finished and block.end < whole
                if not block.body and place.until:
                    return
                connection.begin()
                batches = [batch for batch in assembly.take(events, is_end=block.is_last) if len(batch[1])]
                yield Step(key=_key(place, block.end), batches=batches)
                place = replace(place, until=block.end, line=line)
                remember(connection, place)
                connection.commit()
                progress(block.position, whole)


def _lines(
    path: Path, place: Place, *, block_bytes: int, report: Report
) -> Generator[tuple[Block, pa.Table, int], None, None]:
    """Yield the blocks of a queue log, what stands in each, and how many lines of the file there are up to its end."""
    line = place.line
    for block in blocks(path, offset=place.until, block_bytes=block_bytes):
        before = report.lines
        events = events_in(block.body, first_line=line + 1, report=report) if block.body else EVENTS.empty_table()
        line += report.lines - before
        yield block, events, line


def read_ami(
    path: Path,
    *,
    settings: Settings,
    report: Report,
    memory: Path,
    progress: Progress = lambda _read, _whole: None,
    block_bytes: int = BLOCK_BYTES,
) -> Generator[Step, None, None]:
    """Read recorded manager events, plain or gzip, and yield facts a step at a time, as read_queue_log does.

    A recording that has grown is read once more from its beginning: its rows have the same keys, so nothing counts twice.
    """
    with remembered(memory) as kept, working(None, folder=memory.parent) as connection:
        whole = path.stat().st_size
        place = place_of(kept, path, size=None)
        if place.until == whole:
            return
        assembly = Assembly(connection, settings=settings, report=report, knows_hold=True)
        assembly.know_calls()
        translation = Translation(custom=settings.custom, report=report)
        with opened(path) as file:
            separator = separator_of(file.read(4096))
        line = 1
        for block in blocks(path, block_bytes=block_bytes, separator=separator):
            before = report.lines
            frames = frames_in(block.body, first_line=line, report=report)
            lines = [row for frame in frames for row in translation.lines(frame)]
            lines += translation.rest() if block.is_last else []
            line += report.lines - before
            columns = [pa.array([row[number] for row in lines], type=kind.type) for number, kind in enumerate(EVENTS)]
            calls = pa.Table.from_pylist([asdict(call) for call in translation.calls.values()], schema=CALLS)
            connection.register("known_calls", calls)
            connection.execute("create or replace temp table calls as from known_calls")
            batches = list(assembly.take(pa.table(columns, schema=EVENTS), is_end=block.is_last))
            yield Step(key=_key(place, block.end), batches=[batch for batch in batches if len(batch[1])])
            progress(block.position, whole)
        remember(kept, replace(place, until=whole, line=line - 1))


CALLS = pa.schema(
    [
        *((name, pa.string()) for name in ("call_id", "channel", "context", "entry_point", "number")),
        *((name, pa.int64()) for name in ("started_us", "ended_us")),
        *((name, pa.bool_()) for name in ("is_bridged", "is_by_caller")),
        ("cause", pa.int32()),
    ]
)


def _key(place: Place, end: int) -> str:
    return f"{place.head[:16]}:{place.until}-{end}"
