"""What `careloop export` does: name the tables of a lake, and write one as a file."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from careloop.faces.cli.imports.bar import bar, is_watched
from careloop.faces.cli.kpi.questions import QuestionMakesNoSense, facts_in, moment
from careloop.insight import rows
from careloop.insight.facts.tables import TABLES
from careloop.processes.measuring.exporting import MOST_SHEET_ROWS, FileFormat, pieces_of

__all__ = ["TableHeld", "Written", "held", "write"]

BATCH: Final = 20_000
MEMORY_MB: Final = 512
EVER: Final = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHeld:
    """A table with rows. rows: about how many."""

    table: str
    rows: int
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written. output: the file; None for standard output. zone: in which CSV and Excel tell moments."""

    table: str
    format: str
    rows: int
    zone: str
    output: str | None


def held(facts: Path) -> list[TableHeld]:
    """Return the tables of a lake that can be saved and have rows. Raises QuestionMakesNoSense."""
    facts_in(str(facts))
    return [
        TableHeld(table=name, rows=count, meaning=TABLES[name].meaning)
        for name, count in rows.held_tables(facts).items()
    ]


def write(
    table: str,
    *,
    facts: Path,
    file_format: FileFormat,
    output: Path | None,
    since: str | None,
    until: str | None,
    zone: str | None,
    as_json: bool,
) -> Written:
    """Write a table as a file, which appears whole or not at all. Raises QuestionMakesNoSense."""
    known = facts_in(str(facts))
    names = rows.held_tables(facts)
    if table not in names:
        raise QuestionMakesNoSense(
            _("There are no facts here that are called “%(table)s”; there are %(tables)s.")
            % {"table": table, "tables": ", ".join(names) or "–"}
        )
    if zone is not None and zone not in available_timezones():
        raise QuestionMakesNoSense(_("%(zone)s is no time zone. Give one such as Asia/Seoul.") % {"zone": zone})
    span = {
        "since": moment("--from", since, known.zone) or EVER[0],
        "until": moment("--to", until, known.zone) or EVER[1],
    }
    count = rows.count_of(known, table, **span)
    if file_format is FileFormat.EXCEL and count > MOST_SHEET_ROWS:
        raise QuestionMakesNoSense(
            _("An Excel sheet holds 1,048,575 rows, and these are more. Choose a shorter period, or CSV or Parquet.")
        )
    found = rows.of_table(known, table, **span)
    with tempfile.TemporaryDirectory(prefix=".spill-", dir=facts) as spill, _target(output) as file:
        known.backend.raw_sql(f"SET memory_limit = '{MEMORY_MB}MB'")
        # A quote in the folder's name would end the text.
        known.backend.raw_sql("SET temp_directory = '{}'".format(spill.replace("'", "''")))
        pieces = pieces_of(
            found.schema().to_pyarrow(),
            rows.batches(known, found, size=BATCH),
            file_format,
            zone=zone or known.zone,
            done=_shown(count, is_wanted=output is not None and is_watched(as_json=as_json)),
        )
        for piece in pieces:
            file.write(piece)
    return Written(
        table=table,
        format=file_format.value,
        rows=count,
        zone=zone or known.zone,
        output=None if output is None else str(output),
    )


def _shown(count: int, *, is_wanted: bool) -> Callable[[int], None]:
    show = bar()
    return (lambda done: show(done, count)) if is_wanted else (lambda _done: None)


@contextmanager
def _target(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    draft = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(output)
    except OSError as problem:
        raise QuestionMakesNoSense(
            _("%(file)s cannot be written: %(problem)s.") % {"file": output, "problem": problem.strerror or problem}
        ) from problem
    finally:
        draft.unlink(missing_ok=True)
