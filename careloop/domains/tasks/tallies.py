"""How many tasks nobody is on yet, for each team and each person asked by name, so that no page has to count them."""

from collections import Counter
from collections.abc import Sequence

from careloop.domains.notifications.services import add_pending
from careloop.domains.notifications.types import Waiting
from careloop.domains.tasks.events import TaskAccepted, TaskAsked, TaskDone, TaskRefused, TaskWithdrawn
from careloop.kernel.events import Recorded

__all__ = ["count_tasks"]


def count_tasks(recorded: Sequence[Recorded]) -> None:
    """Keep how many tasks wait for whom: one more when somebody is asked, one less when somebody is on it or it is over before."""
    changes: Counter[tuple[int | None, int | None]] = Counter()
    for one in recorded:
        event = one.event
        match event:
            case TaskAsked(person_id=person_id, team_id=team_id):
                changes[_whom(person_id, team_id)] += 1
            case (
                TaskAccepted(person_id=person_id, team_id=team_id)
                | TaskDone(person_id=person_id, team_id=team_id, was_taken=False)
                | TaskRefused(person_id=person_id, team_id=team_id, was_taken=False)
                | TaskWithdrawn(person_id=person_id, team_id=team_id, was_taken=False)
            ):
                changes[_whom(person_id, team_id)] -= 1
    add_pending(Waiting.TASK, changes)


def _whom(person_id: int | None, team_id: int | None) -> tuple[int | None, int | None]:
    return (person_id, None) if person_id is not None else (None, team_id)
