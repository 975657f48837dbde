"""What protects our people from customers who abuse them: a warning, the end of the contact, a rest, and all of it written down.

Where a chat about the case goes on, the customer is warned in it, and it is ended; otherwise it is the conversation with the
customer. What is said by mouth, on the phone or at the counter, is only written down.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls.queries import called_conversations
from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.chats.queries import live_chat_of_case
from careloop.domains.chats.states import EndedBy
from careloop.domains.chats.types import ChatRow
from careloop.domains.contacts import services as contacts
from careloop.domains.contacts.queries import contacts_of_conversations
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.types import Channel, ConversationRow, Outbound
from careloop.domains.customers.queries import rows_of
from careloop.domains.queues import queries as queues
from careloop.domains.queues.states import Outcome
from careloop.domains.supervision import services as supervision
from careloop.domains.supervision.errors import NoContact
from careloop.domains.supervision.states import AbuseKind
from careloop.domains.workforce import services as workforce
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering.replying import conversation_of, envelope_of
from careloop.processes.answering.texts import as_text
from careloop.processes.answering.types import Words
from careloop.processes.chatting.after import end_chat
from careloop.processes.chatting.agents import agent_says
from careloop.processes.hands import assign
from careloop.processes.routing.answering import end_offer
from careloop.processes.workspace import name_of, quiet_time, workspace_facts

__all__ = ["end_contact", "ending_words", "give_rest", "note_abuse", "warn", "warning_words"]

BY_MOUTH: Final = frozenset({Channel.VOICE, Channel.IN_PERSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where it happened. chat: one that goes on, or None. language: of the customer. is_by_mouth: nothing is written there."""

    case_id: int
    team_id: int | None
    conversation: ConversationRow
    contact_id: int
    chat: ChatRow | None
    language: str
    is_by_mouth: bool


def warning_words(language: str) -> str:
    """Return what a customer is told who is warned, in their language."""
    with translation.override(language):
        return _now(
            "We want to help you. But please do not insult, threaten or harass the people who answer you. "
            "If it goes on, we end this conversation."
        )


def ending_words(language: str) -> str:
    """Return what a customer is told whose contact is ended, in their language."""
    with translation.override(language):
        return _now(
            "We end this conversation now, to protect the person who answered you. "
            "You can turn to us again at any time; please speak with us respectfully then."
        )


@act
def note_abuse(*, case_id: int, kind: AbuseKind, actor: Actor, at: datetime) -> int:
    """Write down that the customer of a case abused the actor, and return its primary key; noted twice, it stands once.

    Raises CaseNotFound, MayNotWorkOnCases, CaseClosedAlready, NoContact, AbuseUnclear. Records AbuseNoted.
    """
    return _noted(_place(case_id, actor), kind, actor, at)


@act
def warn(*, case_id: int, kind: AbuseKind, actor: Actor, at: datetime) -> int:
    """Warn the customer of a case in their language, once in a contact, write it down, and return its primary key.

    Raises what note_abuse raises, AlreadyWarned, AlreadyEnded; in a chat of somebody else NotYourChat. Records AbuseNoted,
    AbuseWarned, and what the words record.
    """
    place = _place(case_id, actor)
    abuse_id = _noted(place, kind, actor, at)
    supervision.warn(abuse_id=abuse_id, is_sent=not place.is_by_mouth, actor=actor, at=at)
    _say(place, warning_words(place.language), mark=f"warning {place.contact_id}", actor=actor, at=at)
    return abuse_id


