"""What follows for a person from what they chose, hold and are offered. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.workforce.states import LIVE, State

__all__ = ["Doing", "open_kinds", "state_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What decides. held: by kind, how much they have in hand. load, room: in weights. wraps_until: as in `SeatRow`."""

    chosen: State
    is_offered: bool
    is_on_hold: bool
    held: Mapping[str, int]
    load: int
    room: int
    most: Mapping[str, int]
    wraps_until: datetime | None


def state_of(doing: Doing, *, at: datetime) -> State:
    """Say what somebody does at a moment: a customer who is there comes before anything they chose."""
    if any(doing.held.get(kind) for kind in LIVE):
        return State.HOLD if doing.is_on_hold else State.CONTACT
    if doing.wraps_until is not None and doing.wraps_until > at:
        return State.WRAP
    if doing.is_offered:
        return State.RINGING
    return doing.chosen


def open_kinds(doing: Doing, *, at: datetime) -> list[str]:
    """Return the kinds of work they can be offered at a moment, in alphabetical order.

    Whoever chose anything but being available, is being offered something, or writes up, is offered nothing. A call takes the whole
    person: nothing comes beside it, and none comes beside a chat.
    """
    wraps = doing.wraps_until is not None and doing.wraps_until > at
    if doing.chosen is not State.AVAILABLE or doing.is_offered or wraps or doing.load >= doing.room:
        return []
    if doing.held.get("call") or doing.held.get("callback"):
        return []
    is_chatting = bool(doing.held.get("chat"))
    return sorted(
        kind
        for kind, most in doing.most.items()
        if doing.held.get(kind, 0) < most and not (is_chatting and kind in {"call", "callback"})
    )
