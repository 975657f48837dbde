from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "HandIsDown",
    "HandNotFound",
    "HandTaken",
    "HelpUnclear",
    "MayNotAskForHelp",
    "MayNotHelp",
    "MayNotTellTeams",
    "MessageNotFound",
    "MessageUnclear",
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
