"""Imports reach the wall: it says what the metrics make of the lake at the same instant, and what is not known is not 0."""

import gzip
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.people.services import create_team
from careloop.domains.wallboards.feeding import FRESH, REMEMBERED
from careloop.domains.wallboards.measures import value_of
from careloop.domains.wallboards.models import Count, Feed, Waiting
from careloop.domains.wallboards.queries import WallFigures, figures
from careloop.domains.wallboards.services import set_target
from careloop.domains.wallboards.types import OWN, Figure
from careloop.domains.workspaces.services import change_workspace_settings
from careloop.insight.facts import FactStore, read
from careloop.insight.imports.loading import load
from careloop.insight.imports.mapping import read_facts, read_mapping
from careloop.insight.imports.report import Report
from careloop.insight.imports.telephony import read_queue_log
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.naming import SOURCE, ours
from careloop.processes.wall_feeding import Looked, feed_walls
from careloop.processes.workspace import workspace_facts
from tests.cast import NOW, House
from tests.insight.imports.reading import CAPTURES, HERE, SITE
from tests.processes.test_wall_and_lake import SEOUL, Lake, assert_equal

pytestmark = pytest.mark.database

DAY = timedelta(days=1)
AT = datetime(2026, 11, 18, 5, 10, tzinfo=UTC)  # 14:10 in Seoul
"""When tests look at the wall."""


@pytest.fixture(autouse=True)
def lakes(settings: Any, tmp_path: Path) -> Path:
    settings.LAKE_ROOT = tmp_path / "lakes"
    return tmp_path / "lakes"


@pytest.fixture
def lake(house: House, lakes: Path) -> FactStore:
    """Return the lake of a workspace, in which our own log has told of no contact yet."""
    store = FactStore(lakes / str(house.north))
    store.append("contact", [], source=SOURCE, at=NOW)
    return store


def call(key: str, *, at: datetime, wait: float | None = None, exit_: str | None = None, **more: Any) -> dict[str, Any]:
    """One leg: waiting while it has no wait, answered unless said otherwise."""
    row: dict[str, Any] = {"segment_id": key, "contact_id": key, "seq": 1, "queue_id": "billing", "channel": "voice"}
    row["queued_at"] = at
    if wait is not None:
        row |= {"left_queue_at": at + timedelta(seconds=wait), "exit": exit_ or "answered"}
        row["answered_at"] = row["left_queue_at"] if row["exit"] == "answered" else None
    return row | more


def bring(lake: FactStore, *rows: dict[str, Any], through: datetime = AT, source: str = "pbx") -> None:
    lake.append("contact_segment", rows, source=source, at=through, complete_through=through)


def wall_of(house: House, *, at: datetime = AT, zone: ZoneInfo = SEOUL, team_id: int | None = None) -> WallFigures:
    with workspace_scope(house.north):
        return figures(viewer=HOUSE, zone=zone, at=at, team_id=team_id)


def fed(house: House, *, at: datetime = AT, looked: dict[int, Looked] | None = None, **asked: Any) -> WallFigures:
    """Feed the wall, as a worker that has just started does unless `looked` is given, and look at it."""
    feed_walls({} if looked is None else looked, at=at)
    return wall_of(house, at=at, **asked)


def stored(house: House) -> tuple[Counter[Any], Counter[Any]]:
    """Return all that is kept of other sources, primary keys and all: rows that were written again have others."""
    with workspace_scope(house.north):
        counts = Count.objects.exclude(source=OWN).values_list("pk", "starts_at", "queue", "kind", "band", "count")
        waits = Waiting.objects.exclude(source=OWN).values_list("pk", "queue", "queued_at")
        return Counter(counts), Counter(waits)


