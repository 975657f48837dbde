"""Chats, what is said in them, and the widgets that bring them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from pydantic import Field, model_validator

from careloop.domains.chats.states import Invited
from careloop.domains.chats.types import ChatRow, InvitationRule, WidgetRow, WidgetSettings
from careloop.faces.api.shapes.common import Given, Id, Language, Line, PageAsked, Shown
from careloop.faces.api.shapes.conversations import FileShown
from careloop.processes.chatting import Line as Said

__all__ = [
    "CallInGiven",
    "ChatBackGiven",
    "ChatInvitation",
    "ChatInvitationShown",
    "ChatMoveGiven",
    "ChatPage",
    "ChatShown",
    "ChatsAsked",
    "HandoverGiven",
    "NewWidgetGiven",
    "WhisperGiven",
    "WidgetGiven",
    "WidgetList",
    "WidgetShown",
    "WordGiven",
    "WordList",
    "WrapUpGiven",
    "chat_shown",
    "settings_given",
    "widget_shown",
    "word_shown",
]

Silence = Annotated[int, Field(ge=30, le=86_400)]
Mark = Annotated[str, Field(pattern=r"^[0-9a-f-]{16,40}$")]
Few = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
Said4000 = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*\S[^\x00]*$")]
SiteLanguage = Literal["en", "ko", "zh-hans", "vi"]
Origin = Annotated[str, Field(max_length=300, pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$")]


class ChatsAsked(PageAsked):
    """Which chats: one's own and those one was called into, those that wait, that anybody has, or that are over."""

    state: Literal["own", "waiting", "active", "ended"] = "own"


class ChatShown(Shown):
    """state: waiting, active or ended. is_proved: the site has said who it is. page: where the visitor was.

    queued_at: since when it waits or waited. visitor_read_id, agent_read_id: the last word that either side has read.
    """

    id: int
    case_number: int
    subject: str
    customer_id: int
    customer: str
    state: str
    team_id: int | None
    agent_id: int | None
    helper_ids: list[int]
    language: str
    page: str
    is_proved: bool
    started_at: datetime
    queued_at: datetime
    picked_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    visitor_read_id: int
    agent_read_id: int


class ChatPage(Shown):
    items: list[ChatShown]
    next_cursor: str | None


class WordShown(Shown):
    """One word of a chat. user_id: whose of ours; null for the visitor's."""

    id: int
    is_ours: bool
    user_id: int | None
    name: str
    at: datetime
    text: str
    files: list[FileShown]


class WordList(Shown):
    items: list[WordShown]


class WordGiven(Given):
    """What is said. mark: made by the sender, once for each word; the same mark again is the same word."""

    text: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""
    file_ids: Annotated[list[Id], Field(max_length=10)] = []
    mark: Mark | None = None


class WhisperGiven(Given):
    """What the visitor never sees."""

    text: Said4000


class CallInGiven(Given):
    user_id: Id


class HandoverGiven(Given):
    """To whom: a colleague, or a team whose chat waits again; neither: whoever comes. about: what it is about."""

    user_id: Id | None = None
    team_id: Id | None = None
    about: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> "HandoverGiven":
        if self.user_id is not None and self.team_id is not None:
            raise ValueError(gettext("Name a colleague or a team, not both."))
        return self


class ChatMoveGiven(Given):
    """user_id: into whose hands. seen_agent_id: who had it when one looked; null moves it whoever has it."""

    user_id: Id
    seen_agent_id: Id | None = None


class ChatBackGiven(Given):
    """seen_agent_id: who had it when one looked; null moves it whoever has it now."""

    seen_agent_id: Id | None = None


class WrapUpGiven(Given):
    """reason_id: what it was about; null only where the workspace keeps no reasons. status_id: what the case becomes."""

    reason_id: Id | None = None
    status_id: Id


class ChatInvitation(Given):
    """A rule by which visitors are invited. texts: by language, read in the visitor's, else in the widget's.

    path: what the path of the page begins with. after_seconds: on the page. languages: none for everybody.
    to: which visitors; named: whom the site has signed. pause_hours: not again to the same visitor for so long.
    """

    texts: Annotated[
        dict[SiteLanguage, Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]], Field(min_length=1)
    ]
    path: Annotated[str, Field(max_length=200, pattern=r"^(/[^\x00]*)?$")] = ""
    after_seconds: Annotated[int, Field(ge=0, le=3600)] = 30
    to: Invited = Invited.EVERYBODY
    languages: Annotated[list[SiteLanguage], Field(max_length=4)] = []
    pause_hours: Annotated[int, Field(ge=1, le=2160)] = 24


