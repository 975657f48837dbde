"""Who is behind the names of a telephone system: from what its log calls agents to the agents of a lake."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from careloop.insight.facts import FactStore
from careloop.insight.imports.errors import FileUnreadable, PersonTwice, PersonUnclear
from careloop.insight.imports.memory import remembered

__all__ = ["named", "put_under_their_names", "read_people"]

HEADER = ("name", "agent")
TABLES = ("contact_segment", "agent_state", "callback_attempt")
KNOWN = "create table if not exists people (name varchar primary key)"


def read_people(path: Path) -> Mapping[str, str]:
    """Return the agent of each name, from a CSV whose first line is name,agent.

    Raises FileUnreadable, PersonUnclear or PersonTwice.
    """
    people: dict[str, str] = {}
    for line, name, agent in _lines(path):
        if people.setdefault(name, agent) != agent:
            raise PersonTwice(file=path.name, line=line, name=name, agent=people[name])
    return people


def _lines(path: Path) -> Iterator[tuple[int, str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            for number, row in enumerate(rows, start=1):
                fields = tuple(field.strip() for field in row)
                if (number == 1 and fields == HEADER) or not any(fields):
                    continue
                if number == 1 or len(fields) != 2 or not all(fields):
                    raise PersonUnclear(file=path.name, line=rows.line_num)
                yield rows.line_num, fields[0], fields[1]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise FileUnreadable(file=path.name, reason=str(problem)) from None


def named(rows: pa.Table, people: Mapping[str, str]) -> tuple[pa.Table, frozenset[str]]:
    """Put agents in the place of the names in agent_id, and return the names that nobody is behind, which stay."""
    place = rows.schema.get_field_index("agent_id")
    if place < 0 or not people:
        return rows, frozenset()
    found = rows["agent_id"].combine_chunks().dictionary_encode()
    names = found.dictionary.to_pylist()
    agents = pa.array([people.get(name, name) for name in names], pa.string())
    return rows.set_column(place, "agent_id", agents.take(found.indices)), frozenset(names) - people.keys()


def put_under_their_names(facts: Path, people: Mapping[str, str], *, source: str, memory: Path, at: datetime) -> int:
    """Correct rows that came in before somebody said who is behind a name; return how many.

    source: only its rows. memory: the database of its imports, which remembers whose rows have been corrected. at: now.

    A name whose agent is another now keeps its old rows: telephones are handed on. Done twice, it changes nothing.
    Raises FactsError.
    """
    store, count = FactStore(facts), 0
    with remembered(memory) as kept:
        kept.execute(KNOWN)
        known = {name for (name,) in kept.execute("select name from people").fetchall()}
        new = [name for name in people if name not in known]
        if not new:
            return 0
        for table in TABLES:
            if source in store.given().get(table, ()):
                held = store.batches(table, holding={"source": [source], "agent_id": new})
                mended = (
                    part for batch in held for part in named(pa.Table.from_batches([batch]), people)[0].to_batches()
                )
                count += store.append(table, mended, source=source, at=at).corrected
        kept.executemany("insert into people values (?)", [[name] for name in new])
    return count
