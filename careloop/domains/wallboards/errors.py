from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "AlarmIsOver",
    "AlarmNotFound",
    "AlreadyAcknowledged",
    "MayNotAcknowledge",
    "MayNotSeeWall",
    "MayNotSetThresholds",
    "NoSuchTarget",
    "ThresholdNotFound",
    "ThresholdUnclear",
    "TooManyThresholds",
]


class ThresholdNotFound(NotFound):
    pass


class AlarmNotFound(NotFound):
    pass


class AlarmIsOver(Conflict):
    pass


class MayNotSeeWall(Forbidden):
    pass


class MayNotSetThresholds(Forbidden):
    pass


class MayNotAcknowledge(Forbidden):
    pass


class AlreadyAcknowledged(Conflict):
    """Somebody took notice before."""


class ThresholdUnclear(Refusal):
    """Values that contradict each other; `fields` says which."""


class NoSuchTarget(Refusal):
    """A team, channel or time that there is not."""


class TooManyThresholds(Refusal):
    """More than a person could ever follow."""
