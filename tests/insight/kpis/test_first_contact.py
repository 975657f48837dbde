"""The worked example of metrics.md §3.1, and how merging, callbacks and attempts change who was followed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from tests.insight.kpis.worlds import utc

WATERMARK = utc("2025-04-02")
FIRST = {
    "contact_id": "c0",
    "channel": "voice",
    "direction": "outbound",
    "arrived_at": utc("2025-02-15"),
    "outcome": "handled",
}


def contact(name: str, customer: str | None, reason: str | None, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {
        "contact_id": name,
        "channel": "voice",
        "direction": "inbound",
        "customer_id": customer,
        "reason_group": reason,
        "arrived_at": utc(f"2025-03-{start}"),
        "ended_at": utc(f"2025-03-{end}"),
        "outcome": "handled",
        **more,
    }


EXAMPLE = [
    contact("c1", "A", "billing", "01T09:00", "01T09:10"),
    contact("c2", "A", "billing", "06T10:00", "06T10:05"),
    contact("c3", "A", "delivery", "07T10:00", "07T10:05"),
    contact("c4", "A", "billing", "12T10:00", "12T10:08"),
    contact("c5", "A", "billing", "13T09:00", "13T09:06"),
    contact("c6", "B", "billing", "02T11:00", "02T11:10"),
    contact("c7", "B", "billing", "09T11:10:00", "09T11:20"),
    contact("c8", "C", "tech", "03T12:00", "03T12:30"),
    contact("c9", "C", "tech", "10T12:30:01", "10T12:40"),
    contact("c10", "C", "tech", "25T12:00", "25T12:40"),
    contact("c11", "D", "tech", "29T12:00", "29T12:10"),
    contact("c12", None, "tech", "05T12:00", "05T12:10"),
]


def facts(contacts: list[dict[str, Any]], watermark: datetime = WATERMARK) -> Facts:
    return Facts.of({"contact": [FIRST, *contacts]}, watermarks={"memory": watermark})


def measured(name: str, contacts: list[dict[str, Any]], watermark: datetime = WATERMARK, **options: Any) -> kpis.Row:
    row = kpis.measure(facts(contacts, watermark), name, options=options, with_small=True).total
    assert row is not None
    return row


def followed(contacts: list[dict[str, Any]], **options: Any) -> set[str]:
    rows = kpis.behind(facts(contacts), "fcr_contact", options=options).to_pylist()
    return {row["contact_id"] for row in rows if row["numerator"] == 0}


class TestExample:
    def test_says_who_was_followed(self) -> None:
        assert followed(EXAMPLE) == {"c1", "c2", "c4", "c6"}

    def test_counts_contacts(self) -> None:
        row = measured("fcr_contact", EXAMPLE)

        assert (row.numerator, row.denominator) == (6, 10)
        assert row.value == pytest.approx(0.6)

    def test_counts_issues(self) -> None:
        row = measured("fcr_issue", EXAMPLE)

        assert (row.numerator, row.denominator) == (4, 6)

    def test_matches_the_customer_only(self) -> None:
        assert followed(EXAMPLE, match="customer") == {"c1", "c2", "c3", "c4", "c6"}
        assert measured("fcr_contact", EXAMPLE, match="customer").value == pytest.approx(0.5)
        issues = measured("fcr_issue", EXAMPLE, match="customer")
        assert (issues.numerator, issues.denominator) == (3, 5)

    def test_tells_the_share_of_known_customers(self) -> None:
        result = kpis.measure(facts(EXAMPLE), "fcr_issue", with_checks=True)

        assert result.notes["identified_share"] == pytest.approx(11 / 12)

    def test_is_placed_by_the_anchor(self) -> None:
        result = kpis.measure(
            facts(EXAMPLE), "fcr_issue", since=utc("2025-03-03"), until=utc("2025-03-11"), with_small=True
        )

        assert result.total is not None
        assert result.total.denominator == 3  # c3, c8 and c9


class TestMaturity:
    @pytest.mark.parametrize("days", [0, 1, 20, 400])
    def test_moving_the_watermark_on_changes_no_matured_number(self, days: int) -> None:
        until = utc("2025-03-20")
        before = kpis.measure(facts(EXAMPLE), "fcr_issue", until=until, with_small=True).total
        after = kpis.measure(
            facts(EXAMPLE, WATERMARK + timedelta(days=days)), "fcr_issue", until=until, with_small=True
        ).total

        assert before == after

    def test_leaves_out_what_is_not_matured(self) -> None:
        assert measured("fcr_contact", EXAMPLE, watermark=utc("2025-03-08T09:10")).denominator == 1

    def test_leaves_out_anchors_that_may_have_a_past(self) -> None:
        first = [contact("c1", "A", "billing", "01T09:00", "01T09:10")]

        assert measured("fcr_issue", first, days=14).denominator == 1
        assert measured("fcr_issue", first, days=15).denominator == 0


class TestRules:
    def test_a_parallel_contact_is_merged(self) -> None:
        pair = [
            contact("c1", "A", "billing", "01T09:00", "01T10:00"),
            contact("c2", "A", "billing", "01T09:30", "01T09:40", channel="chat"),
        ]

        assert measured("fcr_contact", pair).denominator == 1
        assert followed(pair) == set()

    def test_a_callback_continues_its_parent(self) -> None:
        calls = [
            contact("c1", "A", "billing", "01T09:00", "01T09:10"),
            contact("c2", "A", "billing", "05T09:00", "05T09:10", direction="outbound", parent_contact_id="c1"),
            contact("c3", "A", "billing", "10T09:00", "10T09:10"),
        ]

        assert followed(calls) == {"c1"}
        assert followed(calls[:2]) == set()

    def test_an_attempt_counts_where_asked(self) -> None:
        calls = [
            contact("c1", "A", "billing", "01T09:00", "01T09:10"),
            contact("c2", "A", None, "03T09:00", "03T09:02", outcome="abandoned_queue"),
        ]

        assert followed(calls) == set()
        assert followed(calls, count_abandons=True) == {"c1"}

    def test_an_attempt_right_before_a_contact_is_part_of_it(self) -> None:
        calls = [
            contact("c1", "A", "billing", "01T09:00", "01T09:10"),
            contact("c2", "A", None, "03T09:00", "03T09:02", outcome="abandoned_queue"),
            contact("c3", "A", "delivery", "03T09:20", "03T09:30"),
        ]

        assert followed(calls, count_abandons=True) == set()

    def test_an_unknown_reason_gives_two_bounds(self) -> None:
        calls = [
            contact("c1", "A", "billing", "01T09:00", "01T09:10"),
            contact("c2", "A", None, "03T09:00", "03T09:10"),
            contact("c3", "A", "delivery", "05T09:00", "05T09:10"),
        ]

        assert followed(calls) == set()
        assert followed(calls, unknown_reason="everything") == {"c1", "c2"}

    def test_reasons_of_the_list_are_left_out(self) -> None:
        calls = [
            contact(f"c{n}", f"k{n}", "billing", "01T09:00", "01T09:10", reason_code=code)
            for n, code in enumerate("xy")
        ]

        assert measured("fcr_contact", calls, net="x").denominator == 1

    def test_a_transfer_fails_where_asked(self) -> None:
        calls = [contact("c1", "A", "billing", "01T09:00", "01T09:10", transfer_count=1)]

        assert measured("fcr_contact", calls).value == 1
        assert measured("fcr_contact", calls, transfer_fails=True).value == 0
