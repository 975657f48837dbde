"""What happens because time passed: rows with a due time, claimed once, acted on in the claiming transaction."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from careloop.kernel.models import Timer
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.kernel.statements import ask

__all__ = ["Ring", "clear_timer", "clear_timers", "due_workspaces", "ring_due", "set_timer", "set_timers"]

log = logging.getLogger(__name__)

Ring = Callable[[int, datetime], None]
"""Called with the subject's id and the present time, inside the workspace's scope.

Looks at its subject again before it acts: a timer that rings at this moment is not taken back any more.
"""

GIVE_UP_AFTER = 8


def set_timer(*, kind: str, subject_id: int, due_at: datetime) -> None:
    """Let `kind` happen to a subject at a time; a timer already set for both is moved."""
    set_timers(kind=kind, due_at={subject_id: due_at})


def set_timers(*, kind: str, due_at: Mapping[int, datetime]) -> None:
    """Let `kind` happen to some subjects, each at its time; timers already set are moved."""
    subject_ids = sorted(due_at)  # in one order, so that two who set several never wait for each other
    if subject_ids:
        ask(_SET, [current_workspace(), kind, subject_ids, [due_at[subject_id] for subject_id in subject_ids]])


_SET: Final = """
INSERT INTO kernel_timer (workspace_id, kind, subject_id, due_at, attempts, error)
SELECT %s::bigint, %s, due.subject_id, due.at, 0, '' FROM unnest(%s::bigint[], %s::timestamptz[]) AS due (subject_id, at)
ON CONFLICT (workspace_id, kind, subject_id) DO UPDATE SET due_at = excluded.due_at RETURNING id
"""


def clear_timer(*kinds: str, subject_id: int) -> None:
    """Take the timers of some kinds back, each if it is set and does not ring at this moment.

    Nobody waits for the ringing, which may be waiting for whoever holds the subject.
    """
    clear_timers(*kinds, subject_ids=[subject_id])


def clear_timers(*kinds: str, subject_ids: Collection[int]) -> None:
    """Take the timers of some kinds back for several subjects, as `clear_timer` does for one."""
    if subject_ids:
        ask(_CLEAR, [list(kinds), list(subject_ids)])


_CLEAR: Final = """
DELETE FROM kernel_timer WHERE id = ANY (ARRAY(
    SELECT id FROM kernel_timer WHERE kind = ANY(%s) AND subject_id = ANY(%s::bigint[]) FOR UPDATE SKIP LOCKED
)) RETURNING id
"""


def due_workspaces(at: datetime) -> list[int]:
    """Return the workspaces where something is due: a timer, or another try of a reaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT careloop_due_workspaces(%s)", [at])
        return [row[0] for row in cursor.fetchall()]


def ring_due(workspace_id: int, *, rings: Mapping[str, Ring], at: datetime, most: int = 100) -> int:
    """Act on the due timers of a workspace, each in its own transaction, and return how many rang.

    A timer whose act fails is tried again with growing pauses, and after the last try stays where a person sees it.
    """
    rung = 0
    while rung < most and _ring_one(workspace_id, rings=rings, at=at):
        rung += 1
    return rung


def _ring_one(workspace_id: int, *, rings: Mapping[str, Ring], at: datetime) -> bool:
    with workspace_scope(workspace_id):
        timer = (
            Timer.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=at, attempts__lt=GIVE_UP_AFTER)
            .order_by("due_at", "id")
            .first()
        )
        if timer is None:
            return False
        try:
            with transaction.atomic():
                timer_id = timer.pk
                timer.delete()
                rings[timer.kind](timer.subject_id, at)
        except Exception as problem:
            log.exception("timer.failed", extra={"kind": timer.kind, "subject_id": timer.subject_id})
            Timer.objects.filter(pk=timer_id).update(
                attempts=timer.attempts + 1,
                error=f"{type(problem).__name__}: {problem}"[:2000],
                due_at=at + timedelta(seconds=30 * 4**timer.attempts),
            )
        return True
