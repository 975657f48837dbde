"""What nobody recorded is not what did not happen: comparisons and goals begin where facts do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight import kpis
from careloop.insight.facts import Facts, FactStore, read
from careloop.insight.facts.tables import TABLES
from careloop.insight.kpis.asking.reaching import reaches_back

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ARRIVED = {"series": "arrived"}


class Begun(Facts):
    """Facts of which only the first instant matters."""

    def __init__(self, first: datetime) -> None:
        self.first = first

    def begins(self, name: str) -> datetime | None:
        return self.first


def contact(place: int, at: datetime) -> dict[str, object]:
    return {
        "contact_id": f"c{place}",
        "arrived_at": at,
        "channel": "voice",
        "direction": "inbound",
        "outcome": "handled",
    }


def facts_from(first: datetime, *, days: int = 60) -> Facts:
    """Return a contact a day from a moment on, and complaints, of which there are none."""
    rows = [contact(place, first + place * DAY) for place in range(days)]
    return Facts.of({"contact": rows, "contact_segment": [], "complaint": []})


class TestReachesBack:
    @given(hours=st.integers(-24 * 60, 24 * 60), length=st.integers(1, 24 * 60))
    def test_never_before_half_of_a_period_has_gone_by(self, hours: int, length: int) -> None:
        first, span = START + timedelta(hours=hours), timedelta(hours=length)

        reaches = reaches_back(Begun(first), ["contact"], since=START, until=START + span)

        if first <= START:
            assert reaches
        if reaches:
            assert first <= START + span / 2

    @pytest.mark.parametrize(
        ("late", "length", "reaches"),
        [
            (timedelta(hours=9), DAY, True),  # opened at nine
            (timedelta(hours=20), DAY, False),
            (timedelta(hours=32), timedelta(days=31), True),  # a holiday first
            (timedelta(days=5), timedelta(days=31), False),
            (timedelta(days=30), timedelta(days=28), False),
        ],
    )
    def test_allows_for_a_quiet_beginning(self, late: timedelta, length: timedelta, reaches: bool) -> None:
        assert reaches_back(Begun(START + late), ["contact"], since=START, until=START + length) is reaches

    def test_goes_by_the_table_that_began_last(self) -> None:
        late = {"complaint_id": "1", "received_at": START + 40 * DAY}
        facts = Facts.of({"contact": [contact(1, START)], "complaint": [late]})

        assert reaches_back(facts, ["contact"], since=START, until=START + 7 * DAY)
        assert not reaches_back(facts, ["contact", "complaint"], since=START, until=START + 7 * DAY)

    def test_does_not_wait_for_what_has_no_beginning(self) -> None:
        undated = next(name for name, table in TABLES.items() if table.instant is None)

        assert reaches_back(Facts.of({undated: []}), [undated], since=START, until=START + DAY)
        assert not reaches_back(Facts.of({"contact": []}), ["contact"], since=START, until=START + DAY)

    def test_is_read_off_the_first_day_of_a_lake(self, tmp_path: Path) -> None:
        store = FactStore(tmp_path)
        moments = [START + timedelta(days=place, hours=9) for place in range(3)]
        store.append("contact", [contact(place, at) for place, at in enumerate(moments)], source="switch", at=START)

        facts = read(tmp_path)

        assert facts.begins("contact") == moments[0]
        assert facts.begins("case") is None
        assert read(tmp_path, as_of=START.date()).begins("contact") == moments[0]


class TestComparing:
    def test_says_nothing_of_a_change_where_there_were_no_facts(self) -> None:
        since = START + 10 * DAY

        found = kpis.compare(facts_from(START), "contact_volume", options=ARRIVED, since=since, until=since + 20 * DAY)

        assert not found.reaches_back
        assert found.total.change is None

    def test_of_parts_neither(self) -> None:
        since = START + 10 * DAY

        found = kpis.compare(
            facts_from(START), "contact_volume", options=ARRIVED, since=since, until=since + 20 * DAY, by=["channel"]
        )

        assert found.split is None
        assert all(pair.change is None for pair in found.pairs)

    def test_tells_a_change_where_there_were(self) -> None:
        since = START + 30 * DAY

        found = kpis.compare(facts_from(START), "contact_volume", options=ARRIVED, since=since, until=since + 20 * DAY)

        assert found.reaches_back
        assert found.total.change is not None


class TestGoals:
    @pytest.mark.parametrize(("starts", "is_known"), [(START, True), (START - 60 * DAY, False)])
    def test_of_a_count_are_measured_where_it_was_counted(self, starts: datetime, is_known: bool) -> None:
        due = START + 30 * DAY
        goal = {
            "target_id": "fewer",
            "metric_id": "contact_volume",
            "metric_version": 1,
            "metric_options": "series=arrived",
            "starts_at": starts,
            "due_at": due,
            "baseline": 100.0,
            "goal": 40.0,
            "owner": "ada",
            "why_attainable": "articles",
            "relevance": "less to ask",
        }
        rows = [contact(place, START + place * DAY) for place in range(60)]
        facts = Facts.of(
            {"contact": rows, "contact_segment": [], "target": [goal]}, watermarks={"memory": START + 60 * DAY}
        )

        total = kpis.measure(facts, "target_attainment", until=due).total

        assert total is not None
        assert (total.value is not None) is is_known
