"""How the log of who did what tells the events of calls."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls.queries import numbers_of
from careloop.faces.web.access.wordings import name_subjects, say

__all__: list[str] = []


def _calls(call_ids: Iterable[int]) -> dict[int, str]:
    return {key: number for key, number in numbers_of(set(call_ids)).items() if number}


name_subjects("call", _calls)

for _name, _label in {
    "call.began": _("Call came in"),
    "call.placed": _("Customer called"),
    "call.rang": _("Call rang at a phone"),
    "call.missed": _("Call rang in vain"),
    "call.answered": _("Call answered"),
    "call.handed_on": _("Call handed on"),
    "call.ended": _("Call ended"),
    "call.identified": _("Caller named"),
    "call.attached": _("Call added to a case"),
    "call.written_up": _("Call written up"),
}.items():
    say(_name, label=_label)

say(
    "calls.declined",
    label=_("Does not want calls"),
    sentence=_("%(who)s noted that %(whom)s does not want to be called."),
)
say("calls.accepted", label=_("May be called"), sentence=_("%(who)s noted that %(whom)s may be called."))
