"""Chats in queues and live calls: what pages, queues and the wall say at an instant is what the lake says of the same instant."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.calls.queries import calls_now
from careloop.domains.calls.states import CallState
from careloop.domains.chats.queries import chat_rows
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.queues.queries import waiting_in
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import QueueSettings
from careloop.domains.telephony import services as telephony
from careloop.domains.wallboards.queries import WallFigures, figures, queue_standings
from careloop.domains.wallboards.services import set_target
from careloop.insight.facts import Facts, read
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import follow_phones
from careloop.processes.chatting import hand_to_team, leave, move_chat_back, pick
from careloop.processes.phoning import Folds, close_folds, connected_text, fold_phones
from careloop.processes.routing import keeping
from careloop.processes.routing.chats import place_chat
from careloop.processes.wall_feeding import Looked, feed_walls
from tests.cast import NOW, House
from tests.chatting import answer, begin, later, put_on_site, say
from tests.domains.wallboards.floor import read_all
from tests.insight.imports.reading import CAPTURES, SITE
from tests.processes.test_wall_and_lake import SEOUL, Lake, assert_equal, lake_at
from tests.servers.manager import Frame, recorded

pytestmark = pytest.mark.database

TARGET = 60
PAUSES = (0, 3, 5, 20, 60, 61, 400)
ACTS = ("begins", "begins", "says", "picked", "picked", "answered", "answered", "handed on", "put back", "leaves")


class Shop:
    """Chats of a site, in two queues, to which things happen one after another."""

    def __init__(self, house: House) -> None:
        self.house, self.chats = house, list[int]()
        self.team = create_team(name="Billing", actor=HOUSE, at=NOW)
        for name in ("ada", "grace"):
            add_to_team(team_id=self.team, user_id=house.ids[name], actor=HOUSE, at=NOW)
        asked = QueueSettings(name="Shop", kinds=(Kind.CHAT,), is_by_language=False)
        self.queue = keeping.make_queue(settings=asked, actor=HOUSE, at=NOW)
        bills = QueueSettings(name="Bills", kinds=(Kind.CHAT,), team_ids=(self.team,), is_by_language=False)
        keeping.make_queue(settings=bills, actor=HOUSE, at=NOW)
        self.widget = put_on_site(queue_id=self.queue)

    def happens(self, what: str, chance: random.Random, at: datetime) -> None:
        """Let one thing happen, to a chat to which it can, and the queues follow."""
        rows = list(chat_rows(self.chats).values())
        of = {state: [row for row in rows if row.state == state] for state in State}
        if what == "begins":
            self.chats.append(begin(self.widget, address=f"v{len(self.chats)}@customer.example", at=at).id)
            place_chat(chat_id=self.chats[-1], at=at)
            return
        fits = {
            "says": of[State.WAITING] + of[State.ACTIVE],
            "picked": of[State.WAITING],
            "leaves": of[State.WAITING] + of[State.ACTIVE],
        }.get(what, of[State.ACTIVE])
        if not fits:
            return
        chat = chance.choice(fits)
        self._done(what, chat, chance.choice(("ada", "grace")), at)
        place_chat(chat_id=chat.id, at=at)

    def _done(self, what: str, chat: ChatRow, picker: str, at: datetime) -> None:
        names = {user_id: name for name, user_id in self.house.ids.items()}
        who = names.get(chat.agent_id or 0, picker)
        match what:
            case "says":
                say(chat, "And another thing.", at=at)
            case "picked":
                pick(chat_id=chat.id, actor=self.house.actor(picker), at=at)
            case "answered":
                answer(self.house, chat, "It comes tomorrow.", who=who, at=at)
            case "handed on":
                actor = self.house.actor(who)
                hand_to_team(chat_id=chat.id, team_id=self.team, about="An invoice.", actor=actor, at=at)
            case "put back":
                move_chat_back(chat_id=chat.id, seen_agent_id=None, actor=self.house.actor("grace"), at=at)
            case _:
                leave(chat=chat, wants_transcript=False, at=at)


class TestChats:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_in_queues_wait_on_the_wall_and_in_the_lake_alike(self, house: House, tmp_path: Path, seed: int) -> None:
        chance, at = random.Random(seed), later(0)
        with workspace_scope(house.north):
            set_target(team_id=None, channel="chat", seconds=TARGET, actor=HOUSE, at=NOW)
            shop = Shop(house)
            for _number in range(80):
                at += timedelta(seconds=chance.choice(PAUSES))
                shop.happens(chance.choice(ACTS), chance, at)
        read_all()
        lake = Lake(lake_at(tmp_path / "lake", house, at))

        with workspace_scope(house.north):
            wall = figures(viewer=HOUSE, zone=SEOUL, at=at)
            standings = queue_standings(viewer=HOUSE)
            rows, waits = chat_rows(shop.chats), waiting_in(HOUSE, limit=500)
        assert [queue.channel for queue in wall.queues] == ["chat"] * len(wall.queues)
        for queue in wall.queues:
            assert_equal(wall, queue, lake, TARGET)
        assert wall.total.waiting
        # A queue holds exactly the chats that wait for somebody, and each of them is one whose customer waits in the lake.
        assert {one.subject_id for one in waits} == {row.id for row in rows.values() if row.state == State.WAITING}
        assert Counter(one.queue_id for one in waits) == +Counter({key: one.waiting for key, one in standings.items()})
        assert waits
        unanswered = [rows[one.subject_id] for one in waits if rows[one.subject_id].picked_at is None]
        begun = {segment["queued_at"] for segment in open_segments(lake.facts, "chat")}
        assert {row.queued_at for row in unanswered} <= begun
        assert {one.entered_at for one in waits if rows[one.subject_id].picked_at is None} <= begun


class Switch:
    """A telephone system whose recorded events come in pieces, as its line would bring them."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self._left = house, recorded(name)
        self._folds, self._looked = Folds(), dict[int, Looked]()
        settings = telephony.PbxSettings(
            name="Main",
            host="pbx.north.example",
            user="careloop",
            secret="x",
            inbound=SITE.inbound,
            user_events={name: str(kind) for name, kind in SITE.custom.items()},
        )
        with workspace_scope(house.north):
            self.pbx_id = telephony.add_pbx(settings=settings, actor=HOUSE, at=NOW)
            telephony.go_live(pbx_id=self.pbx_id, actor=HOUSE, at=NOW)
            began = self._left[0]["Timestamp"]
            telephony.note_connected(pbx_id=self.pbx_id, actor=HOUSE, at=_moment(self._left[0]))
            self._store(connected_text(began).encode(), _moment(self._left[0]))

    def plays(self, count: int) -> datetime:
        """Let so many events come, let everybody who reads them come to their end, and return the moment of the last."""
        told, self._left = self._left[:count], self._left[count:]
        at = _moment(told[-1])
        with workspace_scope(self.house.north):
            self._store("".join(map(_text, told)).encode(), at)
        while follow_phones(at=at):
            pass
        while fold_phones(self._folds, at=at):
            pass
        feed_walls(self._looked, at=at)
        return at

    def close(self) -> None:
        close_folds(self._folds)

    def _store(self, body: bytes, at: datetime) -> None:
        telephony.store_piece(pbx_id=self.pbx_id, body=body, actor=HOUSE, at=at)


