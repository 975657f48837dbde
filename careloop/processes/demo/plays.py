"""One matter as it runs its course."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from careloop.processes.demo.casting import Writer
from careloop.processes.demo.library import Matter
from careloop.processes.demo.mails import Quoted

__all__ = ["Play"]


@dataclass(slots=True, kw_only=True)
class Play:
    """One matter as it runs its course.

    facts: what its texts are filled with. agent: the key of whoever answers. case_id: None before its first step.
    last_mail, last_asked: our newest mail to the customer, and to the partner asked.
    """

    matter: Matter
    writer: Writer
    companion: Writer | None
    facts: Mapping[str, str]
    subject: str
    agent: str
    rng: Random
    case_id: int | None = None
    is_taken: bool = False
    last_mail: Quoted | None = None
    last_asked: Quoted | None = None
    partner: str = ""
