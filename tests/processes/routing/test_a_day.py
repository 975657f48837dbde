"""A day simulated with the house's own choice: nobody starves, nothing is offered twice, and waits are those of Erlang A."""

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import sqrt
from random import Random
from statistics import fmean, stdev

from careloop.domains.queues.states import Choice
from careloop.domains.workforce.fading import faded
from careloop.insight import queueing
from careloop.processes.routing.choosing import Head, Person, Program, people_in_order, work_in_order

START = datetime(2026, 11, 16, tzinfo=UTC)


@dataclass(slots=True)
class Agent:
    """programs: whose work they take. free_since: None while they have something."""

    key: int
    programs: frozenset[int]
    free_since: float | None = 0.0


@dataclass(slots=True)
class Day:
    """Calls that come at random, wait with little or much patience, and are taken for a random time.

    Every line is kept in the order of its ranks, as the index of the house does; times are in seconds. ends: of each when it
    came, how long it waited, and whether it left.
    """

    chance: Random
    agents: list[Agent]
    agreed: dict[int, float]
    handle_s: float
    patience_s: float | None = None
    step_s: float = 600.0
    now: float = 0.0
    lines: dict[int, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    gone: set[int] = field(default_factory=set)
    came: dict[int, tuple[int, float]] = field(default_factory=dict)
    waits: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: Counter[int] = field(default_factory=Counter)
    taken: Counter[int] = field(default_factory=Counter)
    given: dict[int, tuple[float, float]] = field(default_factory=dict)
    events: list[tuple[float, int, str, int]] = field(default_factory=list)
    free: dict[int, Agent] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    ends: list[tuple[float, float, bool]] = field(default_factory=list)
    stays: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.free = {agent.key: agent for agent in self.agents}

    def plan(self, at: float, what: str, key: int) -> None:
        heapq.heappush(self.events, (at, len(self.events) + key, what, key))

    def comes(self, program: int, *, steps: int = 0) -> None:
        key = len(self.came)
        self.came[key] = (program, self.now)
        heapq.heappush(self.lines[program], (self.now - steps * self.step_s, key))
        if self.patience_s is not None:
            self.plan(self.now + self.chance.expovariate(1 / self.patience_s), "leaves", key)
        free = [agent for agent in self.free.values() if program in agent.programs]
        if free:
            order = people_in_order([self._person(one) for one in free], Choice.LONGEST_IDLE, last_user_id=None)
            self._look(self.agents[order[0].user_id])

    def leaves(self, key: int) -> None:
        if key not in self.gone:
            self.gone.add(key)
            program, at = self.came[key]
            self.lost[program] += 1
            self.waits[program].append(self.now - at)
            self.ends.append((at, self.now - at, True))

    def frees(self, key: int) -> None:
        self.agents[key].free_since = self.now
        self.free[key] = self.agents[key]
        self._look(self.agents[key])

    def _look(self, agent: Agent) -> None:
        found = []
        for program in agent.programs:
            line = self.lines[program]
            while line and line[0][1] in self.gone:
                heapq.heappop(line)
            if line:
                rank, key = line[0]
                found.append(Head(workspace_id=program, waiting_id=key, rank_at=self._moment(rank)))
        if not found:
            return
        head = work_in_order(found, {key: self._program(key) for key in agent.programs})[0]
        program = head.workspace_id
        heapq.heappop(self.lines[program])
        assert head.waiting_id not in self.gone, "offered twice"
        self.gone.add(head.waiting_id)
        self.waits[program].append(self.now - self.came[head.waiting_id][1])
        self.taken[head.waiting_id] += 1
        self.order.append(program)
        came_at = self.came[head.waiting_id][1]
        self.stays[program].append((came_at, self.now - came_at))
        self.ends.append((came_at, self.now - came_at, False))
        self.given[program] = (self._program(program).given + 1, self.now)
        agent.free_since = None
        del self.free[agent.key]
        self.plan(self.now + self.chance.expovariate(1 / self.handle_s), "frees", agent.key)

    def run(self, arrivals: list[tuple[float, int, int]]) -> None:
        """Live through the day. arrivals: moment, program and steps of priority of each, in order."""
        for at, program, steps in [*arrivals, (float("inf"), 0, 0)]:
            while self.events and self.events[0][0] <= at:
                self.now, _order, what, key = heapq.heappop(self.events)
                self.leaves(key) if what == "leaves" else self.frees(key)
            if at != float("inf"):
                self.now = at
                self.comes(program, steps=steps)

    def _person(self, agent: Agent) -> Person:
        since = None if agent.free_since is None else self._moment(agent.free_since)
        return Person(user_id=agent.key, load=0, room=1, idle_since=since, last_offered_at=None)

    def _program(self, key: int) -> Program:
        given, at = self.given.get(key, (0.0, self.now))
        left = faded(given, since=self._moment(at), at=self._moment(self.now))
        return Program(agreed=self.agreed.get(key, 1.0), given=left)

    def _moment(self, seconds: float) -> datetime:
        return START + timedelta(seconds=seconds)


def poisson(chance: Random, *, per_hour: float, hours: float) -> list[float]:
    found, at = [], 0.0
    while (at := at + chance.expovariate(per_hour / 3600)) < hours * 3600:
        found.append(at)
    return found


def test_one_queue_waits_as_erlang_a_says() -> None:
    """300 agents for six hours, after half an hour in which the day begins; as near as the simulation itself is sure."""
    chance = Random(7)
    day = Day(
        chance=chance,
        agents=[Agent(key=key, programs=frozenset({1})) for key in range(300)],
        agreed={},
        handle_s=360,
        patience_s=120,
    )

    day.run([(at, 1, 0) for at in poisson(chance, per_hour=3500, hours=6.5)])

    expected = queueing.erlang_a(calls_per_hour=3500, handle_seconds=360, patience_seconds=120, agents=300)
    parts: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for came_at, wait, is_lost in day.ends:
        parts[int(came_at // 1800)].append((wait, is_lost))
    del parts[0]
    for figure, means in (
        (expected.wait_seconds, [fmean(wait for wait, _lost in part) for part in parts.values()]),
        (expected.abandon_share, [fmean(is_lost for _wait, is_lost in part) for part in parts.values()]),
    ):
        # What the means of half hours differ by says how sure their mean is.
        error = stdev(means) / sqrt(len(means))
        assert abs(fmean(means) - float(figure)) < 3 * error
        assert error < 0.1 * float(figure)
    assert max(day.taken.values()) == 1


def test_a_day_of_several_programs_starves_nobody() -> None:
    chance = Random(11)
    programs = {1: 5.0, 2: 3.0, 3: 1.0}
    agents = [
        Agent(key=key, programs=frozenset({1, 2, 3} if key % 2 else {1, 2} if key % 4 else {3})) for key in range(40)
    ]
    day = Day(chance=chance, agents=agents, agreed=programs, handle_s=240)
    arrivals = sorted(
        (at, program, 3 if chance.random() < 0.3 else 0)
        for program, per_hour in ((1, 330), (2, 200), (3, 60))
        for at in poisson(chance, per_hour=per_hour, hours=8)
    )

    day.run(arrivals)

    assert sum(day.taken.values()) == len(arrivals)
    assert max(day.taken.values()) == 1
    for program in programs:
        longest_until, passed = 0.0, 0
        own = [(at, at + wait) for at, wait in day.stays[program]]
        earlier = sorted(own)
        for at, taken_at in earlier:
            while earlier[passed][0] < at - 3 * day.step_s:
                longest_until = max(longest_until, earlier[passed][1])
                passed += 1
            # Three steps are the most that anything is ahead: whoever came longer before has been taken.
            assert longest_until <= taken_at


def test_under_backlog_programs_get_what_was_agreed() -> None:
    chance = Random(13)
    programs = {1: 5.0, 2: 3.0, 3: 2.0}
    day = Day(
        chance=chance,
        agents=[Agent(key=key, programs=frozenset(programs)) for key in range(20)],
        agreed=programs,
        handle_s=120,
    )
    backlog = [(0.001 * number, program, 0) for number in range(1500) for program in programs]

    day.run(backlog)

    # While all three still wait.
    first = Counter(day.order[:2000])

    assert {key: round(first[key] / 2000, 2) for key in programs} == {1: 0.5, 2: 0.3, 3: 0.2}
