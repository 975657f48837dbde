"""What protected our people from an abusive customer, as sentences in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of
from careloop.domains.supervision import events as e
from careloop.domains.supervision.states import AbuseKind
from careloop.faces.web.casepage.types import Sentence
from careloop.kernel.events import Recorded

__all__ = ["protective"]


def protective(found: Sequence[Recorded]) -> dict[int, Sentence]:
    """Return the sentences of what happened in abusive contacts, by the event's id."""
    ours = [one for one in found if one.name.startswith("abuse.")]
    people = names_of({getattr(one.event, "user_id", 0) for one in ours}) if ours else {}
    return {one.id: _sentence(one, people.get(getattr(one.event, "user_id", 0)) or _("Somebody")) for one in ours}


def _sentence(recorded: Recorded, person: str) -> Sentence:
    match recorded.event:
        case e.AbuseNoted() as event:
            values = {"person": person, "kind": _kind(event.kind)}
            text = _("%(person)s wrote down that the customer abused them: %(kind)s.") % values
            return Sentence(text=text, icon="shield-alert", tone="missed")
        case e.AbuseWarned(is_sent=True):
            return Sentence(text=_("%(person)s warned the customer.") % {"person": person}, icon="shield-alert")
        case e.AbuseWarned():
            return Sentence(
                text=_("%(person)s warned the customer by mouth.") % {"person": person}, icon="shield-alert"
            )
        case e.AbuseContactEnded() as event:
            values = {"person": person, "kind": _kind(event.kind)}
            text = _("%(person)s ended the contact because of abuse: %(kind)s.") % values
            return Sentence(text=text, icon="shield-alert", tone="missed")
        case event:
            values = {"person": person, "minutes": str(getattr(event, "rest_s", 0) // 60)}
            text = _("%(person)s rests for %(minutes)s minutes after an abusive contact.") % values
            return Sentence(text=text, icon="shield-check")


def _kind(code: str) -> str:
    return str(AbuseKind(code).label) if code in AbuseKind.values else code
