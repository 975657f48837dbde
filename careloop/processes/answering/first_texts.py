"""A text message that we write first, to a customer who has a mobile number."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.cases.types import NewCase
from careloop.domains.channels.queries import messenger
from careloop.domains.channels.types import MessengerState
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import conversation_rows, texting_between
from careloop.domains.conversations.types import Audience, Channel, ConversationRow, NewConversation, Outbound
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.queries import card
from careloop.domains.customers.types import IdentityKind
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering.errors import AlreadyTexting, WordsUnfit
from careloop.processes.answering.phrases import refuse_unfilled
from careloop.processes.answering.texts import as_text
from careloop.processes.answering.types import Words
from careloop.processes.intake.language import first_line
from careloop.processes.workspace import name_of, workspace_facts

__all__ = ["text_first"]


@act
def text_first(
    *, messenger_id: int, customer_id: int, number: str, words: Words, team_id: int | None, actor: Actor, at: datetime
) -> int:
    """Write a text message to a customer at one of their numbers, and return the new case's id.

    messenger_id: the number of ours from which it leaves. team_id: whose case it is; None for that number's team.

    Raises MayNotWorkOnCases, CustomerNotFound, MessengerNotFound, AlreadyTexting, PlacesUnfilled, MessageEmpty, WordsUnfit.
    """
    if not cases_rules.may_work(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not open them."))
    known, box = card(customer_id=customer_id, viewer=actor), messenger(messenger_id)
    if number not in {one.value for one in known.identities if one.kind == IdentityKind.PHONE}:
        raise WordsUnfit(_("This number is not theirs. Add it to the customer first, then write."))
    if box.state != MessengerState.LIVE:
        raise WordsUnfit(
            _("The number %(number)s is not live, so nothing can be sent from it. Ask a manager.")
            % {"number": box.number}
        )
    refuse_unfilled(words)
    peer = normalize_identity(IdentityKind.PHONE, number)
    if not peer.startswith("+"):
        raise WordsUnfit(_("A text message needs the number with its country, such as +82 10 1234 5678."))
    conversation = _conversation(messenger_id, customer_id, peer, words, actor, at)
    if cases.hold_open_cases(conversation_ids=[conversation.id]):
        raise AlreadyTexting(_("You are in a conversation with this number already. Answer in its case."))
    texted = as_text(conversation, words, at=at)
    plain, facts = texted if texted is not None else (words, None)
    word = Outbound(
        conversation_id=conversation.id, author_name=name_of(actor), text=plain.text, mail=None, texted=facts, at=at
    )
    ours = workspace_facts()
    (message_id,) = conversations.write(
        [word], may_send=ours.may_send, hold_seconds=ours.settings.undo_send_seconds, actor=actor
    )
    case = NewCase(
        subject_line=first_line(plain.text),
        requester_id=customer_id,
        requester_name=known.name,
        channel=Channel.SMS,
        conversation_id=conversation.id,
        first_message_id=message_id,
        team_id=team_id if team_id is not None else box.team_id,
        assignee_id=actor.user_id,
        waits=False,
        is_quiet=True,
        at=at,
    )
    (case_id,) = cases.open_cases([case], actor=actor)
    cases.answered(case_id=case_id, message_id=message_id, status_id=None, actor=actor, at=at)
    conversations.use_saved_replies(reply_ids=words.reply_ids, actor=actor)
    return case_id


def _conversation(
    messenger_id: int, customer_id: int, peer: str, words: Words, actor: Actor, at: datetime
) -> ConversationRow:
    found = texting_between(messenger_id=messenger_id, peer=peer)
    if found is None:
        new = NewConversation(
            channel=Channel.SMS,
            audience=Audience.CUSTOMER,
            customer_id=customer_id,
            mailbox_id=None,
            messenger_id=messenger_id,
            peer=peer,
            subject_line=first_line(words.text) or "—",
            at=at,
        )
        (found,) = conversations.start([new], actor=actor)
    return conversation_rows([found])[found]
