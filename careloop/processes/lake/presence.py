"""What people do, folded into stretches: pure, from what the log says of some seats, oldest first.

Each change tells what it ended and what it began, so a stretch needs no more of a story than the changes around it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from careloop.domains.workforce.events import PresenceChanged
from careloop.kernel.events import Recorded
from careloop.processes.lake.naming import ours

__all__ = ["SEAT", "states_of"]

SEAT = "seat"

Row = dict[str, Any]


def states_of(story: Sequence[Recorded]) -> list[Row]:
    """Return what people did from when to when; what they do since the last change has no end.

    A stretch of no length is none: somebody changed their mind at once, or has their first state.
    """
    rows: dict[str, Row] = {}
    for one in story:
        if isinstance(event := one.event, PresenceChanged):
            if event.since < event.at:
                ended = _row(one.subject_id, event.was, event.was_reason, event.since) | {"ended_at": event.at}
                rows[ended["agent_state_id"]] = ended
            else:
                rows.pop(_key(one.subject_id, event.since), None)
            begun = _row(one.subject_id, event.state, event.reason, event.at)
            rows[begun["agent_state_id"]] = begun
    return list(rows.values())


def _row(user_id: int, state: str, reason: str, since: datetime) -> Row:
    return {
        "agent_state_id": _key(user_id, since),
        "agent_id": ours("user", user_id),
        "state": state,
        "reason": reason or None,
        "started_at": since,
        "ended_at": None,
    }


def _key(user_id: int, since: datetime) -> str:
    return f"{ours(SEAT, user_id)}:{since:%Y%m%dT%H%M%S%f}"
