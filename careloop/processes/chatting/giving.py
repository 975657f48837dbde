"""What queues do with chats: put them into somebody's hands, and take them back from who is gone."""

from datetime import datetime

from careloop.domains.cases import services as cases
from careloop.domains.chats import services as chats
from careloop.domains.chats.queries import chat_rows
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.processes.hands import assign

__all__ = ["give_chat", "take_chat_back"]


@act
def give_chat(chat_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Open a chat for somebody, and put its case into their hands. One that is not there any more is left alone.

    actor: they themselves, or whoever leads and says so.

    Raises NotYourChat, ChatEnded, ChatTaken. Records ChatAgentJoined, and what giving the case records.
    """
    chat = chat_rows([chat_id]).get(chat_id)
    if chat is None:
        return
    # Cases are locked before chats, by everybody.
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    chats.give(chat_id=chat_id, user_id=user_id, actor=actor, at=at)
    assign(case_id=chat.case_id, assignee_id=user_id, team_id=chat.team_id, actor=actor, at=at)


@act
def take_chat_back(chat_id: int, user_id: int, at: datetime) -> None:
    """Let a chat wait again whose agent is gone, and its case with it; not if somebody else has it. Records ChatHandedOver."""
    chat = chat_rows([chat_id]).get(chat_id)
    if chat is None:
        return
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    if chats.release_gone(chat_id=chat_id, user_id=user_id, at=at):
        assign(case_id=chat.case_id, assignee_id=None, team_id=chat.team_id, actor=HOUSE, at=at)
