from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "AlreadyDecided",
    "ApprovalNotYours",
    "BadAbsence",
    "BadAnswers",
    "BadProcedure",
    "MayNotMakeProcedures",
    "MayNotSeeProcedures",
    "MayNotSkip",
    "ProcedureBegunAlready",
    "ProcedureEnded",
    "ProcedureNameTaken",
    "ProcedureNotFound",
    "ProcedureStandsSo",
    "ReasonMissing",
    "RunNotFound",
    "StepNotOpen",
]


class ProcedureNotFound(NotFound):
    pass


class RunNotFound(NotFound):
    pass


class MayNotMakeProcedures(Forbidden):
    pass


class MayNotSeeProcedures(Forbidden):
    pass


class MayNotSkip(Forbidden):
    pass


class ApprovalNotYours(Forbidden):
    """Somebody else approves this; nobody approves a request of their own."""


class ProcedureNameTaken(Conflict):
    pass


class ProcedureStandsSo(Conflict):
    """Nothing would change."""


class ProcedureBegunAlready(Conflict):
    """It is in progress in the case."""


class ProcedureEnded(Conflict):
    """It is done, or was left out."""


class StepNotOpen(Conflict):
    """It is not the step's turn, or this is not how it is done."""


class AlreadyDecided(Conflict):
    """Somebody was quicker."""


class BadProcedure(Refusal):
    """A procedure without steps, or one that asks what cannot be answered."""


class BadAnswers(Refusal):
    """A form that is not filled in as it has to be."""


class ReasonMissing(Refusal):
    pass


class BadAbsence(Refusal):
    pass
