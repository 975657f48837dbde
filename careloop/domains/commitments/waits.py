"""What events of a chat say of the waits of its visitor, as pure values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Final

from careloop.domains.chats.events import ChatAgentJoined, ChatEnded, ChatHandedOver, ChatStarted
from careloop.kernel.events import Event

__all__ = ["OF_WAITS", "Becomes", "ChatWait", "becomes_of_wait", "waits_in_chat"]

OF_WAITS: Final = ("chat.started", "chat.agent_joined", "chat.handed_over", "chat.ended")
"""The names of the events that begin and end waits."""


class Becomes(StrEnum):
    """What becomes of a wait. BEGUN: one that runs goes on. LEFT: nobody came before the chat was over."""

    BEGUN = auto()
    ANSWERED = auto()
    LEFT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatWait:
    """A visitor waits for somebody of ours. until: None while they do. is_answered: somebody came."""

    since: datetime
    until: datetime | None = None
    is_answered: bool = False


def becomes_of_wait(event: Event) -> tuple[Becomes, datetime] | None:
    """Return what an event of a chat does to the wait of its visitor, and when; None where it does nothing.

    Whoever is handed from one of ours to another without standing in line does not wait; who stands there again waits anew.
    """
    match event:
        case ChatStarted(at=at) | ChatHandedOver(at=at, agent_id=None):
            return Becomes.BEGUN, at
        case ChatAgentJoined(at=at) | ChatHandedOver(at=at):
            return Becomes.ANSWERED, at
        case ChatEnded(at=at):
            return Becomes.LEFT, at
        case _:
            return None


def waits_in_chat(events: Iterable[Event]) -> list[ChatWait]:
    """Return the waits of a chat by its events, in the order in which they happened."""
    waits: list[ChatWait] = []
    since: datetime | None = None
    for event in events:
        match becomes_of_wait(event):
            case (Becomes.BEGUN, at):
                since = since or at
            case (how, at) if since is not None:
                waits.append(ChatWait(since=since, until=at, is_answered=how is Becomes.ANSWERED))
                since = None
            case _:
                pass
    return waits if since is None else [*waits, ChatWait(since=since)]
