"""What programs tell of calls, kept before anything is understood of it: each thing once, in whatever order it comes."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.telephony import rules
from careloop.domains.telephony.errors import MayNotKeepPhones, NotListening, NotTold, PbxUnclear
from careloop.domains.telephony.models import CallHook, Heard, Pbx
from careloop.domains.telephony.services.keeping import CONTROLS, locked
from careloop.domains.telephony.services.listening import note_names, store_piece
from careloop.domains.telephony.types import PbxKind, PbxState, Taken, Told, Toldness
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["MOST_TOLD", "forget_heard", "settle_heard", "take_told"]

MOST_TOLD: Final = 500
"""How much is told in one request at most."""
AHEAD: Final = timedelta(minutes=5)
"""By how much the clock of the other side may be ahead of ours."""
OLDEST: Final = timedelta(hours=24)


@act
def take_told(*, pbx_id: int, told: Sequence[Told], actor: Actor, at: datetime) -> list[Toldness]:
    """Keep what a program tells of calls, and return what became of each thing, in the order in which it was told.

    told: at most 500, of any number of calls, in any order; none says only that the other side is there.

    Raises MayNotKeepPhones, PbxNotFound, NotTold, NotListening, PbxUnclear.
    """
    if not rules.may_tell(actor):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))
    pbx = locked(pbx_id)
    if pbx.kind != PbxKind.TOLD:
        raise NotTold(_("We listen to this telephone system ourselves. Add one that tells through the API."))
    if pbx.state == PbxState.PAUSED:
        raise NotListening(_("This telephone system is paused. Let it go live again, then tell once more."))
    _check(told, at=at)
    _note_there(pbx, at=at)
    note_names(pbx_id=pbx_id, names={one.seat for one in told}, actor=actor, at=at)
    if pbx.state == PbxState.TRYING:
        return [Toldness(id=one.id, became=Taken.TRIED) for one in told]
    return _kept(pbx, told, at=at)


@act
def settle_heard(*, pbx_id: int, call: str, frames: bytes, actor: Actor, at: datetime) -> int:
    """Hand a call on to be counted, of which all was told, and take nothing more of it; return its piece.

    frames: the call as Asterisk would have told it. Raises PbxNotFound.
    """
    piece = store_piece(pbx_id=pbx_id, body=frames, actor=actor, at=at) if frames else 0
    Heard.objects.filter(pbx_id=pbx_id, call=call, is_settled=False).update(is_settled=True)
    return piece


@act
def forget_heard(*, before: datetime, actor: Actor, at: datetime) -> int:
    """Delete what was told before a moment; return how many things."""
    count, _by_table = Heard.objects.filter(received_at__lt=before, is_settled=True).delete()
    hook_count, _by_table = CallHook.objects.filter(received_at__lt=before, settled_at__isnull=False).delete()
    return count + hook_count


def _check(told: Sequence[Told], *, at: datetime) -> None:
    if len(told) > MOST_TOLD:
        raise PbxUnclear(_("Tell at most 500 events in one request."))
    for place, one in enumerate(told):
        if one.at > at + AHEAD:
            problem = _("This moment has not come yet. Check the clock of the telephone system.")
            raise PbxUnclear(problem, fields={f"events.{place}.at": problem})
        words = (one.id, one.call, one.number, one.line, one.queue, one.seat, one.to)
        if any(CONTROLS.search(word) for word in words) or not one.id.strip() or not one.call.strip():
            problem = _("Names and numbers are written without line breaks or other control characters.")
            raise PbxUnclear(problem, fields={f"events.{place}": problem})


def _note_there(pbx: Pbx, *, at: datetime) -> None:
    pbx.connected_at, pbx.heard_at = pbx.connected_at or at, at
    pbx.save(update_fields=["connected_at", "heard_at"])


def _kept(pbx: Pbx, told: Sequence[Told], *, at: datetime) -> list[Toldness]:
    known, late = _known(pbx.pk, [one.id for one in told]), _settled(pbx.pk, {one.call for one in told})
    became: list[Toldness] = []
    rows: list[Heard] = []
    for one in told:
        if one.id in known:
            outcome = Taken.KNOWN
        elif one.call in late or one.at < at - OLDEST:
            outcome = Taken.LATE
        else:
            outcome = Taken.TAKEN
            known.add(one.id)
            pbx.last_heard += 1
            rows.append(_row(pbx, one, at=at))
        became.append(Toldness(id=one.id, became=outcome))
    if rows:
        Heard.objects.bulk_create(rows)
        pbx.save(update_fields=["last_heard"])
    return became


def _known(pbx_id: int, ids: Collection[str]) -> set[str]:
    return set(Heard.objects.filter(pbx_id=pbx_id, told_id__in=ids).values_list("told_id", flat=True))


def _settled(pbx_id: int, calls: Collection[str]) -> set[str]:
    return set(Heard.objects.filter(pbx_id=pbx_id, call__in=calls, is_settled=True).values_list("call", flat=True))


def _row(pbx: Pbx, one: Told, *, at: datetime) -> Heard:
    return Heard(
        pbx=pbx,
        number=pbx.last_heard,
        told_id=one.id,
        call=one.call,
        kind=one.kind,
        way=one.way,
        happened_at=one.at,
        received_at=at,
        customer_number=one.number,
        line=one.line,
        queue=one.queue,
        seat=one.seat,
        to=one.to,
        by_customer=one.by_customer,
    )
