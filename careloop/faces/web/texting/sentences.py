"""The sentences of what happens to text messages and their numbers, for the page of who did what."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels.events import MessengerChanged, MessengerFailing, TextQuarantined
from careloop.domains.channels.queries import messengers
from careloop.domains.channels.reasons import text_reason, text_trouble
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__ = ["CHANGES"]

CHANGES: Final[Mapping[str, Promise]] = {
    "made": _("%(who)s added the text number %(whom)s."),
    "changed": _("%(who)s changed the settings of the text number %(whom)s."),
    "live": _("%(who)s let the text number %(whom)s go live."),
    "paused": _("%(who)s paused the text number %(whom)s."),
}


def _names(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    return {one.id: one.name for one in messengers() if one.id in wanted}


def _change(event: Event) -> Promise:
    return CHANGES[event.change if isinstance(event, MessengerChanged) else "changed"]


def _trouble(event: Event) -> dict[str, str]:
    return {"why": text_trouble(event.reason)} if isinstance(event, MessengerFailing) else {}


def _reason(event: Event) -> dict[str, str]:
    return {"why": text_reason(event.reason)} if isinstance(event, TextQuarantined) else {}


name_subjects("messenger", _names)

say("messenger.changed", label=_("Text number changed"), sentence=_change)
say(
    "messenger.failing",
    label=_("Text number does not work"),
    sentence=_("The text number %(whom)s does not work: %(why)s"),
    places=_trouble,
)
say(
    "messenger.recovered",
    label=_("Text number works again"),
    sentence=_("The text number %(whom)s works again."),
)
say("text.stored", label=_("Text message stored"), sentence=_("A call of the provider of text messages was stored."))
say("text.accepted", label=_("Text message taken in"), sentence=_("A stored text message was taken in."))
say(
    "text.quarantined",
    label=_("Text message in quarantine"),
    sentence=_("A text message waits in quarantine: %(why)s"),
    places=_reason,
)
say("text.discarded", label=_("Text message discarded"), sentence=_("%(who)s discarded a text message."))
say("text.retried", label=_("Text message read again"), sentence=_("%(who)s had a text message read again."))
say(
    "texts.stopped",
    label=_("Text messages unwanted"),
    sentence=_("A customer asked for no more text messages."),
)
say(
    "texts.wanted",
    label=_("Text messages wanted again"),
    sentence=_("A customer asked for text messages again."),
)
