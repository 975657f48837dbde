"""Recordings of calls: whether the caller agrees, what is left out, and who was told where to hear one; never the sound itself."""

from datetime import datetime
from typing import Final
from urllib.parse import quote

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls.errors import AlreadyPaused, CallUnclear, MayNotHandleCalls, MayNotHear, NotYourCall
from careloop.domains.calls.events import (
    CallRecordingConsent,
    CallRecordingOpened,
    CallRecordingPaused,
    CallRecordingPauseFailed,
    CallRecordingResumed,
)
from careloop.domains.calls.models import Call, Recording, RecordingPause
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.calls.states import CallState, Consent, PauseState
from careloop.domains.telephony.queries import pbx
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = [
    "begin_pause",
    "end_pause",
    "end_pauses_of",
    "hear_consent",
    "hear_mute",
    "note_consent",
    "note_pause_done",
    "note_pause_failed",
    "note_resume_failed",
    "open_recording",
]

RUNNING: Final = (PauseState.ASKED, PauseState.ON)


@act
def note_consent(*, call_id: int, consent: str, actor: Actor, at: datetime) -> str:
    """Note whether the caller agrees to be recorded; return the call's key.

    consent: "asked", "given" or "refused".

    Raises CallNotFound, MayNotHandleCalls, NotYourCall, CallUnclear. Records CallRecordingConsent.
    """
    call = _at_work_on(call_id, actor)
    if consent not in {Consent.ASKED, Consent.GIVEN, Consent.REFUSED}:
        raise CallUnclear(_("Say whether the caller was asked, agrees or refuses."))
    _keep_consent(call, consent, actor, at)
    return call.key


@act
def hear_consent(*, pbx_id: int, key: str, consent: str, actor: Actor, at: datetime) -> None:
    """Take in what a telephone system says of a caller's consent. What is older than what is known changes nothing.

    Records CallRecordingConsent.
    """
    call = Call.objects.select_for_update().filter(pbx_id=pbx_id, key=key).first()
    known = Recording.objects.filter(call=call).first() if call is not None else None
    if call is None or consent not in {Consent.ASKED, Consent.GIVEN, Consent.REFUSED}:
        return
    if known is None or known.consent_at is None or known.consent_at < at:
        _keep_consent(call, consent, actor, at)


@act
def begin_pause(*, call_id: int, actor: Actor, at: datetime) -> tuple[int, str]:
    """Note that a recording is to be paused, before the telephone system is asked; return the pause and the call's key.

    Raises CallNotFound, MayNotHandleCalls, NotYourCall, CallUnclear, AlreadyPaused.
    """
    call = _at_work_on(call_id, actor)
    pause = RecordingPause(call=call, begun_by_id=actor.user_id, began_at=at)
    try:
        with attempt():
            pause.save()
    except IntegrityError:
        raise AlreadyPaused(_("The recording of this call is paused already.")) from None
    return pause.pk, call.key


@act
def note_pause_done(*, pause_id: int, actor: Actor, at: datetime) -> None:
    """Note that the telephone system leaves out what is said. Records CallRecordingPaused."""
    pause = RecordingPause.objects.select_for_update(of=("self",)).select_related("call").get(pk=pause_id)
    if pause.state != PauseState.ASKED:
        return
    pause.state, pause.began_at = PauseState.ON, at
    pause.save(update_fields=["state", "began_at"])
    about, people = subject("call", pause.call_id), _people(pause.call)
    record(CallRecordingPaused(subject=about, actor=str(actor), at=at, pause_id=pause.pk, people=people))


@act
def note_pause_failed(*, pause_id: int, actor: Actor, at: datetime) -> None:
    """Note that the telephone system did not pause: the recording goes on. Records CallRecordingPauseFailed."""
    pause = RecordingPause.objects.select_for_update(of=("self",)).select_related("call").get(pk=pause_id)
    if pause.state == PauseState.ASKED:
        _close(pause, PauseState.FAILED, at)
        _record_failed(pause, goes_on=True, actor=actor, at=at)


@act
def end_pause(*, call_id: int, actor: Actor, at: datetime) -> tuple[int, str]:
    """Note that a recording goes on, before the telephone system is asked; return the pause and the call's key.

    Raises CallNotFound, MayNotHandleCalls, NotYourCall, CallUnclear, AlreadyPaused where it is not paused.
    Records CallRecordingResumed.
    """
    call = _at_work_on(call_id, actor)
    pause = RecordingPause.objects.select_for_update().filter(call=call, state__in=RUNNING).first()
    if pause is None:
        raise AlreadyPaused(_("The recording of this call is not paused."))
    _resume(pause, call, ended_by=actor.user_id, actor=actor, at=at)
    return pause.pk, call.key


