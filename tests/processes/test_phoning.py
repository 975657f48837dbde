"""A telephone system that is listened to over a real socket: its facts are those of a recording, whatever happens to the line."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError

from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.services import PbxSettings
from careloop.domains.telephony.types import PbxRow
from careloop.domains.workforce.services import set_state
from careloop.domains.workforce.states import State
from careloop.faces.inbound.listening import Pace, watch_phone
from careloop.insight.facts import FactStore, read
from careloop.insight.imports.loading import contact_key
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.following import follow
from careloop.processes.lake.naming import SOURCE
from careloop.processes.phoning import Folds, fold_phones
from careloop.processes.wall_feeding import feed_walls
from tests.cast import NOW, House
from tests.insight.imports.reading import CAPTURES, SITE, Rows, capture
from tests.servers.manager import Frame, Manager, manager, recorded

pytestmark = pytest.mark.database

AT = datetime(2026, 11, 22, tzinfo=UTC)
"""After the captures."""

Step = Callable[[Manager], None]


@pytest.fixture(autouse=True)
def lakes(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.LAKE_ROOT = tmp_path / "lakes"
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)
    return tmp_path / "lakes"


class Script(Pace):
    """What happens when the line breaks: the next step of a test, and after the last one the end."""

    def __init__(self, pbx: Manager, steps: Sequence[Step], stopping: threading.Event) -> None:
        super().__init__()
        self._pbx, self._steps, self._stopping = pbx, iter(steps), stopping

    def failed(self, *, after_seconds: float) -> float:
        step = next(self._steps, None)
        if step is None:
            self._stopping.set()
        else:
            step(self._pbx)
        return 0.0


def connected(house: House, pbx: Manager, **other: Any) -> int:
    plain: dict[str, Any] = {
        "name": "Main",
        "host": "127.0.0.1",
        "port": pbx.port,
        "security": "plain",
        "user": "careloop",
        "secret": "s3cret",
        "inbound": SITE.inbound,
        "user_events": {name: str(kind) for name, kind in SITE.custom.items()},
    }
    with workspace_scope(house.north):
        pbx_id = telephony.add_pbx(settings=PbxSettings(**{**plain, **other}), actor=HOUSE, at=NOW)
        telephony.go_live(pbx_id=pbx_id, actor=HOUSE, at=NOW)
    return pbx_id


def listened(house: House, pbx: Manager, pbx_id: int, steps: Sequence[Step]) -> None:
    """Listen while the telephone system plays; each step is taken when the line is broken, the first at once."""
    stopping, first, *others = threading.Event(), *steps
    player = threading.Thread(target=first, args=(pbx,))
    player.start()
    watch_phone(workspace_id=house.north, pbx_id=pbx_id, stopping=stopping, pace=Script(pbx, others, stopping))
    player.join()


def heard(count: int | None = None, *, question: int = 1, times: int = 1) -> Step:
    """Play to somebody who has asked how everything stands for the so-manieth time, and break the line."""

    def step(pbx: Manager) -> None:
        pbx.wait_for_question("QueueStatus", count=question)
        pbx.play(count, times=times)
        pbx.cut()

    return step


def missed(count: int, then: Step) -> Step:
    """Play to nobody, then go on."""

    def step(pbx: Manager) -> None:
        pbx.play(count)
        pbx.come_back()
        threading.Thread(target=then, args=(pbx,), daemon=True).start()

    return step


def row_of(house: House, pbx_id: int) -> PbxRow:
    with workspace_scope(house.north):
        return queries.pbx(pbx_id)


def folded(house: House, lakes: Path, folds: Folds | None = None) -> dict[str, Rows]:
    folds = Folds() if folds is None else folds
    while fold_phones(folds, at=AT):
        pass
    for one in folds.values():
        one.live.close()
    facts = read(lakes / str(house.north))
    try:
        return {name: facts[name].to_pyarrow().to_pylist() for name in ("contact", "contact_segment", "agent_state")}
    finally:
        facts.backend.disconnect()


def legs(rows: Rows) -> dict[str, tuple[Any, ...]]:
    told = ("queue_id", "agent_id", "exit", "release_party", "transfer_kind")
    return {row["segment_id"].partition(":")[2]: tuple(row[name] for name in told) for row in rows}


def outcomes(rows: Rows) -> dict[str, tuple[Any, ...]]:
    told = ("direction", "outcome", "entry_point", "agent_legs", "ended_at")
    return {
        row["contact_id"].partition(":")[2]: tuple(
            value.timestamp() if isinstance(value := row.get(name), datetime) else value for name in told
        )
        for row in rows
    }


@pytest.fixture(params=CAPTURES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestListening:
    def test_makes_the_facts_of_the_recording(self, house: House, lakes: Path, tmp_path: Path, name: str) -> None:
        expected, _report = capture(name, "ami", tmp_path)
        with manager(recorded(name)) as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [heard(times=2)])

        found = folded(house, lakes)

        assert legs(found["contact_segment"]) == legs(expected["contact_segment"])
        assert outcomes(found["contact"]) == outcomes(expected["contact"])

    def test_leaves_nobody_talking_who_was_gone_when_the_line_came_back(
        self, house: House, lakes: Path, tmp_path: Path, name: str
    ) -> None:
        frames = recorded(name)
        third = len(frames) // 3
        expected, _report = capture(name, "ami", tmp_path)
        with manager(frames) as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [heard(third), missed(third, heard(question=2))])

        found = folded(house, lakes)

        segments, true = legs(found["contact_segment"]), legs(expected["contact_segment"])
        lasting = [
            row
            for row in found["contact_segment"]
            if not row["exit"] or (row["answered_at"] and not row["released_at"])
        ]
        assert not lasting
        assert not [row for row in found["contact"] if row["outcome"] == "open"]
        assert len(found["agent_state"]) == len({row["agent_state_id"] for row in found["agent_state"]})
        others = {key: leg for key, leg in segments.items() if leg != true.get(key)}
        # Only what went on when the line broke, or when it came back, may be told in another way than it was.
        lost_us, back_us = (float(frames[place]["Timestamp"]) for place in (third - 1, 2 * third - 1))
        spans: dict[str, list[float]] = {}
        for row in expected["contact_segment"]:
            moments = (row["queued_at"], row["released_at"] or row["left_queue_at"])
            spans.setdefault(row["contact_id"].partition(":")[2], []).extend(one.timestamp() for one in moments)
        for key in others:
            call = spans[key.partition("/")[0]]
            began, ended = min(call), max(call)
            assert began <= lost_us <= ended or began <= back_us <= ended, (key, others[key], true[key])
        unheard = [row for row in found["contact_segment"] if row["release_party"] == "unknown" and not row["talk_s"]]
        assert all(row["transfer_kind"] is None for row in unheard)
        pbx_row = row_of(house, pbx_id)
        assert pbx_row.deaf_from
        assert pbx_row.deaf_until

    def test_ends_all_calls_when_the_telephone_system_was_restarted(self, house: House, lakes: Path) -> None:
        frames = recorded("iax22")
        with manager(frames) as pbx:
            pbx_id = connected(house, pbx)

            def restarted(server: Manager) -> None:
                server.restart()
                server.come_back()
                threading.Thread(target=heard(0, question=2), args=(server,), daemon=True).start()

            listened(house, pbx, pbx_id, [heard(3000), restarted])

        found = folded(house, lakes)

        assert not [row for row in found["contact_segment"] if not row["exit"]]
        assert not [row for row in found["agent_state"] if not row["ended_at"]]

    def test_knows_that_somebody_is_there_by_events_that_bear_on_no_call(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        noted = list[datetime]()
        monkeypatch.setattr("careloop.faces.inbound.listening.PING_SECONDS", 0.0)
        monkeypatch.setattr(telephony, "note_heard", lambda *, at, **_about: noted.append(at))
        frames = [
            {"Event": "Newexten", "Uniqueid": "1.1", "Timestamp": f"1795296936.{number:06}"} for number in range(9)
        ]
        with manager(frames) as pbx:
            listened(house, pbx, connected(house, pbx), [heard()])

        assert noted

    def test_tries_again_when_the_trouble_cannot_even_be_noted(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries = list[str]()

        def gone(*, reason: str, **_about: object) -> None:
            tries.append(reason)
            raise OperationalError("the database restarts")

        monkeypatch.setattr(telephony, "note_failure", gone)
        monkeypatch.setattr("careloop.faces.inbound.listening.connection", Mock())  # or the test's own would be closed
        with manager(secret="another") as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [lambda _server: None, lambda _server: None])

        assert tries == ["wrong_secret", "wrong_secret"]

    def test_feeds_the_wall(self, house: House, lakes: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        frames = recorded("iax22")[:4000]
        now = datetime.fromtimestamp(float(frames[-1]["Timestamp"]), UTC)
        monkeypatch.setattr("careloop.kernel.clock.now", lambda: now)
        with manager(frames) as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [heard()])
        with workspace_scope(house.north):
            telephony.note_connected(pbx_id=pbx_id, actor=HOUSE, at=now)
        folds = Folds()
        fold_phones(folds, at=now)

        assert feed_walls({}, at=now) == 1
        for one in folds.values():
            one.live.close()


def seated(house: House, pbx_id: int, name: str) -> None:
    """Say that Ada is behind a name of the telephone system."""
    with workspace_scope(house.north):
        telephony.note_names(pbx_id=pbx_id, names=[name], actor=HOUSE, at=NOW)
        seat = next(one for one in queries.seats(pbx_id) if one.name == name)
        telephony.seat_person(
            pbx_id=pbx_id, seat_id=seat.id, user_id=house.ids["ada"], actor=house.actor("mina"), at=NOW
        )


def works(house: House, lakes: Path, begin: datetime, end: datetime) -> None:
    """Let Ada be at work here for a while."""
    with workspace_scope(house.north):
        for state, at in ((State.AVAILABLE, begin), (State.OFFLINE, end)):
            set_state(user_id=house.ids["ada"], state=state, actor=house.actor("ada"), at=at)
    while follow(lakes, at=AT):
        pass


def spent(
    rows: Rows, frames: Sequence[Frame], *, begin: datetime = NOW - timedelta(days=999), end: datetime = AT
) -> timedelta:
    """Return how long stretches last together, within a while; what lasts is over with the last frame."""
    last = datetime.fromtimestamp(float(frames[-1]["Timestamp"]), UTC)
    spans = [(max(row["started_at"], begin), min(row["ended_at"] or last, end)) for row in rows]
    return sum((until - since for since, until in spans if until > since), timedelta())


class TestFolding:
    def test_goes_on_after_a_crash_and_changes_nothing_when_done_twice(self, house: House, lakes: Path) -> None:
        with manager(recorded("sip20")[:3000]) as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [heard()])
        once = folded(house, lakes)

        for file in (lakes / str(house.north) / "imports").glob("*.live.duckdb*"):
            file.unlink()  # as if nothing had been remembered
        again = folded(house, lakes)

        assert legs(again["contact_segment"]) == legs(once["contact_segment"])
        assert outcomes(again["contact"]) == outcomes(once["contact"])
        assert row_of(house, pbx_id).source == f"phone-{pbx_id}"

    def test_names_people_who_were_named_only_later(self, house: House, lakes: Path) -> None:
        with manager(recorded("sip20")[:3000]) as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [heard()])
        folded(house, lakes)
        seated(house, pbx_id, "Ben Okafor")

        agents = {row["agent_id"] for row in folded(house, lakes)["contact_segment"]}

        assert f"user:{house.ids['ada']:012d}" in agents
        assert "Ben Okafor" not in agents

    @pytest.mark.parametrize("is_named_first", [True, False])
    def test_tells_what_a_person_did_only_while_they_were_not_at_work_here(
        self, house: House, lakes: Path, is_named_first: bool
    ) -> None:
        frames, ben = recorded("sip20")[:3000], f"user:{house.ids['ada']:012d}"
        begin, end = (datetime.fromtimestamp(float(frames[place]["Timestamp"]), UTC) for place in (1000, 2000))
        with manager(frames) as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [heard()])
        plain = [row for row in folded(house, lakes)["agent_state"] if row["agent_id"] == "Ben Okafor"]

        steps = [partial(seated, house, pbx_id, "Ben Okafor"), partial(works, house, lakes, begin, end)]
        for step in steps if is_named_first else reversed(steps):
            step()
            folded(house, lakes)
        told = [row for row in folded(house, lakes)["agent_state"] if row["agent_id"] == ben]

        theirs = [row for row in told if row["source"] == f"phone-{pbx_id}"]
        assert [row["state"] for row in told if row["source"] == SOURCE] == ["available", "offline"]
        assert spent(theirs, frames) == spent(plain, frames) - spent(plain, frames, begin=begin, end=end)
        assert spent(plain, frames, begin=begin, end=end) == end - begin
        assert FactStore(lakes / str(house.north)).check(at=AT).quarantined == {}

    def test_knows_callers_by_the_key_of_their_lake_only(self, house: House, lakes: Path) -> None:
        with manager(recorded("sip20")[:600]) as pbx:
            listened(house, pbx, connected(house, pbx), [heard()])

        found = folded(house, lakes)

        assert contact_key(lakes / str(house.north)) != SITE.contact_key
        assert not any(
            "555" in (row["contact_point_hash"] or "") and len(row["contact_point_hash"]) < 32
            for row in found["contact"]
        )


class TestTrouble:
    def test_is_noted_in_words_and_gone_when_it_is_over(self, house: House) -> None:
        frames: list[Frame] = []
        with manager(frames, secret="another") as pbx:
            pbx_id = connected(house, pbx)
            listened(house, pbx, pbx_id, [lambda _server: None])
        row = row_of(house, pbx_id)

        assert row.last_error.startswith("wrong_secret")
        assert row.failing_since == AT
        assert row.connected_at is None


class TestPace:
    def test_waits_longer_after_each_failure_and_begins_anew_once_it_held(self) -> None:
        pace = Pace(first_seconds=1, longest_seconds=8)

        waits = [pace.failed(after_seconds=0.1) for _try in range(5)]

        assert waits == [1, 2, 4, 8, 8]
        assert pace.failed(after_seconds=60) == 1
