"""What queues and supervisors do with chats: put them into somebody's hands, and take them back."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import services as cases
from careloop.domains.chats import rules
from careloop.domains.chats import services as chats
from careloop.domains.chats.errors import PersonOffWork
from careloop.domains.chats.queries import chat_row, chat_rows
from careloop.domains.people.queries import names_of, people_choices
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.queries import at_work
from careloop.kernel.actors import HOUSE, Actor, Role
from careloop.kernel.acts import act
from careloop.processes.hands import assign

__all__ = ["give_chat", "is_there", "move_chat", "move_chat_back", "take_chat_back"]


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


@act
def move_chat(*, chat_id: int, user_id: int, seen_agent_id: int | None, actor: Actor, at: datetime) -> None:
    """Give a chat that somebody has, and its case, to somebody else, or take it over. Of two who move it, the second is told.

    seen_agent_id: who had it when the actor looked; None when the move does not depend on it.

    Raises MayNotMoveChats, PersonRests, PersonOffWork, ChatNotFound, ChatEnded, ChatMoved, NotYourChat. Records ChatHandedOver, and
    what giving the case records.
    """
    chat = chat_row(chat_id)
    workforce.refuse_if_resting(user_id=user_id, at=at)
    if user_id != actor.user_id and rules.may_move(actor) and not is_there(user_id, actor=actor):
        raise _off_work(names_of([user_id])[user_id])
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    chats.move(chat_id=chat_id, user_id=user_id, seen_agent_id=seen_agent_id, actor=actor, at=at)
    assign(case_id=chat.case_id, assignee_id=user_id, team_id=chat.team_id, actor=actor, at=at)


@act
def move_chat_back(*, chat_id: int, seen_agent_id: int | None, actor: Actor, at: datetime) -> None:
    """Let a chat that somebody has wait again, and its case with it. Arguments and refusals as `move_chat`."""
    chat = chat_row(chat_id)
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    chats.move_back(chat_id=chat_id, seen_agent_id=seen_agent_id, actor=actor, at=at)
    assign(case_id=chat.case_id, assignee_id=None, team_id=chat.team_id, actor=actor, at=at)


def is_there(user_id: int, *, actor: Actor) -> bool:
    """Say whether somebody is there to take a chat that the actor gives them; they need not be where nobody else is.

    Where nobody says what they do, everybody counts as there. Raises PersonOffWork where others could be given it.
    """
    names = {key: name for key, name, role in people_choices(actor) if Role(role) in rules.TALKING}
    here = at_work(names.keys())
    if user_id in here or user_id not in names or not here:
        return True
    if here - {actor.user_id}:
        raise _off_work(names[user_id])
    return False


def _off_work(name: str) -> PersonOffWork:
    return PersonOffWork(
        _("%(name)s is off work. Give the chat to somebody who is here, or to a team.") % {"name": name}
    )
