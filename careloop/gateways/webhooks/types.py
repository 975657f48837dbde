"""What crosses between the house and other systems."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

__all__ = ["Answer", "Poster", "Problem"]


class Problem(StrEnum):
    """Why there is no answer."""

    NOT_FOUND = "not_found"
    INSIDE = "inside"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    TIMEOUT = "timeout"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """code: the status of the answer; None where there was none, and then problem says why. took_ms: until it was there."""

    code: int | None
    problem: Problem | None
    took_ms: int


class Poster(Protocol):
    """What posts; a fake twin in tests."""

    def __call__(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer: ...