class TestCalls:
    @pytest.mark.parametrize("name", CAPTURES)
    def test_wait_and_talk_on_pages_on_the_wall_and_in_the_lake_alike(
        self, house: House, tmp_path: Path, settings: Any, name: str
    ) -> None:
        settings.LAKE_ROOT = tmp_path / "lakes"
        with workspace_scope(house.north):
            set_target(team_id=None, channel="voice", seconds=20, actor=HOUSE, at=NOW)
        switch, waited, talked = Switch(house, name), 0, 0
        try:
            for count in (1500, 487, 1613):
                at = switch.plays(count)
                lake = Lake(read(tmp_path / "lakes" / str(house.north)))
                with workspace_scope(house.north):
                    wall = figures(viewer=HOUSE, zone=ZoneInfo("UTC"), at=at)
                    calls = calls_now(viewer=HOUSE)
                waiting, talking = (
                    by_queue(calls, CallState.WAITING, CallState.RINGING),
                    by_queue(calls, CallState.TALKING),
                )
                segments = open_segments(lake.facts, "voice")
                assert waiting == Counter(one["queue_id"] for one in segments), at
                assert talking == Counter(one["queue_id"] for one in talks(lake.facts)), at
                assert waiting == waiting_on(wall)
                for queue in wall.queues:
                    assert_equal(wall, queue, lake, 20)
                waited, talked = waited + sum(waiting.values()), talked + sum(talking.values())
                lake.facts.backend.disconnect()
        finally:
            switch.close()
        assert waited
        assert talked


def by_queue(calls: Sequence[Any], *states: CallState) -> Counter[str]:
    return Counter(call.queue for call in calls if call.state in states and call.queue)


def waiting_on(wall: WallFigures) -> Counter[str]:
    return +Counter({queue.queue: queue.waiting or 0 for queue in wall.queues})


def open_segments(facts: Facts, channel: str) -> list[dict[str, Any]]:
    """Return the segments that nobody has answered and that have not left, by the facts."""
    rows = facts["contact_segment"]
    found: list[dict[str, Any]] = rows.filter((rows.channel == channel) & rows.exit.isnull()).to_pyarrow().to_pylist()
    return found


def talks(facts: Facts) -> list[dict[str, Any]]:
    """Return the answered segments that are not released, by the facts."""
    rows = facts["contact_segment"]
    found: list[dict[str, Any]] = (
        rows.filter((rows.channel == "voice") & (rows.exit == "answered") & rows.released_at.isnull())
        .to_pyarrow()
        .to_pylist()
    )
    return found


def _moment(frame: Frame) -> datetime:
    return datetime.fromtimestamp(float(frame["Timestamp"]), UTC)


def _text(frame: Frame) -> str:
    return "".join(f"{name}: {value}\n" for name, value in frame.items()) + "\n"
