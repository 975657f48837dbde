"""What can go wrong with a database, in sentences for the person who runs it."""

from django.conf import settings
from django.utils.translation import gettext

from careloop.kernel.errors import Refusal


def marked(message: str) -> str:
    """Mark a sentence for the translators; it is translated when it is spoken, not now.

    Django's own `gettext_noop` reads the settings, and the settings ask this package for the database's address.
    """
    return message


class DatabaseTrouble(Refusal):
    """The database cannot do what was asked; the text says what to do."""

    status = 503

    def __init__(self, message: str, **details: object) -> None:
        """Keep the English sentence and its details; it is translated when it is spoken.

        message: a sentence inside `_(…)`, with `%(name)s` placeholders.
        details: the values of the placeholders.
        """
        super().__init__(message)
        self.details = details

    def __str__(self) -> str:
        sentence = gettext(str(self.message)) if settings.configured else str(self.message)
        return sentence % self.details


class NotRunning(DatabaseTrouble):
    """Nobody has started the server that a command wants to attach to."""


class CannotStart(DatabaseTrouble):
    """The server ended instead of becoming ready."""


class NotOurs(DatabaseTrouble):
    """Another system user, another program or another PostgreSQL version holds the data folder."""


class CommandFailed(DatabaseTrouble):
    """One of PostgreSQL's own tools, such as initdb or pg_dump, refused."""
