"""What a check found, in words for the person who runs the installation."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "State", "failed", "fine", "worrying"]


class State(StrEnum):
    FINE = "fine"
    WORRYING = "worrying"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of one check.

    check: its name, for machines.
    message: what was found.
    remedy: how to mend it; empty when nothing is wrong.
    """

    check: str
    state: State
    message: str
    remedy: str = ""


def fine(check: str, message: str) -> Finding:
    """Say that a check found nothing wrong."""
    return Finding(check=check, state=State.FINE, message=message)


def worrying(check: str, message: str, remedy: str) -> Finding:
    """Say that something works and will not for long, or works badly."""
    return Finding(check=check, state=State.WORRYING, message=message, remedy=remedy)


def failed(check: str, message: str, remedy: str) -> Finding:
    """Say that something does not work."""
    return Finding(check=check, state=State.FAILED, message=message, remedy=remedy)
