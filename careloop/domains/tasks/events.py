"""What becomes of tasks. The subject is the case; what people write stays out of the log.

`team_id` and `person_id` say who was asked; `was_taken`, at an end, whether somebody was on it.
"""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = ["TaskAccepted", "TaskAsked", "TaskDone", "TaskRefused", "TaskWithdrawn"]


@event_type("task.asked")
class TaskAsked(Event):
    """due_at: by when whoever asks wishes it. shares: the parts of the case that are shown with it."""

    task_id: int
    team_id: int | None
    person_id: int | None
    due_at: datetime | None
    shares: tuple[str, ...]


@event_type("task.accepted")
class TaskAccepted(Event):
    """waited_seconds: since it was asked, by the calendar."""

    task_id: int
    team_id: int | None
    person_id: int | None
    waited_seconds: int


@event_type("task.done")
class TaskDone(Event):
    """seconds: since it was asked, by the calendar. is_late: after the wished time."""

    task_id: int
    team_id: int | None
    person_id: int | None
    was_taken: bool
    seconds: int
    is_late: bool


@event_type("task.refused")
class TaskRefused(Event):
    """seconds: since it was asked, by the calendar."""

    task_id: int
    team_id: int | None
    person_id: int | None
    was_taken: bool
    seconds: int


@event_type("task.withdrawn")
class TaskWithdrawn(Event):
    """why: person, customer (who says that the matter is solved) or spam."""

    task_id: int
    team_id: int | None
    person_id: int | None
    was_taken: bool
    why: str
