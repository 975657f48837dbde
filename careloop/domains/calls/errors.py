from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "AlreadyOnPhone",
    "AlreadyPassedOn",
    "AlreadyPaused",
    "CallGoesOn",
    "CallNotFound",
    "CallUnclear",
    "DoesNotWantCalls",
    "MayNotGoIntoCalls",
    "MayNotHandleCalls",
    "MayNotHear",
    "NoPhone",
    "NotYourCall",
    "NumberBarred",
    "NumberMissing",
    "PhoneRefused",
    "PhoneUnsure",
]


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


class AlreadyOnPhone(Conflict):
    """One talks to one customer at a time."""


class AlreadyPassedOn(Conflict):
    """One colleague or queue at a time is asked to take a call."""


class AlreadyPaused(Conflict):
    """A recording is paused once at a time; or it is not paused at all."""


class DoesNotWantCalls(Conflict):
    pass


class NumberMissing(Conflict):
    """Nobody has said at which number the customer can be called."""


class NoPhone(Conflict):
    """What has to be set up, or connected, before anything can be done by telephone."""


class NumberBarred(Forbidden):
    """A number that is not called from here."""


class PhoneRefused(Conflict):
    """The telephone system did not do it."""


class PhoneUnsure(Conflict):
    """The telephone system was asked, and did not say whether it does it."""


class MayNotGoIntoCalls(Forbidden):
    """Listening to calls is for those who lead or manage."""


class MayNotHear(Forbidden):
    """Recordings are for those who lead, manage or judge calls."""
