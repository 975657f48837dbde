from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["CallGoesOn", "CallNotFound", "CallUnclear", "MayNotHandleCalls", "NotYourCall"]


class CallNotFound(NotFound):
    """Also for whoever may not see it."""


class CallUnclear(Refusal):
    pass


class CallGoesOn(Conflict):
    """What wants the call to be over."""


class NotYourCall(Forbidden):
    """Somebody else spoke with the caller."""


class MayNotHandleCalls(Forbidden):
    pass
