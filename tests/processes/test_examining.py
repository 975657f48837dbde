"""The checks are made when facts have changed; what they find becomes flags, stands beside numbers and is told."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from careloop.domains.integrity import queries
from careloop.domains.integrity.services import answer
from careloop.domains.integrity.states import State
from careloop.domains.integrity.types import About, FlagFilter, FlagRow, Severity
from careloop.domains.notifications.queries import notices_of
from careloop.domains.notifications.types import NoticeRow
from careloop.insight.facts import FactStore
from careloop.insight.kpis import checks
from careloop.insight.kpis import examining as insight
from careloop.kernel.scope import workspace_scope
from careloop.processes import examining
from careloop.processes.examining import EVERY, examine, is_examination_due
from careloop.processes.lake.keys import ours
from careloop.processes.measuring.asking import answers
from careloop.processes.measuring.types import Answer, Question
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.lakes import SOURCE, fill_lake

pytestmark = pytest.mark.database
LATER = NOW + EVERY


@pytest.fixture
def lakes(tmp_path: Path, settings: Any) -> Path:
    settings.LAKE_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def few_checks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a few checks only, except where a test wants them all: the whole catalogue takes seconds."""
    if "all_checks" not in request.fixturenames:
        kept = {name: checks.CHECKS[name] for name in ("short_talk_share", "wait_heaping", "agent_release_share")}
        monkeypatch.setattr(checks, "CHECKS", kept)


@pytest.fixture
def all_checks() -> None:
    """Asked for by tests that make every check."""


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that is written once: everybody in it works honestly."""
    root = tmp_path_factory.mktemp("honest") / "lake"
    fill_lake(root, until=NOW, days=12, agents=("kim", "lee", "park", "choi"))
    return root


@pytest.fixture
def north(house: House, lakes: Path, honest: Path) -> Path:
    """The lake of north, to be changed."""
    return Path(shutil.copytree(honest, lakes / str(house.north)))


def drop(root: Path, *, agent: str, count: int, first: int = 0, queue: str = "billing") -> None:
    """Let somebody answer and hang up so many times, within the last day."""
    contacts, segments = [], []
    for number in range(first, first + count):
        at = NOW - timedelta(hours=20) + timedelta(minutes=number)
        contacts.append(
            {
                "contact_id": f"d{number}", "channel": "voice", "direction": "inbound", "customer_id": f"k{number}",
                "arrived_at": at, "ended_at": at + timedelta(seconds=8), "outcome": "handled", "reason_code": "late",
                "transfer_count": 0,
            }
        )  # fmt: skip
        segments.append(
            {
                "segment_id": f"ds{number}", "contact_id": f"d{number}", "seq": 1, "queue_id": queue, "channel": "voice",
                "queued_at": at, "left_queue_at": at + timedelta(seconds=5), "exit": "answered", "agent_id": agent,
                "answered_at": at + timedelta(seconds=5), "talk_s": 3.0, "hold_s": 0.0, "wrap_s": 20.0,
                "released_at": at + timedelta(seconds=8), "release_party": "customer", "transfer_kind": "none",
            }
        )  # fmt: skip
    store = FactStore(root)
    store.append("contact", contacts, source=SOURCE, at=NOW)
    store.append("contact_segment", segments, source=SOURCE, at=NOW)


def sheltered(_work: str, _workspace_id: int, do: Any) -> int:
    try:
        return int(do())
    except RuntimeError:
        return 0


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Each check that is made, with the number of months it is made of."""
    told: list[tuple[str, int]] = []
    whole = insight.examined

    def noting(facts: Any, check: str, *, months: Any) -> Any:
        told.append((check, len(months)))
        return whole(facts, check, months=months)

    monkeypatch.setattr(insight, "examined", noting)
    return told


def flags(house: House, *, check: str = "short_talk_share") -> list[FlagRow]:
    with workspace_scope(house.north):
        found = queries.flags(viewer=house.actor("mina"), wanted=FlagFilter()).items
    return [row for row in found if row.check == check]


def notices(house: House, who: str) -> list[NoticeRow]:
    drain()
    with workspace_scope(house.north):
        return [row for row in notices_of(viewer=house.actor(who)).items if row.kind == "number_doubted"]


def asked(house: House, metric: str = "service_level", **more: Any) -> Answer:
    question = Question(metric=metric, since=NOW - timedelta(days=7), until=NOW, **more)
    (found,) = answers([question], workspace_id=house.north, now=LATER)
    return found


