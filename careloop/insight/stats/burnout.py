"""The burnout signal of a team, never of a person (metrics.md §3.10, metric I02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from careloop.insight.stats.sequential import ewma

__all__ = ["BurnoutInput", "BurnoutLevel", "BurnoutSignal", "TeamWeek", "burnout_signal"]

BASELINE_WEEKS = 8
FEWEST_PERSONS = 5
HIGH_OCCUPANCY, STRONG_OCCUPANCY, HIGH_DAYS = 0.85, 0.90, 3
SHORT_PAUSE_SHARE = 0.25
EXHAUSTED_SHARE = 0.40
# Participation that fell to less than so much of what it was says that answers are missing, not that all is well.
LEAST_PARTICIPATION, FEWEST_WAVES = 0.75, 2


class BurnoutLevel(StrEnum):
    """How much reason for care there is. UNKNOWN: nothing is adverse, but people stopped answering."""

    UNKNOWN = "unknown"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class BurnoutInput(StrEnum):
    """What is watched; each value is a field of TeamWeek."""

    OCCUPANCY = "occupancy_by_day"
    SHORT_PAUSES = "short_pause_share"
    OVERTIME = "overtime_seconds_p90"
    ABUSE = "abusive_per_1000"
    ABSENCE = "short_notice_absence_share"
    MISSED_BREAKS = "missed_break_share"
    ADHERENCE = "adherence_sd"
    EXHAUSTION = "exhausted_share"
    LEAVERS = "voluntary_leavers"


# The least that counts as one sigma of each input: a baseline that never moved must not make any first move an alarm.
LEAST_SIGMA = {
    BurnoutInput.OVERTIME: 900.0,
    BurnoutInput.ABUSE: 1.0,
    BurnoutInput.ABSENCE: 0.01,
    BurnoutInput.MISSED_BREAKS: 0.01,
    BurnoutInput.ADHERENCE: 0.01,
    BurnoutInput.EXHAUSTION: 0.05,
    BurnoutInput.LEAVERS: 0.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWeek:
    """One week of one team; None for what was not measured.

    persons: members. occupancy_by_day: share of staffed time spent on contacts, one figure per working day.
    short_pause_share: contacts with less than 10 s of pause before them. overtime_seconds_p90: per person.
    abusive_per_1000: contacts. short_notice_absence_share, missed_break_share: of shifts and of planned breaks.
    adherence_sd: of the daily shares. exhausted_share: top two answers of the anonymous pulse; exhausted_answers: how many
    answered. participation_share: of those invited to a pulse that closed in this week. voluntary_leavers: persons.
    """

    persons: int
    occupancy_by_day: tuple[float, ...] | None = None
    short_pause_share: float | None = None
    overtime_seconds_p90: float | None = None
    abusive_per_1000: float | None = None
    short_notice_absence_share: float | None = None
    missed_break_share: float | None = None
    adherence_sd: float | None = None
    exhausted_share: float | None = None
    exhausted_answers: int = 0
    participation_share: float | None = None
    voluntary_leavers: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnoutSignal:
    """The level of the last week, and why: the adverse inputs of the last two weeks, the later one last.

    strong_occupancy: occupancy reached 0.90, not only 0.85, on three days of the last week. not_measured: inputs of the last week
    that could not be judged, which is no sign of calm.
    """

    level: BurnoutLevel
    adverse: tuple[frozenset[BurnoutInput], frozenset[BurnoutInput]]
    strong_occupancy: bool
    not_measured: frozenset[BurnoutInput]


def burnout_signal(weeks: Sequence[TeamWeek]) -> BurnoutSignal | None:
    """Judge the last week of a team against bands and against its own first eight weeks.

    weeks: oldest first, without gaps; the first eight are the baseline, at least two more are judged.

    Occupancy is adverse at 0.85 or more on three days, pauses at 25 % short ones; everything else when its EWMA (λ 0.2, limit
    2.86 sigmas) has risen out of the limits of the baseline. Amber: two inputs adverse two weeks running. Red: amber, and 40 %
    of at least five pulse answers exhausted, or four inputs adverse. Where the last pulse had under three quarters of the
    participation of those before (at least two), green becomes unknown.

    Returns None with fewer than ten weeks, and for fewer than five persons in either judged week, whom it would single out.
    Raises ValueError.
    """
    for week in weeks:
        _check(week)
    if len(weeks) < BASELINE_WEEKS + 2 or min(week.persons for week in weeks[-2:]) < FEWEST_PERSONS:
        return None
    verdicts = [{one: _adverse(one, weeks[:end]) for one in BurnoutInput} for end in (len(weeks) - 1, len(weeks))]
    before, now = (frozenset(one for one, verdict in judged.items() if verdict) for judged in verdicts)
    last = weeks[-1]
    level = BurnoutLevel.GREEN
    if len(before) >= 2 and len(now) >= 2:
        exhausted = (
            last.exhausted_share is not None
            and last.exhausted_answers >= FEWEST_PERSONS
            and last.exhausted_share >= EXHAUSTED_SHARE
        )
        level = BurnoutLevel.RED if exhausted or len(now) >= 4 else BurnoutLevel.AMBER
    if level is BurnoutLevel.GREEN and _stopped_answering(weeks):
        level = BurnoutLevel.UNKNOWN
    return BurnoutSignal(
        level=level,
        adverse=(before, now),
        strong_occupancy=_days_at(last, STRONG_OCCUPANCY) >= HIGH_DAYS,
        not_measured=frozenset(one for one, verdict in verdicts[1].items() if verdict is None),
    )


def _stopped_answering(weeks: Sequence[TeamWeek]) -> bool:
    waves = [week.participation_share for week in weeks if week.participation_share is not None]
    if len(waves) <= FEWEST_WAVES:
        return False
    return waves[-1] < LEAST_PARTICIPATION * sum(waves[:-1]) / len(waves[:-1])


def _check(week: TeamWeek) -> None:
    shares = [*(week.occupancy_by_day or ()), week.short_pause_share, week.exhausted_share]
    shares += [week.short_notice_absence_share, week.missed_break_share, week.participation_share]
    if any(share is not None and not 0 <= share <= 1 for share in shares):
        raise ValueError("Shares of a team's week must lie between 0 and 1.")
    if week.persons < 0 or week.exhausted_answers < 0:
        raise ValueError("A team cannot have fewer than 0 persons or answers.")
    amounts = [week.overtime_seconds_p90, week.abusive_per_1000, week.adherence_sd, week.voluntary_leavers]
    if any(amount is not None and not 0 <= amount < np.inf for amount in amounts):
        raise ValueError("Figures of a team's week must be finite and 0 or more; None says that one was not measured.")


def _days_at(week: TeamWeek, occupancy: float) -> int:
    return sum(day >= occupancy for day in week.occupancy_by_day or ())


def _adverse(one: BurnoutInput, weeks: Sequence[TeamWeek]) -> bool | None:
    """Judge one input of the last of these weeks; None when it was not measured, then or in most of the baseline."""
    last = weeks[-1]
    if one is BurnoutInput.OCCUPANCY:
        return None if not last.occupancy_by_day else _days_at(last, HIGH_OCCUPANCY) >= HIGH_DAYS
    if one is BurnoutInput.SHORT_PAUSES:
        return None if last.short_pause_share is None else last.short_pause_share >= SHORT_PAUSE_SHARE
    values = np.array([getattr(week, one.value) for week in weeks], dtype=np.float64)
    if one is BurnoutInput.EXHAUSTION:
        # A pulse of fewer than five answers would tell who answered.
        values[[week.exhausted_answers < FEWEST_PERSONS for week in weeks]] = np.nan
    baseline = values[:BASELINE_WEEKS]
    baseline = baseline[~np.isnan(baseline)]
    if np.isnan(values[-1]) or len(baseline) <= BASELINE_WEEKS // 2:
        return None
    sigma = max(float(baseline.std(ddof=1)), LEAST_SIGMA[one])
    moved = ewma((values[BASELINE_WEEKS:] - baseline.mean()) / sigma)
    return bool(moved.values[-1] > moved.high[-1])
