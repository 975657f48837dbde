"""Say who looks at a case and who writes on it: a NOTIFY to every process, no row, no event (design.md D2)."""

import json
import time
from enum import StrEnum
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.cases.rules import may_read_notes
from careloop.kernel.actors import Actor
from careloop.kernel.scope import current_workspace

__all__ = ["PRESENCE", "PresenceKind", "announce"]

PRESENCE: Final = "careloop_presence"


class PresenceKind(StrEnum):
    VIEWING = "viewing"
    TYPING = "typing"
    LEFT = "left"


LEAST_PAUSE_SECONDS: Final = 1.0
_said: dict[tuple[int, int, str], float] = {}


def announce(*, case_id: int, name: str, kind: PresenceKind, actor: Actor) -> None:
    """Tell every process that somebody looks at a case, writes on it, or left; at most once a second for each.

    case_id: a case that the actor may see. name: the actor's, as colleagues read it.

    Raises MayNotWorkOnCases for those who do not read notes: they are no colleagues.
    """
    if actor.user_id is None or not may_read_notes(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not write in them."))
    key, now = (actor.user_id, case_id, kind.value), time.monotonic()
    if now - _said.get(key, 0.0) < LEAST_PAUSE_SECONDS:
        return
    if len(_said) > 10_000:
        _said.clear()
    _said[key] = now
    told = {
        "workspace": current_workspace(),
        "case": case_id,
        "user": actor.user_id,
        "name": name,
        "kind": kind.value,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [PRESENCE, json.dumps(told)])
