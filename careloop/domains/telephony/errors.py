from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["MayNotKeepPhones", "NameTaken", "NotListening", "NotTold", "PbxNotFound", "PbxUnclear"]


class PbxNotFound(NotFound):
    pass


class PbxUnclear(Refusal):
    pass


class NameTaken(Conflict):
    pass


class MayNotKeepPhones(Forbidden):
    pass


class NotListening(Conflict):
    """A telephone system that is paused."""


class NotTold(Conflict):
    """A telephone system of another kind than what is asked of it needs."""
