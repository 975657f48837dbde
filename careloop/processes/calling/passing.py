"""Pass a call on to a colleague or to a queue, with a note. The row is committed before the telephone system is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import CallUnclear, NoPhone, PhoneRefused, PhoneUnsure
from careloop.domains.calls.queries import call_seen_by, people_with_customers
from careloop.domains.calls.states import TransferKind
from careloop.domains.calls.types import CallRow, Receiver
from careloop.domains.people.queries import people_choices
from careloop.domains.telephony import queries
from careloop.domains.telephony.reasons import REFUSALS, trouble
from careloop.domains.telephony.types import Offer, OwnPhone, PbxRow
from careloop.domains.workforce.queries import seats_of
from careloop.domains.workforce.states import State
from careloop.gateways.telephony import ActionRefused, Handover, PhoneTrouble
from careloop.kernel import clock
from careloop.kernel.actors import Actor, Role
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling.placing import phone_for
from careloop.processes.calling.reaching import way_to

__all__ = ["Colleague", "TransferTargets", "transfer_call", "transfer_targets"]

TAKES_CALLS: Final = frozenset({Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT})
REST: Final = 2
ORDER: Final[Mapping[str, int]] = {State.AVAILABLE: 0, State.OFFLINE: 3}
"""Whoever is free first, whoever is off work last, everybody else in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody with a phone on the same telephone system. state: what they do now, as in presence; empty where nobody knows."""

    user_id: int
    name: str
    extension: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTargets:
    """To whom a call can be passed on: people, whoever is free first; queues by name.

    announces: the sender can speak to a colleague first.
    """

    people: tuple[Colleague, ...] = ()
    queues: tuple[str, ...] = ()
    announces: bool = True


def transfer_targets(row: CallRow, *, viewer: Actor) -> TransferTargets:
    """Return to whom the viewer can pass a call on."""
    phones = {key: phone for key, phone in queries.phones_of(row.pbx_id).items() if key != viewer.user_id}
    states = {seat.user_id: str(seat.state) for seat in seats_of(viewer)} if phones else {}
    busy = people_with_customers() if phones else set()
    people = [
        Colleague(
            user_id=key,
            name=name,
            extension=phones[key].extension,
            state=str(State.CONTACT) if key in busy else states.get(key, ""),
        )
        for key, name, role in people_choices(viewer)
        if key in phones and role in TAKES_CALLS
    ]
    pbx = queries.pbx(row.pbx_id)
    return TransferTargets(
        announces=_announces(pbx),
        people=tuple(sorted(people, key=lambda one: (ORDER.get(one.state, REST), one.name))),
        queues=tuple(sorted(pbx.queue_numbers)),
    )


def transfer_call(
    *,
    workspace_id: int,
    call_id: int,
    receiver_id: int | None,
    queue: str,
    is_announced: bool,
    note: str,
    actor: Actor,
) -> None:
    """Pass a call on, with what the next one should know. receiver_id: a colleague; None for a queue, which is named then.

    is_announced: the sender speaks to the colleague first, and hangs up to hand the call over.

    Asks the network outside any transaction, so no scope may be open. Raises CallNotFound, MayNotHandleCalls, NotYourCall,
    CallUnclear, AlreadyPassedOn, NoPhone, PhoneRefused, PhoneUnsure.
    """
    kind = TransferKind.ATTENDED if is_announced else TransferKind.BLIND
    with workspace_scope(workspace_id):
        calls.check_transferable(call_id=call_id, actor=actor)
        row = call_seen_by(actor, call_id=call_id)
        phone = phone_for(actor, offer=Offer.TRANSFER, pbx_id=row.pbx_id)
        receiver = _receiver(row, phone, receiver_id, queue, actor)
        if is_announced and not _announces(phone.pbx):
            raise CallUnclear(_("This telephone system passes calls on at once only."))
        way = way_to(phone.pbx)
    try:
        with way as switch:
            with workspace_scope(workspace_id):
                transfer_id, key = calls.ask_transfer(
                    call_id=call_id, receiver=receiver, phone=phone, kind=kind, note=note, actor=actor, at=clock.now()
                )
            order = Handover(
                call=key,
                extension=receiver.extension,
                context=phone.pbx.transfer_context or phone.pbx.call_context,
                is_announced=is_announced,
            )
            try:
                switch.transfer(order)
            except ActionRefused as refused:
                with workspace_scope(workspace_id):
                    calls.note_not_transferred(transfer_id=transfer_id, actor=actor, at=clock.now())
                raise PhoneRefused(
                    REFUSALS.get(refused.code)
                    or _(
                        "The telephone system does not pass the call on; you still have it. Its manager user needs write = call."
                    )
                ) from refused
            except PhoneTrouble as lost:
                raise PhoneUnsure(
                    _(
                        "The telephone system did not answer. Listen whether the caller is still there before you try again."
                    )
                ) from lost
    except PhoneTrouble as failed:
        raise NoPhone(trouble(failed.code)) from failed


def _announces(row: PbxRow) -> bool:
    return not row.is_told


def _receiver(row: CallRow, phone: OwnPhone, receiver_id: int | None, queue: str, actor: Actor) -> Receiver:
    """Return to whom a call goes. Raises CallUnclear."""
    if receiver_id is not None and queue:
        raise CallUnclear(_("Choose a colleague or a queue, not both."))
    if receiver_id is None:
        number = phone.pbx.queue_numbers.get(queue)
        if number is None:
            raise CallUnclear(_("Choose a colleague or a queue from the list."))
        return Receiver(queue=queue, extension=number)
    known = {key for key, _name, role in people_choices(actor) if role in TAKES_CALLS}
    theirs = queries.phones_of(row.pbx_id).get(receiver_id) if receiver_id in known else None
    if theirs is None:
        raise CallUnclear(_("This colleague has no phone on the same telephone system. Choose somebody else."))
    return Receiver(user_id=receiver_id, seat=theirs.seat, phone=theirs.channel, extension=theirs.extension)
