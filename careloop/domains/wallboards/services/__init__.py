"""Acts on what a workspace promises and watches."""

from careloop.domains.wallboards.services.alarms import LOOK_EVERY, WATCH, acknowledge, check_thresholds
from careloop.domains.wallboards.services.targets import set_target
from careloop.domains.wallboards.services.thresholds import add_threshold, change_threshold, remove_threshold

__all__ = [
    "LOOK_EVERY",
    "WATCH",
    "acknowledge",
    "add_threshold",
    "change_threshold",
    "check_thresholds",
    "remove_threshold",
    "set_target",
]
