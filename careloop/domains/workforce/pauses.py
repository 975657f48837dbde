"""What people do, as the reason of a pause of their phone, and back. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from careloop.domains.workforce.states import CHOSEN, REASONS, State

__all__ = ["FACTS_OF_PAUSES", "is_ours", "reason_of", "said_by_pause"]

OURS: Final = "careloop"
_AT_WORK: Final = frozenset({State.RINGING, State.CONTACT, State.HOLD})
"""In facts of the telephone system these are other work: it has not rung the phone, and knows of no customer."""


def reason_of(state: State, reason: str) -> str:
    """Return why a phone is not rung, as its telephone system shows it; empty where it is rung.

    reason: a code of states.REASONS, or none.
    """
    return "" if state is State.AVAILABLE else " ".join(word for word in (OURS, state.value, reason) if word)


def is_ours(reason: str) -> bool:
    """Say whether a pause is one of those that follow from what people do here."""
    return reason.split(" ", 1)[0] == OURS


def said_by_pause(state: str) -> tuple[State, str]:
    """Return what somebody chose who paused at their phone, with its reason.

    state: what the reason of the pause tells, as facts call it; what nobody can choose is other work.
    """
    chosen = State(state) if state in CHOSEN else State.AUX_PRODUCTIVE
    return chosen, "telephone" if chosen is State.SYSTEM_ISSUE else ""


def _facts() -> Iterator[tuple[str, str]]:
    for state in State:
        for reason in ("", *REASONS.get(state, {})):
            if words := reason_of(state, reason):
                yield words, State.AUX_PRODUCTIVE.value if state in _AT_WORK else state.value


FACTS_OF_PAUSES: Final[Mapping[str, str]] = dict(_facts())
"""What facts of a telephone system say of somebody whose phone we paused, by the reason of the pause."""
