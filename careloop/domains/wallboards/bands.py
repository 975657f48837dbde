"""How long somebody waited, in bands so fine that every target one can choose is an edge of one.

Counters by band answer for any of the targets, also for one that was chosen after the fact: no counter has to be made anew.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = [
    "DEFERRED_SECONDS",
    "HALF_HOUR",
    "IMMEDIATE_SECONDS",
    "SHORT_SECONDS",
    "TARGETS",
    "band_of",
    "default_target",
    "is_deferred",
    "last_band",
    "slot_of",
]

HALF_HOUR: Final = timedelta(minutes=30)
SHORT_SECONDS: Final = 5
"""Who gives up before this never really waited (metrics.md A01, A06: `short_abandon_s`)."""
TARGETS: Final = (
    *(10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800),
    *(hours * 3600 for hours in (1, 2, 4, 8, 12, 24, 48, 72)),
)
"""Every target one can choose, in seconds."""
IMMEDIATE_SECONDS: Final[Mapping[str, int]] = {"voice": 20, "video": 20, "chat": 60, "in_person": 600}
"""Channels on which the customer stands waiting, with the target used until somebody sets another."""
DEFERRED_SECONDS: Final = 4 * 3600
"""The target of every other channel until somebody sets another."""


def slot_of(at: datetime) -> datetime:
    """Return the start of the half hour, in UTC, that a moment lies in."""
    seconds = int(HALF_HOUR.total_seconds())
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def band_of(wait: timedelta) -> int:
    """Return the band of a wait: 0 below SHORT_SECONDS, then one up to and with each target, and one beyond the last."""
    seconds = wait / timedelta(seconds=1)
    return 0 if seconds < SHORT_SECONDS else 1 + bisect_left(TARGETS, seconds)


def last_band(target_seconds: int) -> int:
    """Return the last band that lies within a target, which is one of TARGETS."""
    return 1 + TARGETS.index(target_seconds)


def is_deferred(channel: str) -> bool:
    """Say whether an answer on a channel may come later, because nobody stands waiting for it."""
    return channel not in IMMEDIATE_SECONDS


def default_target(channel: str) -> int:
    """Return the target of a channel for which nobody set one, in seconds."""
    return IMMEDIATE_SECONDS.get(channel, DEFERRED_SECONDS)