class TestOnTheCaptures:
    """Two recordings of a PBX, brought in bit by bit as its log grew."""

    @pytest.mark.parametrize("name", CAPTURES)
    def test_every_figure_is_that_of_the_lake_at_the_same_instant(
        self, house: House, lake: FactStore, name: str, tmp_path: Path
    ) -> None:
        looked: dict[int, Looked] = {}
        set_short_targets(house)
        for at, lines in growing(name, parts=3):
            import_log(lake, lines, tmp_path, at=at)
            wall = fed(house, at=at, looked=looked, zone=ZoneInfo("UTC"))

            held = Lake(read(lake.root))
            assert [queue.queue for queue in wall.queues] == ["billing", "sales", "tech"]
            for queue in wall.queues:
                assert_equal(wall, queue, held, 10)
                assert queue.answers_today == sum(one[4] == "CONNECT" and one[2] == queue.queue for one in lines)
            assert {queue.queue: queue.waiting for queue in wall.queues} == waiting_by(lines)
            assert wall.feeds[0].is_live
            assert sum((wall.feeds[0].agents or {}).values()) == agents_by(lines)
        assert wall.total.new_today > 200

    def test_a_second_import_and_a_restart_change_nothing(self, house: House, lake: FactStore, tmp_path: Path) -> None:
        looked: dict[int, Looked] = {}
        at, lines = next(growing("sip20", parts=2))
        import_log(lake, lines, tmp_path, at=at)
        before = fed(house, at=at, looked=looked, zone=ZoneInfo("UTC")), stored(house)

        import_log(lake, lines, tmp_path, at=at)

        assert (fed(house, at=at, looked=looked, zone=ZoneInfo("UTC")), stored(house)) == before
        assert (fed(house, at=at, looked={}, zone=ZoneInfo("UTC")), stored(house)) == before


def set_short_targets(house: House) -> None:
    with workspace_scope(house.north):
        set_target(team_id=None, channel="", seconds=10, actor=HOUSE, at=NOW)


def growing(name: str, *, parts: int) -> Iterator[tuple[datetime, list[list[str]]]]:
    """Yield moments within a recording, each with the lines that had been written by then."""
    text = gzip.decompress((HERE / "captures" / name / "queue_log.gz").read_bytes()).decode()
    lines = [line.split("|") for line in text.splitlines()]
    first, last = int(lines[0][0]), int(lines[-1][0])
    for part in range(1, parts + 1):
        # Not at the very end, when the house has closed.
        until = first + (last - first) * part // (parts + 1)
        yield datetime.fromtimestamp(until, UTC), [line for line in lines if int(line[0]) <= until]


def import_log(lake: FactStore, lines: list[list[str]], folder: Path, *, at: datetime) -> None:
    path, memory = folder / "queue_log", folder / "memory.duckdb"
    path.write_text("".join("|".join(line) + "\n" for line in lines))
    load(lake.root, read_queue_log(path, settings=SITE, report=Report(), memory=memory), source="pbx", at=at)


def waiting_by(lines: list[list[str]]) -> dict[str, int]:
    """Count by queue whose wait the lines do not end, plainly."""
    open_: dict[str, str] = {}
    for _at, call_id, queue, _agent, verb, *_more in lines:
        if verb == "ENTERQUEUE":
            open_[call_id] = queue
        elif verb in {"CONNECT", "ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY", "WITHDRAW"}:
            open_.pop(call_id, None)
    return {queue: sum(one == queue for one in open_.values()) for queue in ("billing", "sales", "tech")}


def agents_by(lines: list[list[str]]) -> int:
    """Count who is a member of any queue, or still in a talk after leaving, plainly."""
    member, talks = set[tuple[str, str]](), dict[str, str]()
    for _at, call_id, queue, agent, verb, *_more in lines:
        match verb:
            case "ADDMEMBER":
                member.add((agent, queue))
            case "REMOVEMEMBER":
                member.discard((agent, queue))
            case "CONNECT":
                talks[call_id] = agent
            case "COMPLETECALLER" | "COMPLETEAGENT" | "BLINDTRANSFER" | "ATTENDEDTRANSFER":
                talks.pop(call_id, None)
    return len({agent for agent, _queue in member} | set(talks.values()))


