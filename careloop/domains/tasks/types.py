"""What may cross the threshold of the tasks domain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careloop.domains.tasks.states import OVER, Share, State, Why

__all__ = ["USUAL_SHARES", "NewTask", "TaskRow"]

USUAL_SHARES: Final = frozenset({Share.SUBJECT, Share.WORDS})
"""What is shown with a task unless it is said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """What somebody is asked to do.

    title: 1 to 200 characters. words: more about it, at most 4000 characters; may be empty.
    team_id, person_id: who is asked, at least one; a person of a team is asked by name, and the others of the team see it.
    due_at: by when it is wished, if it is. shares: the parts of the case that are shown with it.
    """

    title: str
    words: str = ""
    team_id: int | None = None
    person_id: int | None = None
    due_at: datetime | None = None
    shares: frozenset[Share] = USUAL_SHARES


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task as its readers know it.

    due_at: by when it is wished. agreed_at: by when we agreed to do such tasks, if we did. by_at: what counts for whoever is
    asked: the wish, or else the agreement. asked_by, ended_by: actors as the log names them. taken_by: user who is on it.
    said: the answer, or why it was refused or withdrawn. why: of a withdrawn one, None for all others.
    """

    id: int
    case_id: int
    title: str
    words: str
    team_id: int | None
    person_id: int | None
    due_at: datetime | None
    agreed_at: datetime | None
    by_at: datetime | None
    shares: frozenset[Share]
    state: State
    asked_by: str
    asked_at: datetime
    taken_by: int | None
    taken_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    said: str
    why: Why | None

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    def is_late(self, now: datetime) -> bool:
        """Say whether it is or was done after the time that counts."""
        return self.by_at is not None and self.by_at < (self.ended_at or now)
