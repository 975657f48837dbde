"""Questions about what is going on now; answers are frozen rows, and visibility is an argument."""

from careloop.domains.wallboards.queries.alarms import (
    alarm,
    alarms,
    open_alarms,
    subjects_of_alarms,
    subjects_of_thresholds,
    threshold,
    thresholds,
)
from careloop.domains.wallboards.queries.figures import WEEKS, Periods, WallFigures, figures, periods_of
from careloop.domains.wallboards.queries.lengths import Lengths, lengths_now
from careloop.domains.wallboards.queries.standings import queue_standings
from careloop.domains.wallboards.queries.targets import Targets, targets, targets_in_force

__all__ = [
    "WEEKS",
    "Lengths",
    "Periods",
    "Targets",
    "WallFigures",
    "alarm",
    "alarms",
    "figures",
    "lengths_now",
    "open_alarms",
    "periods_of",
    "queue_standings",
    "subjects_of_alarms",
    "subjects_of_thresholds",
    "targets",
    "targets_in_force",
    "threshold",
    "thresholds",
]
