"""Who looks at a case and who writes on it: said by NOTIFY, kept in memory, gone by itself (design.md D2)."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db import connection

__all__ = ["PRESENCE", "PresenceKind", "Presences", "Present", "announce"]

PRESENCE: Final = "careloop_presence"


class PresenceKind(StrEnum):
    VIEWING = "viewing"
    TYPING = "typing"
    LEFT = "left"


LASTS_SECONDS: Final[Mapping[str, int]] = {PresenceKind.VIEWING: 45, PresenceKind.TYPING: 8}
LEAST_PAUSE_SECONDS: Final = 1.0
_said: dict[tuple[int, int, str], float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody on a case. seconds: for how long this holds unless it is said again."""

    user_id: int
    name: str
    is_writing: bool
    seconds: int


@dataclass(slots=True)
class _Seen:
    name: str
    viewing_until: float = 0
    typing_until: float = 0


def announce(*, workspace_id: int, case_id: int, user_id: int, name: str, kind: PresenceKind) -> None:
    """Tell every process that somebody looks at a case, writes on it, or left; at most once a second for each."""
    key, now = (user_id, case_id, kind.value), time.monotonic()
    if now - _said.get(key, 0.0) < LEAST_PAUSE_SECONDS:
        return
    if len(_said) > 10_000:
        _said.clear()
    _said[key] = now
    told = {"workspace": workspace_id, "case": case_id, "user": user_id, "name": name, "kind": kind.value}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [PRESENCE, json.dumps(told)])


class Presences:
    """What this process heard about who is where."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], dict[int, _Seen]] = {}

    def hear(self, told: Mapping[str, Any]) -> None:
        """Take in one announcement."""
        place = self._seen.setdefault((told["workspace"], told["case"]), {})
        now = time.monotonic()
        if told["kind"] == PresenceKind.LEFT:
            place.pop(told["user"], None)
        else:
            seen = place.setdefault(told["user"], _Seen(name=told["name"]))
            seen.viewing_until = now + LASTS_SECONDS[PresenceKind.VIEWING]
            if told["kind"] == PresenceKind.TYPING:
                seen.typing_until = now + LASTS_SECONDS[PresenceKind.TYPING]
        self._forget(now)

    def of(self, *, workspace_id: int, case_id: int, but: int) -> list[Present]:
        """Return who is on a case now, except one person, writers first."""
        now = time.monotonic()
        found = [
            Present(
                user_id=user_id,
                name=seen.name,
                is_writing=seen.typing_until > now,
                seconds=int((seen.typing_until if seen.typing_until > now else seen.viewing_until) - now),
            )
            for user_id, seen in self._seen.get((workspace_id, case_id), {}).items()
            if seen.viewing_until > now and user_id != but
        ]
        return sorted(found, key=lambda p: (not p.is_writing, p.name, p.user_id))

    def _forget(self, now: float) -> None:
        for key, place in list(self._seen.items()):
            for user_id, seen in list(place.items()):
                if seen.viewing_until <= now:
                    del place[user_id]
            if not place:
                del self._seen[key]
