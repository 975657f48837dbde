"""What a provider calls us for: kept, answered with what to do next, and told on the one way by which everything is told.

Nobody is asked twice: the same webhook again, or late, is answered as it was, and tells nothing new.
"""

import logging
from datetime import datetime, timedelta
from typing import Final, assert_never

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.calls.passing import UNHEARD
from careloop.domains.calls.queries import ended_from_here, passed_on
from careloop.domains.calls.states import TransferState
from careloop.domains.calls.types import PassedOn
from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import PbxUnclear
from careloop.domains.telephony.types import (
    CallHookKind,
    CallHookRow,
    LeftKind,
    PbxState,
    ProviderRow,
    Told,
    ToldKind,
)
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.gateways.telephony import voice
from careloop.gateways.telephony.voice import VoiceHook, read_voice
from careloop.gateways.texting import Account, Media, MediaTrouble, Unusable, fetch_media, is_signed, pairs_of
from careloop.kernel.acts import act
from careloop.kernel.clock import now
from careloop.kernel.errors import Forbidden
from careloop.kernel.hours import is_open
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.processes.calling.leaving import LeftFile, take_left
from careloop.processes.calling.offering import may_be_called_back
from careloop.processes.calling.translating import transfer_told
from careloop.processes.phoning import PHONES
from careloop.processes.workspace import workspace_facts

__all__ = ["WrongSignature", "answer", "fetch_recording", "keep_hook", "tell_of_hooks"]

log = logging.getLogger(__name__)

AT_A_TIME: Final = 200
MOST_FETCHES: Final = 3
"""How often a recording is asked for; then the case is opened without it, and says so."""
WORDS: Final = gettext_lazy("Nobody can take your call now. Please leave a message after the tone.")
OR_CALLBACK: Final = gettext_lazy(
    "Nobody can take your call now. Press 1 and we will call you back at this number, or leave a message after the tone."
)
PROMISED: Final = gettext_lazy("Thank you. We will call you back.")
CALLBACK_KEY: Final = "1"
CLOCKS: Final = timedelta(seconds=10)
"""By so much the provider's clock may be behind ours."""
JUST_AFTER: Final = timedelta(milliseconds=1)
NOBODY_PICKED_UP: Final = frozenset({"busy", "no-answer", "failed", "canceled"})
OF_LEGS: Final = {
    "ringing": ToldKind.RINGING,
    "in-progress": ToldKind.ANSWERED,
    "busy": ToldKind.MISSED,
    "no-answer": ToldKind.MISSED,
    "failed": ToldKind.MISSED,
}
"""Of an agent's telephone. One that stops ringing because another was picked up was not missed: it is canceled."""


class WrongSignature(Forbidden):
    """A webhook that its provider did not sign."""


def keep_hook(
    provider: ProviderRow, *, kind: CallHookKind, url: str, body: bytes, signature: str, at: datetime
) -> int | None:
    """Keep a webhook, and return its id; None where nothing is kept, because the telephone system is not live.

    url: as the provider called it. Raises WrongSignature, Unusable.
    """
    try:
        pairs = pairs_of(body)
    except Unusable:
        pairs = []  # nobody can have signed it as what it is not
    token = queries.provider_account(provider.pbx_id).token
    if not signature or not is_signed(url, pairs, token=token, signature=signature):
        raise WrongSignature(gettext_lazy("The signature of this call is wrong."))
    told = read_voice(body)
    telephony.note_heard(pbx_id=provider.pbx_id, actor=PHONES, at=at)
    if queries.pbx(provider.pbx_id).state != PbxState.LIVE:
        return None
    return telephony.store_hook(
        pbx_id=provider.pbx_id,
        kind=kind,
        provider_id=_name(kind, told),
        call=told.call,
        body=body,
        actor=PHONES,
        at=at,
    )


@act
def answer(provider: ProviderRow, *, hook_id: int, base: str, at: datetime) -> str:
    """Return what the provider is to do now, the same for the same webhook. base: where its webhooks lead, up to their kind."""
    hook = queries.call_hook(hook_id)
    if hook.answer or not CallHookKind(hook.kind).is_question:
        return hook.answer or voice.SILENCE
    told = read_voice(hook.body)
    numbers, then = _rung(hook, told, provider, at=at)
    next_url = f"{base}{CallHookKind.NEXT}"
    can_be_called = may_be_called_back(told.caller)
    if numbers:
        said = voice.ring(numbers, legs_url=f"{base}{CallHookKind.LEG}", next_url=f"{base}{then}")
    elif told.status in voice.OVER:
        said = voice.SILENCE
    elif _asks_back(hook, told) and can_be_called:
        said = voice.part_with(_words(PROMISED), language=workspace_facts().settings.language)
    elif hook.kind == CallHookKind.CALL or _asks_back(hook, told) or _goes_on(told):
        said = voice.take_message(
            _words(OR_CALLBACK if can_be_called else WORDS),
            language=workspace_facts().settings.language,
            takes_key=can_be_called,
            next_url=next_url,
            recordings_url=f"{base}{CallHookKind.RECORDING}",
        )
    else:
        said = voice.hang_up()
    telephony.answer_hook(hook_id=hook_id, answer=said, lets_go=not numbers and said != voice.SILENCE)
    return said


