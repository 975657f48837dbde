"""Phones are paused by what people do here, and what people do follows a pause at their phone, where its owner allows it.

Nothing of it is a message that could get lost: how the queues stand is compared with what people do, again and again. So a line
that broke, a worker that died or an event that came late leaves nobody paused, and nobody rung, for longer than a moment.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from careloop.domains.telephony.queries import people_behind
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.errors import PersonNotHere, PersonRests
from careloop.domains.workforce.pauses import is_ours, reason_of, said_by_pause
from careloop.domains.workforce.queries import doings_of
from careloop.domains.workforce.states import State
from careloop.processes.measuring.lakes import insight
from careloop.processes.phoning import PHONES
from careloop.processes.routing.presence import change_state

__all__ = ["Order", "Pauses", "Word", "heed", "wishes_of"]

log = logging.getLogger(__name__)

SETTLED_SECONDS: Final = 2.0
"""By then a telephone system has told what an order of ours changed; what it tells afterwards was said at the phone."""
AGAIN_SECONDS: Final = 5.0
"""An order of which nothing came is given again after so long."""


class Stand(StrEnum):
    """How an agent stands in the queues: rung in one of them at least, paused in all by us, or paused in all at the phone."""

    FREE = "free"
    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a telephone system is asked for. interface: of the phone. reason: of the pause; empty to let it ring again."""

    interface: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody said at their phone. seat: what the telephone system calls them. reason: of a pause, in its own words."""

    seat: str
    is_paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    interface: str
    reason: str
    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """wish: what was wished when it was looked at last; None where something was said at the phone, so whatever is wished next is
    newer. stand: how the agent ought to stand since. at_s: since when.

    is_seen: whether they stood so since. Until then, another stand is an order that is not done yet, and no word of anybody.
    """

    wish: str | None
    stand: Stand
    at_s: float
    is_seen: bool = False


class Pauses:
    """How the agents of one telephone system stand, as it says, and what has to happen so that both sides say the same.

    settled_seconds: how long what we asked for may take until it is told.
    """

    def __init__(self, *, settled_seconds: float = SETTLED_SECONDS) -> None:
        self._settled_seconds = settled_seconds
        self._members: dict[str, dict[str, _Member]] = {}
        self._settled: dict[str, _Settled] = {}

    def stand(self, members: Iterable[Mapping[str, str]]) -> None:
        """Take how everything stands. members: fields of each QueueMember."""
        self._members = {}
        for one in members:
            self._put(one.get("Name", ""), one.get("Location", ""), one)

    def hear(self, name: str, fields: Mapping[str, str]) -> None:
        """Take an event; those that bear on no agent of a queue change nothing. The same again changes nothing."""
        seat, queue = fields.get("MemberName", ""), fields.get("Queue", "")
        match name:
            case "QueueMemberAdded":
                # Nobody said anything: whoever comes into a queue is paused there as elsewhere.
                self._put(seat, fields.get("Interface", ""), fields)
                self._settled.pop(seat, None)
            case "QueueMemberPause":
                self._put(seat, fields.get("Interface", ""), fields)
            case "QueueMemberRemoved":
                self._members.get(seat, {}).pop(queue, None)

    def due(self, wishes: Mapping[str, str], *, now_s: float) -> tuple[list[Order], list[Word]]:
        """Return what is to be asked of the telephone system, and what was said at phones.

        wishes: by seat why its phone is not rung, empty where it is; seats that are not there are left as they are.
        now_s: of a clock that never goes back.
        """
        orders: list[Order] = []
        words: list[Word] = []
        for seat in self._settled.keys() - wishes.keys():
            del self._settled[seat]
        for seat, wish in sorted(wishes.items()):
            if not self._members.get(seat):
                self._settled.pop(seat, None)
                continue
            for one in self._due(seat, wish, now_s=now_s):
                if isinstance(one, Order):
                    orders.append(one)
                else:
                    words.append(one)
        return orders, words

    def _due(self, seat: str, wish: str, *, now_s: float) -> Iterator[Order | Word]:
        was, stand = self._settled.get(seat), self._stand(seat)
        if was is None or was.wish != wish:
            yield from self._follow(seat, wish, was, now_s=now_s)
        elif not was.is_seen and stand is was.stand:
            self._settled[seat] = replace(was, is_seen=True)
        elif not was.is_seen and now_s - was.at_s >= AGAIN_SECONDS:
            self._settled[seat] = replace(was, at_s=now_s)
            yield from self._orders(seat, wish)
        elif was.is_seen and now_s - was.at_s >= self._settled_seconds:
            yield from self._listen(seat, was)

    def _follow(self, seat: str, wish: str, was: _Settled | None, *, now_s: float) -> Iterator[Order | Word]:
        """Follow what people do here, which is the newer word. was: None where nothing is known of what was said before."""
        members, stand = self._members[seat], self._stand(seat)
        before = was.stand if was is not None else stand
        if wish:
            # What was asked for last may not be told yet, so it counts as well.
            is_so = stand is before and (stand is Stand.THEIRS or (stand is Stand.OURS and self._reason(seat) == wish))
            target = stand if is_so else Stand.OURS
        else:
            is_so = stand is before is Stand.FREE and not any(is_ours(one.reason) for one in members.values())
            target = Stand.FREE
            if was is None and stand is Stand.THEIRS:
                is_so, target = True, stand
                yield Word(seat=seat, is_paused=True, reason=self._reason(seat))
        is_word = not wish and target is Stand.THEIRS
        self._settled[seat] = _Settled(wish=None if is_word else wish, stand=target, at_s=now_s, is_seen=is_so)
        if not is_so:
            yield from self._orders(seat, wish)

    def _orders(self, seat: str, reason: str) -> Iterator[Order]:
        for interface in sorted({one.interface for one in self._members[seat].values()}):
            yield Order(interface=interface, reason=reason)

    def _listen(self, seat: str, was: _Settled) -> Iterator[Word]:
        """Say what was said at the phone since; what nobody can have said is looked at anew."""
        stand, members = self._stand(seat), self._members[seat].values()
        is_rest = stand is Stand.FREE and not was.wish and any(one.is_paused and is_ours(one.reason) for one in members)
        if stand is was.stand and not is_rest:
            return
        del self._settled[seat]
        if stand is Stand.THEIRS:
            self._settled[seat] = replace(was, wish=None, stand=stand)
            yield Word(seat=seat, is_paused=True, reason=self._reason(seat))
        elif stand is Stand.FREE and was.stand is not Stand.FREE:
            yield Word(seat=seat, is_paused=False)

    def _put(self, seat: str, interface: str, fields: Mapping[str, str]) -> None:
        if seat and interface:
            is_paused = fields.get("Paused") == "1"
            reason = fields.get("PausedReason", "") if is_paused else ""
            member = _Member(interface=interface, is_paused=is_paused, reason=reason)
            self._members.setdefault(seat, {})[fields.get("Queue", "")] = member

    def _stand(self, seat: str) -> Stand:
        members = self._members[seat].values()
        if not all(one.is_paused for one in members):
            return Stand.FREE
        return Stand.OURS if any(is_ours(one.reason) for one in members) else Stand.THEIRS

    def _reason(self, seat: str) -> str:
        """Return the reason of a pause, one of ours before others."""
        reasons = {one.reason for one in self._members[seat].values() if one.is_paused}
        return min(reasons, key=lambda reason: (not is_ours(reason), reason), default="")


def wishes_of(pbx_id: int) -> dict[str, str]:
    """Return by seat why its phone is not to be rung, empty where it is; of people who ever said what they do."""
    people = people_behind(pbx_id)
    doings = doings_of(set(people.values()))
    return {
        seat: reason_of(doings[user_id].state, doings[user_id].reason)
        for seat, user_id in people.items()
        if user_id in doings
    }


def heed(*, pbx_id: int, word: Word, at: datetime) -> None:
    """Let what somebody said at their phone hold here as well, unless they rest or are off work: then their phone is paused again.

    Records PresenceChanged where it shows, and OfferEnded.
    """
    user_id = people_behind(pbx_id).get(word.seat)
    if user_id is None or user_id not in (doings := doings_of({user_id})):
        return
    doing = doings[user_id]
    try:
        if word.is_paused and doing.chosen is State.AVAILABLE:
            told = insight("imports.calls.settings").state_of_pause(word.reason, {}) or State.BREAK
            state, reason = said_by_pause(str(told))
            change_state(user_id=user_id, state=state, reason=reason, actor=PHONES, at=at)
        elif not word.is_paused and doing.chosen is State.AVAILABLE and doing.state is State.WRAP:
            workforce.resume(user_id=user_id, actor=PHONES, at=at)
        elif not word.is_paused and doing.chosen not in {State.AVAILABLE, State.OFFLINE}:
            change_state(user_id=user_id, state=State.AVAILABLE, actor=PHONES, at=at)
    except (PersonNotHere, PersonRests) as refusal:
        log.info("phone.pause_not_followed", extra={"user_id": user_id, "code": refusal.code})