@pytest.mark.parametrize("seed", [1, 2])
def test_any_day_is_counted_as_the_metrics_count_it(house: House, lake: FactStore, seed: int) -> None:
    chance = random.Random(seed)
    target = chance.choice([10, 30, 3600])
    with workspace_scope(house.north):
        set_target(team_id=None, channel="", seconds=target, actor=HOUSE, at=NOW)
    waits = (0, 4.999999, 5, 9.5, 10, 10.000001, 30, 3599, 3600, 3601, 7200)
    exits = ("answered", "answered", "abandoned", "flow_out_queue", "system_disconnect")
    rows, contacts = [], []
    for number in range(400):
        at = AT - timedelta(seconds=chance.randrange(100_000))
        wait = chance.choice(waits)
        is_open = wait >= (AT - at).total_seconds() or chance.random() < 0.1
        key = f"c{number}"
        more: dict[str, Any] = {
            "queue_id": chance.choice(["billing", "sales", None]),
            "channel": chance.choice(["voice", "email", "chat"]),
            "seq": chance.choice([1, 1, 2]),
        }
        rows.append(
            call(key, at=at, **more) if is_open else call(key, at=at, wait=wait, exit_=chance.choice(exits), **more)
        )
        contacts.append(
            {"contact_id": key, "channel": more["channel"], "direction": "inbound", "arrived_at": at, "outcome": "open"}
            | {"is_test": chance.random() < 0.1}
        )
    # Who has held a line for a day is the log's mistake, and no metric of a day counts that long.
    tests = {row["contact_id"] for row in contacts if row["is_test"]}
    rows = [row for row in rows if "exit" in row or (row["contact_id"] not in tests and AT - row["queued_at"] < DAY)]
    lake.append("contact", contacts, source="pbx", at=AT)
    bring(lake, *rows)

    wall, held = fed(house), Lake(read(lake.root))

    assert len(wall.queues) == 9
    assert 0 < wall.total.today.kept < wall.total.today.of
    for queue in wall.queues:
        assert_equal(wall, queue, held, target)


class TestWhatChangesInTheLake:
    def test_late_facts_stand_in_the_half_hour_in_which_they_happened(self, house: House, lake: FactStore) -> None:
        looked: dict[int, Looked] = {}
        bring(lake, call("a", at=AT - timedelta(minutes=1), wait=3))
        assert fed(house, looked=looked).total.new_today == 1

        bring(lake, call("b", at=AT - timedelta(hours=2), wait=30), call("c", at=AT - timedelta(minutes=2), wait=30))

        total = fed(house, looked=looked).total
        assert (total.new_today, total.new_half_hour, total.today.kept, total.today.of) == (3, 2, 1, 3)

    def test_corrected_and_deleted_facts_correct_and_leave_the_wall(self, house: House, lake: FactStore) -> None:
        looked: dict[int, Looked] = {}
        bring(lake, *(call(key, at=AT - timedelta(minutes=1)) for key in "abc"))
        assert fed(house, looked=looked).total.waiting == 3

        bring(lake, call("a", at=AT - timedelta(minutes=1), wait=30, exit_="abandoned"))
        lake.retract("contact_segment", [{"segment_id": "b"}], source="pbx", at=AT)

        total = fed(house, looked=looked).total
        assert (total.waiting, total.abandoned_today, total.new_today) == (1, 1, 2)

    def test_a_lake_that_is_gone_takes_its_figures_with_it(self, house: House, lake: FactStore) -> None:
        looked: dict[int, Looked] = {}
        bring(lake, call("a", at=AT - timedelta(minutes=1)))
        assert fed(house, looked=looked).feeds
        (lake.root / "manifest.json").unlink()

        wall = fed(house, looked=looked)

        assert (wall.feeds, wall.queues, wall.total.waiting) == ((), (), 0)
        assert stored(house) == (Counter(), Counter())

    def test_nothing_is_worked_out_anew_while_nothing_changes(self, house: House, lake: FactStore) -> None:
        looked: dict[int, Looked] = {}
        bring(lake, call("a", at=AT - timedelta(minutes=1)))

        assert [feed_walls(looked, at=AT) for _ in range(2)] == [1, 0]

        lake.complete(source="pbx", through=AT + timedelta(minutes=4))
        lake.complete(source=SOURCE, through=AT + timedelta(minutes=4))
        assert feed_walls(looked, at=AT + timedelta(minutes=4)) == 0
        assert wall_of(house, at=AT + timedelta(minutes=8)).feeds[0].is_live


