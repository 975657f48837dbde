"""What our people do in chats: take them, read, answer, whisper, hand them on, wrap them up."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.queries import case_detail, reasons
from careloop.domains.chats import services as chats
from careloop.domains.chats.errors import ChatEnded, NotYourChat
from careloop.domains.chats.queries import chat_row
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.chats.types import ChatRow, NextWord
from careloop.domains.contacts import services as contacts
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.types import AttachedFile, Outbound
from careloop.domains.files.services import attach_loose
from careloop.domains.notifications.services import mark_case_read
from careloop.domains.people.queries import is_team
from careloop.domains.workforce import services as workforce
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.answering import note
from careloop.processes.answering.phrases import refuse_unfilled
from careloop.processes.answering.types import Words
from careloop.processes.chatting.after import end_chat
from careloop.processes.chatting.giving import is_there
from careloop.processes.hands import assign, change_status
from careloop.processes.workspace import name_of, quiet_time, workspace_facts

__all__ = ["agent_reads", "agent_says", "call_in", "hand_over", "hand_to_team", "pick", "whisper", "wrap_up"]


@act
def pick(*, chat_id: int, actor: Actor, at: datetime) -> None:
    """Take a chat that waits, and its case with it. Raises ChatNotFound, MayNotChat, ChatEnded, ChatTaken."""
    chat = _held(chat_id)
    chats.pick(chat_id=chat_id, actor=actor, at=at)
    assign(case_id=chat.case_id, assignee_id=actor.user_id, team_id=chat.team_id, actor=actor, at=at)


@act
def agent_reads(*, chat: ChatRow, message_id: int, actor: Actor, at: datetime) -> None:
    """Note up to which word one of ours has read; what the bell said of its case is read with it."""
    chats.note_read_by_agent(chat_id=chat.id, message_id=message_id, actor=actor)
    mark_case_read(case_id=chat.case_id, actor=actor, at=at)


@act
def agent_says(*, chat_id: int, mark: str, previous: str, words: Words, actor: Actor, at: datetime) -> int:
    """Answer in a chat and return the message's id; the same mark again returns the same message.

    mark, previous: as for visitors. No signature is added and nothing can be taken back: it is read as it is sent.

    Raises ChatNotFound, ChatEnded, MayNotChat, NotYourChat, EarlierMissing, PlacesUnfilled, MessageEmpty, FileNotFound.
    """
    chat = _held(chat_id)
    held = chats.held_for_words([NextWord(chat_id=chat_id, mark=mark, previous=previous)])[chat_id]
    if held.known is not None:
        return held.known
    chats.refuse_early(held)
    if held.state == State.ENDED:
        raise ChatEnded(_("This chat is over. Write to the customer in the case."))
    refuse_unfilled(words)
    cases.hold_for_answer(case_id=chat.case_id, actor=actor)
    if words.file_ids:
        attach_loose(file_ids=list(words.file_ids), actor=actor)
    word = Outbound(
        conversation_id=chat.conversation_id,
        author_name=name_of(actor),
        text=words.text,
        mail=None,
        files=tuple(AttachedFile(file_id=file_id) for file_id in words.file_ids),
        at=at,
    )
    (message_id,) = conversations.write([word], may_send=workspace_facts().may_send, hold_seconds=0, actor=actor)
    chats.agent_said(held, message_id=message_id, actor=actor, at=at)
    cases.answered(case_id=chat.case_id, message_id=message_id, status_id=None, actor=actor, at=at)
    if actor.user_id is not None:
        contacts.human_answered(
            conversation_id=chat.conversation_id, agent_id=actor.user_id, quiet=quiet_time(), actor=actor, at=at
        )
    conversations.use_saved_replies(reply_ids=words.reply_ids, actor=actor)
    return message_id


@act
def whisper(*, chat_id: int, words: Words, mentions: Collection[int] = (), actor: Actor, at: datetime) -> int:
    """Write a note beside a chat that its visitor never sees, and return its id; it stands in the case.

    Raises ChatNotFound, MayNotWorkOnCases, CaseUnclear.
    """
    chat = _held(chat_id)
    note_id = note(case_id=chat.case_id, words=words, mentions=mentions, actor=actor, at=at)
    chats.show_anew(chat_id=chat_id)
    return note_id


@act
def call_in(*, chat_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Call a colleague into a chat of one's own, not out of a rest. Raises PersonRests; else as chats.services.call_in."""
    workforce.refuse_if_resting(user_id=user_id, at=at)
    chats.call_in(chat_id=chat_id, user_id=user_id, actor=actor, at=at)


