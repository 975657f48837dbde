from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["MayNotKeepPhones", "NameTaken", "PbxNotFound", "PbxUnclear"]


class PbxNotFound(NotFound):
    pass


class PbxUnclear(Refusal):
    pass


class NameTaken(Conflict):
    pass


class MayNotKeepPhones(Forbidden):
    pass
