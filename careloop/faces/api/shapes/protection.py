"""Abusive contacts, and what was done to protect people."""

from datetime import datetime
from typing import Any, Literal

from careloop.domains.supervision.types import AbuseRow
from careloop.faces.api.shapes.common import Given, Shown

__all__ = ["AbuseGiven", "AbuseList", "AbuseShown", "RestGiven", "abuse_shown"]

Kind = Literal["insult", "threat", "sexual", "hate", "other"]


class AbuseGiven(Given):
    """kind: what the customer did."""

    kind: Kind


class RestGiven(Given):
    minutes: Literal[10, 20, 30]


class AbuseShown(Shown):
    """Somebody was abused in a contact. warned_at, ended_at: when they warned the customer and ended the contact, or null.

    rest_seconds: how long they rested from rested_at on.
    """

    id: int
    user_id: int
    contact_id: int
    chat_id: int | None
    kind: Kind
    noted_at: datetime
    warned_at: datetime | None
    ended_at: datetime | None
    rested_at: datetime | None
    rest_seconds: int | None


class AbuseList(Shown):
    """At most 100."""

    items: list[AbuseShown]


def abuse_shown(row: AbuseRow) -> dict[str, Any]:
    """Return what was written down about abuse as machines read it."""
    return {
        "id": row.id,
        "user_id": row.user_id,
        "contact_id": row.contact_id,
        "chat_id": row.chat_id,
        "kind": row.kind,
        "noted_at": row.noted_at,
        "warned_at": row.warned_at,
        "ended_at": row.ended_at,
        "rested_at": row.rested_at,
        "rest_seconds": row.rest_s,
    }