class ChatInvitationShown(Shown):
    texts: dict[str, str]
    path: str
    after_seconds: int
    to: str
    languages: list[str]
    pause_hours: int


class WidgetGiven(Given):
    """The chat on a site. language: where the site speaks none of ours. allowed_origins: sites that may show it.

    team_id: whose chats these are, null for everybody's. queue_id: where they wait to be offered; null: they are taken by hand.
    mailbox_id: what is mailed leaves through it. calendar_id: null is always.
    visitor_silence_seconds: ends the chat. agent_silence_seconds: gives it to somebody else.
    mail_after_seconds: mails what was not read. most_wait_seconds: ends a wait in which nobody came; 0: it has no end.
    most_waiting: while so many wait nobody else begins to; 0: there is no limit.
    greetings: by language. invitations: rules in their order; the first that fits is shown, and only while somebody is free.
    notice: what visitors agree to first, with the page notice_url that says more of it; empty: nothing is asked.
    """

    name: Line
    language: Language
    greetings: dict[SiteLanguage, Few] = {}
    team_id: Id | None = None
    queue_id: Id | None = None
    mailbox_id: Id | None = None
    calendar_id: Id | None = None
    allowed_origins: Annotated[list[Origin], Field(max_length=50)] = []
    visitor_silence_seconds: Silence = 600
    agent_silence_seconds: Silence = 300
    mail_after_seconds: Silence = 120
    most_wait_seconds: Annotated[int, Field(ge=0, le=86_400)] = 900
    most_waiting: Annotated[int, Field(ge=0, le=1000)] = 0
    invitations: Annotated[list[ChatInvitation], Field(max_length=20)] = []
    notice: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    notice_url: Annotated[str, Field(max_length=300, pattern=r"^(https?://[^\x00\s]*)?$")] = ""
    is_active: bool = True


class NewWidgetGiven(WidgetGiven):
    """key: what its address ends in."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class WidgetShown(Shown):
    id: int
    key: str
    name: str
    language: str
    greetings: dict[str, str]
    team_id: int | None
    queue_id: int | None
    mailbox_id: int | None
    calendar_id: int | None
    allowed_origins: list[str]
    visitor_silence_seconds: int
    agent_silence_seconds: int
    mail_after_seconds: int
    most_wait_seconds: int
    most_waiting: int
    invitations: list[ChatInvitationShown]
    notice: str
    notice_url: str
    is_active: bool


class WidgetList(Shown):
    items: list[WidgetShown]


_SECONDS = ("visitor_silence", "agent_silence", "mail_after", "most_wait")


def settings_given(given: WidgetGiven) -> WidgetSettings:
    """Return what was said of a widget as its settings."""
    said = given.model_dump(exclude={"key"})
    timed = {f"{name}_s": said.pop(f"{name}_seconds") for name in _SECONDS}
    invited = tuple(
        InvitationRule(
            texts=dict(rule.texts.items()),
            path=rule.path,
            after_s=rule.after_seconds,
            to=rule.to,
            languages=tuple(rule.languages),
            pause_h=rule.pause_hours,
        )
        for rule in given.invitations
    )
    origins = tuple(given.allowed_origins)
    return WidgetSettings(**{**said, **timed, "allowed_origins": origins, "invitations": invited})


def widget_shown(row: WidgetRow) -> dict[str, Any]:
    """Return a widget without its secret."""
    said = {name: getattr(row.settings, name) for name in WidgetSettings.__slots__}
    timed = {f"{name}_seconds": said.pop(f"{name}_s") for name in _SECONDS}
    said["allowed_origins"] = list(row.settings.allowed_origins)
    said["invitations"] = [
        {
            "texts": rule.texts,
            "path": rule.path,
            "after_seconds": rule.after_s,
            "to": rule.to,
            "languages": list(rule.languages),
            "pause_hours": rule.pause_h,
        }
        for rule in row.settings.invitations
    ]
    return {"id": row.id, "key": row.key, **said, **timed}


def chat_shown(row: ChatRow) -> dict[str, Any]:
    """Return a chat as our people see it."""
    return {name: getattr(row, name) for name in ChatShown.model_fields} | {"helper_ids": list(row.helper_ids)}


def word_shown(said: Said) -> dict[str, Any]:
    """Return one word of a chat."""
    return {name: getattr(said, name) for name in WordShown.model_fields} | {"files": list(said.files)}
