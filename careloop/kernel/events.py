"""The event log: every act records what happened, in its own transaction; everybody who cares reads it here.

An event is a frozen dataclass of ids, numbers, words and times. `record` writes it; a numbering step gives it a position after
commit; readers follow positions (readers.py). docs/reasons/event-log.md explains why.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar, dataclass_transform, get_type_hints

from django.db import connection

from careloop.kernel.scope import current_workspace
from careloop.kernel.statements import ask

__all__ = [
    "Event",
    "Recorded",
    "event_type",
    "events_between",
    "events_by_id",
    "head_position",
    "history",
    "known_events",
    "record",
    "record_all",
    "stories",
    "stories_from",
    "subject",
    "trail",
]

_ENVELOPE: Final = frozenset({"subject", "actor", "at"})
_registry: dict[str, type["Event"]] = {}
_collected: ContextVar[list["Event"] | None] = ContextVar("careloop_collected_events", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event says.

    subject: what it happened to, such as "case:42".
    actor: who did it, as `str(Actor)` writes it.
    at: when it happened, timezone-aware; imports carry the original time.
    """

    subject: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as readers receive it: with its row id (the idempotency key of jobs) and its position for ever."""

    id: int
    position: int
    workspace_id: int
    name: str
    event: Event
    recorded_at: datetime

    @property
    def subject_id(self) -> int:
        """The number behind the colon of the subject."""
        return int(self.event.subject.rpartition(":")[2])


E = TypeVar("E", bound=Event)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event_type(name: str) -> Callable[[type[E]], type[E]]:
    """Register a class of events under its name in the log, such as "case.closed"; names never change."""

    def register(cls: type[E]) -> type[E]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        if name in _registry:
            raise ValueError(f"Two events are named {name}.")
        _registry[name] = made
        made.__event_name__ = name  # type: ignore[attr-defined]
        return made

    return register


def known_events() -> dict[str, type[Event]]:
    """Return every registered event class by its name."""
    return dict(_registry)


def subject(kind: str, key: int) -> str:
    """Name what an event happened to."""
    return f"{kind}:{key}"


def record(event: Event) -> None:
    """Write one event into the log of the workspace in scope. Raises RuntimeError outside a transaction."""
    record_all([event])


def record_all(events: Sequence[Event]) -> None:
    """Write events in order. Within an act they wait for its end. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("An event is recorded in the transaction of its act.")
    waiting = _collected.get()
    if waiting is None:
        _write(events)
    else:
        waiting += events


def collected() -> Sequence[Event] | None:
    """Return the events that the present act has recorded so far, or None outside an act."""
    return _collected.get()


@contextmanager
def collecting() -> Iterator[None]:
    """Let events wait for `write_collected`; what is not written is forgotten."""
    token = _collected.set([])
    try:
        yield
    finally:
        _collected.reset(token)


def write_collected() -> None:
    """Write the events of the present act in one statement."""
    _write(_collected.get() or [])


def forget_after(count: int) -> None:
    """Forget what the present act recorded after its first `count` events, because it was undone."""
    waiting = _collected.get()
    if waiting is not None:
        del waiting[count:]


def _write(events: Sequence[Event]) -> None:
    if not events:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_event (workspace_id, name, subject, actor, at, data) "
            "SELECT %s, e.* FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::jsonb[]) AS e",
            [
                current_workspace(),
                [_name_of(event) for event in events],
                [event.subject for event in events],
                [event.actor for event in events],
                [event.at for event in events],
                [_data_of(event) for event in events],
            ],
        )


def _name_of(event: Event) -> str:
    return str(event.__event_name__)  # type: ignore[attr-defined]


def events_between(after: int, until: int, *, limit: int) -> list[Recorded]:
    """Return the events of the workspace in scope with after < position <= until, oldest first, at most `limit`."""
    return _read("position > %s AND position <= %s ORDER BY position LIMIT %s", [after, until, limit])


def events_by_id(ids: Iterable[int]) -> dict[int, Recorded]:
    """Return some events of the workspace in scope by their row ids, numbered or not."""
    wanted = list(ids)
    return {one.id: one for one in _read("id = ANY(%s)", [wanted])} if wanted else {}


def head_position() -> int:
    """Return the position of the newest numbered event of the workspace in scope, 0 when there is none."""
    newest = ask(
        "SELECT position FROM kernel_event WHERE workspace_id = %s AND position IS NOT NULL ORDER BY position DESC LIMIT 1",
        [current_workspace()],
    )
    return int(newest[0][0]) if newest else 0