@act
def tell_of_hooks(*, pbx_id: int, at: datetime) -> int:
    """Tell what came with webhooks, and have recordings fetched; return how many webhooks there were."""
    provider = queries.provider_of(pbx_id)
    hooks = queries.waiting_hooks(pbx_id, at=at, limit=AT_A_TIME) if provider is not None else []
    if provider is None or not hooks:
        return 0
    calls = {hook.call for hook in hooks}
    began, passed = queries.calls_begun(pbx_id, calls=calls), passed_on(pbx_id, keys=calls)
    let_go = queries.calls_let_go(pbx_id, calls=calls) | ended_from_here(pbx_id, keys=calls)
    told = [
        one
        for hook in hooks
        for one in _told(
            hook, provider, began.get(hook.call), was_let_go=hook.call in let_go, passed=passed.get(hook.call)
        )
    ]
    telephony.take_told(pbx_id=pbx_id, told=told, actor=PHONES, at=at)
    for hook in hooks:
        if hook.kind == CallHookKind.RECORDING and read_voice(hook.body).recording_status == "completed":
            app.configure_task("fetch_recording").defer(workspace_id=current_workspace(), hook_id=hook.id)
        telephony.settle_hook(hook_id=hook.id, at=at)
    return len(hooks)


def fetch_recording(*, workspace_id: int, hook_id: int) -> None:
    """Fetch a message that a caller left, and put it into a case. Opens its own scopes: the wire lies between two transactions.

    Raises MediaTrouble for what is worth another try; after the last one the case says that the message is missing.
    """
    with workspace_scope(workspace_id):
        attempts = telephony.count_fetch(hook_id=hook_id)
        hook = queries.call_hook(hook_id)
        known = queries.provider_account(hook.pbx_id)
    told = read_voice(hook.body)
    account = Account(api_base=known.api_base, account=known.account, token=known.token)
    media = None
    try:
        media = fetch_media(
            account,
            url=told.recording_url,
            content_type="audio/x-wav",
            number=1,
            most_bytes=settings.ATTACHMENT_BYTES_LIMIT,
        )
    except MediaTrouble as trouble:
        log.warning("phone.recording_missing", extra={"hook_id": hook_id, "code": trouble.reason})
        if not trouble.is_final and attempts < MOST_FETCHES:
            raise
    with workspace_scope(workspace_id):
        try:
            _leave(hook, told, media, at=now())
        except PbxUnclear:
            log.warning("phone.recording_is_no_sound", extra={"hook_id": hook_id})
            _leave(hook, told, None, at=now())


@act
def _leave(hook: CallHookRow, told: VoiceHook, media: Media | None, *, at: datetime) -> None:
    take_left(
        pbx_id=hook.pbx_id,
        kind=LeftKind.VOICEMAIL,
        told_id=told.recording_id or hook.call,
        number=queries.caller_of(hook.pbx_id, call=hook.call),
        call=hook.call,
        seconds=told.seconds,
        left_at=hook.received_at,
        file=None
        if media is None
        else LeftFile(name=media.name, declared_type=media.content_type, content=media.content),
        actor=PHONES,
        at=at,
    )


def _rung(hook: CallHookRow, told: VoiceHook, provider: ProviderRow, *, at: datetime) -> tuple[list[str], CallHookKind]:
    """Return which telephones are to ring now, if any, and what the provider calls us for when that is over.

    A call that a colleague does not take comes back to who passed it on, and rings at whoever is free.
    """
    if hook.kind == CallHookKind.CALL:
        return _numbers(provider, at=at), CallHookKind.NEXT
    passed = passed_on(hook.pbx_id, keys=[hook.call]).get(hook.call) if told.dial_status else None
    if passed is None or told.status in voice.OVER:
        return [], CallHookKind.NEXT
    is_new = passed.state == TransferState.ASKED and hook.received_at - passed.asked_at < UNHEARD
    if told.dial_status not in NOBODY_PICKED_UP:
        # What ended is the talk with who passes the call on, if the provider asks at all then.
        return [passed.phone] if is_new else [], CallHookKind.PASSED
    if hook.kind == CallHookKind.PASSED:
        back = [passed.sender_phone, *_numbers(provider, at=at)]
        return list(dict.fromkeys(one for one in back if one != passed.phone)), CallHookKind.NEXT
    return [], CallHookKind.NEXT