@act
def note_resume_failed(*, pause_id: int, actor: Actor, at: datetime) -> None:
    """Note that the telephone system did not resume: what is said is still left out. Records CallRecordingPauseFailed."""
    pause = RecordingPause.objects.select_for_update(of=("self",)).select_related("call").get(pk=pause_id)
    is_another = RecordingPause.objects.filter(call_id=pause.call_id, state__in=RUNNING).exists()
    if pause.call.state == CallState.ENDED or is_another:
        return
    pause.state, pause.ended_at, pause.ended_by_id, pause.is_forced = PauseState.ON, None, None, False
    pause.save(update_fields=["state", "ended_at", "ended_by", "is_forced"])
    _record_failed(pause, goes_on=False, actor=actor, at=at)


@act
def hear_mute(*, pbx_id: int, key: str, is_muted: bool, actor: Actor, at: datetime) -> None:
    """Take in that a recording was paused or resumed on the telephone system itself: a resumption is never silent.

    Records CallRecordingPaused, CallRecordingResumed.
    """
    call = Call.objects.select_for_update().filter(pbx_id=pbx_id, key=key).first()
    if call is None or call.state == CallState.ENDED:
        return
    pause = RecordingPause.objects.select_for_update().filter(call=call, state__in=RUNNING).first()
    if pause is None and is_muted:
        pause = RecordingPause.objects.create(call=call, began_at=at)
    if pause is None:
        return
    if is_muted:
        note_pause_done(pause_id=pause.pk, actor=actor, at=at)
    elif pause.state == PauseState.ON and at > pause.began_at:
        _resume(pause, call, ended_by=None, actor=actor, at=at)


def end_pauses_of(call: Call, *, at: datetime) -> None:
    """End what is left out of a recording with the call. Inside an act."""
    for pause in RecordingPause.objects.select_for_update().filter(call=call, state__in=RUNNING):
        _close(pause, PauseState.OVER, max(at, pause.began_at))


@act
def open_recording(*, call_id: int, actor: Actor, at: datetime) -> str:
    """Return where the recording of a call is heard; the log knows who was told.

    Raises CallNotFound, MayNotHear, CallUnclear. Records CallRecordingOpened.
    """
    row = call_seen_by(actor, call_id=call_id)
    if not rules.may_hear(actor):
        raise MayNotHear(_("Recordings are for those who lead, manage or judge calls."))
    url = pbx(row.pbx_id).recording_url
    if not url:
        raise CallUnclear(_("Nobody has said where recordings of this telephone system are heard."))
    if not Recording.objects.filter(call_id=call_id, consent=Consent.GIVEN).exists():
        raise CallUnclear(_("The caller has not agreed to be recorded. There is nothing to hear."))
    record(CallRecordingOpened(subject=subject("call", call_id), actor=str(actor), at=at, agent_id=row.agent_id))
    key = Call.objects.values_list("key", flat=True).get(pk=call_id)
    return url.replace("{key}", quote(key, safe=""))


def _at_work_on(call_id: int, actor: Actor) -> Call:
    row = call_seen_by(actor, call_id=call_id)
    if not rules.may_handle(actor):
        raise MayNotHandleCalls(_("Your role looks at calls but does not deal with them."))
    if not rules.may_pause(actor, agent_id=row.agent_id):
        raise NotYourCall(_("Whoever talks to the caller says so, or somebody who leads or manages."))
    call = Call.objects.select_for_update().get(pk=call_id)
    if call.state != CallState.TALKING:
        raise CallUnclear(_("Nobody talks in this call now. Choose one that goes on."))
    return call


def _keep_consent(call: Call, consent: str, actor: Actor, at: datetime) -> None:
    kept = {"consent": consent, "consent_at": at, "consent_by_id": actor.user_id}
    Recording.objects.update_or_create(call=call, defaults=kept)
    about, people = subject("call", call.pk), _people(call)
    record(CallRecordingConsent(subject=about, actor=str(actor), at=at, consent=consent, people=people))


def _resume(pause: RecordingPause, call: Call, *, ended_by: int | None, actor: Actor, at: datetime) -> None:
    pause.ended_by_id, pause.is_forced = ended_by, ended_by != pause.begun_by_id
    _close(pause, PauseState.OVER, max(at, pause.began_at))
    about, people = subject("call", call.pk), tuple(sorted({*_people(call), *_begun_by(pause)}))
    resumed = CallRecordingResumed(
        subject=about, actor=str(actor), at=at, pause_id=pause.pk, is_forced=pause.is_forced, people=people
    )
    record(resumed)


def _close(pause: RecordingPause, state: PauseState, at: datetime) -> None:
    pause.state, pause.ended_at = state, at
    pause.save(update_fields=["state", "ended_at", "ended_by", "is_forced"])


def _record_failed(pause: RecordingPause, *, goes_on: bool, actor: Actor, at: datetime) -> None:
    about, people = subject("call", pause.call_id), _people(pause.call)
    failed = CallRecordingPauseFailed(
        subject=about, actor=str(actor), at=at, pause_id=pause.pk, goes_on=goes_on, people=people
    )
    record(failed)


def _begun_by(pause: RecordingPause) -> tuple[int, ...]:
    return (pause.begun_by_id,) if pause.begun_by_id is not None else ()


def _people(call: Call) -> tuple[int, ...]:
    return (call.agent_id,) if call.agent_id is not None else ()
