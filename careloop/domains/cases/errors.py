from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "CaseClosedAlready",
    "CaseNotFound",
    "CaseUnclear",
    "ChangedMeanwhile",
    "MayNotConfigureCases",
    "MayNotWorkOnCases",
    "MoveNotAllowed",
    "NameTaken",
]


class CaseNotFound(NotFound):
    pass


class MayNotWorkOnCases(Forbidden):
    pass


class MayNotConfigureCases(Forbidden):
    pass


class MoveNotAllowed(Conflict):
    pass


class CaseClosedAlready(Conflict):
    pass


class ChangedMeanwhile(Conflict):
    pass


class NameTaken(Conflict):
    pass


class CaseUnclear(Refusal):
    pass
