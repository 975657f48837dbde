"""The smallest number of agents, and no smaller one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight import queueing
from careloop.insight.queueing import Goals, Outcome, ServiceLevel, staff
from careloop.insight.queueing.staffing import fewest

TABLE = [
    (20, 180, (3, 3, 3, 2, 3)),
    (100, 240, (10, 10, 9, 8, 11)),
    (200, 180, (14, 14, 12, 12, 14)),
    (360, 240, (29, 29, 26, 25, 29)),
    (1000, 300, (91, 99, 82, 80, 88)),
    (6000, 300, (513, 589, 459, 450, 493)),
]

rates = st.floats(0.5, 3000)
handles = st.floats(5, 1200)
patiences = st.floats(1, 3600)
goals = st.builds(
    Goals,
    service_level=st.floats(0.05, 0.99),
    target_seconds=st.sampled_from([0.0, 5.0, 20.0, 60.0, 300.0]),
    variant=st.sampled_from(ServiceLevel),
    abandon_share_max=st.floats(0.005, 1),
    answer_seconds_max=st.none() | st.floats(0.5, 120),
    occupancy_max=st.none() | st.floats(0.3, 1),
)


def outcome(rate: float, handle: float, patience: float | None, agents: int, goals: Goals) -> Outcome:
    if patience is None:
        return queueing.erlang_c(
            calls_per_hour=rate, handle_seconds=handle, agents=agents, target_seconds=goals.target_seconds
        )
    return queueing.erlang_a(
        calls_per_hour=rate,
        handle_seconds=handle,
        patience_seconds=patience,
        agents=agents,
        target_seconds=goals.target_seconds,
    )


class TestTable:
    @pytest.mark.parametrize(("rate", "handle", "expected"), TABLE)
    def test_agrees(self, rate: float, handle: float, expected: tuple[int, ...]) -> None:
        def agents(patience: float | None, goals: Goals) -> int:
            return int(staff(calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, goals=goals).agents)

        offered, ex_abandon = ServiceLevel.OFFERED, ServiceLevel.EX_ABANDON
        assert expected == (
            agents(None, Goals()),
            agents(None, Goals(occupancy_max=0.85)),
            agents(120, Goals(variant=offered, abandon_share_max=1)),
            agents(120, Goals(variant=ex_abandon, abandon_share_max=1)),
            agents(120, Goals(variant=offered, abandon_share_max=0.03)),
        )

    def test_a_service_level_alone_is_met_by_driving_callers_away(self) -> None:
        lax = Goals(variant=ServiceLevel.OFFERED, abandon_share_max=1)
        agents = staff(calls_per_hour=6000, handle_seconds=300, patience_seconds=120, goals=lax).agents

        left = outcome(6000, 300, 120, int(agents), lax).abandon_share

        assert float(left) == pytest.approx(0.084, abs=5e-4)

    def test_the_cap_on_abandons_is_there_unasked(self) -> None:
        agents = int(staff(calls_per_hour=6000, handle_seconds=300, patience_seconds=120, goals=Goals()).agents)

        assert float(outcome(6000, 300, 120, agents, Goals()).abandon_share) <= 0.05


class TestSearch:
    @settings(max_examples=60, deadline=None)
    @given(rates, handles, st.none() | patiences, goals)
    def test_one_agent_less_breaks_a_promise(
        self, rate: float, handle: float, patience: float | None, goals: Goals
    ) -> None:
        agents = int(staff(calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, goals=goals).agents)

        assert goals.kept(outcome(rate, handle, patience, agents, goals))
        assert agents == 1 or not goals.kept(outcome(rate, handle, patience, agents - 1, goals))

    @given(st.lists(st.tuples(st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 500)), min_size=1, max_size=8))
    def test_finds_any_threshold_from_anywhere(self, cells: list[tuple[int, int, int]]) -> None:
        wanted, begin, step = (np.array(column, dtype=np.float64) for column in zip(*cells, strict=True))

        found = fewest(lambda some, agents: agents >= wanted[some], begin=begin, step=step)

        assert found.tolist() == wanted.tolist()

    def test_a_week_at_once_is_each_cell_alone(self) -> None:
        rate, handle = np.array([[0, 3, 40], [200, 1000, 77]]), np.array([180.0, 300.0, 600.0])
        for patience in (None, 90.0):
            found = staff(calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, goals=Goals()).agents
            alone = [
                [
                    int(staff(calls_per_hour=r, handle_seconds=h, patience_seconds=patience, goals=Goals()).agents)
                    for r, h in zip(row, handle, strict=True)
                ]
                for row in rate.tolist()
            ]
            assert found.tolist() == alone

    def test_nobody_calls_and_nobody_is_needed(self) -> None:
        for patience in (None, 60.0):
            found = staff(calls_per_hour=0, handle_seconds=60, patience_seconds=patience, goals=Goals())
            assert (int(found.agents), int(found.heads)) == (0, 0)

    def test_slots_share_the_work(self) -> None:
        one = staff(calls_per_hour=300, handle_seconds=600, patience_seconds=300, goals=Goals()).agents
        three = staff(calls_per_hour=300, handle_seconds=600, patience_seconds=300, goals=Goals(), slots=3).agents

        assert int(three) == math.ceil(int(one) / 3)


class TestHeads:
    @pytest.mark.parametrize(
        ("agents", "shrinkage", "people"), [(14, 0.3, 20), (7, 0.3, 10), (0, 0.5, 0), (1, 0.01, 2)]
    )
    def test_are_whole_people(self, agents: int, shrinkage: float, people: int) -> None:
        assert int(queueing.heads(agents=agents, shrinkage=shrinkage)) == people

    @given(st.integers(0, 10_000), st.integers(0, 99))
    def test_cover_the_agents_and_no_head_too_many(self, agents: int, percent: int) -> None:
        people = int(queueing.heads(agents=agents, shrinkage=percent / 100))

        assert people * (100 - percent) >= agents * 100
        assert people == 0 or (people - 1) * (100 - percent) < agents * 100


class TestGoals:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"service_level": 1.0},
            {"service_level": 0.0},
            {"abandon_share_max": 0.0},
            {"occupancy_max": 1.2},
            {"answer_seconds_max": 0.0},
            {"target_seconds": -1.0},
        ],
    )
    def test_refuse_what_nobody_can_keep(self, wrong: dict[str, float]) -> None:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Goals(**wrong)  # type: ignore[arg-type]
