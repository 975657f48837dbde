from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "AlreadyAnswered",
    "AnswerUnclear",
    "FlagIsOver",
    "FlagNotFound",
    "MayNotAnswerFlags",
    "MayNotSeeFlags",
    "NotAnswered",
]


class FlagNotFound(NotFound):
    pass


class MayNotSeeFlags(Forbidden):
    pass


class MayNotAnswerFlags(Forbidden):
    pass


class AlreadyAnswered(Conflict):
    """Somebody answered before."""


class NotAnswered(Conflict):
    """There is no answer to doubt."""


class FlagIsOver(Conflict):
    """What the flag was about is gone from the data."""


class AnswerUnclear(Refusal):
    """An answer without words, or of a kind that there is not."""