class TestWhoWaits:
    def test_is_not_known_once_the_source_is_behind(self, house: House, lake: FactStore) -> None:
        bring(lake, call("a", at=AT - timedelta(minutes=1)), call("b", at=AT - timedelta(minutes=1), wait=2))
        assert fed(house).total.waiting == 1

        wall = wall_of(house, at=AT + FRESH + timedelta(seconds=1))

        (queue,) = wall.queues
        for row in (queue, wall.total):
            assert (row.is_open_known, row.waiting, row.overdue, row.due_soon, row.oldest_at) == (
                False,
                None,
                None,
                None,
                None,
            )
            assert (row.new_today, row.answers_today) == (2, 1)
        assert [value_of(figure, wall) for figure in (Figure.WAITING, Figure.LONGEST_WAIT, Figure.OVERDUE)] == [
            None
        ] * 3
        assert wall.feeds[0].through == AT

    def test_is_at_least_those_whom_other_sources_know(self, house: House, lake: FactStore) -> None:
        bring(lake, call("a", at=AT - timedelta(minutes=1)))
        bring(lake, call("b", at=AT - FRESH - timedelta(minutes=1), queue_id="sales"), through=AT - FRESH, source="old")

        total = fed(house, at=AT + timedelta(seconds=1)).total

        assert (total.waiting, total.is_open_known) == (1, False)

    def test_is_known_again_when_the_source_has_caught_up(self, house: House, lake: FactStore) -> None:
        looked: dict[int, Looked] = {}
        bring(lake, call("a", at=AT - timedelta(minutes=1)))
        later = AT + timedelta(hours=1)
        assert fed(house, at=later, looked=looked).total.waiting is None

        lake.complete(source="pbx", through=later)

        assert fed(house, at=later, looked=looked).total.waiting == 1

    def test_is_nobody_who_has_held_the_line_for_a_day(self, house: House, lake: FactStore) -> None:
        ago = AT - DAY - timedelta(minutes=1)
        bring(lake, call("a", at=ago), call("b", at=ago, channel="email"))

        assert [(queue.channel, queue.waiting) for queue in fed(house).queues] == [("email", 1), ("voice", 0)]


