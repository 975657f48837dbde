"""Chats: who waits, what is said, taking them, handing them on and wrapping them up; and the widgets that bring them."""

from html import escape
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.chats import queries, rules, services
from careloop.domains.chats.errors import MayNotChat, MayNotKeepWidgets, WidgetNotFound
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.chats import (
    CallInGiven,
    ChatBackGiven,
    ChatMoveGiven,
    ChatPage,
    ChatsAsked,
    ChatShown,
    HandoverGiven,
    NewWidgetGiven,
    WhisperGiven,
    WidgetGiven,
    WidgetList,
    WidgetShown,
    WordGiven,
    WordList,
    WrapUpGiven,
    chat_shown,
    settings_given,
    widget_shown,
    word_shown,
)
from careloop.faces.api.shapes.common import Made, PathId
from careloop.faces.api.visits import Visit, visit_of
from careloop.processes.answering.types import Words
from careloop.processes.chatting import (
    agent_says,
    call_in,
    hand_over,
    hand_to_team,
    move_chat,
    move_chat_back,
    pick,
    whisper,
    words_of,
    wrap_up,
)

__all__ = ["room"]

room = Room()


@room.opens("GET", "/chats", Scope.CASES_READ, ChatPage)
def list_chats(request: HttpRequest, asked: Query[ChatsAsked]) -> Any:
    """List chats: one's own, those that wait, that anybody has, or that are over, the newest of these first."""
    viewer = visit_of(request).actor
    if not rules.may_see(viewer):
        raise MayNotChat(_("Your role does not talk to visitors."))
    if asked.state == "ended":
        page = queries.ended_chats(viewer=viewer, cursor=asked.cursor, limit=asked.limit)
        return {"items": [chat_shown(row) for row in page.items], "next_cursor": page.next_cursor}
    match asked.state:
        case "own":
            rows = queries.chats_of(viewer, limit=asked.limit)
        case "waiting":
            rows = queries.waiting_chats(viewer=viewer, limit=asked.limit)
        case "active":
            rows = queries.going_on(viewer, limit=asked.limit)
    return {"items": [chat_shown(row) for row in rows], "next_cursor": None}


@room.opens("GET", "/chats/{chat_id}", Scope.CASES_READ, ChatShown)
def get_chat(request: HttpRequest, chat_id: PathId) -> Any:
    """Get a chat as it stands."""
    return _chat(visit_of(request), chat_id)


@room.opens("GET", "/chats/{chat_id}/words", Scope.CASES_READ, WordList)
def list_words(request: HttpRequest, chat_id: PathId) -> Any:
    """List what was said in a chat, in its order, the first 1000 words at most."""
    _chat(visit_of(request), chat_id)
    return {"items": [word_shown(said) for said in words_of(chat_id)]}


@room.opens("POST", "/chats/{chat_id}/words", Scope.CASES_WRITE, Made, status=201)
def say_word(request: HttpRequest, chat_id: PathId, given: WordGiven) -> Any:
    """Answer in a chat; it is read as it is sent, and nothing can be taken back."""
    visit = visit_of(request)
    _chat(visit, chat_id)
    made = agent_says(
        chat_id=chat_id,
        mark=given.mark or str(uuid4()),
        previous="",
        words=Words(text=given.text, html="", file_ids=given.file_ids),
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, {"id": made})


@room.opens("POST", "/chats/{chat_id}/taking", Scope.CASES_WRITE, ChatShown)
def take_chat(request: HttpRequest, chat_id: PathId) -> Any:
    """Take a chat that waits, and its case with it."""
    visit = visit_of(request)
    _chat(visit, chat_id)
    pick(chat_id=chat_id, actor=visit.actor, at=visit.at)
    return _chat(visit, chat_id)


@room.opens("POST", "/chats/{chat_id}/whispers", Scope.CASES_WRITE, Made, status=201)
def whisper_in_chat(request: HttpRequest, chat_id: PathId, given: WhisperGiven) -> Any:
    """Write a note beside a chat that its visitor never sees."""
    visit = visit_of(request)
    _chat(visit, chat_id)
    words = Words(text=given.text, html=f"<p>{escape(given.text)}</p>")
    return Status(201, {"id": whisper(chat_id=chat_id, words=words, actor=visit.actor, at=visit.at)})


@room.opens("POST", "/chats/{chat_id}/helpers", Scope.CASES_WRITE, ChatShown)
def call_colleague_in(request: HttpRequest, chat_id: PathId, given: CallInGiven) -> Any:
    """Call a colleague into a chat of one's own; both answer in it."""
    visit = visit_of(request)
    _chat(visit, chat_id)
    call_in(chat_id=chat_id, user_id=given.user_id, actor=visit.actor, at=visit.at)
    return _chat(visit, chat_id)


