"""Answer on a case, and take the answer back while it is still in the house."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import ChangedMeanwhile
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import ConversationRange
from careloop.domains.contacts import services as contacts
from careloop.domains.contacts.services import Word
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.errors import MessageEmpty, MessageNotFound
from careloop.domains.conversations.queries import (
    conversation_rows,
    message_row,
    newest_mail,
    newest_message_id,
)
from careloop.domains.conversations.types import (
    AttachedFile,
    Audience,
    Author,
    Channel,
    ConversationRow,
    Inbound,
    MailFacts,
    MailRow,
    Outbound,
)
from careloop.domains.customers.queries import addresses_of, rows_of
from careloop.domains.files.services import attach_loose
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering.drafting import attach_written, resume
from careloop.processes.answering.envelopes import (
    answer_envelope,
    chosen_recipients,
    first_envelope,
    recipients_of_answer,
)
from careloop.processes.answering.phrases import refuse_unfilled, signed
from careloop.processes.answering.texts import as_text
from careloop.processes.answering.types import Words
from careloop.processes.hands import end_contacts_if_done
from careloop.processes.workspace import (
    mailbox_facts,
    name_of,
    our_addresses,
    outgoing_mailbox_id,
    quiet_time,
    workspace_facts,
)

__all__ = ["add_word_of_customer", "conversation_of", "envelope_of", "reply", "sender_name", "take_back"]


@act
def reply(
    *,
    case_id: int,
    words: Words,
    conversation_id: int | None = None,
    to: Sequence[str] | None = None,
    cc: Sequence[str] | None = None,
    bcc: Sequence[str] = (),
    status_id: int | None = None,
    seen_message_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Answer in a conversation of a case and return the message's id.

    conversation_id: which one; None for the newest with the customer.
    to, cc: mail addresses; None for whoever the newest mail suggests.
    status_id: what the case becomes; None lets it wait for the customer.
    seen_message_id: the newest message the writer had before him; a newer one refuses the answer, so that two agents do not
        answer at once. None sends in any case.

    Raises CaseNotFound, MayNotWorkOnCases, CaseClosedAlready, ChangedMeanwhile, PlacesUnfilled, MessageEmpty, WordsUnfit and the
    like; nothing is sent then.
    """
    cases.hold_for_answer(case_id=case_id, actor=actor)
    ranges = cases_queries.conversations_of(case_id)
    conversation = conversation_of(ranges, conversation_id)
    if seen_message_id is not None:
        newest = newest_message_id([c.conversation_id for c in ranges])
        if newest is not None and newest > seen_message_id:
            raise ChangedMeanwhile(_("A new message came in while you were writing. Read it, then send your answer."))
    refuse_unfilled(words)
    facts = workspace_facts()
    texted = as_text(conversation, words, at=at)
    words = signed(words, actor=actor) if texted is None else texted[0]
    if words.file_ids:
        attach_written(case_id=case_id, file_ids=words.file_ids, actor=actor)
    word = Outbound(
        conversation_id=conversation.id,
        author_name=name_of(actor),
        text=words.text,
        html=words.html,
        mail=envelope_of(conversation, actor, to=to, cc=cc, bcc=bcc) if texted is None else None,
        texted=None if texted is None else texted[1],
        files=tuple(AttachedFile(file_id=file_id) for file_id in words.file_ids),
        at=at,
    )
    (message_id,) = conversations.write(
        [word], may_send=facts.may_send, hold_seconds=facts.settings.undo_send_seconds, actor=actor
    )
    if conversation.audience == Audience.CUSTOMER:
        cases.answered(case_id=case_id, message_id=message_id, status_id=status_id, actor=actor, at=at)
        if actor.user_id is not None:
            contacts.human_answered(
                conversation_id=conversation.id, agent_id=actor.user_id, quiet=quiet_time(), actor=actor, at=at
            )
        if status_id is not None:
            end_contacts_if_done(case_id, actor, at)
    elif status_id is not None:
        cases.change_status(case_id=case_id, status_id=status_id, actor=actor, at=at)
    conversations.use_saved_replies(reply_ids=words.reply_ids, actor=actor)
    cases.discard_draft(case_id=case_id, kind="reply", actor=actor)
    return message_id


@act
def take_back(*, message_id: int, actor: Actor, at: datetime) -> str:
    """Take an answer back while it is in the house, and return its HTML for the draft it becomes again.

    It goes back to where it came from: the same conversation, to the same recipients, with its files, above anything that its
    writer has begun meanwhile. Only its writer may. Raises MessageNotFound, AlreadyGone.
    """
    row = message_row(message_id)
    if row is None or row.user_id is None or row.user_id != actor.user_id:
        raise MessageNotFound(_("There is no such message of yours."))
    conversations.recall(message_id=message_id, actor=actor, at=at)
    was_to_customer = conversation_rows([row.conversation_id])[row.conversation_id].audience == Audience.CUSTOMER
    for case_id in cases_queries.visible_case_ids([row.conversation_id], viewer=actor).values():
        resume(
            case_id=case_id,
            html=row.html,
            fields={"conversation_id": str(row.conversation_id), **_recipients(row.mail)},
            file_ids=[file.file_id for file in row.files],
            status_id=_status_chosen(case_id, actor) if was_to_customer else None,
            actor=actor,
            at=at,
        )
    return row.html


