"""Expected failures: a sentence for a person and a code for a machine."""

import re
from typing import ClassVar

from django.utils.functional import Promise

__all__ = ["Conflict", "Forbidden", "NotFound", "Refusal", "TooLarge", "TooMany"]


class Refusal(Exception):
    """Something asked for that the house does not do, with the reason in the reader's words.

    message: what happened, why, and what to do next; translated when shown.
    fields: which inputs are at fault, each with its own sentence.

    Subclasses set `status`, the HTTP status a door answers with. `code` is derived from the class name.
    """

    status: ClassVar[int] = 422

    def __init__(self, message: str | Promise, *, fields: dict[str, str | Promise] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}

    @property
    def code(self) -> str:
        """The class name in snake case: `AlreadyClosed` is `already_closed`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refusal):
    """There is nothing here for this reader; what exists but is not theirs answers the same."""

    status = 404


class Forbidden(Refusal):
    """The reader may see the thing but not do this to it."""

    status = 403


class Conflict(Refusal):
    """The thing changed since the reader looked, or is in a state that does not allow this."""

    status = 409


class TooLarge(Refusal):
    """More bytes than the house takes."""

    status = 413


class TooMany(Refusal):
    """Asked too often; to be tried again later."""

    status = 429