class TestHonestWork:
    @pytest.mark.usefixtures("all_checks")
    def test_opens_no_severe_flag(self, house: House, north: Path) -> None:
        examine(house.north, at=NOW)
        with workspace_scope(house.north):
            wanted = FlagFilter(severity=Severity.SEVERE)
            assert queries.flags(viewer=house.actor("mina"), wanted=wanted).items == []
        assert not asked(house).has_severe_flag
        with workspace_scope(house.north):
            looked = queries.last_examination()
        assert looked is not None
        assert (looked.at, looked.last) == (NOW, "")


class TestDroppedCalls:
    def test_open_a_flag_that_says_where_and_tells_those_who_answer_for_numbers(
        self, house: House, north: Path
    ) -> None:
        agent = ours("user", house.ids["ada"])
        drop(north, agent=agent, count=120)
        assert examine(house.north, at=NOW) >= 1

        (flag,) = flags(house)
        assert (flag.state, flag.about, flag.count) == (State.OPEN, About.WHOLE, 120.0)
        assert {"service_level", "aht"} <= set(flag.metrics)
        assert flag.value > flag.limit
        assert (agent, 120.0) in {(part.key, part.count) for part in flag.parts}
        for who in ("olga", "mina", "anh"):
            assert [row.flag_id for row in notices(house, who)] == [flag.id]
        for who in ("grace", "ada"):
            assert notices(house, who) == []

    def test_stand_beside_every_number_that_they_falsify(self, house: House, north: Path) -> None:
        drop(north, agent="lee", count=120)
        assert not asked(house).has_severe_flag
        examine(house.north, at=NOW)

        # The number itself was worked out and kept before: what stands beside it is as of now.
        assert asked(house).has_severe_flag
        assert asked(house, "aht").has_severe_flag
        assert not asked(house, "contact_volume").has_severe_flag
        assert asked(house, conditions={"field": "queue", "operator": "is", "value": "repairs"}).has_severe_flag

    def test_of_one_person_in_a_crowd_are_a_flag_on_that_person_only(self, house: House, north: Path) -> None:
        agent = ours("user", house.ids["ada"])
        drop(north, agent=agent, count=36)
        examine(house.north, at=NOW)

        found = flags(house)
        assert (About.AGENT, agent, house.ids["ada"]) in {(row.about, row.key, row.user_id) for row in found}
        assert About.WHOLE not in {row.about for row in found}
        assert not asked(house).has_severe_flag
        assert asked(house, conditions={"field": "agent", "operator": "is", "value": agent}).has_severe_flag
        split = asked(house, by=("agent",))
        assert agent in {one.key for one in split.part_flags}
        assert split.flags == ()

    def test_that_were_answered_stand_quietly_beside_the_number(self, house: House, north: Path) -> None:
        drop(north, agent="lee", count=120)
        examine(house.north, at=NOW)
        (flag,) = flags(house)
        with workspace_scope(house.north):
            words = "A fault of the switch cut the calls of that morning."
            answer(flag_id=flag.id, said="explained", words=words, actor=house.actor("mina"), at=NOW)

        beside = asked(house)
        assert not beside.has_severe_flag
        assert [(one.id, one.said) for one in beside.flags if one.severity == "severe"] == [(flag.id, "explained")]


