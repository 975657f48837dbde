"""Careloop's own events become facts: once, wholly, and again from the beginning."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_briefs, cases
from careloop.domains.customers.queries import pseudonyms_of
from careloop.domains.customers.services import forget_pseudonyms
from careloop.domains.people.services import add_to_team, create_team, end_membership
from careloop.insight.facts import Facts, read
from careloop.insight.facts.tables import ENVELOPE, TABLES
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.lake import following
from careloop.processes.lake.following import follow, lake_of, state_of
from careloop.processes.lake.gathering import TABLES as OURS
from careloop.processes.lake.rebuilding import rebuild
from careloop.processes.working import follow_log, work_off_due
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database
MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(days=1)


def settle(at: datetime) -> None:
    """Let everything happen that happens by itself, the lake aside."""
    while follow_log() or work_off_due(at):
        pass


def follow_all(root: Path, at: datetime = LATER) -> int:
    read = 0
    while found := follow(root, at=at):
        read += found
    return read


def facts_in(root: Path, workspace_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that the lake says, but for when it came to know it."""
    held = read(lake_of(root, workspace_id).root)
    return {name: rows_in(held, name) for name in OURS}


def rows_in(held: Facts, name: str) -> list[dict[str, Any]]:
    envelope = {column.name for column in ENVELOPE} - {"source"}
    rows = held[name].to_pyarrow().to_pylist()
    own = [column.name for column in (*TABLES[name].columns, *ENVELOPE) if column.name not in envelope]
    return sorted(
        ({key: row[key] for key in own} for row in rows), key=lambda row: [row[key] for key in TABLES[name].key]
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def lived(house: House) -> House:
    """An hour at north: a team, and a mail that is answered."""
    with workspace_scope(house.north):
        team_id = create_team(name="Parcels", actor=house.actor("olga"), at=NOW)
        for name in ("ada", "grace"):
            add_to_team(team_id=team_id, user_id=house.ids[name], actor=house.actor("olga"), at=NOW)
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        (case_id,) = all_cases(house)
    settle(NOW)
    with workspace_scope(house.north):
        reply(
            case_id=case_id,
            words=Words(text="It is on its way.", html="<p>It is on its way.</p>"),
            actor=house.actor("ada"),
            at=NOW + 20 * MINUTE,
        )
    settle(NOW + 21 * MINUTE)
    return house


def all_cases(house: House) -> list[int]:
    page = cases(viewer=house.actor("ada"), condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
    return [row.id for row in page.items]


class TestFollow:
    def test_a_mail_and_its_answer_become_facts(self, lived: House, root: Path) -> None:
        assert follow_all(root) > 0

        told = facts_in(root, lived.north)
        (contact,), (segment,), (case,) = told["contact"], told["contact_segment"], told["case"]
        assert (contact["channel"], contact["outcome"], contact["arrived_at"]) == ("email", "open", NOW)
        assert contact["case_id"] == case["case_id"]
        assert contact["customer_id"] == case["customer_id"] == told["customer"][0]["customer_id"]
        assert (segment["exit"], segment["wait_s"]) == ("answered", 1200.0)
        assert case["first_response_at"] == NOW + 20 * MINUTE
        assert [message["sender"] for message in told["message"] if not message["is_auto"]] == ["customer", "agent"]
        assert told["case_event"][0]["to_state"] == "new"
        assert {row["role"] for row in told["agent"]} == {"agent", "lead"}
        assert len(told["agent_team"]) == 2
        assert lake_of(root, lived.north).quarantined() == {}
        assert lake_of(root, lived.north).check(at=LATER).findings == ()

    def test_reading_again_says_nothing_new(self, lived: House, root: Path) -> None:
        follow_all(root)
        before = facts_in(root, lived.north)
        files = lake_of(root, lived.north).file_count()

        rebuild(root, lived.north, at=LATER)

        assert facts_in(root, lived.north) == before
        assert lake_of(root, lived.north).file_count() == files

    def test_a_rebuild_from_the_log_gives_equal_facts(
        self, lived: House, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Event by event, with versions of everything, against all at once.
        monkeypatch.setattr(following, "BATCH", 1)
        follow_all(root)
        monkeypatch.undo()

        rebuild(tmp_path / "other", lived.north, at=LATER)

        assert facts_in(tmp_path / "other", lived.north) == facts_in(root, lived.north)

    def test_a_rebuild_brings_a_restored_lake_to_where_the_log_is_and_leaves_what_was_imported(
        self, lived: House, root: Path
    ) -> None:
        follow_all(root)
        lake = lake_of(root, lived.north)
        call = {"channel": "voice", "direction": "inbound", "arrived_at": NOW, "outcome": "handled"}
        lake.append("contact", [{"contact_id": "imported", **call}], source="switch", at=LATER)
        whole = facts_in(root, lived.north)
        lost = [{"case_event_id": row["case_event_id"]} for row in whole["case_event"]]
        # A lake copied a moment after the log knows more than it; one that was copied before knows less.
        lake.append("contact", [{"contact_id": "contact:000000009999", **call}], source="careloop", at=LATER)
        lake.retract("case_event", lost, source="careloop", at=LATER)
        assert facts_in(root, lived.north) != whole

        rebuild(root, lived.north, at=LATER + MINUTE)

        assert facts_in(root, lived.north) == whole
        assert lost
        assert "imported" in {row["contact_id"] for row in whole["contact"]}

    def test_a_lost_lake_begins_with_the_log_again(self, lived: House, root: Path, tmp_path: Path) -> None:
        follow_all(root)
        with workspace_scope(lived.north):
            receive(written(text="And another one?", at=NOW + 30 * MINUTE, message_id="two@customer.example"), at=LATER)
        settle(LATER)

        follow_all(tmp_path / "moved")

        assert len(facts_in(tmp_path / "moved", lived.north)["contact"]) >= 1
        follow_all(root)
        rebuild(root, lived.north, at=LATER)
        assert facts_in(tmp_path / "moved", lived.north) == facts_in(root, lived.north)

    def test_a_writer_that_dies_before_its_place_is_kept_reads_again_and_counts_once(
        self, lived: House, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(*_arguments: object) -> None:
            raise ConnectionError("the database is gone")

        monkeypatch.setattr(following, "head_position", die)  # asked for after all is written
        with pytest.raises(ConnectionError):
            follow(root, at=LATER)
        monkeypatch.undo()

        follow_all(root)

        assert [
            row["record_version"] for row in read(lake_of(root, lived.north).root)["contact"].to_pyarrow().to_pylist()
        ] == [1]

    def test_says_until_when_it_is_complete_and_how_far_behind(self, lived: House, root: Path) -> None:
        behind = state_of(root, lived.north)
        follow_all(root)
        caught_up = state_of(root, lived.north)

        assert (behind.complete_through, caught_up.behind) == (None, 0)
        assert behind.behind > 0
        assert caught_up.complete_through == LATER - MINUTE
        assert read(lake_of(root, lived.north).root).watermark("careloop") == LATER - MINUTE

    def test_other_workspaces_lie_elsewhere(self, lived: House, root: Path) -> None:
        follow_all(root)

        assert facts_in(root, lived.south)["contact"] == []

    def test_no_name_address_or_word_of_a_customer_is_in_the_lake(self, lived: House, root: Path) -> None:
        follow_all(root)

        told = str(facts_in(root, lived.north)).lower()
        assert [word for word in ("omar", "customer.example", "parcel?") if word in told] == []

    def test_a_forgotten_pseudonym_leads_to_nobody(self, lived: House, root: Path) -> None:
        follow_all(root)
        (customer,) = facts_in(root, lived.north)["customer"]
        with workspace_scope(lived.north):
            (case_id,) = all_cases(lived)
            omar = case_briefs([case_id])[case_id].requester_id
            known = pseudonyms_of([omar])
            forgotten = forget_pseudonyms([omar])
            after = pseudonyms_of([omar])

        assert (known, forgotten, after) == ({omar: customer["customer_id"]}, 1, {})

    def test_who_leaves_the_workspace_leaves_its_teams(self, lived: House, root: Path) -> None:
        follow_all(root)
        with workspace_scope(lived.north):
            end_membership(user_id=lived.ids["ada"], actor=lived.actor("olga"), at=LATER)
        follow_all(root)

        told = facts_in(root, lived.north)
        ended = [row["valid_to"] for row in told["agent_team"]]
        assert sorted(ended, key=str) == [LATER, None]
        assert [row["separation_date"] for row in told["agent"] if row["separation_date"]] == [LATER.date()]
