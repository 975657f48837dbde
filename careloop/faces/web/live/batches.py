"""What a stream sends next: read from the log in one scope, for one viewer, by the rules every page goes by."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest

from careloop.domains.calls.rules import may_see as may_see_calls
from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.queries import visible_among, visible_case_ids
from careloop.domains.commitments import rules as commitments_rules
from careloop.domains.commitments.states import Measure
from careloop.domains.conversations.types import Audience
from careloop.domains.people.attendance import note_here
from careloop.domains.people.queries import actor_for
from careloop.domains.queues.rules import may_see_queues
from careloop.domains.supervision.rules import may_see_hands, may_tell_teams
from careloop.domains.tasks.rules import may_list as may_list_tasks
from careloop.domains.wallboards.rules import may_see as may_see_wall
from careloop.domains.workforce.rules import may_see_seats
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.events import Recorded, events_between, head_position
from careloop.kernel.scope import workspace_scope

__all__ = ["Batch", "Telling", "Watcher", "is_signed_in", "read_batch"]

MOST: Final = 500
"""Further behind than this, a page does better to load again than to hear everything."""
SAID_ELSEWHERE: Final = frozenset({"case.answered", "case.customer_wrote", "case.third_party_wrote"})
"""Acts whose words are events of their own; they only move the case."""
ANSWERED: Final = frozenset({"task.done", "task.refused"})
"""What others say to a task: words in the story, and news of the task."""
ONCE: Final = frozenset(
    {"seat", "offer", "floor", "call", "calls", "hands", "team-message", "team-message-read", "tasks", "wall"}
)
"""News of which only the last in a batch says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who watches which workspace, in which session."""

    workspace_id: int
    user_id: int
    session_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One event of a stream. position: its id in the log, 0 for what is not in the log. detail: further facts, as JSON."""

    name: str
    position: int = 0
    detail: dict[str, object] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """Return it as a server-sent event."""
        mark = f"id: {self.position}\n" if self.position else ""
        return f"{mark}data: {json.dumps({'name': self.name, **self.detail}, ensure_ascii=False)}\n\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What to send now. position: read on behind it. is_over: the watcher may watch no more.

    visible: those of the asked cases whose presence the watcher may see.
    """

    tellings: Sequence[Telling] = ()
    position: int = 0
    is_over: bool = False
    visible: Collection[int] = ()


def read_batch(watcher: Watcher, *, after: int | None, asked: Collection[int], notes_presence: bool = False) -> Batch:
    """Read what is new for a watcher, in a scope of its own; to be called in a thread.

    after: the position read so far; None begins at the end of the log. asked: cases whose presence changed.
    notes_presence: note at the same time that the watcher is here.
    """
    try:
        return _read(watcher, after=after, asked=asked, notes_presence=notes_presence)
    except (InterfaceError, OperationalError):
        # The server went away: the stream ends, its browser comes back, and a fresh connection serves it.
        connection.close()
        raise


def _read(watcher: Watcher, *, after: int | None, asked: Collection[int], notes_presence: bool) -> Batch:
    with workspace_scope(watcher.workspace_id):
        viewer = actor_for(watcher.user_id, watcher.workspace_id)
        if viewer is None or not is_signed_in(watcher):
            return Batch(is_over=True)
        if notes_presence:
            note_here(user_id=watcher.user_id, at=clock.now())
        head = head_position()
        visible = visible_among(asked, viewer=viewer) if cases_rules.may_read_notes(viewer) else set()
        if after is None:
            return Batch(position=head, visible=visible)
        found = events_between(after, head, limit=MOST + 1)
        if len(found) > MOST or after > head:
            return Batch(tellings=[Telling(name="resync", position=head)], position=head, visible=visible)
        return Batch(
            tellings=_tellings(found, viewer), position=found[-1].position if found else after, visible=visible
        )


def _tellings(found: Sequence[Recorded], viewer: Actor) -> list[Telling]:
    where = _cases(found, viewer)
    told: list[Telling] = []
    for recorded in found:
        case_id = where.get(recorded.id)
        what = _what(recorded, viewer) if case_id is not None else None
        if what is None:
            continue
        suffix = "-own" if recorded.event.actor == f"user:{viewer.id}" else what
        suffixes = [suffix, "-tasks"] if recorded.name in ANSWERED else [suffix]
        told += [
            Telling(name=f"case-{case_id}{one}", position=recorded.position, detail={"case": case_id})
            for one in suffixes
        ]
        if recorded.name == "case.opened" and suffix != "-own":
            told.append(Telling(name="case-opened", position=recorded.position, detail={"case": case_id}))
    told += _at_work(found, viewer)
    if told:
        # Carries the end of the batch, so that what was not for this viewer is not read again after a reconnect.
        told.append(Telling(name="list", position=found[-1].position))
    return _without_repeats(told)


def _cases(found: Sequence[Recorded], viewer: Actor) -> dict[int, int]:
    """Return the case each event is about, by the event's id, where the viewer may see it."""
    about: dict[str, dict[int, list[int]]] = {"case": {}, "conversation": {}}
    for recorded in found:
        kind = recorded.event.subject.partition(":")[0]
        if kind in about:
            about[kind].setdefault(recorded.subject_id, []).append(recorded.id)
    seen = visible_among(about["case"], viewer=viewer)
    linked = visible_case_ids(about["conversation"], viewer=viewer) if about["conversation"] else {}
    places = {event_id: case_id for case_id in seen for event_id in about["case"][case_id]}
    places |= {event_id: case_id for key, case_id in linked.items() for event_id in about["conversation"][key]}
    return places