def history(subjects: Iterable[str], *, limit: int, before_id: int | None = None) -> list[Recorded]:
    """Return the newest events of some subjects in the workspace in scope, newest first, numbered or not."""
    return _read("subject = ANY(%s) AND id < %s ORDER BY id DESC LIMIT %s", [list(subjects), before_id or 2**62, limit])


def stories(subjects: Iterable[str], *, names: Collection[str] = ()) -> list[Recorded]:
    """Return all that was recorded of some subjects in the workspace in scope, oldest first, numbered or not.

    names: only these events; empty for all.

    For readers that work out a whole from its story; the caller bounds how many subjects it asks for.
    """
    if names:
        return _read("subject = ANY(%s) AND name = ANY(%s) ORDER BY id", [list(subjects), list(names)])
    return _read("subject = ANY(%s) ORDER BY id", [list(subjects)])


def stories_from(subjects: Iterable[str], *, first_id: int) -> list[Recorded]:
    """Return what was recorded of some subjects from an event on, oldest first, numbered or not.

    For readers that can tell a part from the events around it. first_id: the row id of the first event wanted.
    """
    return _read("subject = ANY(%s) AND id >= %s ORDER BY id", [list(subjects), first_id])


def trail(
    *,
    actor: str | None = None,
    names: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int,
) -> list[Recorded]:
    """Return what was done in the workspace in scope, newest first by the time it happened, numbered or not.

    actor: only this one, as `str(Actor)` writes it. names: only these events; empty for all.
    since, until: only what happened from `since` on and before `until`.
    before: time and id of the last event already seen, to go on behind it.
    limit: at most so many.
    """
    where, values = "true", list[Any]()
    if actor is not None:
        where, values = f"{where} AND actor = %s", [*values, actor]
    if names:
        where, values = f"{where} AND name = ANY(%s)", [*values, list(names)]
    if since is not None:
        where, values = f"{where} AND at >= %s", [*values, since]
    if until is not None:
        where, values = f"{where} AND at < %s", [*values, until]
    if before is not None:
        where, values = f"{where} AND (at, id) < (%s, %s)", [*values, *before]
    return _read(f"{where} ORDER BY at DESC, id DESC LIMIT %s", [*values, limit])


def _read(where: str, values: list[Any]) -> list[Recorded]:
    rows = ask(
        "SELECT id, coalesce(position, 0), workspace_id, name, recorded_at, subject, actor, at, data "  # noqa: S608
        f"FROM kernel_event WHERE workspace_id = %s AND {where}",
        [current_workspace(), *values],
    )
    return [_recorded(row) for row in rows]


def _recorded(row: tuple[Any, ...]) -> Recorded:
    event_id, position, workspace_id, name, recorded_at, subject_name, actor, at, data = row
    return Recorded(
        id=event_id,
        position=position,
        workspace_id=workspace_id,
        name=name,
        recorded_at=recorded_at,
        event=_event(name, subject_name, actor, at, data),
    )


def _event(name: str, subject_name: str, actor: str, at: datetime, data: dict[str, Any]) -> Event:
    # Fields are only ever added: an old row lacks new ones (their defaults serve), a newer house's row may carry more.
    cls = _registry.get(name, Event)
    known = {field: _from_json(kind, data[field]) for field, kind in _fields_of(name).items() if field in data}
    return cls(subject=subject_name, actor=actor, at=at, **known)


@cache
def _fields_of(name: str) -> dict[str, str]:
    """Return the fields of a kind of event beyond its envelope, each with its type in words."""
    cls = _registry.get(name, Event)
    types = get_type_hints(cls)
    return {field.name: str(types[field.name]) for field in fields(cls) if field.name not in _ENVELOPE}


def _data_of(event: Event) -> str:
    return json.dumps(
        {field: getattr(event, field) for field in _fields_of(_name_of(event))},
        default=_to_json,
        ensure_ascii=False,
    )


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"An event carries ids, numbers, words and times, not {type(value).__name__}.")


def _from_json(kind: str, value: Any) -> Any:
    if isinstance(value, str) and "datetime" in kind:
        return datetime.fromisoformat(value)
    if isinstance(value, list):
        return frozenset(value) if "frozenset" in kind else tuple(value)
    return value
