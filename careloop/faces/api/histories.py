"""The log as machines read it."""

import base64
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.kernel.actors import Actor
from careloop.kernel.events import Recorded, history, subject
from careloop.kernel.paging import BadCursor, Page
from careloop.processes.timeline import PUBLIC_ACTS

__all__ = ["case_history", "event_shown", "position_of", "trail_cursor", "trail_place"]

ENVELOPE = frozenset({"subject", "actor", "at"})
MOST = 2**63 - 1


def case_history(*, case_id: int, viewer: Actor, cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Return what happened to a case, the newest first. Raises BadCursor."""
    before = position_of(cursor) if cursor else None
    found = history([subject("case", case_id)], limit=limit + 1, before_id=before)
    shown = found[:limit]
    is_told = rules.may_read_notes(viewer)
    return Page(
        items=[event_shown(one) for one in shown if is_told or one.name in PUBLIC_ACTS],
        next_cursor=str(shown[-1].id) if len(found) > limit else None,
    )


def event_shown(recorded: Recorded) -> dict[str, Any]:
    """Return an event in the shape of the API."""
    event = recorded.event
    facts = {field.name: _plain(getattr(event, field.name)) for field in fields(event) if field.name not in ENVELOPE}
    return {
        "id": recorded.id,
        "position": recorded.position,
        "name": recorded.name,
        "subject": event.subject,
        "actor": event.actor,
        "at": event.at,
        "recorded_at": recorded.recorded_at,
        "facts": facts,
    }


def position_of(cursor: str) -> int:
    """Return the place in the log that a cursor names. Raises BadCursor."""
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 19 or int(cursor) > MOST:
        raise BadCursor(_("This page link is not valid any more. Start again from the first page."))
    return int(cursor)


def trail_cursor(recorded: Recorded) -> str:
    """Return the cursor of a page of the trail that ends with an event."""
    place = f"{recorded.event.at.isoformat()} {recorded.id}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def trail_place(cursor: str) -> tuple[datetime, int]:
    """Return the place in the trail that a cursor names: the time and the id of its last event. Raises BadCursor."""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment, _space, number = place.partition(" ")
        at, event_id = datetime.fromisoformat(moment), position_of(number)
    except ValueError:
        at, event_id = datetime.min, 0  # noqa: DTZ901 - refused in the next line
    if at.tzinfo is None or event_id == 0:
        raise BadCursor(_("This page link is not valid any more. Start again from the first page."))
    return at, event_id


def _plain(value: Any) -> Any:
    match value:
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return value
