"""Rows that a client is billed for: what counts, where minutes come from, and statements that always add up to the truth."""

import io
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.facts import Facts
from careloop.insight.invoices import Totals, corrections, month_rows, rows_in, rows_of, totals, write

SINCE, UNTIL = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
TEN = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)


def contact(key: str, **more: Any) -> dict[str, Any]:
    usual = {
        "contact_id": key,
        "channel": "voice",
        "direction": "inbound",
        "arrived_at": TEN,
        "outcome": "handled",
        "is_test": False,
        "is_ghost": False,
        "is_duplicate_dial": False,
    }
    return usual | more


def leg(key: str, of: str, **more: Any) -> dict[str, Any]:
    usual = {
        "segment_id": key,
        "contact_id": of,
        "seq": 1,
        "queue_id": "a",
        "channel": "voice",
        "queued_at": TEN,
        "answered_at": TEN,
        "exit": "answered",
    }
    return usual | more


def rows(contacts: list[dict[str, Any]], legs: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    facts = Facts.of({"contact": contacts, "contact_segment": legs}, zone="UTC", watermarks={"memory": UNTIL})
    return {row["item_id"]: row for row in month_rows(facts, month="2026-10", since=SINCE, until=UNTIL)}


class TestMonth:
    def test_counts_what_a_human_handled_in_it(self) -> None:
        found = rows(
            [
                contact("in"),
                contact("given up", outcome="abandoned_queue"),
                contact("a bot's", outcome="contained"),
                contact("a test", is_test=True),
                contact("before", arrived_at=datetime(2026, 9, 30, 23, 59, 59, 999_999, tzinfo=UTC)),
                contact("first", arrived_at=SINCE),
                contact("after", arrived_at=UNTIL),
            ],
            [],
        )

        assert set(found) == {"in", "first"}

    def test_sums_talk_hold_and_wrap_over_all_legs(self) -> None:
        found = rows(
            [contact("c")],
            [
                leg("1", "c", talk_s=100.0, hold_s=20.0, wrap_s=30.0),
                leg("2", "c", seq=2, talk_s=50.0, hold_s=None, wrap_s=None),
                leg("3", "c", seq=3, answered_at=None, exit="abandoned"),
            ],
        )

        assert (found["c"]["handled_s"], found["c"]["basis"], found["c"]["unmeasured"]) == (200.0, "call", 0)

    def test_takes_the_share_of_a_chat_and_else_the_time_from_answer_to_release(self) -> None:
        found = rows(
            [contact("chat", channel="chat"), contact("visit", channel="in_person")],
            [
                leg("1", "chat", concurrent_share_s=61.5, released_at=datetime(2026, 10, 5, 11, 0, tzinfo=UTC)),
                leg("2", "visit", concurrent_share_s=None, released_at=datetime(2026, 10, 5, 10, 10, tzinfo=UTC)),
            ],
        )

        assert (found["chat"]["handled_s"], found["chat"]["basis"]) == (61.5, "shared")
        assert (found["visit"]["handled_s"], found["visit"]["basis"]) == (600.0, "answer_to_release")

    def test_bills_no_hour_in_which_a_mail_only_lay_open(self) -> None:
        found = rows(
            [contact("mail", channel="email")],
            [leg("1", "mail", talk_s=None, released_at=datetime(2026, 10, 9, 10, 0, tzinfo=UTC))],
        )

        assert (found["mail"]["handled_s"], found["mail"]["basis"], found["mail"]["unmeasured"]) == (0.0, "", 1)

    def test_tells_apart_what_no_source_measures(self) -> None:
        found = rows([contact("c"), contact("d")], [leg("1", "c", talk_s=60.0), leg("2", "c", seq=2, talk_s=None)])

        assert totals(found.values()) == Totals(contacts=2, unmeasured=2, handled_s=0.0)

    def test_without_facts_there_is_nothing(self) -> None:
        assert rows([], []) == {}


seconds = st.floats(min_value=0, max_value=5000).map(lambda value: round(value, 3))
worlds = st.dictionaries(st.sampled_from("abcdefgh"), seconds, max_size=8)


def stated(world: dict[str, float]) -> list[dict[str, Any]]:
    """The rows of a month with these contacts and their seconds."""
    empty = {
        "contact_id": None,
        "case_id": None,
        "channel": "voice",
        "basis": "call",
        "unmeasured": 0,
        "kept": 0,
        "made": 0,
    }
    return [
        {**empty, "month": "2026-10", "kind": "contact", "item_id": key, "at": TEN, "contacts": 1, "handled_s": value}
        for key, value in world.items()
    ]


class TestCorrections:
    @given(versions=st.lists(worlds, min_size=1, max_size=4))
    def test_all_statements_together_say_what_is_true_now(self, versions: list[dict[str, float]]) -> None:
        known: list[dict[str, Any]] = []
        for world in versions:
            known += corrections(stated(world), stated=known)

        summed, truth = totals(known), totals(stated(versions[-1]))
        assert summed.contacts == truth.contacts
        assert abs(summed.handled_s - truth.handled_s) < 1e-3

    @given(world=worlds)
    def test_what_has_not_changed_is_not_corrected(self, world: dict[str, float]) -> None:
        assert corrections(stated(world), stated=stated(world)) == []

    def test_a_contact_taken_back_counts_against(self) -> None:
        (row,) = corrections([], stated=stated({"a": 60.0}))

        assert (row["item_id"], row["contacts"], row["handled_s"]) == ("a", -1, -60.0)


def test_a_file_gives_back_what_was_written() -> None:
    own, older = stated({"b": 1.0, "a": 2.0}), [{**row, "month": "2026-09"} for row in stated({"c": 3.0})]
    file = io.BytesIO()
    write([*own, *older], file)

    assert {row["item_id"] for row in rows_in(file, month="2026-10", kind="contact")} == {"a", "b"}
    assert [row["item_id"] for row in rows_in(file, month="2026-10", kind="correction")] == ["c"]
    assert rows_in(file, month="2026-10", kind="commitment") == []
    assert len(rows_in(file, start=1, count=1)) == 1
    assert rows_of(file, month="2026-09") == older
