from careloop.kernel.errors import NotFound, Refusal

__all__ = ["MailSourceUnreadable", "MailboxNotNamed"]


class MailSourceUnreadable(Refusal):
    """There is no mail to be read at a path."""


class MailboxNotNamed(NotFound):
    """It is not clear into which workspace or mailbox the mail shall go."""
