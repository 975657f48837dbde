"""Sentences of the rooms that know no Django: marked here for the translators, translated by whoever speaks."""

from collections.abc import Callable

__all__ = ["Unusable", "gettext_noop", "ngettext_noop"]


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators and return it unchanged."""
    return message


def ngettext_noop(singular: str, plural: str) -> tuple[str, str]:
    """Mark a counted sentence for the translators and return both of its forms unchanged."""
    return singular, plural


class Unusable(ValueError):
    """Something that came from outside cannot be used, for a reason that a person can read and mend.

    message: an English sentence with named placeholders; the translators know it.
    details: what stands in the placeholders.
    """

    def __init__(self, message: str, **details: object) -> None:
        self.message = message
        self.details = details
        super().__init__(message, details)

    def __str__(self) -> str:
        return self.message % self.details

    def sentence(self, translate: Callable[[str], str]) -> str:
        """Say the reason in the language of `translate`, such as Django's `gettext`."""
        return translate(self.message) % self.details
