"""All 45 rows of the golden file, every column, and the documented values of others."""

import math

import numpy as np
import pytest

from careloop.insight import queueing
from tests.insight.queueing.reference import ENDLESS, IMPATIENT, ROWS, Row

IMPATIENT_ROWS = [row for row in ROWS if row.patience_seconds is not None]


def agrees(found: float, expected: float | None) -> bool:
    if expected is None:
        return math.isnan(found)
    return math.isclose(found, expected, rel_tol=1e-8, abs_tol=1e-9)


def endless(row: Row) -> queueing.Outcome:
    return queueing.erlang_c(
        calls_per_hour=row.calls_per_hour,
        handle_seconds=row.handle_seconds,
        agents=row.agents,
        target_seconds=row.target_seconds,
    )


def impatient(row: Row) -> queueing.Outcome:
    assert row.patience_seconds is not None
    return queueing.erlang_a(
        calls_per_hour=row.calls_per_hour,
        handle_seconds=row.handle_seconds,
        patience_seconds=row.patience_seconds,
        agents=row.agents,
        target_seconds=row.target_seconds,
    )


class TestGoldenFile:
    def test_is_whole(self) -> None:
        assert (len(ROWS), len(IMPATIENT_ROWS)) == (45, 29)

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case_id)
    def test_erlang_b_agrees(self, row: Row) -> None:
        found = queueing.erlang_b(load=row.expected["offered_load_erlang"] or 0.0, agents=row.agents)

        assert agrees(float(found), row.expected["erlang_b"])

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case_id)
    def test_erlang_c_agrees(self, row: Row) -> None:
        outcome = endless(row)

        found = {column: float(getattr(outcome, name)) for column, name in ENDLESS.items()}
        assert {c: f for c, f in found.items() if not agrees(f, row.expected[c])} == {}

    @pytest.mark.parametrize("row", IMPATIENT_ROWS, ids=lambda row: row.case_id)
    def test_erlang_a_agrees(self, row: Row) -> None:
        outcome = impatient(row)

        found = {column: float(getattr(outcome, name)) for column, name in IMPATIENT.items()}
        assert {c: f for c, f in found.items() if not agrees(f, row.expected[c])} == {}

    def test_all_cells_at_once_are_each_cell_alone(self) -> None:
        together = queueing.erlang_a(
            calls_per_hour=[row.calls_per_hour for row in IMPATIENT_ROWS],
            handle_seconds=[row.handle_seconds for row in IMPATIENT_ROWS],
            patience_seconds=[row.patience_seconds or 0.0 for row in IMPATIENT_ROWS],
            agents=[row.agents for row in IMPATIENT_ROWS],
            target_seconds=[row.target_seconds for row in IMPATIENT_ROWS],
        )

        for index, row in enumerate(IMPATIENT_ROWS):
            alone = impatient(row).at(0)
            assert together.at(index) == {
                name: value if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)
                for name, value in alone.items()
            }


class TestDocumentedValues:
    @pytest.mark.parametrize(("case_id", "level"), [("EA04", 0.937212), ("EA05", 0.753424), ("EA10", 0.537794)])
    def test_service_level_without_short_abandons(self, case_id: str, level: float) -> None:
        row = next(row for row in ROWS if row.case_id == case_id)

        assert float(impatient(row).service_level_ex_short) == pytest.approx(level, abs=5e-7)

    def test_textbook_of_erlang_c(self) -> None:
        outcome = queueing.erlang_c(calls_per_hour=200, handle_seconds=180, agents=14)

        assert float(outcome.wait_share) == pytest.approx(0.174132, abs=5e-7)
        assert float(outcome.service_level_offered) == pytest.approx(0.888350, abs=5e-7)

    def test_a_published_calculator_of_erlang_a(self) -> None:
        cell = queueing.erlang_a(calls_per_hour=200, handle_seconds=180, patience_seconds=300, agents=13).at(0)

        assert cell["service_level_offered"] == pytest.approx(0.858, abs=5e-4)
        assert cell["occupancy"] == pytest.approx(0.750, abs=5e-4)
        assert cell["abandon_share"] == pytest.approx(0.025, abs=5e-4)
        assert cell["wait_share"] == pytest.approx(0.226, abs=5e-4)
        assert cell["wait_seconds"] == pytest.approx(7.49, abs=5e-3)

    def test_the_classic_illustration_of_impatience(self) -> None:
        patient = queueing.erlang_c(calls_per_hour=2880, handle_seconds=60, agents=50)
        impatient = queueing.erlang_a(calls_per_hour=2880, handle_seconds=60, patience_seconds=120, agents=50)

        assert float(patient.answer_seconds) == pytest.approx(20.8, abs=0.05)
        assert float(impatient.abandon_share) == pytest.approx(0.031, abs=5e-4)
        assert float(impatient.wait_seconds) == pytest.approx(3.7, abs=0.05)

    def test_binary_rounding_is_not_stability(self) -> None:
        """1200 calls of 300 s are 100 erlangs, whatever 1200 / 3600 · 300 comes to in binary."""
        outcome = queueing.erlang_c(calls_per_hour=[1200, 1200 * (1 - 1e-14)], handle_seconds=300, agents=100)

        assert not np.any(outcome.is_stable)
        assert np.all(np.isnan(outcome.service_level_offered))
