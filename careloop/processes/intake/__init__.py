"""From raw mail to a word in a conversation, a contact and a case (docs/reasons/intake.md)."""

from careloop.processes.intake.reading import settle, settle_waiting

__all__ = ["settle", "settle_waiting"]
