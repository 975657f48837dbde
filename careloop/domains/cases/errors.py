from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "CaseClosedAlready",
    "CaseHeld",
    "CaseNotFound",
    "CaseUnclear",
    "ChangedMeanwhile",
    "MayNotConfigureCases",
    "MayNotWorkOnCases",
    "MoveNotAllowed",
    "NameTaken",
    "OpenTasks",
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


class CaseHeld(Conflict):
    """Something has to be done before the case may be solved."""


class ChangedMeanwhile(Conflict):
    pass


class OpenTasks(Conflict):
    """Colleagues still work on a part of the case: their tasks have to be done or withdrawn before it is solved."""


class NameTaken(Conflict):
    pass


class CaseUnclear(Refusal):
    pass
