"""Cases that begin with us: a mail we write first, a call taken down, a request from a form, the portal or the API."""

from collections.abc import Sequence
from datetime import datetime

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.types import NewCase
from careloop.domains.channels.queries import mailbox
from careloop.domains.contacts import services as contacts
from careloop.domains.contacts.services import Word
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.types import (
    AttachedFile,
    Audience,
    Author,
    Channel,
    Inbound,
    NewConversation,
    Outbound,
)
from careloop.domains.customers import services as customers
from careloop.domains.customers.queries import rows_of
from careloop.domains.customers.types import Met
from careloop.domains.files.services import attach_loose
from careloop.gateways.mime import clean_line
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering.envelopes import chosen_recipients, first_envelope
from careloop.processes.answering.phrases import refuse_unfilled, signed
from careloop.processes.answering.replying import sender_name
from careloop.processes.answering.types import Words
from careloop.processes.hands import end_contacts_if_done
from careloop.processes.intake.language import first_line
from careloop.processes.workspace import name_of, outgoing_mailbox_id, quiet_time, workspace_facts

__all__ = ["open_by_hand", "receive_request", "write_first"]


@act
def receive_request(
    *,
    channel: str,
    address: str,
    name: str,
    language: str,
    subject_line: str,
    words: Words,
    team_id: int | None = None,
    mailbox_id: int | None = None,
    customer: Actor | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Take in what a customer wrote in a form, in the portal or through the API, and return the case's id.

    channel: web_form, portal or api. address, name: how they say they are reached and called.
    customer: the signed-in customer, if any; the address is then theirs already.
    mailbox_id: which mailbox the answer leaves through; None for the workspace's first.
    actor: who records it; the files are this actor's.

    Raises AddressUnusable, MessageEmpty, CaseUnclear.
    """
    if customer is not None:
        customer_id = customer.id
    else:
        met = Met(address=address, name=name, language=language, at=at)
        customer_id = customers.recognize([met], source=channel, actor=actor)[address]
    attach_loose(file_ids=list(words.file_ids), actor=actor)
    return _opened(
        channel=channel,
        customer_id=customer_id,
        subject_line=subject_line or first_line(words.text),
        words=words,
        team_id=team_id,
        assignee_id=None,
        mailbox_id=mailbox_id or outgoing_mailbox_id(),
        actor=actor,
        at=at,
    )


@act
def open_by_hand(
    *,
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
    """Take down what a customer said on the phone, in a letter or at the counter, and return the case's id.

    channel: voice, letter or in_person; a person of ours is talking to them, so the contact is answered at once.
    status_id: what the case becomes; a matter solved on the spot is solved at once.

    Raises MayNotWorkOnCases, CaseUnclear, MessageEmpty.
    """
    attach_loose(file_ids=list(words.file_ids), actor=actor)
    case_id = _opened(
        channel=channel,
        customer_id=customer_id,
        subject_line=subject_line or first_line(words.text),
        words=words,
        team_id=team_id,
        assignee_id=assignee_id,
        mailbox_id=outgoing_mailbox_id(),
        actor=actor,
        at=at,
    )
    if channel in {Channel.VOICE, Channel.IN_PERSON} and actor.user_id is not None:
        for link in cases_queries.conversations_of(case_id):
            contacts.human_answered(
                conversation_id=link.conversation_id,
                agent_id=actor.user_id,
                quiet=quiet_time(),
                actor=actor,
                at=at,
            )
    if status_id is not None:
        cases.change_status(case_id=case_id, status_id=status_id, actor=actor, at=at)
        end_contacts_if_done(case_id, actor, at)
    return case_id


@act
def write_first(
    *,
    mailbox_id: int,
    to: str,
    name: str,
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    subject_line: str,
    words: Words,
    team_id: int | None,
    actor: Actor,
    at: datetime,
) -> int:
    """Write to a customer who has not written to us, and return the new case's id.

    to: the customer's address; name: what they are called when they are new to us.

    subject_line: becomes one line. words: the writer's signature is added.

    Raises AddressUnusable, MayNotWorkOnCases, CaseUnclear, PlacesUnfilled, MessageEmpty.
    """
    refuse_unfilled(words)
    box = mailbox(mailbox_id)
    subject_line = clean_line(subject_line)
    customer_id = customers.recognize([Met(address=to, name=name, at=at)], source="outbound", actor=actor)[to]
    conversation = NewConversation(
        channel=Channel.EMAIL,
        audience=Audience.CUSTOMER,
        customer_id=customer_id,
        mailbox_id=mailbox_id,
        subject_line=subject_line,
        at=at,
    )
    (conversation_id,) = conversations.start([conversation], actor=actor)
    case = NewCase(
        subject_line=subject_line,
        requester_id=customer_id,
        requester_name=rows_of([customer_id])[customer_id].name,
        channel=Channel.EMAIL,
        conversation_id=conversation_id,
        team_id=team_id,
        assignee_id=actor.user_id,
        waits=False,
        is_quiet=True,
        at=at,
    )
    (case_id,) = cases.open_cases([case], actor=actor)
    facts = workspace_facts()
    words = signed(words, actor=actor)
    attach_loose(file_ids=list(words.file_ids), actor=actor)
    word = Outbound(
        conversation_id=conversation_id,
        author_name=name_of(actor),
        text=words.text,
        html=words.html,
        mail=first_envelope(
            subject_line=subject_line,
            mailbox=box,
            sender_name=sender_name(actor, mailbox_name=box.sender_name),
            to=chosen_recipients([to]),
            cc=chosen_recipients(cc),
            bcc=chosen_recipients(bcc),
        ),
        files=tuple(AttachedFile(file_id=file_id) for file_id in words.file_ids),
        at=at,
    )
    (message_id,) = conversations.write(
        [word], may_send=facts.may_send, hold_seconds=facts.settings.undo_send_seconds, actor=actor
    )
    cases.answered(case_id=case_id, message_id=message_id, status_id=None, actor=actor, at=at)
    conversations.use_saved_replies(reply_ids=words.reply_ids, actor=actor)
    cases.discard_draft(case_id=None, kind="mail", actor=actor)
    return case_id


def _opened(
    *,
    channel: str,
    customer_id: int,
    subject_line: str,
    words: Words,
    team_id: int | None,
    assignee_id: int | None,
    mailbox_id: int | None,
    actor: Actor,
    at: datetime,
) -> int:
    name = rows_of([customer_id])[customer_id].name
    conversation = NewConversation(
        channel=channel,
        audience=Audience.CUSTOMER,
        customer_id=customer_id,
        mailbox_id=mailbox_id,
        subject_line=subject_line,
        at=at,
    )
    (conversation_id,) = conversations.start([conversation], actor=actor)
    said = Inbound(
        conversation_id=conversation_id,
        author=Author.CUSTOMER,
        author_name=name,
        customer_id=customer_id,
        text=words.text,
        html=words.html,
        files=tuple(AttachedFile(file_id=file_id) for file_id in words.file_ids),
        at=at,
    )
    conversations.receive([said], actor=actor)
    case = NewCase(
        subject_line=subject_line,
        requester_id=customer_id,
        requester_name=name,
        channel=channel,
        conversation_id=conversation_id,
        team_id=team_id,
        assignee_id=assignee_id,
        at=at,
    )
    (case_id,) = cases.open_cases([case], actor=actor)
    word = Word(conversation_id=conversation_id, customer_id=customer_id, channel=channel, team_id=team_id, at=at)
    contacts.customers_wrote([word], quiet=quiet_time(), actor=actor)
    return case_id
