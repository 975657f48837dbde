from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "AbuseNotFound",
    "AbuseUnclear",
    "AlreadyEnded",
    "AlreadyRested",
    "AlreadyWarned",
    "HandIsDown",
    "HandNotFound",
    "HandTaken",
    "HelpUnclear",
    "MayNotAskForHelp",
    "MayNotGiveRest",
    "MayNotHelp",
    "MayNotNoteAbuse",
    "MayNotTellTeams",
    "MessageNotFound",
    "MessageUnclear",
    "NoContact",
    "NotWarned",
]


class HandNotFound(NotFound):
    pass


class HandIsDown(Conflict):
    """The help that was asked for is over."""


class HandTaken(Conflict):
    """Somebody else is on the way already."""


class HelpUnclear(Refusal):
    pass


class MayNotAskForHelp(Forbidden):
    pass


class MayNotHelp(Forbidden):
    pass


class MessageNotFound(NotFound):
    """Also for those to whom it did not go."""


class MessageUnclear(Refusal):
    pass


class MayNotTellTeams(Forbidden):
    pass


class AbuseNotFound(NotFound):
    """Also for those to whom it did not happen."""


class AbuseUnclear(Refusal):
    pass


class NoContact(Conflict):
    """Nobody of the customer's spoke with us in this case."""


class NotWarned(Conflict):
    pass


class AlreadyWarned(Conflict):
    """One warning is enough."""


class AlreadyEnded(Conflict):
    pass


class AlreadyRested(Conflict):
    """The rest was taken, or it is long over."""


class MayNotNoteAbuse(Forbidden):
    pass


class MayNotGiveRest(Forbidden):
    pass
