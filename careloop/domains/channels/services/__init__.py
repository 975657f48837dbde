"""Acts on channels: the only code that writes these tables."""

from careloop.domains.channels.services.forms import add_web_form, change_web_form
from careloop.domains.channels.services.mailboxes import (
    MailboxSettings,
    add_mailbox,
    change_mailbox,
    go_live,
    note_fetch,
    note_fetch_failure,
    pause_mailbox,
)
from careloop.domains.channels.services.raw import (
    MOST_ATTEMPTS,
    accept_raw,
    accepted_copies,
    begin_reading,
    count_attempts,
    discard_raw,
    forget_attempt,
    mark_duplicate,
    quarantine_raw,
    retry_raw,
    store_raw,
)

__all__ = [
    "MOST_ATTEMPTS",
    "MailboxSettings",
    "accept_raw",
    "accepted_copies",
    "add_mailbox",
    "add_web_form",
    "begin_reading",
    "change_mailbox",
    "change_web_form",
    "count_attempts",
    "discard_raw",
    "forget_attempt",
    "go_live",
    "mark_duplicate",
    "note_fetch",
    "note_fetch_failure",
    "pause_mailbox",
    "quarantine_raw",
    "retry_raw",
    "store_raw",
]
