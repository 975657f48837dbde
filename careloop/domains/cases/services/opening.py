"""A new matter, and which words belong to it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseUnclear, MayNotWorkOnCases
from careloop.domains.cases.events import CaseConversationLinked, CaseOpened
from careloop.domains.cases.models import Case, CaseConversation, CaseType, Cycle, Participant
from careloop.domains.cases.services.locking import about, check_hands, default_status, locked, place_of
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import NewCase
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.scope import remembered
from careloop.kernel.text import document

__all__ = ["link_conversation", "open_cases"]


@act
def open_cases(new: Sequence[NewCase], *, actor: Actor) -> list[int]:
    """Open cases and return their ids, in the order given.

    Raises MayNotWorkOnCases, CaseUnclear. Records CaseOpened, and CaseConversationLinked when a conversation is given.
    """
    if not (rules.may_work(actor) or actor.is_customer):
        raise MayNotWorkOnCases(_("Your role reads cases but does not open them."))
    if not new:
        return []
    subjects = [" ".join(one.subject_line.split()) for one in new]
    if not all(subjects):
        raise CaseUnclear(_("Say in a few words what it is about."))
    if actor.user_id is not None:
        # A person or a token may name anything; what the house itself names comes from rows that were checked before.
        for one in new:
            check_hands(one.assignee_id, one.team_id)
    case_type = remembered("cases.default_type", lambda: CaseType.objects.get(is_default=True))
    status = default_status(Category.NEW)
    cases = Case.objects.bulk_create(
        [
            Case(
                number=number,
                subject=subject_line[:500],
                type=case_type,
                status=status,
                category=Category.NEW,
                priority=one.priority,
                requester_id=one.requester_id,
                assignee_id=one.assignee_id,
                team_id=one.team_id,
                channel=one.channel,
                is_spam=one.is_spam,
                opened_at=one.at,
                waiting_since=one.at if one.waits else None,
                activity_at=one.at,
                search=document(f"{subject_line} {one.requester_name}"),
            )
            for one, subject_line, number in zip(new, subjects, _next_numbers(len(new)), strict=True)
        ]
    )
    pairs = list(zip(new, cases, strict=True))
    Cycle.objects.bulk_create([Cycle(case=case, sequence=1, opened_at=case.opened_at) for case in cases])
    Participant.objects.bulk_create(
        [
            Participant(case=case, customer_id=customer_id, added_at=case.opened_at)
            for one, case in pairs
            for customer_id in sorted(set(one.participant_ids) - {one.requester_id})
        ]
    )
    CaseConversation.objects.bulk_create(
        [
            CaseConversation(
                case=case,
                conversation_id=one.conversation_id,
                first_message_id=one.first_message_id,
                linked_at=case.opened_at,
            )
            for one, case in pairs
            if one.conversation_id is not None
        ]
    )
    for one, case in pairs:
        record(
            CaseOpened(
                subject=about(case),
                actor=str(actor),
                at=case.opened_at,
                number=case.number,
                requester_id=case.requester_id,
                channel=case.channel,
                type_id=case.type_id,
                priority=case.priority,
                now=place_of(case),
                is_quiet=one.is_quiet,
                waits=one.waits,
            )
        )
        if one.conversation_id is not None:
            record(_linked(case, one.conversation_id, one.first_message_id, actor, case.opened_at))
    return [case.pk for case in cases]


@act
def link_conversation(*, case_id: int, conversation_id: int, actor: Actor, at: datetime) -> None:
    """Make a conversation part of a case. Raises CaseNotFound. Records CaseConversationLinked unless it was linked."""
    case = locked(case_id)
    if CaseConversation.objects.filter(case=case, conversation_id=conversation_id, unlinked_at__isnull=True).exists():
        return
    CaseConversation.objects.create(case=case, conversation_id=conversation_id, linked_at=at)
    record(_linked(case, conversation_id, None, actor, at))


def _linked(
    case: Case, conversation_id: int, first_message_id: int | None, actor: Actor, at: datetime
) -> CaseConversationLinked:
    return CaseConversationLinked(
        subject=about(case),
        actor=str(actor),
        at=at,
        conversation_id=conversation_id,
        first_message_id=first_message_id,
        last_message_id=None,
    )


def _next_numbers(count: int) -> list[int]:
    # From a sequence of the workspace's own: two openings at once do not wait for each other. An undone one leaves a gap.
    with connection.cursor() as cursor:
        cursor.execute("SELECT careloop_next_case_number() FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]
