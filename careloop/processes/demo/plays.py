"""One matter as it runs its course."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from careloop.processes.demo.casting import Writer
from careloop.processes.demo.library import Matter, Step

__all__ = ["Moment", "Play", "Said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The newest message of ours in a conversation. text: as it was written."""

    conversation_id: int
    text: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Play:
    """One matter as it runs its course.

    facts: what its texts are filled with, by language. agent: the key of whoever answers. case_id: None before its first step.
    last_answer, last_question: our newest words to the customer, and to the partner asked.
    task_id: what another department was asked last.
    """

    matter: Matter
    writer: Writer
    companion: Writer | None
    facts: Mapping[str, Mapping[str, str]]
    subject: str
    agent: str
    rng: Random
    case_id: int | None = None
    is_taken: bool = False
    last_answer: Said | None = None
    last_question: Said | None = None
    partner: str = ""
    task_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A step of a play at its time; the first one opens it."""

    at: datetime
    play: Play
    step: Step
    is_opening: bool