def _numbers(provider: ProviderRow, *, at: datetime) -> list[str]:
    """Return which telephones ring: none outside the hours, and none of a person who is not available."""
    if provider.calendar_id is not None and not is_open(hours_by_id(at=at)[provider.calendar_id], at):
        return []
    people = queries.people_behind(provider.pbx_id)

    def is_free(number: str) -> bool:
        user_id = people.get(number)
        return user_id is None or seat_of(PHONES, user_id=user_id, at=at).state == State.AVAILABLE

    return [number for number in provider.numbers if is_free(number)]


def _name(kind: CallHookKind, told: VoiceHook) -> str:
    """Return what makes a webhook this one and no other, however often it comes."""
    match kind:
        case CallHookKind.CALL:
            about = ""
        case CallHookKind.NEXT | CallHookKind.PASSED:
            dialed = f"{told.dial_status}:{told.dial_call}" if told.dial_status else ""
            about = told.recording_id or dialed or told.digits
        case CallHookKind.LEG | CallHookKind.STATUS:
            about = told.status
        case CallHookKind.RECORDING:
            about = f"{told.recording_id}:{told.recording_status}"
        case _:
            assert_never(kind)
    return f"{kind}:{told.leg}:{about}"


def _words(words: Promise) -> str:
    """Return words in the language of the workspace."""
    with translation.override(workspace_facts().settings.language):
        return str(words)


def _goes_on(told: VoiceHook) -> bool:
    """Say whether the caller is still there after nobody picked up, or pressed a key that means nothing."""
    is_other_key = bool(told.digits) and told.digits != CALLBACK_KEY and not told.recording_id
    return (told.dial_status in NOBODY_PICKED_UP or is_other_key) and told.status not in voice.OVER


def _asks_back(hook: CallHookRow, told: VoiceHook) -> bool:
    """Say whether the caller pressed the key for a callback, instead of leaving a message."""
    is_key = told.digits == CALLBACK_KEY and not told.recording_id and not told.dial_status
    return is_key and hook.kind == CallHookKind.NEXT


def _told(
    hook: CallHookRow,
    provider: ProviderRow,
    began_at: datetime | None,
    *,
    was_let_go: bool,
    passed: PassedOn | None,
) -> list[Told]:
    """Return what a webhook tells. began_at: when the customer's call came. was_let_go: by us. passed: how it went on last."""
    told, is_leg = read_voice(hook.body), hook.kind == CallHookKind.LEG
    kind = _kind(hook, told)
    if kind is None:
        return []
    # The provider's clock is another one, of whole seconds: nothing happens before the call came, or after we heard of it.
    heard_at = hook.received_at.replace(microsecond=0)
    at = heard_at if told.at is None else min(max(told.at, began_at or told.at), heard_at)
    found: list[Told] = []
    if passed is not None and hook.received_at >= passed.asked_at and at >= passed.asked_at - CLOCKS:
        passed_at = passed.asked_at.replace(microsecond=0)
        at = max(at, passed_at + JUST_AFTER)
        if is_leg and told.called == passed.phone:
            # That it has gone on is known by the telephone that rings, whatever was answered when it was asked for.
            told_id = transfer_told(hook.call, passed.transfer_id)
            found.append(Told(id=told_id, call=hook.call, kind=ToldKind.TRANSFERRED, at=passed_at, to=passed.phone))
    is_first, is_over = kind == ToldKind.WAITING, kind == ToldKind.ENDED
    told_of = Told(
        id=f"{hook.call}:ended" if is_over else f"{told.leg}:{kind}",
        call=hook.call,
        kind=kind,
        at=at,
        number=told.caller if is_first else "",
        line=told.called if is_first else "",
        queue=provider.queue if is_first else "",
        seat=told.called if is_leg else "",
        by_customer=is_over and not was_let_go,
    )
    return [*found, told_of]


def _kind(hook: CallHookRow, told: VoiceHook) -> ToldKind | None:
    """Return what a webhook tells, if anything; an answer of ours after which the call goes on ends nothing."""
    match CallHookKind(hook.kind):
        case CallHookKind.CALL:
            return ToldKind.WAITING
        case CallHookKind.LEG:
            return OF_LEGS.get(told.status)
        case CallHookKind.NEXT | CallHookKind.PASSED:
            if _goes_on(told) or "<Dial" in hook.answer or "<Record" in hook.answer:
                return None
            return ToldKind.CALLBACK if _asks_back(hook, told) else ToldKind.ENDED
        case CallHookKind.STATUS:
            return ToldKind.ENDED if told.status in voice.OVER else None
        case CallHookKind.RECORDING:
            return None
        case other:
            assert_never(other)
