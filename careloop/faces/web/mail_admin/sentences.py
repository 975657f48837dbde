"""The sentences of what happens to mailboxes and to mail that was put aside, for the page of who did what."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels.events import MailboxChanged, MailboxFailing, MailQuarantined
from careloop.domains.channels.queries import mailbox_addresses_of
from careloop.domains.channels.reasons import quarantine_reason, trouble
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__ = ["CHANGES"]

CHANGES: Final[Mapping[str, Promise]] = {
    "made": _("%(who)s added the mailbox %(whom)s."),
    "changed": _("%(who)s changed the settings of the mailbox %(whom)s."),
    "live": _("%(who)s let the mailbox %(whom)s go live."),
    "paused": _("%(who)s paused the mailbox %(whom)s."),
}


def _change(event: Event) -> Promise:
    return CHANGES[event.change if isinstance(event, MailboxChanged) else "changed"]


def _reason(event: Event) -> dict[str, str]:
    match event:
        case MailboxFailing():
            return {"why": trouble(event.reason)}
        case MailQuarantined():
            return {"why": quarantine_reason(event.reason)}
        case _:
            return {}


name_subjects("mailbox", mailbox_addresses_of)

say("mailbox.changed", label=_("Mailbox changed"), sentence=_change)
say(
    "mailbox.failing",
    label=_("Mailbox cannot be read"),
    sentence=_("The mailbox %(whom)s can no longer be read: %(why)s"),
    places=_reason,
)
say("mailbox.recovered", label=_("Mailbox read again"), sentence=_("The mailbox %(whom)s is read again."))
say(
    "mail.quarantined",
    label=_("Mail put into quarantine"),
    sentence=_("A mail was put into quarantine: %(why)s"),
    places=_reason,
)
say("mail.retried", label=_("Mail tried again"), sentence=_("%(who)s had a mail from the quarantine read again."))
say("mail.discarded", label=_("Mail discarded"), sentence=_("%(who)s put a mail aside that is for nobody."))
