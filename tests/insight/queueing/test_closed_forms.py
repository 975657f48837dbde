"""A slow and independent check: M/M/n+G building blocks with incomplete gamma functions, in 60 digits."""

import mpmath as mp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight.queueing import erlang_a, erlang_a_tail, erlang_b

DIGITS = 60


def closed_forms(rate: float, handle: float, patience: float, agents: int, target: float) -> dict[str, mp.mpf]:
    """J_k(t) = ∫ₜ^∞ e^(−kθx) e^(λH(x) − nμx) dx with H(x) = (1 − e^(−θx))/θ; E = 1/B_(n−1); D = E + λJ₀(0)."""
    come, serve, leave = mp.mpf(rate) / 3600, 1 / mp.mpf(handle), 1 / mp.mpf(patience)
    c, y = agents * serve / leave, come / leave

    def tail(k: int, seconds: float) -> mp.mpf:
        return mp.exp(y) * y ** -(c + k) * mp.gammainc(c + k, 0, y * mp.exp(-leave * mp.mpf(seconds))) / leave

    blocked = mp.mpf(1)
    for n in range(1, agents):
        blocked = come / serve * blocked / (n + come / serve * blocked)
    whole = 1 / blocked + come * tail(0, 0)
    wait = come * (tail(0, 0) - tail(1, 0)) / (leave * whole)
    return {
        "wait_share": come * tail(0, 0) / whole,
        "wait_seconds": wait,
        "abandon_share": leave * wait,
        "service_level_offered": (1 / blocked + come * (tail(1, 0) - tail(1, target))) / whole,
        "still_waiting": mp.exp(-leave * mp.mpf(target)) * come * tail(0, target) / whole,
        "queue_length": come * wait,
        "occupancy": come / serve * (1 - leave * wait) / agents,
    }


class TestClosedForms:
    @settings(max_examples=50, deadline=None)
    @given(
        st.floats(1, 2000),
        st.floats(10, 900),
        st.floats(2, 1800),
        st.integers(1, 80),
        st.sampled_from([0.0, 1.0, 20.0, 300.0]),
    )
    def test_agree_in_every_figure(
        self, rate: float, handle: float, patience: float, agents: int, target: float
    ) -> None:
        outcome = erlang_a(
            calls_per_hour=rate,
            handle_seconds=handle,
            patience_seconds=patience,
            agents=agents,
            target_seconds=target,
        )
        still = erlang_a_tail(
            calls_per_hour=rate, handle_seconds=handle, patience_seconds=patience, agents=agents, seconds=target
        )

        with mp.workdps(DIGITS):
            expected = {
                name: float(value) for name, value in closed_forms(rate, handle, patience, agents, target).items()
            }

        assert float(still) == pytest.approx(expected.pop("still_waiting"), rel=1e-8, abs=1e-9)
        for name, value in expected.items():
            assert float(getattr(outcome, name)) == pytest.approx(value, rel=1e-8, abs=1e-9), name

    @settings(max_examples=50, deadline=None)
    @given(st.floats(0.01, 400), st.integers(0, 400))
    def test_erlang_b_is_the_last_share_of_a_cut_poisson(self, load: float, agents: int) -> None:
        with mp.workdps(DIGITS):
            terms = [mp.mpf(load) ** k / mp.factorial(k) for k in range(agents + 1)]
            expected = float(terms[-1] / mp.fsum(terms))

        assert float(erlang_b(load=load, agents=agents)) == pytest.approx(expected, rel=1e-11, abs=1e-290)
