from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["BadTask", "CaseNotOpen", "MayNotDoTask", "TaskNotFound", "TaskOver", "TaskTaken", "TooManyTasks"]


class TaskNotFound(NotFound):
    """There is no such task, or it is not theirs to see."""


class MayNotDoTask(Forbidden):
    """Somebody else was asked."""


class TaskTaken(Conflict):
    """A colleague is on it."""


class TaskOver(Conflict):
    """It was answered, refused or withdrawn meanwhile."""


class CaseNotOpen(Conflict):
    """Nobody is asked for anything in a case that is solved or spam."""


class TooManyTasks(Conflict):
    """So many tasks of a case are not done yet that no more are asked for."""


class BadTask(Refusal):
    """A task that says nothing, asks nobody, or is due in the past; a refusal without a reason, an end without an answer."""
