"""A file of facts is asked for, written by a worker, handed out for a day, and gone."""

import csv
import io
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from careloop.domains.exports import queries, services
from careloop.domains.exports.errors import (
    ExportNotFound,
    ExportNotReady,
    ExportUnclear,
    MayNotExport,
    TooManyExports,
)
from careloop.domains.exports.states import ExportState, Why
from careloop.domains.exports.types import ExportAsked, ExportRow
from careloop.domains.people.services import end_membership
from careloop.insight.facts import FactStore, read
from careloop.insight.facts.tables import TABLES
from careloop.insight.rows import KEPT_BACK
from careloop.kernel.blobs import has_blob, read_blob
from careloop.kernel.scope import workspace_scope
from careloop.processes.exporting import ask_export, held_tables, write_export, writing
from careloop.processes.measuring import exporting
from careloop.processes.sweeping import sweep_blobs
from careloop.processes.working import work_off_due
from tests.cast import NOW, House

pytestmark = pytest.mark.database
MINUTE = timedelta(minutes=1)


def wish(table: str = "contact", file_format: str = "csv", *, days: int = 3, zone: str = "Asia/Seoul") -> ExportAsked:
    return ExportAsked(table=table, file_format=file_format, since=NOW - timedelta(days=days), until=NOW, zone=zone)


def asked(house: House, wanted: ExportAsked, *, who: str = "grace") -> int:
    with workspace_scope(house.north):
        return ask_export(asked=wanted, actor=house.actor(who), at=NOW)


def row(house: House, export_id: int, *, who: str = "grace") -> ExportRow:
    with workspace_scope(house.north):
        return queries.export(export_id=export_id, viewer=house.actor(who))


def written_file(house: House, wanted: ExportAsked) -> tuple[ExportRow, bytes]:
    export_id = asked(house, wanted)
    write_export(workspace_id=house.north, export_id=export_id)
    found = row(house, export_id)
    with workspace_scope(house.north):
        return found, read_blob(found.sha256)


class TestAsking:
    def test_waits_for_a_worker_and_is_written_by_it(self, house: House, lakes: Path) -> None:
        by_hand = read(lakes / str(house.north))["contact"]
        since = NOW - timedelta(days=3)
        count = by_hand.filter(by_hand.arrived_at >= since, by_hand.arrived_at < NOW).count().execute()
        export_id = asked(house, wish())
        assert (row(house, export_id).state, row(house, export_id).is_settled) == (ExportState.WAITING, False)

        write_export(workspace_id=house.north, export_id=export_id)

        found = row(house, export_id)
        assert (found.state, found.rows_written, found.rows_in_all) == (ExportState.READY, count, count)
        with workspace_scope(house.north):
            rows = list(csv.DictReader(io.StringIO(read_blob(found.sha256).decode("utf-8-sig"))))
        assert len(rows) == count > 100
        assert all(one["arrived_at"].endswith("+09:00") for one in rows)
        assert found.size == (lakes / "blobs" / str(house.north) / found.sha256[:2] / found.sha256).stat().st_size

    def test_a_contact_knows_what_its_segments_add_up_to(self, house: House) -> None:
        _row, content = written_file(house, wish(file_format="parquet"))

        table = pq.read_table(io.BytesIO(content))
        answered = next(one for one in table.to_pylist() if one["outcome"] == "handled")
        assert answered["talk_s"] > 0
        assert answered["last_agent_id"] in {"kim", "lee", "park"}
        assert not {"record_version", "is_retracted", "arrived_at_us", "quarantine_reason"} & set(table.column_names)
        assert table["arrived_at"].to_pylist() == sorted(table["arrived_at"].to_pylist())

    def test_every_table_with_rows_can_be_had(self, bare_house: House, lakes: Path) -> None:
        store = FactStore(lakes / str(bare_house.north))
        teams = [{"agent_id": f"a{n}", "team_id": "t", "valid_from": NOW - timedelta(days=900)} for n in range(3)]
        store.append("agent_team", teams, source="test", at=NOW)
        store.append("case", [], source="test", at=NOW)
        with workspace_scope(bare_house.north):
            assert dict(held_tables(bare_house.north)) == {"agent_team": 3}

        found, content = written_file(bare_house, wish("agent_team"))

        assert found.rows_written == 3
        assert content.count(b"\n") == 4

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            (wish("happiness"), "table"),
            (wish("case"), "table"),
            (wish("../contact"), "table"),
            (wish(file_format="exe"), "file_format"),
            (wish(days=-1), "until"),
            (wish(zone="Mars/Olympus"), "zone"),
        ],
    )
    def test_refuses_what_cannot_be_saved_and_says_what(self, house: House, wanted: ExportAsked, field: str) -> None:
        with pytest.raises(ExportUnclear) as refusal:
            asked(house, wanted)

        assert list(refusal.value.fields) == [field]
        with workspace_scope(house.north):
            assert queries.exports_of(house.actor("grace")) == []

    def test_single_opinions_of_colleagues_are_given_to_nobody(self, bare_house: House, lakes: Path) -> None:
        answer = {
            "answer_id": "x", "wave": "1", "team_id": "t", "question_key": "load", "value": 3.0, "respondent_token": "r",
        }  # fmt: skip
        names = {column.name for column in TABLES["pulse_answer"].columns}
        FactStore(lakes / str(bare_house.north)).append(
            "pulse_answer", [{key: value for key, value in answer.items() if key in names}], source="test", at=NOW
        )

        assert {"pulse_answer"} == KEPT_BACK
        with pytest.raises(ExportUnclear):
            asked(bare_house, wish("pulse_answer"))

    @pytest.mark.parametrize("who", ["ada", "cole", "vera"])
    def test_only_those_who_lead_may(self, house: House, who: str) -> None:
        with pytest.raises(MayNotExport):
            asked(house, wish(), who=who)

    def test_three_at_once_are_enough(self, house: House) -> None:
        for _ in range(3):
            asked(house, wish())

        with pytest.raises(TooManyExports):
            asked(house, wish())
        assert asked(house, wish(), who="mina")

    def test_says_that_there_are_no_facts_yet(self, house: House) -> None:
        with workspace_scope(house.south), pytest.raises(ExportUnclear):
            ask_export(asked=wish(), actor=house.actor("ines"), at=NOW)


