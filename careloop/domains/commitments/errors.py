from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["BadPolicy", "ClockNotFound", "MayNotPromise", "PolicyNameTaken", "PolicyNotFound", "PolicyUnchanged"]


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
