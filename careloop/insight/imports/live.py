"""From the stored pieces of a live connection to facts, by the same rules as from a recording of it."""

from collections.abc import Generator, Iterable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Final, Self

import pyarrow as pa

from careloop.insight.imports.ami import Following
from careloop.insight.imports.calls import Assembly, Settings
from careloop.insight.imports.events import EVENTS
from careloop.insight.imports.memory import remembered
from careloop.insight.imports.report import Report
from careloop.insight.imports.steps import Step
from careloop.insight.imports.telephony import CALLS

__all__ = ["Live", "Piece"]

Piece = tuple[int, bytes]
"""The number of a piece of a connection's events, ascending from 1, and whole frames."""

PLACES: Final = "create table if not exists live (until bigint)"
SEEN: Final = "insert into seen select unnest($calls)"


class Live:
    """One telephone system whose events come in pieces. To be used by one process at a time.

    memory: the database that remembers what is still open and how far the pieces were read; it is made where missing.
    After anything has raised, it is of no use any more: open it anew.
    """

    def __init__(self, *, settings: Settings, memory: Path) -> None:
        self.report = Report()
        self._settings, self._memory, self._stack = settings, memory, ExitStack()
        self._following = Following(custom=settings.custom, report=self.report)

    def open(self) -> None:
        """Open the database that remembers; to be closed afterwards."""
        self._db = self._stack.enter_context(remembered(self._memory))
        self._assembly = Assembly(self._db, settings=self._settings, report=self.report, knows_hold=True)
        self._assembly.know_calls()
        self._db.execute(PLACES)

    def close(self) -> None:
        """Close it; what was not said to be kept is forgotten."""
        self._stack.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def until(self) -> int:
        """Return the number of the last piece whose facts are kept, 0 before the first."""
        (found,) = self._db.execute("select coalesce(max(until), 0) from live").fetchone() or (0,)
        return int(found)

    def recall(self, pieces: Iterable[Piece]) -> None:
        """Take pieces once more whose facts are kept, to know again who waits and talks. To be done first after opening."""
        calls = {line[2] for _number, body in pieces for line in self._following.lines(body)}
        self._db.execute(SEEN, {"calls": sorted(calls)})

    def steps(self, pieces: Iterable[Piece]) -> Generator[Step, None, None]:
        """Take the next pieces and yield what they make known, all in one step.

        Asking for the next step says that the last one is kept: only then it is remembered as read, so a crash in between gives the
        same facts again.
        """
        until = before = self.until
        lines = []
        for number, body in pieces:
            lines += self._following.lines(body)
            until = number
        if until == before:
            return
        columns = [pa.array([row[place] for row in lines], type=kind.type) for place, kind in enumerate(EVENTS)]
        calls = pa.Table.from_pylist([asdict(call) for call in self._following.calls.values()], schema=CALLS)
        self._db.begin()
        self._db.register("known_calls", calls)
        self._db.execute("create or replace temp table calls as from known_calls")
        batches = list(self._assembly.take(pa.table(columns, schema=EVENTS), is_end=True))
        yield Step(key=f"live:{before}-{until}", batches=[batch for batch in batches if len(batch[1])])
        self._db.execute("delete from live")
        self._db.execute("insert into live values (?)", [until])
        self._db.commit()