class TestWriting:
    def test_a_second_run_after_a_crash_begins_again_and_one_after_the_end_does_nothing(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        export_id = asked(house, wish())
        with workspace_scope(house.north):
            services.begin(export_id=export_id)
            services.tell_progress(export_id=export_id, rows_written=7, rows_in_all=9)

        write_export(workspace_id=house.north, export_id=export_id)
        first = row(house, export_id)
        write_export(workspace_id=house.north, export_id=export_id)

        assert first.state is ExportState.READY
        assert row(house, export_id) == first

    def test_stops_where_somebody_does_not_want_it_any_more(
        self, house: House, monkeypatch: pytest.MonkeyPatch, blob_root: Path
    ) -> None:
        export_id = asked(house, wish())
        monkeypatch.setattr(writing, "BATCH", 10)
        monkeypatch.setattr(writing, "TOLD_EVERY_SECONDS", 0)
        pieces = exporting.pieces_of

        def removing(*given: object, **named: object) -> Iterable[bytes]:
            for count, piece in enumerate(pieces(*given, **named)):  # type: ignore[arg-type]
                if count == 2:
                    with workspace_scope(house.north):
                        services.remove(export_id=export_id, actor=house.actor("grace"), at=NOW)
                yield piece

        monkeypatch.setattr(writing, "pieces_of", removing)

        write_export(workspace_id=house.north, export_id=export_id)

        with pytest.raises(ExportNotFound):
            row(house, export_id)
        assert list(blob_root.rglob("*")) == []

    def test_a_sheet_that_would_be_too_long_is_not_begun(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 10)
        export_id = asked(house, wish(file_format="xlsx"))

        write_export(workspace_id=house.north, export_id=export_id)

        assert (row(house, export_id).state, row(house, export_id).why) == (ExportState.FAILED, Why.TOO_LONG)
        with workspace_scope(house.north), pytest.raises(ExportNotReady, match="1,048,575 rows"):
            queries.finished_export(export_id=export_id, viewer=house.actor("grace"))

    def test_a_fault_is_told_and_leaves_nothing(
        self, house: House, monkeypatch: pytest.MonkeyPatch, blob_root: Path
    ) -> None:
        def broken(_file: object) -> tuple[str, int]:
            raise OSError("No space left on device")

        monkeypatch.setattr(writing, "store_blob", broken)
        export_id = asked(house, wish())

        write_export(workspace_id=house.north, export_id=export_id)

        assert row(house, export_id).why is Why.BROKEN
        assert list(blob_root.rglob("*")) == []

    def test_who_left_meanwhile_gets_nothing(self, house: House) -> None:
        export_id = asked(house, wish())
        with workspace_scope(house.north):
            end_membership(user_id=house.ids["grace"], actor=house.actor("olga"), at=NOW)

        write_export(workspace_id=house.north, export_id=export_id)

        with workspace_scope(house.north):
            services.expire(export_id=export_id, at=NOW)


class TestKeeping:
    def test_is_its_makers_alone(self, house: House) -> None:
        found, _content = written_file(house, wish())

        for who in ("olga", "mina"):
            with pytest.raises(ExportNotFound):
                row(house, found.id, who=who)
            with workspace_scope(house.north), pytest.raises(ExportNotFound):
                services.remove(export_id=found.id, actor=house.actor(who), at=NOW)
        with workspace_scope(house.south), pytest.raises(ExportNotFound):
            queries.export(export_id=found.id, viewer=house.actor("ines"))

    def test_is_thrown_away_after_a_day_bytes_and_all(self, house: House) -> None:
        found, _content = written_file(house, wish())
        assert found.settled_at is not None
        over = found.settled_at + timedelta(days=1)

        sweep_blobs(at=over + timedelta(days=2))
        work_off_due(over - MINUTE)
        assert row(house, found.id).sha256 == found.sha256
        with workspace_scope(house.north):
            assert has_blob(found.sha256)

        work_off_due(over + MINUTE)
        sweep_blobs(at=over + timedelta(days=2))

        with pytest.raises(ExportNotFound):
            row(house, found.id)
        with workspace_scope(house.north):
            assert not has_blob(found.sha256)
