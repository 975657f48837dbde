"""Voicemails and faxes that telephone systems hand over, each once."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.telephony import rules
from careloop.domains.telephony.errors import MayNotKeepPhones, NotListening, PbxUnclear
from careloop.domains.telephony.events import LeftBehind
from careloop.domains.telephony.models import Left
from careloop.domains.telephony.services.keeping import CONTROLS, locked
from careloop.domains.telephony.services.telling import AHEAD
from careloop.domains.telephony.types import LeftKind, PbxState
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["note_left", "settle_left"]


@act
def note_left(
    *,
    pbx_id: int,
    kind: LeftKind,
    told_id: str,
    number: str,
    seconds: int | None,
    left_at: datetime,
    actor: Actor,
    at: datetime,
) -> int | None:
    """Note that somebody left a voicemail or a fax, and return it; None for what was handed over before.

    told_id: what the telephone system calls it. number: the caller's, empty when it is withheld. seconds: how long a voicemail is.

    Raises MayNotKeepPhones, PbxNotFound, NotListening, PbxUnclear.
    """
    if not rules.may_tell(actor):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))
    if locked(pbx_id).state != PbxState.LIVE and not actor.is_house:
        raise NotListening(_("This telephone system is not live. Let it go live, then hand this over once more."))
    if left_at > at + AHEAD:
        problem = _("This moment has not come yet. Check the clock of the telephone system.")
        raise PbxUnclear(problem, fields={"at": problem})
    if any(CONTROLS.search(word) for word in (told_id, number)) or not told_id.strip():
        raise PbxUnclear(_("Names and numbers are written without line breaks or other control characters."))
    try:
        with attempt():
            left = Left.objects.create(
                pbx_id=pbx_id, told_id=told_id, kind=kind, number=number, seconds=seconds, left_at=left_at
            )
    except IntegrityError:
        return None
    return left.pk


@act
def settle_left(*, left_id: int, conversation_id: int, message_id: int, actor: Actor, at: datetime) -> None:
    """Note as which message it stands. Records LeftBehind."""
    left = Left.objects.select_for_update().get(pk=left_id)
    left.conversation_id, left.message_id = conversation_id, message_id
    left.save(update_fields=["conversation_id", "message_id"])
    about = subject("pbx", left.pbx_id)
    record(
        LeftBehind(subject=about, actor=str(actor), at=at, kind=left.kind, message_id=message_id, seconds=left.seconds)
    )
