"""Who is on a case now, as this process has heard it: kept in memory, gone by itself (design.md D2)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from careloop.processes.presence import PresenceKind

__all__ = ["Presences", "Present"]

LASTS_SECONDS: Final[Mapping[str, int]] = {PresenceKind.VIEWING: 45, PresenceKind.TYPING: 8}


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
