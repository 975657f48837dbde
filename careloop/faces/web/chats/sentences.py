"""How the log of who did what tells the events of chats and of the widgets that bring them."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.chats.queries import chat_rows, widgets
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__ = ["WIDGET_CHANGES"]

WIDGET_CHANGES = {
    "made": _("%(who)s made the chat widget %(whom)s."),
    "changed": _("%(who)s changed the chat widget %(whom)s."),
    "secret_renewed": _("%(who)s gave the chat widget %(whom)s a new secret."),
}


def _change(event: Event) -> str | Promise:
    return WIDGET_CHANGES.get(getattr(event, "change", ""), WIDGET_CHANGES["changed"])


def _chats(ids: Iterable[int]) -> dict[int, str]:
    return {key: row.customer for key, row in chat_rows(set(ids)).items()}


def _widgets(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    return {row.id: row.settings.name for row in widgets() if row.id in wanted}


name_subjects("chat", _chats)
name_subjects("chat_widget", _widgets)

say("chat_widget.changed", label=_("Chat widget changed"), sentence=_change)
for _name, _label in {
    "chat_widget.agreed": _("Visitor agreed to the notice of a chat"),
    "chat.started": _("Chat begun"),
    "chat.agent_joined": _("Chat taken by an agent"),
    "chat.handed_over": _("Chat handed over"),
    "chat.helper_called": _("Colleague called into a chat"),
    "chat.ended": _("Chat ended"),
}.items():
    say(_name, label=_label)
