"""What the lake says of promises is what their clocks say: case by case, in every metric, and on the wall."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import case_briefs
from careloop.domains.cases.states import Category
from careloop.domains.commitments import queries, services
from careloop.domains.commitments.states import BY_POLICY, PROMISED, Measure, NotReached, Outcome, Reason, Way
from careloop.domains.commitments.types import ClockRow, DueCounts
from careloop.domains.tasks import services as tasks
from careloop.domains.tasks.types import NewTask
from careloop.domains.wallboards.queries import figures
from careloop.insight.facts import Facts, read
from careloop.insight.kpis import measure
from careloop.kernel.actors import HOUSE
from careloop.kernel.hours import Span
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake import following
from careloop.processes.lake.following import follow, lake_of
from careloop.processes.lake.naming import ours
from careloop.processes.lake.rebuilding import rebuild
from careloop.processes.promising import recount_hours
from tests.cast import House
from tests.domains.commitments.conftest import DAY, MONDAY, Desk, later, open_desk
from tests.processes.lake.test_following import facts_in, settle

pytestmark = pytest.mark.database

FIRST, NEXT, SOLUTION = Measure.FIRST_RESPONSE, Measure.NEXT_RESPONSE, Measure.RESOLUTION
MINUTE = timedelta(minutes=1)
EVERY = range(1, 5)
HOUR = 3600


@dataclass(slots=True, kw_only=True)
class Service:
    """A workspace that promises something, and its lake."""

    desk: Desk
    house: House
    root: Path
    opened: list[int]

    def until(self, at: datetime) -> None:
        """Let everything happen that happens by itself until a moment."""
        settle(at)

    def facts(self, at: datetime) -> Facts:
        """Return the facts as they are complete until a moment."""
        settle(at)
        while follow(self.root, at=at + following.SETTLED_AFTER):
            pass
        return read(lake_of(self.root, self.house.north).root)

    def clocks(self, at: datetime) -> list[ClockRow]:
        with workspace_scope(self.house.north):
            found = queries.clocks_of_cases(self.opened, viewer=self.desk.ada, at=at)
        return [clock for clocks in found.values() for clock in clocks]

    def opens(self, **said: Any) -> int:
        case = self.desk.opens(**said)
        self.opened.append(case)
        return case


@pytest.fixture
def service(house: House, tmp_path: Path) -> Service:
    with workspace_scope(house.north):
        desk = open_desk(house)
    return Service(desk=desk, house=house, root=tmp_path / "lake", opened=[])


def rows_of(facts: Facts) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = facts["commitment"].order_by("commitment_id").to_pyarrow().to_pylist()
    return rows


def assert_agree(service: Service, at: datetime) -> Facts:
    """Clocks and facts say the same of every promise, and metrics count what clocks say."""
    facts, clocks = service.facts(at), service.clocks(at)
    assert [
        (
            row["commitment_id"],
            row["case_id"],
            row["measure"],
            row["outcome"],
            row["started_at"],
            row["due_at"],
            row["ended_at"],
            row["limit_s"],
            row["spent_s"],
        )
        for row in rows_of(facts)
    ] == [
        (
            ours("clock", clock.id),
            ours("case", clock.case_id or 0),
            clock.measure,
            clock.outcome,
            clock.started_at,
            clock.due_at,
            clock.ended_at,
            clock.target_s,
            int(clock.spent_s) if clock.outcome in (Outcome.KEPT, Outcome.MISSED) else None,
        )
        for clock in sorted(clocks, key=lambda clock: clock.id)
    ]
    for what in PROMISED:
        told = Counter((clock.outcome, clock.is_late(at)) for clock in clocks if clock.measure == what)
        kept = told[Outcome.KEPT, False]
        missed = told[Outcome.MISSED, True] + told[Outcome.RUNNING, True]
        assert counted(facts, what) == (kept, kept + missed), what
    return facts


def counted(facts: Facts, what: Measure) -> tuple[float, float]:
    """Return how many kept what was promised, and how many could."""
    found = measure(facts, "sla_attainment", options={"measure": what.value}).total
    return (0, 0) if found is None else (found.numerator or 0, found.denominator or 0)


def assert_wall_agrees(service: Service, at: datetime) -> tuple[int, int]:
    """The wall counts at a moment what the facts of that moment say of those who wait."""
    facts = service.facts(at)
    with workspace_scope(service.house.north):
        wall = figures(viewer=HOUSE, zone=ZoneInfo("Asia/Seoul"), at=at)
    waiting = [row for row in rows_of(facts) if row["outcome"] == "running"]
    overdue = [row for row in waiting if row["missed_at"] or (row["due_at"] and row["due_at"] < at)]
    soon = [row for row in waiting if row not in overdue and row["due_at"] and row["due_at"] < at + timedelta(hours=1)]
    assert wall.promises == DueCounts(overdue=len(overdue), due_soon=len(soon))
    return len(overdue), len(soon)


class TestFacts:
    def test_tell_what_was_promised_and_how_it_ended(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            service.desk.promise(targets={SOLUTION: dict.fromkeys(EVERY, 4 * HOUR)}, levels={SOLUTION: 0.7})
            case = service.opens()
            service.desk.answers(case, at=later(1))
        service.until(later(1))
        with workspace_scope(service.house.north):
            service.desk.omar_writes(case, at=later(5))
        service.until(later(5))
        with workspace_scope(service.house.north):
            service.desk.becomes(case, Category.SOLVED, at=later(6))

        facts = assert_agree(service, later(7))

        (row,) = rows_of(facts)
        assert (row["outcome"], row["spent_s"], row["paused_s"]) == ("kept", 2.0 * HOUR, 4.0 * HOUR)
        assert (row["kind"], row["share"], row["version"], row["priority"]) == ("share", 0.7, 1, "2")
        (told,) = facts["case"].to_pyarrow().to_pylist()
        (policy,) = facts["sla_policy"].to_pyarrow().to_pylist()
        assert told["sla_policy_id"] == policy["sla_policy_id"] == row["sla_policy_id"]
        assert (policy["limit_s"], policy["clock"], policy["priority"]) == (4.0 * HOUR, "business", None)
        assert policy["pause_states"] == ["waiting"]

    def test_what_another_team_was_asked_is_an_agreement_of_its_own(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            service.desk.promise(targets={Measure.TASK: dict.fromkeys(EVERY, 2 * HOUR)}, levels={Measure.TASK: 0.9})
            case, mina = service.opens(), service.house.ids["mina"]
            asked = [
                tasks.ask_task(
                    case_id=case, task=NewTask(title="Check", person_id=mina), actor=service.desk.ada, at=MONDAY
                )
                for _time in range(4)
            ]
            done, late, refused, _open = asked
        service.until(later(1))
        with workspace_scope(service.house.north):
            boss = service.house.actor("mina")
            tasks.finish_task(task_id=done, answer="Paid.", actor=boss, at=later(1))
            tasks.refuse_task(task_id=refused, reason="Not ours.", actor=boss, at=later(1))
        service.until(later(3))
        with workspace_scope(service.house.north):
            tasks.finish_task(task_id=late, answer="Paid.", actor=boss, at=later(3))

        facts = assert_agree(service, later(4))

        assert counted(facts, Measure.TASK) == (1, 3)
        assert [row["outcome"] for row in rows_of(facts)] == ["kept", "missed", "called_off", "running"]
        (told,) = facts["case"].to_pyarrow().to_pylist()
        assert told["sla_policy_id"] is None  # nothing was promised to the customer

    def test_name_a_promise_for_each_priority_where_these_differ(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            service.desk.promise(targets={FIRST: {2: 4 * HOUR, 4: HOUR}}, calendar_id=None)
            for priority in (2, 4):
                service.opens(priority=priority)

        facts = assert_agree(service, later(2))

        policies = {row["sla_policy_id"]: row for row in facts["sla_policy"].to_pyarrow().to_pylist()}
        assert {row["priority"]: row["limit_s"] for row in policies.values()} == {"2": 4.0 * HOUR, "4": 1.0 * HOUR}
        assert {row["sla_policy_id"] for row in rows_of(facts)} == policies.keys()
        assert len({row["policy_id"] for row in rows_of(facts)}) == 1

    def test_of_the_past_are_not_rewritten_by_another_policy(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            policy = service.desk.promise()
            done, waits = service.opens(), service.opens()
            service.desk.answers(done, at=later(3))
        before = assert_agree(service, later(3))
        short = {what: dict.fromkeys(EVERY, HOUR) for what in BY_POLICY}
        with workspace_scope(service.house.north):
            services.change_policy(
                policy_id=policy,
                settings=service.desk.said(targets=short),
                actor=service.house.actor("mina"),
                at=later(3),
            )
            service.desk.answers(waits, at=later(3.5))
            new = service.opens(at=later(3.5))

        facts = assert_agree(service, later(5))

        held = {row["commitment_id"]: row for row in rows_of(facts)}
        for row in rows_of(before):
            if row["ended_at"]:
                assert held[row["commitment_id"]] == row
        limits = {(row["case_id"], row["version"], row["limit_s"]) for row in held.values()}
        assert (ours("case", waits), 1, 4.0 * HOUR) in limits
        assert (ours("case", new), 2, 1.0 * HOUR) in limits

    def test_follow_a_priority_that_changed_on_the_way(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            service.desk.promise(targets={SOLUTION: {2: 4 * HOUR, 4: 2 * HOUR}})
            sooner, nothing = service.opens(), service.opens()
        service.until(MONDAY)
        with workspace_scope(service.house.north):
            cases.prioritize(case_id=sooner, priority=4, actor=service.desk.ada, at=later(1))
            cases.prioritize(case_id=nothing, priority=1, actor=service.desk.ada, at=later(1))
        service.until(later(1))
        assert_agree(service, later(1.5))
        with workspace_scope(service.house.north):
            service.desk.becomes(sooner, Category.SOLVED, at=later(3))
            service.desk.becomes(nothing, Category.SOLVED, at=later(3))

        facts = assert_agree(service, later(4))

        assert [row["outcome"] for row in rows_of(facts)] == ["missed", "called_off"]

    def test_keep_what_was_missed_when_hours_change_afterwards(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            service.desk.promise(targets={SOLUTION: dict.fromkeys(EVERY, 4 * HOUR)})
            case = service.opens()
        service.until(later(5))
        with workspace_scope(service.house.north):
            off = DayRow(date=date(2026, 11, 2), name="A holiday that nobody knew of")
            calendars.set_day(
                calendar_id=service.desk.calendar, day=off, actor=service.house.actor("mina"), at=later(5)
            )
        service.until(later(5))
        recount_hours(workspace_id=service.house.north, calendar_id=service.desk.calendar)
        assert assert_wall_agrees(service, later(6)) == (1, 0)
        with workspace_scope(service.house.north):
            service.desk.becomes(case, Category.SOLVED, at=later(7))

        (row,) = rows_of(assert_agree(service, later(8)))

        assert (row["outcome"], row["missed_at"]) == ("missed", later(4))

    def test_say_nothing_of_spam(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            service.desk.promise()
            case = service.opens()
        service.until(later(5))
        with workspace_scope(service.house.north):
            cases.mark_spam(case_id=case, actor=service.desk.ada, at=later(5))
        facts = service.facts(later(6))

        assert counted(facts, FIRST) == (0, 0)
        with workspace_scope(service.house.north):
            assert queries.due_counts(at=later(6)) == DueCounts(overdue=0, due_soon=0)


class TestLevel:
    @pytest.mark.parametrize(("level", "kept", "outcome"), [(0.7, 7, 1), (0.7, 6, 0), (1.0, 9, 0), (1.0, 10, 1)])
    def test_is_kept_by_a_share_or_by_all(self, service: Service, level: float, kept: int, outcome: int) -> None:
        with workspace_scope(service.house.north):
            service.desk.promise(targets={FIRST: dict.fromkeys(EVERY, HOUR)}, levels={FIRST: level})
            for number in range(10):
                service.desk.answers(service.opens(), at=later(0.5 if number < kept else 1.5))

        facts = assert_agree(service, later(2))

        options = {"measure": "first_response", "level": "commitment"}
        made = measure(facts, "sla_attainment", options=options).total
        assert made is not None
        assert (made.numerator, made.denominator) == (outcome, 1)
        items = measure(facts, "sla_attainment", options={"measure": "first_response"}).total
        assert items is not None
        assert items.value == kept / 10
        assert items.low is not None
        assert items.low < kept / 10 <= (items.high or 0)


SATURDAY = DayRow(date=date(2026, 11, 7), name="Worked for a bridge day", spans=(Span(opens=time(9), closes=time(13)),))
BRIDGE = DayRow(date=date(2026, 11, 4), name="Bridge day")


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_the_lake_says_what_the_clocks_say_and_says_it_again_when_rebuilt(
    service: Service, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    desk = service.desk
    # Clocks go back in New York on the first of November, on a Sunday that is worked there.
    at = datetime(2026, 10, 29, 13, tzinfo=UTC)
    with workspace_scope(service.house.north):
        actor = service.house.actor("mina")
        night = CalendarSettings(name="New York", zone="America/New_York", weekly=(DAY,) * 7)
        there = calendars.create_calendar(settings=night, actor=actor, at=at)
        for day in (SATURDAY, BRIDGE):
            calendars.set_day(calendar_id=desk.calendar, day=day, actor=actor, at=at)
        urgent = {what: {3: 2 * HOUR, 4: HOUR} for what in BY_POLICY}
        condition = {"field": "priority", "operator": "any_of", "value": ["3", "4"]}
        first = services.make_policy(
            settings=replace(desk.said("Urgent"), targets=urgent, conditions=condition, calendar_id=there),
            actor=actor,
            at=at,
        )
        services.make_policy(
            settings=replace(desk.said("Usual"), pauses=("waiting",), levels={SOLUTION: 0.5}), actor=actor, at=at
        )
    states: dict[int, Category] = {}
    for step in range(45):
        at += timedelta(minutes=chance.choice((1, 10, 45, 200, 700)))
        service.until(at)
        with workspace_scope(service.house.north):
            if step == 20:
                changed = {what: {3: HOUR, 4: HOUR} for what in BY_POLICY}
                services.change_policy(
                    policy_id=first,
                    settings=replace(desk.said("Urgent"), targets=changed, conditions=condition, calendar_id=there),
                    actor=actor,
                    at=at,
                )
            move(service, states, chance, at)
        if step % 15 == 14:
            assert_agree(service, at)
            assert_wall_agrees(service, at)
    facts = assert_agree(service, at)
    assert_wall_agrees(service, at)
    outcomes = Counter(row["outcome"] for row in rows_of(facts))
    assert {"kept", "missed"} <= outcomes.keys()
    assert lake_of(service.root, service.house.north).quarantined() == {}

    rebuild(tmp_path / "other", service.house.north, at=at + MINUTE)

    assert facts_in(tmp_path / "other", service.house.north) == facts_in(service.root, service.house.north)


def move(service: Service, states: dict[int, Category], chance: random.Random, at: datetime) -> None:
    """Let one thing happen to one case, old or new."""
    desk = service.desk
    if not states or chance.random() < 0.25:
        states[service.opens(at=at, priority=chance.choice((1, 2, 3, 4)))] = Category.NEW
        return
    case = chance.choice(sorted(states))
    is_done = states[case] == Category.SOLVED
    match chance.choice(("answers", "writes", "solves", "waits", "prioritizes", "again")):
        case "answers" if not is_done:
            desk.answers(case, at=at)
            states[case] = Category.WAITING
        case "writes":
            desk.omar_writes(case, at=at)
            if is_done or states[case] == Category.WAITING:
                states[case] = Category.OPEN
        case "solves" if not is_done:
            desk.becomes(case, Category.SOLVED, at=at)
            states[case] = Category.SOLVED
        case "waits" if states[case] not in (Category.WAITING, Category.SOLVED):
            desk.becomes(case, Category.WAITING, at=at)
            states[case] = Category.WAITING
        case "prioritizes":
            with_other = [priority for priority in EVERY if priority != case_briefs({case})[case].priority]
            cases.prioritize(case_id=case, priority=chance.choice(with_other), actor=desk.ada, at=at)
        case "again" if is_done:
            cases.reopen(case_id=case, actor=desk.ada, at=at)
            states[case] = Category.OPEN
        case _:
            pass


class TestCallbacks:
    def test_are_commitments_without_a_policy_and_callbacks_for_the_board(self, service: Service) -> None:
        with workspace_scope(service.house.north):
            kept, late, open_, gone, unreached = (service.opens() for _number in range(5))
            for case in (kept, late, open_, gone, unreached):
                services.promise_callback(
                    case_id=case, due_at=later(4), way=Way.CALL, note="", actor=service.desk.ada, at=MONDAY
                )
            services.move_callback(
                case_id=kept, due_at=later(6), reason=Reason.CUSTOMER_ASKED, actor=service.desk.ada, at=later(1)
            )
            services.finish_callback(case_id=kept, actor=service.desk.ada, at=later(5))
            services.finish_callback(case_id=late, actor=service.desk.ada, at=later(5))
            services.cancel_callback(case_id=gone, reason=Reason.NOT_NEEDED, actor=service.desk.ada, at=later(1))
            for hours in (1, 2, 3):
                services.try_callback(
                    case_id=unreached,
                    outcome=NotReached.NO_ANSWER,
                    ring_s=30,
                    actor=service.desk.ada,
                    at=later(hours + 0.5),
                )
            services.cancel_callback(
                case_id=unreached, reason=Reason.NOT_REACHED, actor=service.desk.ada, at=later(3.6)
            )

        facts = assert_agree(service, later(8))

        assert [(row["measure"], row["outcome"], row["policy_id"], row["version"]) for row in rows_of(facts)] == [
            ("callback", outcome, None, None) for outcome in ("kept", "missed", "running", "called_off", "called_off")
        ]
        found = measure(facts, "callback_kept_rate").total
        assert found is not None
        # Kept, late, one that is due and not done, and one that was tried in three hours and not reached, which counts as kept; the
        # one that was taken back in time was not owed.
        assert (found.numerator, found.denominator) == (2, 4)
        tries = facts["callback_attempt"].order_by("at").to_pyarrow().to_pylist()
        assert [(one["attempt_no"], one["outcome"], one["ring_s"]) for one in tries] == [
            (1, "no_answer", 30),
            (2, "no_answer", 30),
            (3, "no_answer", 30),
            (1, "connected", None),
            (1, "connected", None),
        ]
