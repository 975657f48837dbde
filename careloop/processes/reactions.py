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

Reaction = Callable[[Recorded], None]
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def reader_of(subscriptions: Mapping[str, Sequence[Reaction]]) -> Reader:
    """Return the reader that calls every reaction to every event, in the order of the table."""

    def read(events: Sequence[Recorded]) -> None:
        for recorded in events:
            for reaction in subscriptions.get(recorded.name, ()):
                _react(reaction, recorded)

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
            if reaction is None or _problem_of(reaction, recorded) is None:
                failed.delete()  # done, or not asked for any more
                continue
            failed.attempts += 1
            failed.due_at = at + PAUSES[failed.attempts - 1] if failed.attempts <= len(PAUSES) else None
            failed.save(update_fields=["attempts", "due_at"])


def _react(reaction: Reaction, recorded: Recorded) -> None:
    problem = _problem_of(reaction, recorded)
    if problem is not None:
        FailedReaction.objects.create(
            position=recorded.position,
            reaction=_name(reaction),
            error=f"{type(problem).__name__}: {problem}"[:2000],
            due_at=clock.now() + PAUSES[0],
        )


def _problem_of(reaction: Reaction, recorded: Recorded) -> Exception | None:
    """Run a reaction and return what went wrong, if anything; its half-done writes are undone."""
    try:
        with attempt():
            reaction(recorded)
    except Exception as problem:
        log.exception("reaction.failed", extra={"reaction": _name(reaction), "event_id": recorded.id})
        return problem
    return None


def _name(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{reaction.__qualname__}"
