"""The lake worked out again from the beginning of the log."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from careloop.insight.facts import FactStore, read
from careloop.insight.facts.tables import TABLES as DESCRIBED
from careloop.kernel.events import Recorded, events_between, head_position
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.following import SETTLED_AFTER, lake_of, write
from careloop.processes.lake.gathering import TABLES, facts_of
from careloop.processes.lake.naming import SOURCE

__all__ = ["rebuild"]

BATCH = 2_000


def rebuild(root: Path, workspace_id: int, *, at: datetime) -> int:
    """Work out the facts of a workspace from the beginning of its log, and return how many events it read.

    The lake keeps what it held if it says the same, takes what differs as a correction, and lets go of facts of ours that the log
    does not tell. What others gave, such as imports, stays.
    """
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    while number_events():
        pass
    with TemporaryDirectory(prefix=".rebuilding-", dir=root) as folder:
        fresh, position, count = FactStore(folder), 0, 0
        while batch := _batch(workspace_id, position):
            with workspace_scope(workspace_id):
                write(fresh, facts_of(batch), at=at)
            position, count = batch[-1].position, count + len(batch)
        if count:
            lake = lake_of(root, workspace_id)
            _take_over(lake, fresh, at=at)
            lake.give_way(at=at)
            lake.complete(source=SOURCE, through=at - SETTLED_AFTER)
    return count


def _batch(workspace_id: int, after: int) -> Sequence[Recorded]:
    with workspace_scope(workspace_id):
        return events_between(after, head_position(), limit=BATCH)


def _take_over(lake: FactStore, fresh: FactStore, *, at: datetime) -> None:
    lake.settle_zone(fresh.zone())
    told = read(fresh.root)
    for name in TABLES:
        key = DESCRIBED[name].key
        lake.append(name, fresh.batches(name), source=SOURCE, at=at, tells=fresh.told().get(name, ()))
        held = read(lake.root)[name]
        keys = held.filter(held.source == SOURCE).select(*key).to_pyarrow()
        gone = keys.join(told[name].select(*key).to_pyarrow(), keys=list(key), join_type="left anti")
        lake.retract(name, gone.to_pylist(), source=SOURCE, at=at)
