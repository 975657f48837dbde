"""The sentences of what happens to webhooks, for the page of who did what."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.webhooks.events import WebhookChanged, WebhookFailed
from careloop.domains.webhooks.queries import webhook_names
from careloop.domains.webhooks.states import Trouble
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__ = ["CHANGES"]

CHANGES: Final[Mapping[str, Promise]] = {
    "made": _("%(who)s made the webhook %(whom)s."),
    "changed": _("%(who)s changed the webhook %(whom)s."),
    "secret_renewed": _("%(who)s gave the webhook %(whom)s a new secret."),
    "paused": _("%(who)s paused the webhook %(whom)s."),
    "resumed": _("%(who)s resumed the webhook %(whom)s."),
    "gone": _("The webhook %(whom)s was paused, because its system wants to hear nothing more."),
    "retired": _("%(who)s took the webhook %(whom)s out of use."),
}


def _names(ids: Iterable[int]) -> dict[int, str]:
    return webhook_names(set(ids))


def _change(event: Event) -> Promise:
    return CHANGES[event.change if isinstance(event, WebhookChanged) else "changed"]


def _trouble(event: Event) -> dict[str, str]:
    is_known = isinstance(event, WebhookFailed) and event.trouble in Trouble.values
    return {"why": str(Trouble(event.trouble).label) if is_known and isinstance(event, WebhookFailed) else ""}


name_subjects("webhook", _names)

say("webhook.changed", label=_("Webhook changed"), sentence=_change)
say(
    "webhook.queued",
    label=_("Message to another system written"),
    sentence=_("%(who)s let the webhook %(whom)s be told."),
)
say(
    "webhook.resent", label=_("Message sent again"), sentence=_("%(who)s sent a message to the webhook %(whom)s again.")
)
say(
    "webhook.delivered",
    label=_("Message to another system delivered"),
    sentence=_("The webhook %(whom)s took a message (%(code)s)."),
)
say(
    "webhook.failed",
    label=_("Message to another system failed"),
    sentence=_("A message to the webhook %(whom)s failed. %(why)s"),
    places=_trouble,
)
