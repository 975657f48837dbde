"""From raw mail to a word in a conversation, a contact and a case (docs/reasons/intake.md)."""

from careloop.processes.intake.foreseeing import Fate, Foreseen, Receipt, foresee, glimpse
from careloop.processes.intake.reading import settle, settle_waiting

__all__ = ["Fate", "Foreseen", "Receipt", "foresee", "glimpse", "settle", "settle_waiting"]
