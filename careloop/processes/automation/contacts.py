"""Calls and chats that ended unanswered, as rules see them: what is known of one, and the case in which a rule acts on it.

A chat has its case from its first word. A call may have none: then a rule opens one, or takes the one in which the same caller's
last call of these days stands and which is open still, so that somebody who tries five times is one case and is called once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.utils import translation
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careloop.domains.automation.contacts import GAVE_UP, LET_GO
from careloop.domains.calendars.queries import own_hours
from careloop.domains.calls import services as calls
from careloop.domains.calls.events import CallEnded
from careloop.domains.calls.queries import call_rows, calls_of_callers
from careloop.domains.calls.states import Ending
from careloop.domains.calls.types import CallRow
from careloop.domains.cases.queries import case_briefs, is_done
from careloop.domains.chats.events import ChatEnded
from careloop.domains.chats.queries import chat_rows, chats_of_customers
from careloop.domains.chats.states import EndedBy
from careloop.domains.chats.types import ChatRow
from careloop.domains.conversations.types import Channel
from careloop.domains.customers.errors import AddressUnusable
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.queries import customers_of_number
from careloop.domains.customers.services import recognize_number
from careloop.domains.customers.types import IdentityKind
from careloop.domains.queues.queries import queue_names, waiting_of_subject
from careloop.domains.queues.states import Kind
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import Recorded
from careloop.kernel.hours import is_open
from careloop.processes.answering.types import Words
from careloop.processes.calling.handling import open_case_for_call
from careloop.processes.workspace import workspace_facts

__all__ = ["SAME_MATTER", "Contact", "case_of", "contacts_in", "facts_of", "is_nobodys", "take_up"]

SAME_MATTER: Final = timedelta(days=7)
"""For so long a caller who was in vain before is taken to call about the same."""
DAY: Final = timedelta(days=1)
_ENDINGS: Final = {Ending.GIVEN_UP: GAVE_UP, Ending.LEFT: LET_GO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A call or a chat that ended unanswered.

    id: of the call or the chat. queue: what the telephone system calls it; empty of chats. number: empty of chats, and where it is
    withheld. who: what the customer is called, or the number. ending: of `CONTACTS`.
    """

    channel: Channel
    id: int
    began_at: datetime
    ended_at: datetime
    queue: str
    number: str
    customer_id: int | None
    case_id: int | None
    who: str
    ending: str

    @property
    def waited_s(self) -> int:
        return int((self.ended_at - self.began_at).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """One call with somebody, or one chat. is_in_vain: they wanted us, and it ended unanswered."""

    key: tuple[str, int]
    answered_at: datetime | None
    ended_at: datetime | None
    is_in_vain: bool


def contacts_in(recorded: Sequence[Recorded]) -> dict[int, Contact]:
    """Return by event which of some events are the end of a call or chat that nobody answered, as they are known today."""
    ended = {one.id: one for one in recorded if isinstance(one.event, CallEnded) and one.event.ending in _ENDINGS}
    left = {
        one.id: one
        for one in recorded
        if isinstance(one.event, ChatEnded) and not one.event.was_answered and one.event.by != EndedBy.AGENT
    }
    called = call_rows({one.subject_id for one in ended.values()})
    chatted = chat_rows({one.subject_id for one in left.values()}) if left else {}
    found = {key: called[one.subject_id] for key, one in ended.items() if one.subject_id in called}
    contacts = {key: _of_call(row) for key, row in found.items() if row.ended_at is not None and not row.is_outbound}
    chats = {key: chatted[one.subject_id] for key, one in left.items() if one.subject_id in chatted}
    return contacts | {key: _of_chat(row) for key, row in chats.items() if row.ended_at is not None}


def facts_of(asked: Sequence[tuple[Contact, datetime]], fields: Collection[str]) -> list[dict[str, object]]:
    """Return what conditions ask of some calls and chats, each at a moment. fields: those of `CONTACTS` that are asked.

    Who was reached, and who tried how often, is read once for all of them.
    """
    if not asked:
        return []
    needs_tries = {"is_reached", "tries"}.intersection(fields)
    tries = _tries([contact for contact, _at in asked]) if needs_tries else {}
    hours = cache(lambda day: own_hours(at=day))
    return [_facts(contact, at, fields, tries, hours(contact.ended_at)) for contact, at in asked]


def case_of(contact: Contact) -> int | None:
    """Return the case in which a rule acts on a call or chat; None where it would open one."""
    if contact.case_id is not None or not contact.number or is_nobodys(contact):
        return contact.case_id
    since = contact.began_at - SAME_MATTER
    before = calls_of_callers(numbers=[contact.number], customer_ids=(), since=since)
    cases = dict.fromkeys(row.case_id for row in before if row.case_id is not None)
    briefs = case_briefs(cases)
    theirs = [
        key
        for key in cases
        if key in briefs and not briefs[key].is_spam and contact.customer_id in {None, briefs[key].requester_id}
    ]
    return next((key for key in theirs if not is_done(key)), None)


def is_nobodys(contact: Contact) -> bool:
    """Say whether nobody knows for whom a case would be opened: nobody is guessed."""
    if contact.customer_id is not None or contact.case_id is not None:
        return False
    try:
        normalize_identity(IdentityKind.PHONE, contact.number)
    except AddressUnusable:
        return True
    return len(customers_of_number(contact.number, limit=2)) > 1


@act
def take_up(contact: Contact, *, actor: Actor, at: datetime) -> int:
    """Return the case of a call or chat; a call without one gets the open one of its caller, or a new one.

    A caller who is not known becomes a customer with this number. Raises CallNotFound, and whatever opening a case refuses.
    Records CallAttached, and what opening a case records.
    """
    if contact.channel is Channel.CHAT and contact.case_id is not None:
        return contact.case_id
    row = calls.hold_call(call_id=contact.id)
    if row.case_id is not None:
        return row.case_id
    known = case_of(contact)
    if known is not None:
        calls.attach_call(call_id=row.id, case_id=known, actor=actor, at=at)
        return known
    customer_id = row.customer_id or recognize_number(
        number=row.number, name=row.number, source="phone", actor=actor, at=at
    )
    title, text = _words(contact)
    return open_case_for_call(
        call_id=row.id,
        channel=Channel.VOICE,
        customer_id=customer_id,
        subject_line=title,
        words=Words(text=text, html=linebreaks(text, autoescape=True)),
        team_id=None,
        assignee_id=None,
        actor=actor,
        at=at,
    )


def _of_call(row: CallRow) -> Contact:
    return Contact(
        channel=Channel.VOICE,
        id=row.id,
        began_at=row.began_at,
        ended_at=row.ended_at or row.began_at,
        queue=row.queue,
        number=row.number,
        customer_id=row.customer_id,
        case_id=row.case_id,
        who=row.customer or row.number,
        ending=_ENDINGS[Ending(row.ending)],
    )


def _of_chat(row: ChatRow) -> Contact:
    return Contact(
        channel=Channel.CHAT,
        id=row.id,
        began_at=row.started_at,
        ended_at=row.ended_at or row.started_at,
        queue="",
        number="",
        customer_id=row.customer_id,
        case_id=row.case_id,
        who=row.customer,
        ending=GAVE_UP if row.ended_by == EndedBy.VISITOR else LET_GO,
    )


def _facts(
    contact: Contact,
    at: datetime,
    fields: Collection[str],
    tries: Mapping[tuple[str, object], Sequence[_Try]],
    hours: object,
) -> dict[str, object]:
    theirs = {one.key: one for key in _keys(contact.number, contact.customer_id) for one in tries.get(key, ())}
    in_vain = [one for one in theirs.values() if one.is_in_vain and one.ended_at is not None]
    return {
        "waited_s": contact.waited_s,
        "ending": contact.ending,
        "queue": _queues(contact) if "queue" in fields else (),
        "is_known": contact.customer_id is not None,
        "has_case": contact.case_id is not None,
        "is_open": hours is None or is_open(hours, contact.ended_at),  # type: ignore[arg-type]
        "is_reached": any(
            one.answered_at is not None and contact.began_at < one.answered_at <= at for one in theirs.values()
        ),
        "tries": sum(
            one.ended_at is not None and contact.ended_at - DAY < one.ended_at <= contact.ended_at for one in in_vain
        ),
    }


def _tries(contacts: Sequence[Contact]) -> dict[tuple[str, object], list[_Try]]:
    """Return by caller, under their number and under their name, what they and we tried around some contacts."""
    since = min(one.began_at for one in contacts) - DAY
    people = {one.customer_id for one in contacts if one.customer_id is not None}
    found: defaultdict[tuple[str, object], list[_Try]] = defaultdict(list)
    for row in calls_of_callers(numbers={one.number for one in contacts}, customer_ids=people, since=since):
        one = _Try(
            key=("call", row.id),
            answered_at=row.answered_at,
            ended_at=row.ended_at,
            is_in_vain=row.ending in _ENDINGS and not row.is_outbound,
        )
        for key in _keys(row.number, row.customer_id):
            found[key].append(one)
    for chat in chats_of_customers(people, since=since) if people else ():
        is_in_vain = chat.picked_at is None and chat.ended_by != EndedBy.AGENT
        found["customer", chat.customer_id].append(
            _Try(key=("chat", chat.id), answered_at=chat.picked_at, ended_at=chat.ended_at, is_in_vain=is_in_vain)
        )
    return found


def _keys(number: str, customer_id: int | None) -> Iterator[tuple[str, object]]:
    if number:
        yield "number", number
    if customer_id is not None:
        yield "customer", customer_id


def _queues(contact: Contact) -> tuple[str, ...]:
    if contact.channel is Channel.VOICE:
        return (contact.queue,) if contact.queue else ()
    waited = waiting_of_subject(kind=Kind.CHAT, subject_id=contact.id)
    return tuple(queue_names([waited.queue_id]).values()) if waited is not None else ()


def _words(contact: Contact) -> tuple[str, str]:
    """Return what the case of a call is called, and what it tells, in the language of the workspace."""
    with translation.override(workspace_facts().settings.language):
        title = _("Missed call: %(number)s") % {"number": contact.number or contact.who}
        text = ngettext(
            "Called and waited for %(seconds)d second. Nobody answered.",
            "Called and waited for %(seconds)d seconds. Nobody answered.",
            contact.waited_s,
        ) % {"seconds": contact.waited_s}
        return title, text