@room.opens("POST", "/chats/{chat_id}/handover", Scope.CASES_WRITE, ChatShown)
def hand_chat_over(request: HttpRequest, chat_id: PathId, given: HandoverGiven) -> Any:
    """Hand a chat to a colleague, or let it wait for a team, with a word on what it is about.

    A colleague who is off work is refused while others are here; otherwise they are called in, and the chat stays where it is.
    """
    visit = visit_of(request)
    _chat(visit, chat_id)
    said: dict[str, Any] = {"chat_id": chat_id, "about": given.about, "actor": visit.actor, "at": visit.at}
    if given.user_id is not None:
        hand_over(user_id=given.user_id, **said)
    else:
        hand_to_team(team_id=given.team_id, **said)
    return _chat(visit, chat_id)


@room.opens("POST", "/chats/{chat_id}/person", Scope.CASES_WRITE, ChatShown)
def move_chat_to(request: HttpRequest, chat_id: PathId, given: ChatMoveGiven) -> Any:
    """Put a chat that somebody has into somebody else's hands, one's own too, as who leads or manages."""
    visit = visit_of(request)
    _chat(visit, chat_id)
    move_chat(chat_id=chat_id, user_id=given.user_id, seen_agent_id=given.seen_agent_id, actor=visit.actor, at=visit.at)
    return _chat(visit, chat_id)


@room.opens("POST", "/chats/{chat_id}/waiting", Scope.CASES_WRITE, ChatShown)
def let_chat_wait(request: HttpRequest, chat_id: PathId, given: ChatBackGiven) -> Any:
    """Let a chat that somebody has wait again, as who leads or manages."""
    visit = visit_of(request)
    _chat(visit, chat_id)
    move_chat_back(chat_id=chat_id, seen_agent_id=given.seen_agent_id, actor=visit.actor, at=visit.at)
    return _chat(visit, chat_id)


@room.opens("POST", "/chats/{chat_id}/ending", Scope.CASES_WRITE, ChatShown)
def wrap_chat_up(request: HttpRequest, chat_id: PathId, given: WrapUpGiven) -> Any:
    """End a chat with what it was about and what its case becomes."""
    visit = visit_of(request)
    _chat(visit, chat_id)
    wrap_up(chat_id=chat_id, reason_id=given.reason_id, status_id=given.status_id, actor=visit.actor, at=visit.at)
    return _chat(visit, chat_id)


@room.opens("GET", "/chat-widgets", Scope.SETTINGS_READ, WidgetList)
def list_widgets(request: HttpRequest) -> Any:
    """List the widgets, without their secrets."""
    return {"items": [widget_shown(row) for row in _widgets(visit_of(request))]}


@room.opens("POST", "/chat-widgets", Scope.SETTINGS_WRITE, WidgetShown, status=201)
def create_widget(request: HttpRequest, given: NewWidgetGiven) -> Any:
    """Put a chat on a site; its secret is shown on its page."""
    visit = visit_of(request)
    made = services.add_widget(key=given.key, settings=settings_given(given), actor=visit.actor, at=visit.at)
    return Status(201, _widget(visit, made))


@room.opens("GET", "/chat-widgets/{widget_id}", Scope.SETTINGS_READ, WidgetShown)
def get_widget(request: HttpRequest, widget_id: PathId) -> Any:
    """Get a widget, without its secret."""
    return _widget(visit_of(request), widget_id)


@room.opens("PUT", "/chat-widgets/{widget_id}", Scope.SETTINGS_WRITE, WidgetShown)
def change_widget(request: HttpRequest, widget_id: PathId, given: WidgetGiven) -> Any:
    """Change a widget or switch it off; what is left out becomes what it is in a new one."""
    visit = visit_of(request)
    services.change_widget(widget_id=widget_id, settings=settings_given(given), actor=visit.actor, at=visit.at)
    return _widget(visit, widget_id)


def _chat(visit: Visit, chat_id: int) -> dict[str, Any]:
    return chat_shown(queries.chat_seen_by(visit.actor, chat_id=chat_id))


def _widgets(visit: Visit) -> list[Any]:
    if not rules.may_read_widgets(visit.actor):
        raise MayNotKeepWidgets(_("Owners and managers put the chat on sites. Ask one of them."))
    return queries.widgets()


def _widget(visit: Visit, widget_id: int) -> dict[str, Any]:
    for row in _widgets(visit):
        if row.id == widget_id:
            return widget_shown(row)
    raise WidgetNotFound(_("There is no such widget."))