@act
def add_word_of_customer(
    *, case_id: int, words: Words, customer: Actor | None = None, actor: Actor, at: datetime
) -> int:
    """Add what a customer writes to their request, and return the message's id.

    customer: whose words somebody of ours hands in through the API; None when the actor writes in the portal. It is found
    by their name; not everybody who takes part is the requester.
    actor: who records it; the files are this actor's.

    Raises CaseNotFound for anybody else's, MayNotWorkOnCases, CaseClosedAlready, MessageEmpty.
    """
    if not words.text.strip() and not words.file_ids:
        raise MessageEmpty(_("Write something, or attach a file."))
    if customer is not None:
        cases.hold_for_answer(case_id=case_id, actor=actor)
    writer = customer or actor
    detail = cases_queries.case_detail(case_id=case_id, viewer=writer)
    conversation = conversation_of(detail.conversations, None)
    cases.hold_open_cases(conversation_ids=[conversation.id])
    attach_loose(file_ids=list(words.file_ids), actor=actor)
    said = Inbound(
        conversation_id=conversation.id,
        author=Author.CUSTOMER,
        author_name=rows_of([writer.id])[writer.id].name,
        customer_id=writer.id,
        text=words.text,
        html=words.html,
        files=tuple(AttachedFile(file_id=file_id) for file_id in words.file_ids),
        at=at,
    )
    (message_id,) = conversations.receive([said], actor=actor)
    cases.customer_wrote(case_id=case_id, message_id=message_id, customer_id=writer.id, actor=actor, at=at)
    word = Word(
        conversation_id=conversation.id,
        customer_id=writer.id,
        channel=Channel.PORTAL if customer is None else Channel.API,
        team_id=detail.row.team_id,
        at=at,
    )
    contacts.customers_wrote([word], quiet=quiet_time(), actor=actor)
    return message_id


def sender_name(actor: Actor, *, mailbox_name: str) -> str:
    """Return the name over an agent's mails: the agent's and the mailbox's, for whoever reads them in a list."""
    name = name_of(actor)
    return f"{name} ({mailbox_name})" if name else mailbox_name


def _status_chosen(case_id: int, viewer: Actor) -> int | None:
    """Return what a case became with an answer that just went out; None when it waits as usual."""
    status_id = cases_queries.case_detail(case_id=case_id, viewer=viewer).status_id
    waits = {row.id for row in cases_queries.statuses() if row.category == Category.WAITING and row.is_default}
    return None if status_id in waits else status_id


def _recipients(mail: MailRow | None) -> dict[str, str]:
    if mail is None:
        return {}
    return {name: ", ".join(getattr(mail, name)) for name in ("to", "cc", "bcc")}


def conversation_of(ranges: Iterable[ConversationRange], conversation_id: int | None) -> ConversationRow:
    """Return one of a case's conversations, the newest with the customer for None. Raises MessageNotFound."""
    rows = conversation_rows(c.conversation_id for c in ranges)
    if conversation_id is not None:
        if conversation_id not in rows:
            raise MessageNotFound(_("There is no such conversation in this case."))
        return rows[conversation_id]
    with_customer = [row for row in rows.values() if row.audience == Audience.CUSTOMER]
    if not with_customer:
        raise MessageNotFound(_("Nobody has written to the customer in this case yet. Write a new mail to them."))
    return max(with_customer, key=lambda row: row.id)


def envelope_of(
    conversation: ConversationRow,
    actor: Actor,
    *,
    to: Sequence[str] | None,
    cc: Sequence[str] | None,
    bcc: Sequence[str],
) -> MailFacts | None:
    """Return how the answer goes out; None when there is no mailbox or no address, and it is read in the portal only."""
    mailbox_id = conversation.mailbox_id or outgoing_mailbox_id()
    newest = newest_mail(conversation.id)
    usual: tuple[Sequence[str], Sequence[str]] = ((), ())
    if newest is not None:
        usual = recipients_of_answer(newest, own=our_addresses(), fallback="")
    if not any(usual[0]):
        usual = (addresses_of(conversation.customer_id)[:1], usual[1])
    if mailbox_id is None or not (to or usual[0]):
        return None
    box = mailbox_facts(mailbox_id)
    name = sender_name(actor, mailbox_name=box.sender_name)
    if newest is None and conversation.channel == Channel.EMAIL:
        # A first mail of ours that was taken back: nothing has been said yet, so there is nothing to answer to.
        return first_envelope(
            subject_line=conversation.subject,
            mailbox=box,
            sender_name=name,
            to=chosen_recipients(usual[0] if to is None else to),
            cc=chosen_recipients(cc or ()),
            bcc=chosen_recipients(bcc),
        )
    return answer_envelope(
        newest=newest,
        subject_line=conversation.subject,
        mailbox=box,
        sender_name=name,
        to=usual[0] if to is None else chosen_recipients(to),
        cc=usual[1] if cc is None else chosen_recipients(cc),
        bcc=chosen_recipients(bcc),
    )