class TestAgain:
    def test_the_same_facts_are_not_looked_at_twice(self, house: House, north: Path) -> None:
        drop(north, agent="lee", count=120)
        examine(house.north, at=NOW)
        (flag,) = flags(house)
        examine(house.north, at=LATER)

        assert flags(house) == [flag]

    def test_new_facts_wait_their_turn_and_are_the_same_flag(self, house: House, north: Path) -> None:
        drop(north, agent="lee", count=120)
        examine(house.north, at=NOW)
        drop(north, agent="lee", count=10, first=500)
        examine(house.north, at=NOW + timedelta(minutes=1))
        assert [row.count for row in flags(house)] == [120.0]

        examine(house.north, at=LATER)
        assert [row.count for row in flags(house)] == [130.0]
        assert len(notices(house, "mina")) == 1

    def test_evidence_that_grows_opens_an_answered_flag_and_tells_once_more(self, house: House, north: Path) -> None:
        drop(north, agent="lee", count=120)
        examine(house.north, at=NOW)
        (flag,) = flags(house)
        with workspace_scope(house.north):
            words = "A fault of the switch cut the calls of that morning."
            answer(flag_id=flag.id, said="explained", words=words, actor=house.actor("mina"), at=NOW)
        drop(north, agent="lee", count=60, first=500)
        examine(house.north, at=LATER)

        assert [(row.id, row.state) for row in flags(house)] == [(flag.id, State.OPEN)]
        assert len(notices(house, "mina")) == 2

    def test_who_dies_before_the_end_has_changed_nothing(
        self, house: House, north: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drop(north, agent="lee", count=120)

        def dies(*_args: object, **_kwargs: object) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(examining, "take_findings", dies)
            with pytest.raises(KeyboardInterrupt):
                examine(house.north, at=NOW)
        with workspace_scope(house.north):
            assert queries.last_examination() is None
        assert flags(house) == []

        assert examine(house.north, at=NOW) >= 1
        assert len(flags(house)) == 1

    def test_what_is_left_of_a_long_turn_comes_first_in_the_next(self, house: House, north: Path) -> None:
        drop(north, agent="lee", count=120)
        seen = []
        for turn in range(3):
            examine(house.north, at=NOW + turn * EVERY, is_over=lambda: True)
            with workspace_scope(house.north):
                looked = queries.last_examination()
            assert looked is not None
            seen.append(looked.last)

        assert seen == ["short_talk_share", "wait_heaping", ""]
        assert len(flags(house)) == 1

    def test_only_checks_and_months_whose_facts_have_changed_are_made_again(
        self, house: House, north: Path, made: list[tuple[str, int]]
    ) -> None:
        def open_case(case_id: str) -> None:
            FactStore(north).append("case", [{"case_id": case_id, "opened_at": NOW}], source=SOURCE, at=NOW)

        open_case("first")
        examine(house.north, at=NOW)
        assert made == [("short_talk_share", 2), ("wait_heaping", 2), ("agent_release_share", 2)]

        made.clear()
        open_case("second")
        assert is_examination_due(house.north, at=LATER)
        examine(house.north, at=LATER)
        assert made == []  # none of these reads cases

        drop(north, agent="lee", count=1)
        examine(house.north, at=LATER + EVERY)
        assert made == [("short_talk_share", 1), ("wait_heaping", 1), ("agent_release_share", 1)]
        assert not is_examination_due(house.north, at=LATER + 2 * EVERY)

    def test_another_day_is_looked_at_though_nothing_came(
        self, house: House, north: Path, made: list[tuple[str, int]]
    ) -> None:
        examine(house.north, at=NOW)
        made.clear()

        tomorrow = NOW + timedelta(days=1)
        assert is_examination_due(house.north, at=tomorrow)
        examine(house.north, at=tomorrow)
        assert made == [("short_talk_share", 2), ("wait_heaping", 2), ("agent_release_share", 2)]

    def test_a_check_that_fails_is_tried_again_after_all_others(
        self, house: House, north: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tried = []

        def broken(_facts: Any, check: str, **_span: Any) -> Any:
            tried.append(check)
            if check == "short_talk_share":
                raise RuntimeError("broken")

        monkeypatch.setattr(insight, "examined", broken)
        for turn in range(2):
            examine(
                house.north, at=NOW + turn * timedelta(days=1), sheltering=sheltered, is_over=lambda: len(tried) == 1
            )

        assert tried == ["short_talk_share", "wait_heaping", "agent_release_share", "short_talk_share"]

    def test_a_check_that_fails_keeps_no_other_from_being_made(
        self, house: House, north: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drop(north, agent="lee", count=120)
        whole = insight.examined

        def broken(facts: Any, check: str, **span: Any) -> Any:
            if check == "wait_heaping":
                raise RuntimeError("broken")
            return whole(facts, check, **span)

        monkeypatch.setattr(insight, "examined", broken)
        examine(house.north, at=NOW, sheltering=sheltered)
        assert len(flags(house)) == 1


def test_a_workspace_without_facts_has_nothing_to_look_at(house: House, lakes: Path) -> None:
    assert examine(house.south, at=NOW) == 0


def test_flags_are_no_part_of_what_is_kept_of_an_answer(house: House, north: Path) -> None:
    drop(north, agent="lee", count=120)
    examine(house.north, at=NOW)
    found = asked(house)
    assert found.flags
    assert Answer.read(found.loaded()) == replace(found, flags=(), part_flags=())
