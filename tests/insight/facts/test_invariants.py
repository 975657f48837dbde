"""What breaks an invariant is set aside with its reason and counted; nothing is dropped silently."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from careloop.insight.facts import FactStore, read
from careloop.insight.facts.identities import IDENTITIES, Imbalance
from careloop.insight.facts.reasons import SENTENCES, Reason
from careloop.insight.facts.rules import rules_of
from careloop.insight.facts.tables import TABLES
from tests.insight.facts.lake import NINE, NOW, contact, rows_of, segment

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> FactStore:
    return FactStore(tmp_path / "lake")


def state(key: str, doing: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    """What Ada did from one minute to another."""
    times = {"started_at": NINE + start * 60 * SECOND, "ended_at": NINE + end * 60 * SECOND}
    return {"agent_state_id": key, "agent_id": "ada", "state": doing} | times | more


def invite(**more: Any) -> dict[str, Any]:
    own = {"invite_id": "1", "programme": "p", "customer_id": "c", "eligible": True, "selected_by": "random"}
    return own | {"inclusion_prob": 0.1, "decided_at": NINE} | more


def evaluation(**more: Any) -> dict[str, Any]:
    names = dict.fromkeys(("evaluation_id", "contact_id", "agent_id", "evaluator_id", "form_id", "form_version"), "x")
    own = {
        "sample_kind": "random",
        "inclusion_prob": 0.2,
        "evaluated_at": NINE,
        "points": 8.0,
        "max_points": 10.0,
        "passed": True,
    }
    return names | own | dict.fromkeys(("critical_customer", "critical_business", "critical_compliance"), False) | more


BROKEN: list[tuple[str, dict[str, Any], Reason]] = [
    ("contact", contact("a", channel=None), Reason.MISSING),
    ("contact", contact(" "), Reason.MISSING),
    ("contact", contact("a", channel="telex"), Reason.UNKNOWN_WORD),
    ("contact", contact("a", transfer_count="two"), Reason.MISFIT),
    ("contact", contact("a", arrived_at="2026-03-02T09:00:00Z"), Reason.MISFIT),
    ("contact", contact("a", transfer_count=-1), Reason.NEGATIVE),
    ("contact", contact("a", ended_at=NINE - SECOND), Reason.WRONG_ORDER),
    ("contact", contact("a", arrived_at=NOW + 30 * HOUR), Reason.CLOCK_JUMPED),
    ("contact", contact("a", arrived_at=datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC)), Reason.CLOCK_JUMPED),
    ("contact_segment", segment("1", "a", talk_s=-4.0), Reason.NEGATIVE),
    ("contact_segment", segment("1", "a", talk_s=float("nan")), Reason.NOT_FINITE),
    ("contact_segment", segment("1", "a", answered_at=NINE - SECOND), Reason.WRONG_ORDER),
    (
        "contact_segment",
        segment("1", "a", answered_at=None, exit="abandoned", left_queue_at=NINE - SECOND),
        Reason.WRONG_ORDER,
    ),
    ("contact_segment", segment("1", "a", exit="abandoned"), Reason.ANSWER_UNCLEAR),
    ("contact_segment", segment("1", "a", left_queue_at=NINE + SECOND), Reason.ANSWER_UNCLEAR),
    ("contact_segment", segment("1", "a", exit=None), Reason.EXIT_UNCLEAR),
    ("contact_segment", segment("1", "a", wait_s=12.0), Reason.WAIT_DIFFERS),
    ("contact_segment", segment("1", "a", hold_s=20.0), Reason.TALK_DIFFERS),
    ("contact_segment", segment("1", "a", wrap_s=28.0), Reason.WRAP_DIFFERS),
    (
        "contact_segment",
        segment("1", "a", released_at=NINE + 30 * HOUR, wrap_ended_at=None, wrap_s=None, talk_s=None),
        Reason.TOO_LONG,
    ),
    ("survey_invite", invite(completed_at=NINE + HOUR), Reason.UNDELIVERED),
    ("survey_invite", invite(inclusion_prob=0.0), Reason.NO_SHARE),
    ("evaluation", evaluation(inclusion_prob=None), Reason.NO_CHANCE_KNOWN),
    ("evaluation", evaluation(points=11.0), Reason.OFF_SCALE),
]


class TestRows:
    @pytest.mark.parametrize(
        ("table", "row", "reason"), BROKEN, ids=lambda value: str(value) if isinstance(value, Reason) else ""
    )
    def test_what_breaks_a_rule_is_set_aside_with_a_sentence(
        self, store: FactStore, table: str, row: dict[str, Any], reason: Reason
    ) -> None:
        appended = store.append(table, [row], source="t", at=NOW)

        assert appended.quarantined == {reason: 1}
        assert read(store.root)[table].count().execute() == 0
        (aside,) = store.quarantined_rows()
        assert aside.sentence.endswith((".", "?"))
        assert "{" not in aside.sentence
        assert store.quarantined() == {(table, "t", reason): 1}

    @pytest.mark.parametrize(
        ("table", "row"),
        [
            ("contact", contact("a", channel="email", ended_at=NINE + 26 * HOUR)),
            ("contact_segment", segment("1", "a", talk_s=120.9)),
            ("contact_segment", {"segment_id": "1", "contact_id": "a", "seq": 1, "queued_at": NINE}),
            ("survey_invite", invite(delivered=True, completed_at=NINE + HOUR)),
            ("evaluation", evaluation(sample_kind="requested", inclusion_prob=None)),
        ],
    )
    def test_what_keeps_all_rules_is_taken(self, store: FactStore, table: str, row: dict[str, Any]) -> None:
        assert store.append(table, [row], source="t", at=NOW).added == 1

    def test_a_bad_row_keeps_no_good_one_out_and_is_kept_once(self, store: FactStore) -> None:
        rows = [contact("a"), contact("b", channel="?"), contact("c")]

        first, second = (store.append("contact", rows, source="t", at=NOW) for _ in range(2))

        assert (first.added, second.unchanged) == (2, 2)
        assert first.quarantined == second.quarantined == {Reason.UNKNOWN_WORD: 1}
        assert store.quarantined() == {("contact", "t", Reason.UNKNOWN_WORD): 1}

    def test_a_row_mended_later_is_no_longer_counted(self, store: FactStore) -> None:
        store.append("contact", [contact("a", channel="?"), contact("b", channel="?")], source="t", at=NOW)

        store.append("contact", [contact("a")], source="t", at=NOW + HOUR)

        assert store.quarantined() == {("contact", "t", Reason.UNKNOWN_WORD): 1}
        assert ['"b"' in row.row for row in store.quarantined_rows()] == [True]

    def test_reordered_lines_give_the_same_facts(self, store: FactStore, tmp_path: Path) -> None:
        rows = [contact(f"{n}", arrived_at=NINE + n * HOUR) for n in range(20)]
        other = FactStore(tmp_path / "other")

        store.append("contact", rows, source="t", at=NOW)
        other.append("contact", rows[::-1], source="t", at=NOW)

        told = [rows_of(read(one.root), "contact", "contact_id", "arrived_at_slot") for one in (store, other)]
        assert told[0] == told[1]

    def test_durations_hold_across_the_change_of_the_clock(self, store: FactStore) -> None:
        # In Berlin the hour from 2 to 3 was repeated on this day.
        start = datetime(2025, 10, 26, 0, 59, tzinfo=UTC)
        store.append(
            "contact_segment",
            [
                segment(
                    "1",
                    "a",
                    queued_at=start,
                    answered_at=start + 90 * SECOND,
                    talk_s=120.0,
                    released_at=start + 210 * SECOND,
                    wrap_ended_at=start + 240 * SECOND,
                )
            ],
            source="t",
            at=NOW,
        )

        assert rows_of(read(store.root), "contact_segment", "wait_s", "queued_at_slot", "answered_at_slot") == [
            (90.0, 1_761_438_600, 1_761_440_400)
        ]

    def test_every_reason_has_a_sentence_and_some_rule(self) -> None:
        used = {rule.reason for table in TABLES.values() for rule in rules_of(table)}

        assert set(SENTENCES) == set(Reason)
        assert set(Reason) - used == {Reason.TWO_CONTENTS, Reason.OVERLAP}


class TestAcrossRows:
    def test_of_overlapping_states_the_one_that_begins_later_is_set_aside(self, store: FactStore) -> None:
        rows = [state("1", "available", 0, 10), state("2", "break", 5, 20), state("3", "available", 15, 30)]
        store.append("agent_state", rows, source="t", at=NOW)

        checked = store.check(at=NOW)
        again = store.check(at=NOW)

        assert checked.quarantined == {Reason.OVERLAP: 1}
        assert again.quarantined == {}
        assert rows_of(read(store.root), "agent_state", "agent_state_id") == [("1",), ("3",)]
        assert "available" in store.quarantined_rows()[0].sentence

    def test_a_state_set_aside_stays_there_when_told_again_and_returns_when_corrected(self, store: FactStore) -> None:
        rows = [state("1", "available", 0, 10), state("2", "break", 5, 20)]
        store.append("agent_state", rows, source="t", at=NOW)
        store.check(at=NOW)

        told_again = store.append("agent_state", rows, source="t", at=NOW)
        corrected = store.append("agent_state", [state("2", "break", 10, 20)], source="t", at=NOW)

        assert (told_again.unchanged, corrected.corrected) == (2, 1)
        assert store.check(at=NOW).quarantined == {}
        assert rows_of(read(store.root), "agent_state", "agent_state_id") == [("1",), ("2",)]

    def test_contacts_held_at_the_same_time_are_no_overlap_unless_they_are_one(self, store: FactStore) -> None:
        chats = [state("1", "contact", 0, 10, contact_id="a"), state("2", "contact", 5, 20, contact_id="b")]
        twice = state("3", "contact", 6, 7, contact_id="a")
        store.append("agent_state", [*chats, twice], source="t", at=NOW)

        assert store.check(at=NOW).quarantined == {Reason.OVERLAP: 1}
        assert rows_of(read(store.root), "agent_state", "agent_state_id") == [("1",), ("2",)]

    def test_tells_what_does_not_add_up_and_leaves_it(self, store: FactStore) -> None:
        later = NINE + HOUR
        store.append(
            "contact",
            [
                contact("no segment"),
                contact("needless", outcome="contained"),
                contact("unanswered"),
                contact("ended", ended_at=later, outcome="flow_out"),
            ],
            source="t",
            at=NOW,
        )
        left = {
            "answered_at": None,
            "talk_s": None,
            "hold_s": None,
            "wrap_s": None,
            "released_at": None,
            "wrap_ended_at": None,
        }
        abandoned = left | {"exit": "abandoned", "left_queue_at": NINE + SECOND}
        long_call = {"talk_s": 1800.0, "released_at": NINE + 1810 * SECOND, "wrap_ended_at": NINE + 1840 * SECOND}
        store.append(
            "contact_segment",
            [
                segment("1", "needless", **long_call),
                segment("2", "unanswered", **abandoned),
                segment("3", "ended", **left | {"exit": None}),
                segment("4", "nobody", **long_call),
            ],
            source="t",
            at=NOW,
        )
        states = [
            state("1", "available", 0, 1),
            state("2", "wrap", 3, 4),
            state("3", "offline", 4, 9),
            state("4", "meeting", 20, 30),
        ]
        store.append("agent_state", states, source="t", at=NOW)
        store.append("case", [{"case_id": "1", "opened_at": NINE, "reopen_count": 1}], source="t", at=NOW)
        events = [
            {"case_event_id": "1", "case_id": "1", "to_state": "new", "at": NINE},
            {"case_event_id": "2", "case_id": "1", "from_state": "open", "to_state": "solved", "at": later},
        ]
        store.append("case_event", events, source="t", at=NOW)
        store.append(
            "agent",
            [{"agent_id": "ada", "hire_date": date(2020, 1, 1), "separation_date": date(2026, 1, 1)}],
            source="t",
            at=NOW,
        )
        store.append(
            "agent_team",
            [{"agent_id": who, "team_id": "x", "valid_from": NINE} for who in ("ada", "grace")],
            source="t",
            at=NOW,
        )

        checked = store.check(at=NOW)

        assert checked.quarantined == {}
        assert {finding.imbalance: finding.examples for finding in checked.findings} == {
            Imbalance.NO_SEGMENT: ("no segment",),
            Imbalance.NEEDLESS_SEGMENT: ("needless",),
            Imbalance.NO_CONTACT: ("4",),
            Imbalance.UNANSWERED: ("unanswered",),
            Imbalance.WAITING_AFTER_END: ("3",),
            Imbalance.STATE_GAP: ("2",),
            Imbalance.OVERWORKED: ("ada 2026-03-02 09:00:00+00",),
            Imbalance.BROKEN_CHAIN: ("2",),
            Imbalance.REOPENINGS_DIFFER: ("1",),
            Imbalance.BACKLOG_DIFFERS: ("1",),
            Imbalance.NO_AGENT: ("grace",),
            Imbalance.LEFT_AND_IN_TEAM: ("ada",),
        }
        assert all(finding.sentence.startswith("1 ") for finding in checked.findings)
        assert {identity.imbalance for identity in IDENTITIES} == set(Imbalance)

    def test_asks_nothing_of_tables_that_nobody_gives(self, store: FactStore) -> None:
        store.append("contact", [contact("a")], source="t", at=NOW)

        assert store.check(at=NOW).findings == ()
