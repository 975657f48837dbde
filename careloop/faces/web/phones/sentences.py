"""The sentences of what happens to telephone systems, for the page of who did what."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.telephony.events import LeftBehind, PbxChanged, PbxFailing
from careloop.domains.telephony.queries import pbxes
from careloop.domains.telephony.reasons import trouble
from careloop.domains.telephony.types import LeftKind
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__ = ["CHANGES"]

CHANGES: Final[Mapping[str, Promise]] = {
    "made": _("%(who)s added the telephone system %(whom)s."),
    "changed": _("%(who)s changed the settings of the telephone system %(whom)s."),
    "live": _("%(who)s let the telephone system %(whom)s go live."),
    "paused": _("%(who)s paused the telephone system %(whom)s."),
}


def _names(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    return {one.id: one.name for one in pbxes() if one.id in wanted}


def _change(event: Event) -> Promise:
    return CHANGES[event.change if isinstance(event, PbxChanged) else "changed"]


def _reason(event: Event) -> dict[str, str]:
    return {"why": trouble(event.reason)} if isinstance(event, PbxFailing) else {}


def _left(event: Event) -> Promise:
    if isinstance(event, LeftBehind) and event.kind == LeftKind.FAX:
        return _("A fax came over the telephone system %(whom)s.")
    return _("A voicemail was left on the telephone system %(whom)s.")


name_subjects("pbx", _names)

say("pbx.changed", label=_("Telephone system changed"), sentence=_change)
say(
    "pbx.seat_changed",
    label=_("Person behind a telephone changed"),
    sentence=_("%(who)s said who an agent of the telephone system %(whom)s is."),
)
say(
    "pbx.failing",
    label=_("Telephone system cannot be heard"),
    sentence=_("The telephone system %(whom)s can no longer be heard: %(why)s"),
    places=_reason,
)
say(
    "pbx.recovered",
    label=_("Telephone system heard again"),
    sentence=_("The telephone system %(whom)s is heard again."),
)
say(
    "pbx.left_behind",
    label=_("Voicemail or fax received"),
    sentence=_left,
)
