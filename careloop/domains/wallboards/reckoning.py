"""Live figures from counters, as pure values (metrics.md A01, A06, A10, A11; docs/reasons/wallboard.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from careloop.domains.wallboards.bands import is_deferred, last_band
from careloop.domains.wallboards.types import Kind, Place

__all__ = ["LEAST_JUDGED", "Open", "QueueFigures", "Share", "Tallies", "combined", "queue_figures"]

LEAST_JUDGED = 10
"""A share of fewer than this says nothing yet, and raises no alarm (metrics.md A02: `min_offered`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    kept: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        """From 0 to 1; None when there is nothing to be a share of."""
        return self.kept / self.of if self.of else None


@dataclass(slots=True)
class Tallies:
    """What one queue's counters say about one period: how often, by kind and band."""

    _counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, kind: str, band: int, count: int) -> None:
        """Take in a counter."""
        self._counts[kind, band] = self._counts.get((kind, band), 0) + count

    def total(self, kind: Kind, *, first: int = 0, last: int | None = None) -> int:
        """Count a kind, from band to band, both included; to the end when `last` is None."""
        return sum(
            count
            for (what, band), count in self._counts.items()
            if what == kind and band >= first and (last is None or band <= last)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Intervals of one queue that are open now.

    oldest_at: since when the longest wait lasts. overdue: waiting beyond the target, due_soon: reaching it within half an
    hour. overdue_today, overdue_half_hour: those of the overdue that came in this period. is_known: whether these are all;
    False while a source that tells of the queue has fallen behind.
    """

    is_known: bool = True
    waiting: int = 0
    oldest_at: datetime | None = None
    due_soon: int = 0
    overdue: int = 0
    overdue_today: int = 0
    overdue_half_hour: int = 0

    def __add__(self, other: "Open") -> "Open":
        """Put what two sources tell of one queue together."""
        return Open(
            is_known=self.is_known and other.is_known,
            waiting=self.waiting + other.waiting,
            oldest_at=_earliest([self.oldest_at, other.oldest_at]),
            due_soon=self.due_soon + other.due_soon,
            overdue=self.overdue + other.overdue,
            overdue_today=self.overdue_today + other.overdue_today,
            overdue_half_hour=self.overdue_half_hour + other.overdue_half_hour,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """One queue, or several together, at one moment.

    queue: what another source calls it, where no team of ours is called so; empty for a team's own.
    target_seconds: None where queues with different targets stand together.
    is_open_known: whether everybody who waits is known. If not, waiting, due_soon and overdue count those that are, and are None
    rather than 0 where nobody is.
    usual: how many were new in the same hour of the same weekday, in each of the weeks that are known.
    Shares count what came in the period, against each queue's target.
    """

    team_id: int | None = None
    queue: str = ""
    channel: str = ""
    target_seconds: int | None = None
    is_open_known: bool = True
    waiting: int | None = 0
    oldest_at: datetime | None = None
    due_soon: int | None = 0
    overdue: int | None = 0
    new_today: int = 0
    new_half_hour: int = 0
    new_hour: int = 0
    usual: tuple[int, ...] = ()
    answers_today: int = 0
    answers_half_hour: int = 0
    abandoned_today: int = 0
    today: Share = Share()
    half_hour: Share = Share()

    @property
    def usual_hour(self) -> float | None:
        """The median of the weeks; None before there is one."""
        return median(self.usual) if self.usual else None


def queue_figures(
    *,
    place: Place,
    target_seconds: int,
    today: Tallies,
    half_hour: Tallies,
    hour: Tallies,
    usual: tuple[int, ...],
    open_now: Open,
) -> QueueFigures:
    """Work out one queue.

    today, half_hour: counters since the day and the half hour began. hour: of the last whole hour.
    """
    channel = place.channel
    return QueueFigures(
        team_id=place.team_id,
        queue=place.queue,
        channel=channel,
        target_seconds=target_seconds,
        is_open_known=open_now.is_known,
        waiting=_at_least(open_now.waiting, is_known=open_now.is_known),
        oldest_at=open_now.oldest_at,
        due_soon=_at_least(open_now.due_soon, is_known=open_now.is_known),
        overdue=_at_least(open_now.overdue, is_known=open_now.is_known),
        new_today=today.total(Kind.ARRIVED),
        new_half_hour=half_hour.total(Kind.ARRIVED),
        new_hour=hour.total(Kind.ARRIVED),
        usual=usual,
        answers_today=today.total(Kind.ANSWERS),
        answers_half_hour=half_hour.total(Kind.ANSWERS),
        abandoned_today=today.total(Kind.ABANDONED, first=_first_real(channel)),
        today=_within(today, channel, target_seconds, open_now.overdue_today),
        half_hour=_within(half_hour, channel, target_seconds, open_now.overdue_half_hour),
    )


def combined(queues: Iterable[QueueFigures], *, is_open_known: bool = True) -> QueueFigures:
    """Put queues together: sums of what was counted, the longest of the waits, shares over all their contacts.

    is_open_known: False where somebody else may wait of whom nothing is known.
    """
    rows = list(queues)
    is_known = is_open_known and all(row.is_open_known for row in rows)
    targets = {row.target_seconds for row in rows}
    return QueueFigures(
        target_seconds=targets.pop() if len(targets) == 1 else None,
        is_open_known=is_known,
        waiting=_at_least(sum(row.waiting or 0 for row in rows), is_known=is_known),
        oldest_at=_earliest(row.oldest_at for row in rows),
        due_soon=_at_least(sum(row.due_soon or 0 for row in rows), is_known=is_known),
        overdue=_at_least(sum(row.overdue or 0 for row in rows), is_known=is_known),
        new_today=sum(row.new_today for row in rows),
        new_half_hour=sum(row.new_half_hour for row in rows),
        new_hour=sum(row.new_hour for row in rows),
        usual=tuple(map(sum, zip(*(row.usual for row in rows), strict=True))),
        answers_today=sum(row.answers_today for row in rows),
        answers_half_hour=sum(row.answers_half_hour for row in rows),
        abandoned_today=sum(row.abandoned_today for row in rows),
        today=_together(row.today for row in rows),
        half_hour=_together(row.half_hour for row in rows),
    )


def _at_least(count: int, *, is_known: bool) -> int | None:
    """Return a count, or None where it is 0 only because nobody knows better."""
    return count if is_known or count else None


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _within(tallies: Tallies, channel: str, target_seconds: int, overdue: int) -> Share:
    last = last_band(target_seconds)
    kept, answered = tallies.total(Kind.ANSWERED, last=last), tallies.total(Kind.ANSWERED)
    if is_deferred(channel):
        # Whoever waits beyond the target is a failure already, not only once answered (metrics.md A11).
        missed = tallies.total(Kind.ABANDONED, first=last + 1) + overdue
    else:
        missed = tallies.total(Kind.ABANDONED, first=_first_real(channel))
    return Share(kept=kept, of=answered + missed)


def _first_real(channel: str) -> int:
    # Nobody gives up a mail by hanging up at once.
    return 0 if is_deferred(channel) else 1


def _together(shares: Iterable[Share]) -> Share:
    rows = list(shares)
    return Share(kept=sum(row.kept for row in rows), of=sum(row.of for row in rows))
