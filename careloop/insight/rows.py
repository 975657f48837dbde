"""Facts as rows for spreadsheets and other programs: every table as it holds now, one row for each contact and each case."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from careloop.insight.facts import Facts
from careloop.insight.facts import manifest as manifests
from careloop.insight.facts.manifest import Manifest, Role
from careloop.insight.facts.tables import TABLES

__all__ = ["KEPT_BACK", "batches", "case_rows", "contact_rows", "count_of", "held_tables", "of_table"]

# What the lake keeps beside a row for its own work.
INTERNAL: Final = ("record_version", "is_retracted", "quarantine_reason")
KEPT_BACK: Final = frozenset({"pulse_answer"})
"""Tables of which nobody gets single rows: people answered without giving a name."""


def held_tables(root: Path) -> Mapping[str, int]:
    """Return about how many rows a lake has in each table that can be saved and has any, in the order of the tables.

    A row that was corrected and not yet compacted counts twice. Reads the manifest only.
    """
    manifest = manifests.load(root) or Manifest()
    counted = {
        name: sum(entry.rows for entry in manifest.of(name, Role.BASE, Role.LATER))
        for name in TABLES
        if name not in KEPT_BACK
    }
    return {name: rows for name, rows in counted.items() if rows}


def contact_rows(facts: Facts, *, since: datetime, until: datetime) -> ir.Table:
    """Return one row for each contact that began in a period, oldest first.

    Beside the contact's own columns: queue and agent of the last segment, how many segments there were, and the seconds of waiting,
    talk, hold and after-call work summed over them; null where no segment is known.
    """
    contacts = _base(facts, "contact", since, until)
    # What belongs to these contacts only, so that a short period of a long history takes little memory.
    segments = facts["contact_segment"].semi_join(contacts, "contact_id")
    last = ibis.desc("queued_at_us")
    summed = segments.group_by("contact_id").aggregate(
        last_queue_id=segments.queue_id.first(order_by=last),
        last_agent_id=segments.agent_id.first(order_by=last),
        segments=segments.count(),
        wait_s=segments.wait_s.sum(),
        talk_s=segments.talk_s.sum(),
        hold_s=segments.hold_s.sum(),
        wrap_s=segments.wrap_s.sum(),
    )
    joined = contacts.left_join(summed, "contact_id").drop("contact_id_right")
    return _plain(joined).order_by(["arrived_at", "contact_id"])


def case_rows(facts: Facts, *, since: datetime, until: datetime) -> ir.Table:
    """Return one row for each case that was opened in a period, oldest first."""
    return _own_rows(facts, "case", since=since, until=until)


OTHERWISE: Final[Mapping[str, Callable[..., ir.Table]]] = {"contact": contact_rows}
"""Tables whose rows say more than the table itself."""


def of_table(facts: Facts, table: str, *, since: datetime, until: datetime) -> ir.Table:
    """Return the rows of a table of TABLES in a period, oldest first; all of them where the table knows no moment."""
    if table in OTHERWISE:
        return OTHERWISE[table](facts, since=since, until=until)
    return _own_rows(facts, table, since=since, until=until)


def count_of(facts: Facts, table: str, *, since: datetime, until: datetime) -> int:
    """Return how many rows `of_table` has, without making them."""
    return int(_base(facts, table, since, until).count().execute())


def batches(facts: Facts, rows: ir.Table, *, size: int) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches of at most `size`, without ever holding all of them; keeps the facts open meanwhile."""
    # Ibis' own reader goes through a name that DuckDB has given up.
    yield from facts.backend.con.execute(facts.backend.compile(rows)).to_arrow_reader(size)


def _own_rows(facts: Facts, name: str, *, since: datetime, until: datetime) -> ir.Table:
    table = TABLES[name]
    instant = (table.instant,) if table.instant else ()
    return _plain(_base(facts, name, since, until)).order_by(list(dict.fromkeys((*instant, *table.key))))


def _base(facts: Facts, name: str, since: datetime, until: datetime) -> ir.Table:
    rows, instant = facts[name], TABLES[name].instant
    if instant is None:
        return rows
    us = rows[f"{instant}_us"]
    return rows.filter(us >= round(since.timestamp() * 1e6), us < round(until.timestamp() * 1e6))


def _plain(rows: ir.Table) -> ir.Table:
    """Leave out what the lake keeps for itself, and the whole numbers that stand for instants."""
    return rows.drop(*(name for name in rows.columns if name in INTERNAL or name.endswith(("_us", "_slot"))))
