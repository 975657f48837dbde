"""What people do and what is asked of them, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from careloop.domains.workforce.states import REASONS, State
from careloop.processes.routing.wording import language_name

__all__ = ["LANGUAGES", "TONES", "language_names", "reason_said"]

TONES: Final[Mapping[State, str]] = {
    State.AVAILABLE: "solved",
    State.RINGING: "accent",
    State.CONTACT: "open",
    State.HOLD: "waiting",
    State.WRAP: "open",
    State.AUX_PRODUCTIVE: "internal",
    State.TRAINING: "internal",
    State.COACHING: "internal",
    State.MEETING: "internal",
    State.BREAK: "due-soon",
    State.SYSTEM_ISSUE: "missed",
    State.OFFLINE: "closed",
}
LANGUAGES: Final = (
    *("en", "ko", "zh-hans", "vi", "ja", "th", "id", "ms", "fil", "my", "km", "lo", "mn", "hi", "bn", "ne", "si"),
    *("ur", "ar", "he", "fa", "tr", "ru", "uk", "pl", "cs", "sk", "hu", "ro", "bg", "el", "de", "nl", "fr", "it"),
    *("es", "pt", "sv", "da", "nb", "fi"),
)
"""Languages that people are offered to speak, as customers' languages are written in codes."""


def reason_said(state: State, reason: str) -> str:
    """Return the words for the reason of a state; empty for none."""
    return str(REASONS.get(state, {}).get(reason, reason))


def language_names(codes: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Return codes with their names, in the order of the names."""
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1])
