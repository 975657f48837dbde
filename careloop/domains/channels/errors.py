from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "AddressTaken",
    "MailNotFound",
    "MailboxNotFound",
    "MailboxUnclear",
    "MayNotKeepMailboxes",
    "MessengerNotFound",
    "MessengerUnclear",
    "NothingToRetry",
    "NumberTaken",
    "WebFormNotFound",
]


class MailNotFound(NotFound):
    pass


class MailboxNotFound(NotFound):
    pass


class WebFormNotFound(NotFound):
    pass


class MailboxUnclear(Refusal):
    pass


class MessengerNotFound(NotFound):
    pass


class MessengerUnclear(Refusal):
    pass


class NumberTaken(Conflict):
    pass


class AddressTaken(Conflict):
    pass


class NothingToRetry(Conflict):
    pass


class MayNotKeepMailboxes(Forbidden):
    pass
