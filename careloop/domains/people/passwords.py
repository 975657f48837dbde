"""What a password must be; Django's own check of the length does not speak all our languages."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext

__all__ = ["LongEnough"]


class LongEnough(MinimumLengthValidator):
    """Refuses a password that is shorter than `min_length` characters."""

    def get_error_message(self) -> str:
        """Return how long it has to be."""
        return ngettext(
            "This password is too short. Use at least %(count)s character.",
            "This password is too short. Use at least %(count)s characters.",
            self.min_length,
        ) % {"count": self.min_length}
