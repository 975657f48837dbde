"""What happens where contacts come from."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "MailAccepted",
    "MailDiscarded",
    "MailDuplicate",
    "MailQuarantined",
    "MailRetried",
    "MailStored",
    "MailboxChanged",
    "MailboxFailing",
    "MailboxRecovered",
    "MessengerChanged",
    "MessengerFailing",
    "MessengerRecovered",
    "TextAccepted",
    "TextDiscarded",
    "TextQuarantined",
    "TextRetried",
    "TextStored",
    "WebFormChanged",
]


@event_type("mail.stored")
class MailStored(Event):
    """subject: "raw_mail:9"; so are those below."""

    mailbox_id: int
    byte_count: int
    is_silent: bool


@event_type("mail.accepted")
class MailAccepted(Event):
    message_id: int | None


@event_type("mail.duplicate")
class MailDuplicate(Event):
    pass


@event_type("mail.quarantined")
class MailQuarantined(Event):
    reason: str


@event_type("mail.discarded")
class MailDiscarded(Event):
    reason: str


@event_type("mail.retried")
class MailRetried(Event):
    pass


@event_type("mailbox.changed")
class MailboxChanged(Event):
    """change: made, changed, live, paused or tried. fields: which settings changed, never their values."""

    change: str
    fields: tuple[str, ...] = ()


@event_type("mailbox.failing")
class MailboxFailing(Event):
    reason: str


@event_type("mailbox.recovered")
class MailboxRecovered(Event):
    pass


@event_type("web_form.changed")
class WebFormChanged(Event):
    change: str


@event_type("messenger.changed")
class MessengerChanged(Event):
    """subject: "messenger:9"; so are those below. change: made, changed, live or paused. fields: which, never their values."""

    change: str
    fields: tuple[str, ...] = ()


@event_type("messenger.failing")
class MessengerFailing(Event):
    """The provider does not let us in, or does not take our messages."""

    reason: str


@event_type("messenger.recovered")
class MessengerRecovered(Event):
    pass


@event_type("text.stored")
class TextStored(Event):
    """subject: "raw_text:9"; so are those below. What a messenger's provider called us for, as it came. kind: message or status."""

    messenger_id: int
    kind: str


@event_type("text.accepted")
class TextAccepted(Event):
    """message_id: what it became, or the message of ours that it tells of."""

    message_id: int | None


@event_type("text.quarantined")
class TextQuarantined(Event):
    reason: str


@event_type("text.discarded")
class TextDiscarded(Event):
    reason: str


@event_type("text.retried")
class TextRetried(Event):
    pass
