"""Ask somebody outside about a customer's matter; their answer comes back into the case, and the customer never sees it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.channels.errors import MailboxUnclear
from careloop.domains.channels.queries import mailbox
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import conversation_rows
from careloop.domains.conversations.types import AttachedFile, Audience, Channel, NewConversation, Outbound
from careloop.domains.customers import services as customers
from careloop.domains.customers.types import Met
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering.drafting import attach_written
from careloop.processes.answering.envelopes import chosen_recipients, first_envelope
from careloop.processes.answering.phrases import refuse_unfilled, signed
from careloop.processes.answering.replying import sender_name
from careloop.processes.answering.types import Words
from careloop.processes.workspace import name_of, outgoing_mailbox_id, workspace_facts

__all__ = ["forward"]


@act
def forward(
    *,
    case_id: int,
    to: str,
    cc: Sequence[str] = (),
    words: Words,
    shared_file_ids: Sequence[int] = (),
    actor: Actor,
    at: datetime,
) -> int:
    """Write to a third party about a case and return the message's id.

    to: their address. words: what the agent writes, with whatever of the customer's words he left below it.
    shared_file_ids: files of the case that go along; the face has checked that they belong to it.

    Raises CaseNotFound, MayNotWorkOnCases, AddressUnusable, MailboxUnclear, PlacesUnfilled, MessageEmpty.
    """
    detail = cases_queries.case_detail(case_id=case_id, viewer=actor)
    if not cases_rules.may_work(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not answer in them."))
    refuse_unfilled(words)
    rows = conversation_rows(c.conversation_id for c in detail.conversations)
    mailbox_id = next((row.mailbox_id for row in rows.values() if row.mailbox_id), None) or outgoing_mailbox_id()
    if mailbox_id is None:
        raise MailboxUnclear(_("This workspace has no mailbox that can send. Connect one first."))
    box = mailbox(mailbox_id)
    third_party_id = customers.recognize([Met(address=to, at=at)], source="third_party", actor=actor)[to]
    subject_line = f"Fwd: {detail.row.subject}"
    conversation = NewConversation(
        channel=Channel.EMAIL,
        audience=Audience.THIRD_PARTY,
        customer_id=third_party_id,
        mailbox_id=mailbox_id,
        subject_line=subject_line,
        at=at,
    )
    (conversation_id,) = conversations.start([conversation], actor=actor)
    cases.link_conversation(case_id=case_id, conversation_id=conversation_id, actor=actor, at=at)
    attach_written(case_id=case_id, file_ids=words.file_ids, actor=actor)
    facts = workspace_facts()
    words = signed(words, actor=actor)
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
            bcc=(),
        ),
        files=tuple(AttachedFile(file_id=file_id) for file_id in (*words.file_ids, *shared_file_ids)),
        at=at,
    )
    (message_id,) = conversations.write(
        [word], may_send=facts.may_send, hold_seconds=facts.settings.undo_send_seconds, actor=actor
    )
    conversations.use_saved_replies(reply_ids=words.reply_ids, actor=actor)
    cases.discard_draft(case_id=case_id, kind="forward", actor=actor)
    return message_id