@act
def hand_over(*, chat_id: int, user_id: int, about: str, actor: Actor, at: datetime) -> bool:
    """Give a chat and its case to a colleague, with a word on what it is about, and say whether they have it now.

    Nobody is given one who is off work, while others are there. Where nobody else is, they are asked to come: called in, with the
    word on what it is about as a notice to them, and the chat stays where it is until they do. In a workspace in which nobody says
    what they do, everybody counts as there.

    about: becomes a note that draws the colleague in; may be empty when they were called in before and have read along.

    Raises PersonRests, PersonOffWork, ChatNotFound, ChatEnded, MayNotChat, NotYourChat, CaseUnclear.
    """
    workforce.refuse_if_resting(user_id=user_id, at=at)
    chat = _held(chat_id)
    if not is_there(user_id, actor=actor):
        chats.call_in(chat_id=chat_id, user_id=user_id, actor=actor, at=at)
        _explain(chat, about, mentions=[user_id], actor=actor, at=at)
        return False
    is_warm = chats.hand_over(chat_id=chat_id, user_id=user_id, actor=actor, at=at)
    if about.strip() or not is_warm:
        _explain(chat, about, mentions=[user_id], actor=actor, at=at)
    assign(case_id=chat.case_id, assignee_id=user_id, team_id=chat.team_id, actor=actor, at=at)
    return True


@act
def hand_to_team(*, chat_id: int, team_id: int | None, about: str, actor: Actor, at: datetime) -> None:
    """Let a chat and its case wait for another team, with a word on what it is about.

    Raises ChatNotFound, ChatEnded, MayNotChat, NotYourChat, CaseUnclear.
    """
    chat = _held(chat_id)
    if team_id is not None and not is_team(team_id):
        raise NotYourChat(_("This team does not exist any more. Choose another one."))
    chats.hand_to_team(chat_id=chat_id, team_id=team_id, actor=actor, at=at)
    _explain(chat, about, mentions=(), actor=actor, at=at)
    assign(case_id=chat.case_id, assignee_id=None, team_id=team_id, actor=actor, at=at)


@act
def wrap_up(*, chat_id: int, reason_id: int | None, status_id: int, actor: Actor, at: datetime) -> None:
    """End a chat with what it was about and what the case becomes.

    reason_id: from the workspace's reasons; None only where it keeps none. status_id: solved, or whatever is still to be done.

    Raises ChatNotFound, ChatEnded, MayNotChat, NotYourChat, CaseUnclear, MoveNotAllowed.
    """
    if reason_id is None and reasons():
        missing = _("Choose a reason from the list.")
        raise CaseUnclear(missing, fields={"reason_id": missing})
    chat = _held(chat_id)
    end_chat(chat=chat, by=EndedBy.AGENT, actor=actor, at=at)
    if reason_id is not None:
        cases.set_reason(case_id=chat.case_id, reason_id=reason_id, actor=actor, at=at)
    if case_detail(case_id=chat.case_id, viewer=actor).status_id != status_id:
        change_status(case_id=chat.case_id, status_id=status_id, actor=actor, at=at)


def _held(chat_id: int) -> ChatRow:
    # Cases are locked before chats, and chats before conversations, by everybody.
    chat = chat_row(chat_id)
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    return chat


def _explain(chat: ChatRow, about: str, *, mentions: Collection[int], actor: Actor, at: datetime) -> None:
    if not about.strip():
        raise NotYourChat(
            _("Write a sentence on what this is about; the next one should not have to ask the visitor again."),
            fields={"about": _("Write a sentence on what this is about.")},
        )
    words = Words(text=about.strip(), html="")
    note(case_id=chat.case_id, words=words, mentions=mentions, actor=actor, at=at)
