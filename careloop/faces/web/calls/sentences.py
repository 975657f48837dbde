"""How the log of who did what tells the events of calls."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls.events import (
    CallIntervened,
    CallInterventionFailed,
    CallRecordingConsent,
    CallRecordingPauseFailed,
    CallRecordingResumed,
    CallTransferEnded,
)
from careloop.domains.calls.queries import numbers_of
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__: list[str] = []


def _calls(call_ids: Iterable[int]) -> dict[int, str]:
    return {key: number for key, number in numbers_of(set(call_ids)).items() if number}


name_subjects("call", _calls)

for _name, _label in {
    "call.began": _("Call came in"),
    "call.placed": _("Customer called"),
    "call.played": _("Somebody plays a caller"),
    "call.queued": _("Caller came into a queue"),
    "call.left_queue": _("Caller left a queue"),
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

INTERVENED: Final[Mapping[str, Promise]] = {
    "listen": _("%(who)s listened to the call with %(whom)s."),
    "whisper": _("%(who)s whispered to the agent in the call with %(whom)s."),
    "join": _("%(who)s joined the call with %(whom)s."),
}
NOT_LET_IN: Final[Mapping[str, Promise]] = {
    "listen": _("%(who)s was not let in to listen to the call with %(whom)s."),
    "whisper": _("%(who)s was not let in to whisper to the agent in the call with %(whom)s."),
    "join": _("%(who)s was not let in to join the call with %(whom)s."),
}


def _intervened(event: Event) -> Promise:
    return INTERVENED[event.how if isinstance(event, CallIntervened) else "listen"]


def _not_let_in(event: Event) -> Promise:
    return NOT_LET_IN[event.how if isinstance(event, CallInterventionFailed) else "listen"]


say("call.intervened", label=_("Supervisor in a call"), sentence=_intervened)
say("call.intervention_failed", label=_("Supervisor not let into a call"), sentence=_not_let_in)

say("call.end_asked", label=_("Call ended from the screen"), sentence=_("%(who)s ended the call with %(whom)s."))
say(
    "call.end_failed",
    label=_("Call not ended from the screen"),
    sentence=_("The call with %(whom)s was not ended, though %(who)s asked for it."),
)

TRANSFERRED: Final[Mapping[str, Promise]] = {
    "taken": _("The call with %(whom)s was passed on and taken."),
    "came_back": _("The call with %(whom)s was passed on and came back."),
    "refused": _("The call with %(whom)s was passed on and not taken."),
    "lost": _("The call with %(whom)s was passed on, and the caller was gone before anybody took it."),
}


def _transferred(event: Event) -> Promise:
    return TRANSFERRED[event.state if isinstance(event, CallTransferEnded) else "refused"]


say("call.transfer_asked", label=_("Call passed on"), sentence=_("%(who)s passes the call with %(whom)s on."))
say("call.transfer_ended", label=_("What came of a call that was passed on"), sentence=_transferred)

CONSENTED: Final[Mapping[str, Promise]] = {
    "asked": _("%(who)s noted that %(whom)s was asked whether the call may be recorded."),
    "given": _("%(who)s noted that %(whom)s agrees to be recorded."),
    "refused": _("%(who)s noted that %(whom)s does not want to be recorded."),
}


def _consented(event: Event) -> Promise:
    return CONSENTED[event.consent if isinstance(event, CallRecordingConsent) else "asked"]


def _not_paused(event: Event) -> Promise:
    if isinstance(event, CallRecordingPauseFailed) and not event.goes_on:
        return _("The recording of the call with %(whom)s was not resumed, though it was asked for.")
    return _("The recording of the call with %(whom)s was not paused, though it was asked for.")


def _resumed(event: Event) -> Promise:
    if isinstance(event, CallRecordingResumed) and event.is_forced:
        return _("%(who)s resumed the recording of the call with %(whom)s that somebody else had paused.")
    return _("%(who)s resumed the recording of the call with %(whom)s.")


say("call.recording_consent", label=_("Consent to a recording"), sentence=_consented)
say(
    "call.recording_paused",
    label=_("Recording paused"),
    sentence=_("%(who)s paused the recording of the call with %(whom)s."),
)
say("call.recording_pause_failed", label=_("Recording not paused or resumed"), sentence=_not_paused)
say("call.recording_resumed", label=_("Recording resumed"), sentence=_resumed)
say(
    "call.recording_opened",
    label=_("Recording opened"),
    sentence=_("%(who)s opened the recording of the call with %(whom)s."),
)
