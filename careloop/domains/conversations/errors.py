from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["AlreadyGone", "MayNotKeepReplies", "MessageEmpty", "MessageNotFound", "NameTaken"]


class MessageNotFound(NotFound):
    pass


class MessageEmpty(Refusal):
    pass


class AlreadyGone(Conflict):
    """The message left the house, so it cannot be taken back or sent again."""


class NameTaken(Conflict):
    pass


class MayNotKeepReplies(Forbidden):
    pass
