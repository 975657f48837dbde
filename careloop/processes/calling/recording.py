"""The recording of a call: a refusal stops it, and what is said at a payment is left out. Each is noted before it is asked for."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import NoPhone, PhoneRefused, PhoneUnsure
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.calls.states import Consent
from careloop.domains.telephony import queries
from careloop.domains.telephony.reasons import trouble
from careloop.domains.telephony.types import Offer, PbxServer
from careloop.gateways.telephony import ActionRefused, PhoneTrouble, Switch, open_switch
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling.reaching import ANSWER_SECONDS
from careloop.processes.phone_trial import account_of

__all__ = ["pause_recording", "resume_recording", "say_consent"]


def say_consent(*, workspace_id: int, call_id: int, consent: str, actor: Actor) -> None:
    """Note whether the caller agrees to be recorded. A refusal ends the recording where the telephone system lets us.

    Asks the network outside any transaction, so no scope may be open. Raises CallNotFound, MayNotHandleCalls, NotYourCall,
    CallUnclear, PhoneRefused, PhoneUnsure: then it is noted all the same.
    """
    with workspace_scope(workspace_id):
        key = calls.note_consent(call_id=call_id, consent=consent, actor=actor, at=clock.now())
        row = queries.pbx(call_seen_by(actor, call_id=call_id).pbx_id)
        if consent != Consent.REFUSED or Offer.RECORDING not in row.offers:
            return
        server = queries.pbx_server(row.id)

    def nothing() -> None:
        """It stays noted that the caller refuses."""

    went_wrong = _(
        "The refusal is noted, but the telephone system may still record. Tell the caller, and end it on the phone."
    )
    try:
        _ask(server, lambda switch: switch.stop_recording(key), nothing, went_wrong, went_wrong)
    except NoPhone as failed:
        raise PhoneUnsure(went_wrong) from failed


def pause_recording(*, workspace_id: int, call_id: int, actor: Actor) -> None:
    """Leave out of the recording what is said from now on, such as the number of a card.

    Asks the network outside any transaction, so no scope may be open. Raises CallNotFound, MayNotHandleCalls, NotYourCall,
    CallUnclear, AlreadyPaused, NoPhone, PhoneRefused, PhoneUnsure.
    """
    with workspace_scope(workspace_id):
        server = _server(call_id, actor)
        pause_id, key = calls.begin_pause(call_id=call_id, actor=actor, at=clock.now())

    def failed() -> None:
        with workspace_scope(workspace_id):
            calls.note_pause_failed(pause_id=pause_id, actor=actor, at=clock.now())

    _ask(
        server,
        lambda switch: switch.pause_recording(key),
        failed,
        _("The recording goes on: the telephone system did not pause it. Do not take down a card now."),
        _("The telephone system did not answer. Take it that the recording goes on, and do not take down a card now."),
    )
    with workspace_scope(workspace_id):
        calls.note_pause_done(pause_id=pause_id, actor=actor, at=clock.now())


def resume_recording(*, workspace_id: int, call_id: int, actor: Actor) -> None:
    """Record again what is said. Whoever resumes what another paused stands in the log and on that one's card.

    Asks the network outside any transaction, so no scope may be open. Raises as `pause_recording`.
    """
    with workspace_scope(workspace_id):
        server = _server(call_id, actor)
        pause_id, key = calls.end_pause(call_id=call_id, actor=actor, at=clock.now())

    def failed() -> None:
        with workspace_scope(workspace_id):
            calls.note_resume_failed(pause_id=pause_id, actor=actor, at=clock.now())

    _ask(
        server,
        lambda switch: switch.resume_recording(key),
        failed,
        _("The recording is still paused: the telephone system did not resume it."),
        _("The telephone system did not answer. Whether it records again is not known."),
    )


def _server(call_id: int, actor: Actor) -> PbxServer:
    """Return where a call's telephone system is reached. Raises CallNotFound, NoPhone."""
    row = queries.pbx(call_seen_by(actor, call_id=call_id).pbx_id)
    if Offer.RECORDING not in row.offers:
        raise NoPhone(_("No telephone system here offers this. Ask a manager to allow it under Phones."))
    return queries.pbx_server(row.id)


def _ask(
    server: PbxServer, order: Callable[[Switch], None], failed: Callable[[], None], refused: Promise, unsure: Promise
) -> None:
    """Ask a telephone system. failed: what is noted when it surely was not done. refused, unsure: what is said then."""
    try:
        with open_switch(account_of(server, timeout_seconds=ANSWER_SECONDS)) as switch:
            try:
                order(switch)
            except ActionRefused as problem:
                failed()
                raise PhoneRefused(refused) from problem
            except PhoneTrouble as lost:
                raise PhoneUnsure(unsure) from lost
    except PhoneTrouble as problem:
        failed()
        raise NoPhone(trouble(problem.code)) from problem
