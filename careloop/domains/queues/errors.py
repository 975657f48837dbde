from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "BadQueue",
    "BadReason",
    "BadRule",
    "MayNotKeepQueues",
    "MayNotMoveWork",
    "MovedMeanwhile",
    "NotWaiting",
    "OfferNotFound",
    "OfferOver",
    "QueueInUse",
    "QueueNameTaken",
    "QueueNotFound",
    "RuleNotFound",
    "WaitingNotFound",
]


class QueueNotFound(NotFound):
    pass


class RuleNotFound(NotFound):
    pass


class WaitingNotFound(NotFound):
    pass


class OfferNotFound(NotFound):
    pass


class MayNotKeepQueues(Forbidden):
    pass


class MayNotMoveWork(Forbidden):
    pass


class QueueNameTaken(Conflict):
    """Another queue of the workspace has the name."""


class QueueInUse(Conflict):
    """Something still waits in it, or goes into it."""


class MovedMeanwhile(Conflict):
    """Somebody else moved it since the reader looked."""


class NotWaiting(Conflict):
    """Somebody took it, or it left."""


class OfferOver(Conflict):
    """The offer ran out, was answered or was taken back."""


class BadQueue(Refusal):
    """A queue that nothing could stand in, or that nobody could serve."""


class BadReason(Refusal):
    """A refusal of an offer for a reason that is not on the list."""


class BadRule(Refusal):
    pass