def _what(recorded: Recorded, viewer: Actor) -> str | None:
    """Return what kind of news an event is: words (""), "-changed" or another suffix, or nothing for this viewer."""
    reads_notes = cases_rules.may_read_notes(viewer)
    name, event = recorded.name, recorded.event
    if name in {"message.received", "message.written"}:
        is_inner = getattr(event, "audience", "") == Audience.THIRD_PARTY
        return "" if reads_notes or not is_inner else None
    if name == "case.noted":
        return "" if reads_notes else None
    if name in {"message.delivery_changed", "message.recalled"}:
        return "-delivery" if reads_notes else None
    if name.startswith("commitment.") and getattr(event, "measure", "") == Measure.TASK:
        return "-tasks" if reads_notes else None
    if name.startswith("commitment."):
        return "-promises" if commitments_rules.may_see_promises(viewer) else None
    if name.startswith(("procedure.", "approval.")):
        return "-procedures" if reads_notes else None
    if name in ANSWERED:
        return "" if reads_notes else None
    if name.startswith("task."):
        return "-tasks" if reads_notes else None
    if name.startswith("abuse."):
        return "-changed" if reads_notes else None
    if name in SAID_ELSEWHERE:
        return "-changed"
    if name.startswith("callback.") or (name == "call.attached" and reads_notes):
        return "-changed"
    return "-changed" if name.startswith("case.") and (reads_notes or hasattr(event, "now_status_id")) else None


def _at_work(found: Iterable[Recorded], viewer: Actor) -> list[Telling]:
    """Return what is new about who does what and what waits.

    "seat": the viewer's own state. "offer": what is offered to them. "floor": somebody's state, or how much waits.
    "call": a call at the viewer's phone. "calls": any call that they may see.
    "hands": somebody asks for help, or does not any more. "chat-7": somebody else has it, or it is over.
    "tasks": something became of a task that they are asked for.
    "team-message": something was said to a team; "team-message-read": somebody has read it.
    "wall": something alarms, is taken care of, or is over; or something else is watched.
    "waiting-new": something begins to wait. "waiting-7": something else became of what has this primary key.
    """
    sees_seats, sees_queues, sees_calls = may_see_seats(viewer), may_see_queues(viewer), may_see_calls(viewer)
    told: list[Telling] = []
    for recorded in found:
        name, event, names = recorded.name, recorded.event, list[str]()
        waiting_id = getattr(event, "waiting_id", None)
        if name == "presence.changed":
            names += ["seat"] if event.subject == f"seat:{viewer.user_id}" else []
            names += ["floor"] if sees_seats else []
        elif waiting_id is not None:
            is_theirs = name.startswith("offer.") and getattr(event, "user_id", None) == viewer.user_id
            names += ["offer"] if is_theirs else []
            kind = "new" if name in {"waiting.entered", "waiting.taken_back"} else waiting_id
            names += [f"waiting-{kind}", "floor"] if sees_queues else []
        elif name in {"pbx.failing", "pbx.recovered"}:
            names += ["calls"] if sees_calls else []
        elif name.startswith("call.") and sees_calls:
            names += ["calls"]
            names += ["call"] if viewer.user_id in getattr(event, "people", ()) else []
        elif name.startswith("commitment.") and event.subject.startswith("call:"):
            names += ["calls"] if sees_calls else []
        elif name in {"chat.agent_joined", "chat.handed_over", "chat.ended"}:
            names += [f"chat-{recorded.subject_id}"] if sees_queues else []
        elif name.startswith("task."):
            is_theirs = getattr(event, "person_id", None) == viewer.user_id
            is_theirs = is_theirs or getattr(event, "team_id", None) in viewer.team_ids
            names += ["tasks"] if is_theirs and may_list_tasks(viewer) else []
        elif name == "team_message.sent":
            names += ["team-message"]
        elif name == "team_message.read":
            names += ["team-message-read"] if may_tell_teams(viewer) else []
        elif name.startswith("wall."):
            names += ["wall"] if sees_queues and may_see_wall(viewer) else []
        elif name.startswith("hand."):
            names += ["seat"] if getattr(event, "user_id", None) == viewer.user_id else []
            names += ["hands"] if may_see_hands(viewer) else []
        told += [Telling(name=one, position=recorded.position) for one in names]
    return told


def _without_repeats(told: Iterable[Telling]) -> list[Telling]:
    # Words are counted one by one; of everything else only the last in a batch says anything.
    last: dict[str, Telling] = {}
    words: list[Telling] = []
    for telling in told:
        if (
            telling.name.endswith(("-changed", "-delivery", "-promises", "-procedures", "-tasks", "-own", "list"))
            or telling.name in ONCE
        ):
            last[telling.name] = telling
        else:
            words.append(telling)
    return sorted([*words, *last.values()], key=lambda t: (t.position, t.name == "list"))


def is_signed_in(watcher: Watcher) -> bool:
    """Say whether the watcher's session still lasts."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(watcher.session_key)
    return bool(get_user(request).pk == watcher.user_id)
