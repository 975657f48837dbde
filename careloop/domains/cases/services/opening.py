"""A new matter, and which words belong to it."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseUnclear, MayNotWorkOnCases
from careloop.domains.cases.events import CaseConversationLinked, CaseOpened
from careloop.domains.cases.models import Case, CaseConversation, CaseType, Cycle, Participant
from careloop.domains.cases.services.locking import about, default_status, locked, place_of
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import Priority
from careloop.domains.people.queries import is_active_member, is_team
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import Event, record_all
from careloop.kernel.scope import remembered
from careloop.kernel.text import document

__all__ = ["link_conversation", "open_case"]


@act
def open_case(
    *,
    subject_line: str,
    requester_id: int,
    requester_name: str,
    channel: str,
    conversation_id: int | None,
    first_message_id: int | None = None,
    participant_ids: Collection[int] = (),
    team_id: int | None,
    assignee_id: int | None = None,
    priority: int = Priority.NORMAL,
    is_spam: bool = False,
    waits: bool = True,
    is_quiet: bool = False,
    actor: Actor,
    at: datetime,
) -> int:
    """Open a case and return its id.

    conversation_id: the conversation it arose in, if any; first_message_id: from which message on, None for all of it.
    participant_ids: customers who take part beside the requester.
    is_quiet: nobody is to be told.
    waits: whether the customer is waiting for an answer from this moment.

    Raises MayNotWorkOnCases, CaseUnclear. Records CaseOpened, and CaseConversationLinked when a conversation is given.
    """
    if not (rules.may_work(actor) or actor.is_customer):
        raise MayNotWorkOnCases(_("Your role reads cases but does not open them."))
    if actor.user_id is not None:
        # A person or a token may name anything; what the house itself names comes from rows that were checked before.
        _check_hands(assignee_id, team_id)
    subject_line = " ".join(subject_line.split())
    if not subject_line:
        raise CaseUnclear(_("Say in a few words what it is about."))
    case_type = remembered("cases.default_type", lambda: CaseType.objects.get(is_default=True))
    case = Case.objects.create(
        number=_next_number(),
        subject=subject_line[:500],
        type=case_type,
        status=default_status(Category.NEW),
        category=Category.NEW,
        priority=priority,
        requester_id=requester_id,
        assignee_id=assignee_id,
        team_id=team_id,
        channel=channel,
        is_spam=is_spam,
        opened_at=at,
        waiting_since=at if waits else None,
        activity_at=at,
        search=document(f"{subject_line} {requester_name}"),
    )
    Cycle.objects.create(case=case, sequence=1, opened_at=at)
    Participant.objects.bulk_create(
        [Participant(case=case, customer_id=c, added_at=at) for c in sorted(set(participant_ids) - {requester_id})]
    )
    events: list[Event] = [
        CaseOpened(
            subject=about(case),
            actor=str(actor),
            at=at,
            number=case.number,
            requester_id=requester_id,
            channel=channel,
            type_id=case_type.pk,
            priority=case.priority,
            now=place_of(case),
            is_quiet=is_quiet,
        )
    ]
    if conversation_id is not None:
        events.append(_link(case, conversation_id, first_message_id, actor, at))
    record_all(events)
    return case.pk


@act
def link_conversation(*, case_id: int, conversation_id: int, actor: Actor, at: datetime) -> None:
    """Make a conversation part of a case. Raises CaseNotFound. Records CaseConversationLinked unless it was linked."""
    case = locked(case_id)
    if CaseConversation.objects.filter(case=case, conversation_id=conversation_id, unlinked_at__isnull=True).exists():
        return
    record_all([_link(case, conversation_id, None, actor, at)])


def _check_hands(assignee_id: int | None, team_id: int | None) -> None:
    if assignee_id is not None and not is_active_member(assignee_id):
        raise CaseUnclear(_("This person does not work here any more. Choose somebody else."))
    if team_id is not None and not is_team(team_id):
        raise CaseUnclear(_("This team does not exist any more. Choose another one."))


def _link(
    case: Case, conversation_id: int, first_message_id: int | None, actor: Actor, at: datetime
) -> CaseConversationLinked:
    CaseConversation.objects.create(
        case=case, conversation_id=conversation_id, first_message_id=first_message_id, linked_at=at
    )
    return CaseConversationLinked(
        subject=about(case),
        actor=str(actor),
        at=at,
        conversation_id=conversation_id,
        first_message_id=first_message_id,
        last_message_id=None,
    )


def _next_number() -> int:
    # From a sequence of the workspace's own: two openings at once do not wait for each other. An undone one leaves a gap.
    with connection.cursor() as cursor:
        cursor.execute("SELECT careloop_next_case_number()")
        return int(cursor.fetchone()[0])
