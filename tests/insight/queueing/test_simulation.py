"""A twin that knows no formula: contacts arrive, wait, lose patience and are served, one after another."""

import heapq

import numpy as np
import pytest

from careloop.insight.queueing import erlang_a

BATCHES = 20
CONTACTS = 4_000
TARGET, SHORT = 20.0, 5.0


def simulated(rate: float, handle: float, patience: float, agents: int) -> dict[str, np.ndarray]:
    """Return each figure once a batch. First come, first served; a caller whose patience ends before an agent is free is gone."""
    random = np.random.default_rng(20261122)
    total = BATCHES * CONTACTS
    arrivals = np.cumsum(random.exponential(3600 / rate, total))
    works, patiences = random.exponential(handle, total), random.exponential(patience, total)
    free_at = [0.0] * agents
    waits, is_served = np.zeros(total), np.zeros(total, dtype=bool)
    for index in range(total):
        offered = max(0.0, free_at[0] - arrivals[index])
        is_served[index] = offered <= patiences[index]
        waits[index] = min(offered, patiences[index])
        if is_served[index]:
            heapq.heapreplace(free_at, arrivals[index] + offered + works[index])
    gone = ~is_served

    def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        return part.reshape(BATCHES, CONTACTS).sum(axis=1) / whole.reshape(BATCHES, CONTACTS).sum(axis=1)  # type: ignore[no-any-return]

    one = np.ones(total)
    in_time = is_served & (waits <= TARGET)
    return {
        "wait_share": ratio(waits > 0, one),
        "abandon_share": ratio(gone, one),
        "wait_seconds": ratio(waits, one),
        "answer_seconds": ratio(waits * is_served, is_served),
        "abandon_seconds": ratio(waits * gone, gone),
        "delayed_seconds": ratio(waits, waits > 0),
        "service_level_offered": ratio(in_time, one),
        "service_level_ex_abandon": ratio(in_time, ~(gone & (waits <= TARGET))),
        "service_level_ex_short": ratio(in_time, ~(gone & (waits < SHORT))),
    }


class TestSimulation:
    @pytest.mark.parametrize(
        ("rate", "handle", "patience", "agents"),
        [(200, 180, 120, 11), (360, 240, 90, 24), (360, 240, 90, 12), (10, 180, 60, 1), (300, 600, 300, 52)],
    )
    def test_agrees_within_its_own_noise(self, rate: float, handle: float, patience: float, agents: int) -> None:
        outcome = erlang_a(
            calls_per_hour=rate,
            handle_seconds=handle,
            patience_seconds=patience,
            agents=agents,
            target_seconds=TARGET,
            short_abandon_seconds=SHORT,
        )

        for name, batches in simulated(rate, handle, patience, agents).items():
            kept = batches[1:]  # the first one begins with nobody there
            noise = kept.std(ddof=1) / np.sqrt(len(kept))
            assert abs(kept.mean() - float(getattr(outcome, name))) < 4 * noise, name
