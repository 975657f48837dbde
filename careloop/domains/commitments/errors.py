from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "BadCallback",
    "BadPolicy",
    "CallbackNotFound",
    "CallbackOver",
    "CallbackOwed",
    "CallbackUnchanged",
    "ClockNotFound",
    "MayNotCallBack",
    "MayNotPromise",
    "PolicyNameTaken",
    "PolicyNotFound",
    "PolicyUnchanged",
]


class PolicyNotFound(NotFound):
    pass


class ClockNotFound(NotFound):
    pass


class MayNotPromise(Forbidden):
    pass


class PolicyNameTaken(Conflict):
    """Another policy of the workspace has the name."""


class PolicyUnchanged(Conflict):
    pass


class BadPolicy(Refusal):
    """A policy that promises nothing, or what cannot be counted."""


class CallbackNotFound(NotFound):
    """Nothing of the kind is promised in the case, or the case is not theirs to see."""


class MayNotCallBack(Forbidden):
    pass


class CallbackOwed(Conflict):
    """A callback is owed in the case already."""


class CallbackOver(Conflict):
    """Its time is over: it was missed, and nothing moves that."""


class CallbackUnchanged(Conflict):
    pass


class BadCallback(Refusal):
    """A time that cannot be kept, or words that do not fit."""
