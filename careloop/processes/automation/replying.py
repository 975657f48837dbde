"""Answers that no person writes: with a saved reply, in the customer's language, and never to a machine."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.automation.queries import has_replied_since
from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import case_briefs, conversations_of
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.queries import automatic_words, newest_mail, spoken_by_machines
from careloop.domains.conversations.types import Outbound
from careloop.domains.customers.queries import rows_of
from careloop.gateways.mime import html_to_text
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering.phrases import phrase_in, refuse_unfilled
from careloop.processes.answering.replying import conversation_of, envelope_of
from careloop.processes.answering.texts import as_text
from careloop.processes.answering.types import Words
from careloop.processes.automation.errors import (
    AnsweredLately,
    AnswersMachine,
    AnswersSpam,
    NobodyAnswered,
    ReplyGone,
    TooManyAnswers,
)
from careloop.processes.receipts import DAY, MOST_A_DAY
from careloop.processes.workspace import workspace_facts

__all__ = ["ONCE_IN", "answer_by_rule"]

ONCE_IN: Final = timedelta(hours=24)
"""In how long rules answer at most once in one case, all of them together."""


@act
def answer_by_rule(*, case_id: int, reply_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """Send the customer of a case one of some saved replies, marked as automatic, and return the message's id.

    reply_ids: of replies kept for everybody; the one in the customer's language is sent, the first where none is.

    It is no answer of ours in the sense of what we promise: the customer goes on waiting for a person.

    Raises CaseNotFound, CaseClosedAlready, AnswersSpam, AnswersMachine, AnsweredLately, TooManyAnswers, NobodyAnswered,
    ReplyGone, PlacesUnfilled, WordsUnfit.
    """
    cases.hold_for_answer(case_id=case_id, actor=actor)
    case = case_briefs([case_id])[case_id]
    if case.is_spam:
        raise AnswersSpam(_("Spam is not answered."))
    try:
        conversation = conversation_of(conversations_of(case_id), None)
    except MessageNotFound:
        raise NobodyAnswered(_("Nobody has written to the customer in this case yet.")) from None
    mail = newest_mail(conversation.id)
    if conversation.id in spoken_by_machines([conversation.id]) or (mail is not None and not mail.is_answerable):
        raise AnswersMachine(_("The last word came from a machine, and machines are not answered."))
    if has_replied_since(case_id=case_id, since=at - ONCE_IN):
        raise AnsweredLately(_("A rule has answered in this case within the last 24 hours."))
    sent = automatic_words({case.requester_id}, since=at - DAY).get(case.requester_id, [])
    if len(sent) >= MOST_A_DAY:
        raise TooManyAnswers(_("The customer got as many automatic words today as anybody gets in a day."))
    customer, facts = rows_of([case.requester_id])[case.requester_id], workspace_facts()
    phrase = phrase_in(
        customer.language, reply_ids=reply_ids, case_id=case_id, viewer=actor, usual=facts.settings.language
    )
    if phrase is None:
        raise ReplyGone(_("The saved reply does not exist any more."))
    words = Words(text="".join(html_to_text(phrase.html)).strip(), html=phrase.html)
    refuse_unfilled(words)
    texted = as_text(conversation, words, at=at)
    words = words if texted is None else texted[0]
    envelope = None if texted is not None else envelope_of(conversation, actor, to=None, cc=None, bcc=())
    word = Outbound(
        conversation_id=conversation.id,
        author_name=envelope.from_name if envelope is not None else facts.settings.name,
        text=words.text,
        html=words.html,
        is_auto=True,
        mail=envelope,
        texted=None if texted is None else texted[1],
        at=at,
    )
    (message_id,) = conversations.write([word], may_send=facts.may_send, hold_seconds=0, actor=actor)
    return message_id
