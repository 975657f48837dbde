"""What must hold of any queue, and at its edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight.queueing import (
    erlang_a,
    erlang_a_tail,
    erlang_a_wait_quantile,
    erlang_b,
    erlang_c,
    erlang_c_tail,
    erlang_c_wait_quantile,
)

rates = st.floats(0.1, 5000)
handles = st.floats(1, 1800)
patiences = st.floats(0.1, 7200)
crews = st.integers(1, 300)
targets = st.floats(0, 600)
many = settings(max_examples=60, deadline=None)


class TestErlangA:
    @many
    @given(rates, handles, patiences, crews, targets)
    def test_every_share_is_a_share_and_contacts_add_up(
        self, rate: float, handle: float, patience: float, crew: int, target: float
    ) -> None:
        cell = erlang_a(
            calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, agents=crew, target_seconds=target
        ).at(0)

        shares = [value for name, value in cell.items() if "share" in name or "level" in name or name == "occupancy"]
        assert all(value is not None and -1e-12 <= value <= 1 + 1e-12 for value in shares)
        served = float(cell["occupancy"] or 0) * crew * 3600 / handle
        assert rate == pytest.approx(served + rate * float(cell["abandon_share"] or 0), rel=1e-9)
        assert float(cell["abandon_share"] or 0) >= max(0.0, 1 - crew * 3600 / (rate * handle)) - 1e-12
        assert cell["service_level_offered"] <= cell["service_level_ex_short"] + 1e-12  # type: ignore[operator]
        parts = [
            float(cell[seconds] or 0) * share
            for seconds, share in (
                ("answer_seconds", 1 - float(cell["abandon_share"] or 0)),
                ("abandon_seconds", float(cell["abandon_share"] or 0)),
            )
        ]
        assert sum(parts) == pytest.approx(float(cell["wait_seconds"] or 0), rel=1e-8, abs=1e-12)

    @many
    @given(rates, handles, patiences, st.integers(1, 200), targets)
    def test_more_agents_are_better_in_everything(
        self, rate: float, handle: float, patience: float, crew: int, target: float
    ) -> None:
        outcome = erlang_a(
            calls_per_hour=rate,
            handle_seconds=handle,
            patience_seconds=patience,
            agents=[crew, crew + 1],
            target_seconds=target,
        )

        for falling in ("abandon_share", "wait_seconds", "wait_share", "answer_seconds", "occupancy"):
            fewer, more = getattr(outcome, falling)
            assert more <= fewer * (1 + 1e-9), falling
        for rising in ("service_level_offered", "service_level_ex_abandon", "service_level_ex_short"):
            fewer, more = getattr(outcome, rising)
            assert more >= fewer - 1e-12, rising

    @many
    @given(rates, handles, patiences, crews)
    def test_who_may_wait_for_ever_is_answered_or_gone(
        self, rate: float, handle: float, patience: float, crew: int
    ) -> None:
        outcome = erlang_a(
            calls_per_hour=rate,
            handle_seconds=handle,
            patience_seconds=patience,
            agents=crew,
            target_seconds=[0, 60 * patience + 1e7],
        )

        now, at_last = outcome.service_level_offered
        assert now == pytest.approx(1 - outcome.wait_share[0], abs=1e-10)
        assert at_last == pytest.approx(1 - outcome.abandon_share[1], abs=1e-10)

    @many
    @given(st.floats(0.05, 0.95), handles, st.integers(1, 100), st.floats(1, 120))
    def test_endless_patience_is_erlang_c(self, busy: float, handle: float, crew: int, target: float) -> None:
        rate = busy * crew * 3600 / handle
        patient = erlang_c(calls_per_hour=rate, handle_seconds=handle, agents=crew, target_seconds=target)

        outcome = erlang_a(
            calls_per_hour=rate,
            handle_seconds=handle,
            patience_seconds=handle * 1e8,
            agents=crew,
            target_seconds=target,
        )

        for name in ("wait_share", "answer_seconds", "service_level_offered", "queue_length", "occupancy"):
            assert float(getattr(outcome, name)) == pytest.approx(float(getattr(patient, name)), rel=1e-3, abs=1e-6), (
                name
            )

    @many
    @given(rates, handles, crews)
    def test_no_patience_is_erlang_b(self, rate: float, handle: float, crew: int) -> None:
        blocked = float(erlang_b(load=rate * handle / 3600, agents=crew))

        hardly, none = (
            erlang_a(calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, agents=crew)
            for patience in (1e-9, 0)
        )

        for outcome in (hardly, none):
            assert float(outcome.abandon_share) == pytest.approx(blocked, rel=1e-5, abs=1e-9)
            assert float(outcome.wait_share) == pytest.approx(blocked, rel=1e-5, abs=1e-9)
            assert float(outcome.service_level_offered) == pytest.approx(1 - blocked, rel=1e-5, abs=1e-9)

    @many
    @given(rates, handles, patiences, st.integers(1, 60), st.floats(0, 0.999))
    def test_the_quantile_is_where_the_tail_has_shrunk_to_the_rest(
        self, rate: float, handle: float, patience: float, crew: int, quantile: float
    ) -> None:
        wait = float(
            erlang_a_wait_quantile(
                calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, agents=crew, quantile=quantile
            )
        )
        tail = float(
            erlang_a_tail(
                calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, agents=crew, seconds=wait
            )
        )

        assert tail <= 1 - quantile + 1e-9
        assert wait == 0 or tail == pytest.approx(1 - quantile, rel=1e-6)


class TestErlangC:
    @many
    @given(st.floats(0.01, 0.999), handles)
    def test_one_agent_makes_everybody_wait_who_finds_work_going_on(self, busy: float, handle: float) -> None:
        outcome = erlang_c(calls_per_hour=busy * 3600 / handle, handle_seconds=handle, agents=1)

        assert float(outcome.wait_share) == pytest.approx(busy, rel=1e-9)

    @many
    @given(st.floats(0.05, 0.99), handles, st.integers(1, 200), st.floats(0, 0.999))
    def test_quantile_and_tail_belong_together(self, busy: float, handle: float, crew: int, quantile: float) -> None:
        queue = {"calls_per_hour": busy * crew * 3600 / handle, "handle_seconds": handle, "agents": crew}

        wait = float(erlang_c_wait_quantile(**queue, quantile=quantile))
        tail = float(erlang_c_tail(**queue, seconds=wait))

        assert tail <= 1 - quantile + 1e-9
        assert wait == 0 or tail == pytest.approx(1 - quantile, rel=1e-6)

    def test_who_cannot_keep_up_promises_nothing(self) -> None:
        overloaded = erlang_c(calls_per_hour=480, handle_seconds=300, agents=30).at(0)

        assert overloaded.pop("is_stable") is False
        assert set(overloaded.values()) == {None}
        assert np.isnan(erlang_c_wait_quantile(calls_per_hour=480, handle_seconds=300, agents=30, quantile=0.5))


class TestEdges:
    def test_nobody_calls(self) -> None:
        for outcome in (
            erlang_a(calls_per_hour=0, handle_seconds=60, patience_seconds=60, agents=1),
            erlang_c(calls_per_hour=0, handle_seconds=60, agents=1),
        ):
            cell = outcome.at(0)
            assert (cell["wait_share"], cell["service_level_offered"], cell["occupancy"]) == (0, 1, 0)
            assert cell["abandon_seconds"] is None

    def test_five_thousand_agents_under_ten_times_their_load(self) -> None:
        cell = erlang_a(calls_per_hour=600_000, handle_seconds=300, patience_seconds=120, agents=5000).at(0)

        assert cell["abandon_share"] == pytest.approx(0.9, rel=1e-12)
        assert cell["occupancy"] == pytest.approx(1, rel=1e-12)
        assert cell["wait_seconds"] == pytest.approx(108, rel=1e-12)
        assert cell["service_level_offered"] == pytest.approx(0, abs=1e-12)

    def test_what_is_too_rare_for_a_number_is_zero(self) -> None:
        cell = erlang_a(calls_per_hour=1200, handle_seconds=300, patience_seconds=120, agents=5000).at(0)

        assert 0 <= float(cell["abandon_share"] or 0) < 1e-290
        assert cell["service_level_offered"] == 1

    def test_no_cells_are_no_answers(self) -> None:
        assert erlang_a(calls_per_hour=[], handle_seconds=60, patience_seconds=60, agents=1).wait_share.shape == (0,)
        assert erlang_c(calls_per_hour=[], handle_seconds=60, agents=1).wait_share.shape == (0,)

    @pytest.mark.parametrize(
        ("wrong", "name"),
        [
            ({"calls_per_hour": -1}, "calls_per_hour"),
            ({"calls_per_hour": float("nan")}, "calls_per_hour"),
            ({"handle_seconds": 0}, "handle_seconds"),
            ({"patience_seconds": float("inf")}, "patience_seconds"),
            ({"agents": 0}, "agents"),
            ({"agents": 2.5}, "agents"),
            ({"target_seconds": -1}, "target_seconds"),
        ],
    )
    def test_what_makes_no_sense_is_refused_by_name(self, wrong: dict[str, float], name: str) -> None:
        queue = {"calls_per_hour": 1.0, "handle_seconds": 1.0, "patience_seconds": 1.0, "agents": 1.0, **wrong}

        with pytest.raises(ValueError, match=name):
            erlang_a(**queue)
