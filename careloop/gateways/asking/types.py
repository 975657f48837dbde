"""What crosses between the house and other systems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Answer", "Problem"]


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
    """code: the status of the answer; None where there was none, and then problem says why. took_ms: until it was there.

    was_sent: the other side may have what was sent, answer or not. headers: by name in small letters. body: as far as it was read.
    """

    code: int | None
    problem: Problem | None
    took_ms: int
    was_sent: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
