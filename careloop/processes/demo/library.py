"""The written material of the demo: who works there, how the workspaces are set up, and what people write to them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Matter", "Step", "StepKind", "house_of", "matters_of", "operation"]

TEXTS = Path(__file__).parent / "texts"


class StepKind(StrEnum):
    """Who does something in the course of a matter."""

    CUSTOMER = "customer"  # the customer writes, calls or comes
    COMPANION = "companion"  # somebody the customer put in copy writes
    AWAY = "away"  # the customer's machine says that they are away
    BOUNCE = "bounce"  # a mail server reports that our answer did not arrive
    AGENT = "agent"  # the agent answers the customer
    NOTE = "note"  # the agent writes among colleagues
    COLLEAGUE = "colleague"  # a colleague from another department writes among us
    FORWARD = "forward"  # the agent asks somebody outside
    THIRD = "third"  # somebody outside answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that somebody does.

    text: what they write, with facts in braces such as {amount}.
    to: the team mentioned in a note, the department of a colleague, or the partner asked.
    ends: the key of the status the case gets with it; empty for the usual one.
    file: what hangs on it: "bill", "photo", "form", or empty.
    hours: how many hours of waiting precede it, as it is written; 0 for a usual wait.
    saved: the name of the saved reply that an answer begins with, in place of a greeting.
    """

    kind: StepKind
    text: str
    to: str = ""
    ends: str = ""
    file: str = ""
    hours: float = 0.0
    saved: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something people write about, from the first word to the last.

    channel: how it begins. team: who takes care of it. priority: 1 to 4. is_spam: flagged by the mail server.
    is_once: such a particular story that it happens once only, however long the demo is.
    """

    code: str
    language: str
    channel: str
    reason: str
    team: str
    subjects: tuple[str, ...]
    steps: tuple[Step, ...]
    tags: tuple[str, ...] = ()
    priority: int = 2
    is_spam: bool = False
    is_once: bool = False


def operation() -> Mapping[str, Any]:
    """Return the operation and its people."""
    return _read(TEXTS / "operation.toml")


@cache
def house_of(key: str) -> Mapping[str, Any]:
    """Return how a workspace is set up."""
    return _read(TEXTS / key / "workspace.toml")


@cache
def matters_of(key: str) -> tuple[Matter, ...]:
    """Return what people write to a workspace about, in a fixed order."""
    found: list[Matter] = []
    for path in sorted((TEXTS / key).glob("matters-*.toml")):
        book = _read(path)
        found += [_matter(written, book.get("usual", {})) for written in book["matters"]]
    return tuple(found)


def _matter(written: Mapping[str, Any], usual: Mapping[str, Any]) -> Matter:
    facts = {**usual, **written}
    return Matter(
        code=facts["code"],
        language=facts["language"],
        channel=facts.get("channel", "email"),
        reason=facts.get("reason", ""),
        team=facts["team"],
        subjects=tuple(facts["subjects"]),
        steps=_steps(facts["steps"]),
        tags=tuple(facts.get("tags", ())),
        priority=facts.get("priority", 2),
        is_spam=facts.get("is_spam", False),
        is_once=facts.get("is_once", False),
    )


def _steps(written: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    steps: list[Step] = []
    asked = ""
    for one in written:
        (kind,) = (name for name in one if name in set(StepKind))
        others = {name: value for name, value in one.items() if name != kind}
        if kind == StepKind.COLLEAGUE:
            others.setdefault("to", asked)  # the department that was asked answers
        asked = others.get("to", asked)
        steps.append(Step(kind=StepKind(kind), text=str(one[kind]).strip(), **others))
    return tuple(steps)


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