@act
def end_contact(*, case_id: int, kind: AbuseKind, rest_minutes: int | None = None, actor: Actor, at: datetime) -> int:
    """End the contact with an abusive customer and tell them so; the case is nobody's then. Returns the abuse's primary key.

    rest_minutes: how long the actor rests afterwards; None when they do not.

    Raises what note_abuse raises, NotWarned, AlreadyEnded; in a chat of somebody else NotYourChat. Records AbuseNoted,
    AbuseContactEnded, AbuseRestGiven, and what the words and the end of the contact record.
    """
    if rest_minutes is not None:
        # First, because seats are locked before cases, by everybody.
        _let_rest(actor.id, rest_minutes, actor, at)
    place = _place(case_id, actor)
    abuse_id = _noted(place, kind, actor, at)
    supervision.end_contact(abuse_id=abuse_id, actor=actor, at=at)
    _say(place, ending_words(place.language), mark=f"ending {place.contact_id}", actor=actor, at=at)
    if place.chat is not None:
        end_chat(chat=place.chat, by=EndedBy.AGENT, actor=actor, at=at)
    else:
        contacts.matter_solved(conversation_ids=[place.conversation.id], actor=actor, at=at)
    assign(case_id=case_id, assignee_id=None, team_id=place.team_id, actor=actor, at=at)
    if rest_minutes is not None:
        supervision.give_rest(abuse_id=abuse_id, minutes=rest_minutes, actor=actor, at=at)
    return abuse_id


@act
def give_rest(*, abuse_id: int, minutes: int, actor: Actor, at: datetime) -> None:
    """Let whoever was abused rest: they take it themselves, or whoever leads gives it.

    What they are being offered here is taken back.

    Refusals as supervision.services.give_rest. Records AbuseRestGiven, OfferEnded, and PresenceChanged where it shows.
    """
    user_id = supervision.give_rest(abuse_id=abuse_id, minutes=minutes, actor=actor, at=at)
    _let_rest(user_id, minutes, actor, at)


def _let_rest(user_id: int, minutes: int, actor: Actor, at: datetime) -> None:
    offer = queues.open_offer_of(user_id)
    if offer is not None:
        end_offer(offer.id, Outcome.WITHDRAWN, reason="away", actor=actor, at=at)
    workforce.rest(user_id=user_id, seconds=minutes * 60, actor=actor, at=at)


def _place(case_id: int, actor: Actor) -> _Place:
    cases.hold_for_answer(case_id=case_id, actor=actor)
    detail = cases_queries.case_detail(case_id=case_id, viewer=actor)
    chat = live_chat_of_case(case_id)
    asked = None if chat is None else chat.conversation_id
    conversation = conversation_of(detail.conversations, asked)
    known = contacts_of_conversations([conversation.id])
    if not known:
        raise NoContact(_("This customer has not spoken with us in this case yet."))
    spoken = rows_of([conversation.customer_id])[conversation.customer_id].language
    return _Place(
        case_id=case_id,
        team_id=detail.row.team_id,
        conversation=conversation,
        contact_id=known[-1].id,
        chat=chat,
        language=spoken or (chat.language if chat is not None else workspace_facts().settings.language),
        is_by_mouth=conversation.channel in BY_MOUTH or bool(called_conversations([conversation.id])),
    )


def _noted(place: _Place, kind: AbuseKind, actor: Actor, at: datetime) -> int:
    return supervision.note_abuse(
        case_id=place.case_id,
        chat_id=place.chat.id if place.chat is not None else None,
        contact_id=place.contact_id,
        kind=kind,
        actor=actor,
        at=at,
    )


def _say(place: _Place, text: str, *, mark: str, actor: Actor, at: datetime) -> None:
    """Tell the customer something that cannot be taken back: it is a fact from the moment on at which it was decided."""
    if place.chat is not None:
        words = Words(text=text, html="")
        agent_says(chat_id=place.chat.id, mark=mark, previous="", words=words, actor=actor, at=at)
        return
    if place.is_by_mouth:
        return
    texted = as_text(place.conversation, Words(text=text, html=""), at=at)
    word = Outbound(
        conversation_id=place.conversation.id,
        author_name=name_of(actor),
        text=text,
        mail=envelope_of(place.conversation, actor, to=None, cc=None, bcc=()) if texted is None else None,
        texted=None if texted is None else texted[1],
        at=at,
    )
    may_send = workspace_facts().may_send
    (message_id,) = conversations.write([word], may_send=may_send, hold_seconds=0, actor=actor)
    cases.answered(case_id=place.case_id, message_id=message_id, status_id=None, actor=actor, at=at)
    if actor.user_id is not None:
        contacts.human_answered(
            conversation_id=place.conversation.id, agent_id=actor.user_id, quiet=quiet_time(), actor=actor, at=at
        )
