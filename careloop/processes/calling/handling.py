"""What an agent does with a call beyond the call itself: the case it opens, and the note that lands there."""

from datetime import datetime

from django.utils.html import linebreaks

from careloop.domains.calls import services as calls
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import reasons
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.rules import may_set_own
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering import note as write_note
from careloop.processes.answering import open_by_hand
from careloop.processes.answering.types import Words

__all__ = ["attach", "open_case_for_call", "write_up"]


@act
def open_case_for_call(
    *,
    call_id: int,
    channel: str,
    customer_id: int,
    subject_line: str,
    words: Words,
    team_id: int | None,
    assignee_id: int | None,
    status_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Take down what a caller says, as a case that the call belongs to, and return the case's id.

    Arguments and refusals as `answering.open_by_hand`; raises CallNotFound, MayNotHandleCalls, CallUnclear as well.
    """
    call_seen_by(actor, call_id=call_id)
    case_id = open_by_hand(
        channel=channel,
        customer_id=customer_id,
        subject_line=subject_line,
        words=words,
        team_id=team_id,
        assignee_id=assignee_id,
        status_id=status_id,
        actor=actor,
        at=at,
    )
    calls.attach_call(call_id=call_id, case_id=case_id, is_new_case=True, actor=actor, at=at)
    return case_id


@act
def attach(*, call_id: int, case_id: int, actor: Actor, at: datetime) -> None:
    """Say which case a call belongs to; what was written up before lands there. Refusals as `calls.services.attach_call`."""
    before = call_seen_by(actor, call_id=call_id)
    calls.attach_call(call_id=call_id, case_id=case_id, actor=actor, at=at)
    if before.written_up_at is not None and before.case_id is None:
        if before.reason_id is not None and before.reason_id in {one.id for one in reasons()}:
            cases.set_reason(case_id=case_id, reason_id=before.reason_id, actor=actor, at=at)
        _note(case_id, before.note, actor=actor, at=at)


@act
def write_up(*, call_id: int, reason_id: int | None, note: str, actor: Actor, at: datetime) -> None:
    """Write a call up: its reason becomes the case's, its note stands in the case, and its agent is free again.

    Refusals as `calls.services.write_up_call`, and MayNotWorkOnCases, CaseNotFound.
    """
    before = call_seen_by(actor, call_id=call_id)
    calls.write_up_call(call_id=call_id, reason_id=reason_id, note=note, actor=actor, at=at)
    if before.case_id is not None:
        if reason_id is not None:
            cases.set_reason(case_id=before.case_id, reason_id=reason_id, actor=actor, at=at)
        if note.strip() != before.note:
            _note(before.case_id, note.strip(), actor=actor, at=at)
    if actor.user_id is not None and actor.user_id == before.agent_id and may_set_own(actor):
        workforce.resume(user_id=actor.user_id, actor=actor, at=at)


def _note(case_id: int, text: str, *, actor: Actor, at: datetime) -> None:
    if text:
        words = Words(text=text, html=linebreaks(text, autoescape=True))
        write_note(case_id=case_id, words=words, mentions=(), actor=actor, at=at)
