"""How the log of who did what names the events of flags."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.integrity.events import FlagReopened
from careloop.domains.integrity.queries import sentences_of_flags
from careloop.domains.integrity.states import Reason
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__: list[str] = []


def _reopened(event: Event) -> str | Promise:
    if isinstance(event, FlagReopened) and event.reason == Reason.DOUBTED:
        return _("%(who)s doubts the answer to: %(whom)s")
    return _("A doubt is open again: %(whom)s")


name_subjects("flag", sentences_of_flags)
say("flag.opened", label=_("Number doubted"), sentence=_("A number is doubted: %(whom)s"))
say("flag.answered", label=_("Doubt answered"), sentence=_("%(who)s answered: %(whom)s"))
say("flag.reopened", label=_("Doubt open again"), sentence=_reopened)
say("flag.gone", label=_("Doubt over"), sentence=_("The data do not show it any more: %(whom)s"))