class TestWhatIsNotOfToday:
    def test_a_log_of_last_week_is_not_on_the_wall(self, house: House, lake: FactStore) -> None:
        last = AT - timedelta(days=7)
        bring(lake, call("a", at=last), call("b", at=last, wait=3), through=last)

        wall = fed(house)

        assert (wall.feeds, wall.queues, wall.total.is_open_known) == ((), (), True)

    def test_a_live_source_that_falls_silent_is_missed_for_a_week(self, house: House, lake: FactStore) -> None:
        bring(lake, call("a", at=AT - timedelta(minutes=1)))
        fed(house)

        tomorrow = fed(house, at=AT + DAY)
        assert (tomorrow.total.new_today, tomorrow.total.waiting) == (0, None)
        assert [queue.queue for queue in tomorrow.queues] == ["billing"]
        assert fed(house, at=AT + REMEMBERED).feeds == ()

    def test_a_new_day_begins_at_nothing_without_any_change_in_the_lake(self, house: House, lake: FactStore) -> None:
        looked: dict[int, Looked] = {}
        late = datetime(2026, 11, 18, 14, 59, tzinfo=UTC)  # 23:59 in Seoul
        bring(lake, call("a", at=late, wait=3), through=late)
        assert fed(house, at=late, looked=looked).total.new_today == 1

        total = fed(house, at=late + timedelta(minutes=2), looked=looked).total

        assert (total.new_today, total.waiting) == (0, 0)
        assert fed(house, at=late + timedelta(minutes=32), looked=looked).total.new_hour == 1

    def test_a_day_begins_when_the_workspace_says(self, house: House, lake: FactStore) -> None:
        with workspace_scope(house.north):
            settings = replace(workspace_facts().settings, day_begins="05:00")
            change_workspace_settings(settings=settings, actor=HOUSE, at=NOW)
        five = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)  # 05:00 in Seoul
        looked: dict[int, Looked] = {}
        bring(
            lake, *(call(f"{hour}", at=five - timedelta(hours=hour), wait=3) for hour in (1, 2, 23, 25)), through=five
        )

        night = five - timedelta(minutes=1)
        feed_walls(looked, at=night)
        with workspace_scope(house.north):
            assert figures(viewer=HOUSE, zone=SEOUL, at=night, day_begins_s=5 * 3_600).total.new_today == 3
        feed_walls(looked, at=five)
        with workspace_scope(house.north):
            assert figures(viewer=HOUSE, zone=SEOUL, at=five, day_begins_s=5 * 3_600).total.new_today == 0

    def test_earlier_weeks_are_what_is_usual(self, house: House, lake: FactStore) -> None:
        hour = datetime(2026, 11, 18, 4, 20, tzinfo=UTC)
        for week, many in enumerate((5, 2, 4, 6), start=1):
            rows = [call(f"{week}-{n}", at=hour - timedelta(weeks=week), wait=3) for n in range(many)]
            bring(lake, *rows, call(f"early-{week}", at=hour - timedelta(weeks=week, hours=3), wait=3))
        bring(lake, call("now", at=hour, wait=3))

        total = fed(house).total

        assert (total.usual, total.new_hour, total.new_today) == ((5, 2, 4, 6), 1, 1)


class TestZones:
    def test_a_table_in_another_zone_counts_when_it_happened(
        self, house: House, lake: FactStore, tmp_path: Path
    ) -> None:
        table, mapping = tmp_path / "calls.csv", tmp_path / "calls.yaml"
        table.write_text("id,came,left,queue\n1,2026-11-18 00:05:00,2026-11-18 00:05:08,billing\n")
        mapping.write_text(MAPPING)
        steps = read_facts(
            table, read_mapping(mapping), hash_key=b"k" * 32, folder=tmp_path, report=Report(), progress=lambda *_: None
        )
        load(lake.root, steps, source="import:newyork", at=AT)

        wall = fed(house)

        assert (wall.total.new_half_hour, wall.total.half_hour.kept) == (1, 1)

    @pytest.mark.parametrize(
        ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)], ids=["longer", "shorter"]
    )
    def test_a_day_on_which_clocks_change_is_counted_whole(
        self, house: House, lake: FactStore, day: date, hours: int
    ) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        with workspace_scope(house.north):
            settings = replace(workspace_facts().settings, time_zone="Europe/Berlin")
            change_workspace_settings(settings=settings, actor=HOUSE, at=NOW)
        start = datetime.combine(day, time.min, berlin).astimezone(UTC)
        moments = [start + timedelta(hours=hour, minutes=15) for hour in range(-1, hours + 1)]
        bring(lake, *(call(str(at), at=at, wait=3) for at in moments), through=moments[-1])
        looked: dict[int, Looked] = {}

        evening = start + timedelta(hours=hours, minutes=-10)
        assert fed(house, at=evening, looked=looked, zone=berlin).total.new_today == hours
        assert fed(house, at=evening + timedelta(minutes=30), looked=looked, zone=berlin).total.new_today == 1
        with workspace_scope(house.north):
            assert Count.objects.filter(source="pbx", kind="arrived", count=1).count() == hours + 2


