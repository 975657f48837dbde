from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "ChatClosed",
    "ChatEnded",
    "ChatMoved",
    "ChatNotFound",
    "ChatTaken",
    "EarlierMissing",
    "IdentityNotProved",
    "MayNotChat",
    "MayNotKeepWidgets",
    "MayNotMoveChats",
    "NotYourChat",
    "PersonOffWork",
    "WidgetNotFound",
    "WidgetTaken",
    "WidgetUnclear",
]


class ChatNotFound(NotFound):
    """Also for whoever has not the chat's secret."""


class WidgetNotFound(NotFound):
    pass


class ChatClosed(Conflict):
    """The hours of the widget are over, or as many wait as may; a message can be left."""


class ChatEnded(Conflict):
    pass


class PersonOffWork(Conflict):
    """Nobody is given a visitor who is not there to answer them."""


class ChatTaken(Conflict):
    """Somebody else was quicker."""


class ChatMoved(Conflict):
    """Somebody else moved it since the reader looked."""


class MayNotMoveChats(Forbidden):
    pass


class NotYourChat(Forbidden):
    pass


class EarlierMissing(Conflict):
    """A word came before the one that its writer had sent first."""


class IdentityNotProved(Forbidden):
    """The token of the site is forged, too old, or says nothing usable."""


class MayNotChat(Forbidden):
    pass


class MayNotKeepWidgets(Forbidden):
    pass


class WidgetUnclear(Refusal):
    pass


class WidgetTaken(Conflict):
    pass
