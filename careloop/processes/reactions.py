"""Run what subscriptions.py lists: each reaction apart, so that one that fails delays no other."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from careloop.kernel import clock
from careloop.kernel.acts import attempt
from careloop.kernel.events import Recorded, events_between
from careloop.kernel.models import FailedReaction
from careloop.kernel.readers import Reader
from careloop.kernel.scope import workspace_scope

__all__ = ["Reaction", "reader_of", "retry_failed"]

log = logging.getLogger(__name__)

Reaction = Callable[[Sequence[Recorded]], None]
"""Receives those events of a batch that it is subscribed to, the oldest first."""
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def reader_of(subscriptions: Mapping[str, Sequence[Reaction]]) -> Reader:
    """Return the reader that gives every reaction its events, reaction by reaction, in the order of the table."""
    reactions = dict.fromkeys(reaction for subscribed in subscriptions.values() for reaction in subscribed)

    def read(events: Sequence[Recorded]) -> None:
        for reaction in reactions:
            awaited = [recorded for recorded in events if reaction in subscriptions.get(recorded.name, ())]
            if awaited:
                _react(reaction, awaited)

    return Reader(name="reactions", read=read)


def retry_failed(workspace_id: int, *, subscriptions: Mapping[str, Sequence[Reaction]], at: datetime) -> int:
    """Try the due failed reactions of a workspace again, each in its own transaction, and return how many were tried."""
    known = {_name(reaction): reaction for reactions in subscriptions.values() for reaction in reactions}
    tried = 0
    while True:
        with workspace_scope(workspace_id):
            failed = (
                FailedReaction.objects.select_for_update(skip_locked=True)
                .filter(due_at__lte=at)
                .order_by("due_at")
                .first()
            )
            if failed is None:
                return tried
            tried += 1
            (recorded,) = events_between(failed.position - 1, failed.position, limit=1)
            reaction = known.get(failed.reaction)
            if reaction is None or _problem_of(reaction, [recorded]) is None:
                failed.delete()  # done, or not asked for any more
                continue
            failed.attempts += 1
            failed.due_at = at + PAUSES[failed.attempts - 1] if failed.attempts <= len(PAUSES) else None
            failed.save(update_fields=["attempts", "due_at"])


def _react(reaction: Reaction, events: Sequence[Recorded]) -> None:
    """Run a reaction on all its events at once; when that fails, on each half, until the one that fails is found."""
    problem = _problem_of(reaction, events)
    if problem is None:
        return
    if len(events) > 1:
        half = len(events) // 2
        for part in (events[:half], events[half:]):
            _react(reaction, part)
        return
    log.error("reaction.failed", exc_info=problem, extra={"reaction": _name(reaction), "event_id": events[0].id})
    FailedReaction.objects.create(
        position=events[0].position,
        reaction=_name(reaction),
        error=f"{type(problem).__name__}: {problem}"[:2000],
        due_at=clock.now() + PAUSES[0],
    )


def _problem_of(reaction: Reaction, events: Sequence[Recorded]) -> Exception | None:
    """Run a reaction and return what went wrong, if anything; its half-done writes are undone."""
    try:
        with attempt():
            reaction(events)
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is logged and tried again
        return problem
    return None


def _name(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{reaction.__qualname__}"