MAPPING = """\
mapping: 1
source: newyork
zone: America/New_York
values:
  came: {column: came, as: time, format: "%Y-%m-%d %H:%M:%S"}
  left: {column: left, as: time, format: "%Y-%m-%d %H:%M:%S"}
tables:
  - table: contact_segment
    row:
      segment_id: id
      contact_id: id
      seq: 1
      queue_id: queue
      channel: {is: voice}
      queued_at: came
      answered_at: left
      left_queue_at: left
      exit: {is: answered}
"""


class TestWhoseItIs:
    def test_a_queue_called_like_a_team_is_the_teams(self, house: House, lake: FactStore) -> None:
        with workspace_scope(house.north):
            team = create_team(name="Billing", actor=HOUSE, at=NOW)
            named = create_team(name="Night shift", actor=HOUSE, at=NOW)
        ago = AT - timedelta(minutes=1)
        queues = ("billing", "BILLING ", ours("team", named), "sales", ours("team", 10**9))
        bring(lake, *(call(queue, at=ago, queue_id=queue) for queue in queues))

        wall = fed(house)

        assert {(queue.team_id, queue.queue): queue.waiting for queue in wall.queues} == {
            (team, ""): 2,
            (named, ""): 1,
            (None, "sales"): 1,
            (None, ours("team", 10**9)): 1,
        }
        assert wall_of(house, team_id=team).total.waiting == 2
        assert wall_of(house, team_id=named).total.waiting == 1

    def test_a_team_hears_nothing_of_a_source_that_does_not_feed_it(self, house: House, lake: FactStore) -> None:
        with workspace_scope(house.north):
            team = create_team(name="Billing", actor=HOUSE, at=NOW)
        bring(lake, call("a", at=AT - timedelta(minutes=1), queue_id="sales"))
        fed(house)

        wall = wall_of(house, at=AT + timedelta(hours=1), team_id=team)

        assert (wall.feeds, wall.total.waiting, wall.total.is_open_known) == ((), 0, True)

    def test_another_workspace_sees_nothing_of_it(self, house: House, lake: FactStore) -> None:
        bring(lake, call("a", at=AT - timedelta(minutes=1)))
        fed(house)

        with workspace_scope(house.south):
            wall = figures(viewer=HOUSE, zone=SEOUL, at=AT)
            assert (wall.feeds, wall.queues, wall.total.waiting) == ((), (), 0)
            assert not Count.objects.exists()
            assert not Feed.objects.exists()

    def test_agents_are_not_the_clients_to_see(self, house: House, lake: FactStore) -> None:
        states = [
            {"agent_state_id": "1", "agent_id": "kim", "state": "available", "started_at": AT - DAY, "ended_at": AT},
            {"agent_state_id": "2", "agent_id": "kim", "state": "contact", "started_at": AT},
            {"agent_state_id": "3", "agent_id": "lee", "state": "break", "started_at": AT - timedelta(hours=1)},
            {"agent_state_id": "4", "agent_id": "han", "state": "break", "started_at": AT - DAY, "ended_at": AT},
        ]
        lake.append("agent_state", states, source="pbx", at=AT)
        bring(lake, call("a", at=AT))

        assert fed(house).feeds[0].agents == {"contact": 1, "break": 1}
        with workspace_scope(house.north):
            client = figures(viewer=house.actor("vera"), zone=SEOUL, at=AT)
        assert client.feeds[0].agents is None


def test_our_own_source_is_called_alike_in_both() -> None:
    assert OWN == SOURCE
