"""What metrics read."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from careloop.insight.facts import Facts
from careloop.insight.facts.errors import BadZone, Misfit, UnknownColumn, UnknownTable, WrongColumnType

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def contact(key: str, **more: object) -> dict[str, object]:
    own = {"contact_id": key, "channel": "voice", "direction": "inbound", "arrived_at": NINE, "outcome": "handled"}
    return own | more


def segment(key: str, of: str, **more: object) -> dict[str, object]:
    return {"segment_id": key, "contact_id": of, "seq": 1, "queued_at": NINE} | more


class TestFactsFromMemory:
    def test_instants_come_as_whole_numbers_too(self) -> None:
        facts = Facts.of({"contact": [contact("a", arrived_at=NINE + timedelta(minutes=44, microseconds=7))]})

        (row,) = facts["contact"].to_pyarrow().to_pylist()

        assert row["arrived_at_us"] == 1_772_442_000_000_000 + 44 * 60_000_000 + 7
        assert row["arrived_at_slot"] == 1_772_442_000 + 30 * 60
        assert row["ended_at_us"] is None

    def test_what_follows_from_other_columns_is_worked_out(self) -> None:
        rows = [segment("1", "a", answered_at=NINE + timedelta(seconds=7.5)), segment("2", "a")]
        facts = Facts.of({"contact_segment": rows})

        first, second = facts["contact_segment"].order_by("segment_id").to_pyarrow().to_pylist()

        assert (first["left_queue_at"], first["wait_s"]) == (NINE + timedelta(seconds=7.5), 7.5)
        assert (second["left_queue_at"], second["wait_s"]) == (None, None)

    def test_the_highest_version_holds_and_a_retraction_takes_away(self) -> None:
        rows = [
            contact("a", record_version=2, outcome="open"),
            contact("a", record_version=1),
            contact("b", record_version=1),
            contact("b", record_version=2, is_retracted=True),
        ]

        facts = Facts.of({"contact": rows})

        assert facts["contact"].select("contact_id", "outcome").to_pyarrow().to_pylist() == [
            {"contact_id": "a", "outcome": "open"}
        ]

    def test_tells_nothing_measured_from_measured_nothing(self) -> None:
        facts = Facts.of({"contact": [contact("a")], "blocked_attempt": []})

        assert (facts.has("contact"), facts.has("blocked_attempt"), facts.has("callback")) == (True, True, False)
        assert facts["blocked_attempt"].count().execute() == facts["callback"].count().execute() == 0

    def test_counts_neither_tests_nor_ghosts_nor_what_hangs_on_them(self) -> None:
        contacts = [
            contact("a"),
            contact("b", is_test=True),
            contact("c", is_ghost=True),
            contact("d", is_duplicate_dial=True),
        ]
        segments = [segment(str(number), of) for number, of in enumerate("abcd")]

        facts = Facts.of({"contact": contacts, "contact_segment": segments})

        assert facts.counted("contact").contact_id.to_pyarrow().to_pylist() == ["a"]
        assert facts.counted("contact_segment").contact_id.to_pyarrow().to_pylist() == ["a"]
        assert facts["contact_segment"].count().execute() == 4

    def test_a_period_is_provisional_until_the_slowest_source_has_passed_its_end(self) -> None:
        facts = Facts.of({"contact": []}, watermarks={"memory": NINE})

        assert not facts.is_provisional(NINE)
        assert facts.is_provisional(NINE, lag=timedelta(days=7))
        assert Facts.of({"contact": []}).is_provisional(NINE)
        assert facts.watermark() == facts.watermark("memory") == NINE
        assert facts.watermark("billing") is None

    @pytest.mark.parametrize(
        ("tables", "error"),
        [
            ({"kontakt": []}, UnknownTable),
            ({"contact": [contact("a", colour="red")]}, UnknownColumn),
            ({"contact": [contact("a", arrived_at=NINE.replace(tzinfo=None))]}, Misfit),
            ({"contact": pa.table({"arrived_at": pa.array([0], pa.timestamp("us"))})}, WrongColumnType),
            ({"contact_segment": pa.table({"talk_s": ["12"]})}, WrongColumnType),
        ],
    )
    def test_refuses_in_a_sentence_what_does_not_fit(self, tables: dict[str, object], error: type[Exception]) -> None:
        with pytest.raises(error, match=r"\.$"):
            Facts.of(tables)

    def test_refuses_a_zone_that_is_none(self) -> None:
        with pytest.raises(BadZone):
            Facts.of({}, zone="Mars/Olympus")
