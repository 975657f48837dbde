"""Every table has its file, and facts are asked for, shown on their way, and handed out."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from careloop.domains.exports import queries
from careloop.faces.web.boards.tables import TITLES
from careloop.insight import kpis
from careloop.insight.facts import read
from careloop.insight.facts.tables import TABLES
from careloop.insight.rows import KEPT_BACK
from careloop.kernel.scope import workspace_scope
from careloop.processes.exporting import write_export
from tests.cast import House

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
DAYS = "since=2026-11-01&until=2026-11-15"


@pytest.fixture(autouse=True)
def blob_root(tmp_path: Path, settings: Any) -> None:
    settings.BLOB_ROOT = tmp_path / "blobs"


def saved(browser: Client, path: str) -> bytes:
    answer = browser.get(f"/w/north/{path}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_every_table_has_its_words() -> None:
    assert set(TITLES) == set(TABLES) - KEPT_BACK


class TestFacts:
    def test_are_asked_for_written_and_saved_once_a_worker_was_there(self, house: House, signed_in: Browsers) -> None:
        grace = signed_in("grace")
        page = grace.get(f"/w/north/facts/?{DAYS}").content.decode()
        assert "Contacts, one row each" in page
        assert "Opinions that colleagues gave" in page

        asked = grace.post("/w/north/facts/", {"since": "2026-11-01", "until": "2026-11-15", "file": "contact.csv"})

        assert (asked.status_code, asked["Location"]) == (302, f"/w/north/facts/?{DAYS}")
        with workspace_scope(house.north):
            (export,) = queries.exports_of(house.actor("grace"))
        waiting = grace.get("/w/north/facts/files").content.decode()
        assert "Waiting for its turn" in waiting
        assert 'hx-trigger="every 1s"' in waiting
        assert grace.get(f"/w/north/facts/files/{export.id}").status_code == 409

        write_export(workspace_id=house.north, export_id=export.id)

        ready = grace.get("/w/north/facts/files").content.decode()
        assert "hx-trigger" not in ready
        assert f"/w/north/facts/files/{export.id}" in ready
        assert saved(grace, f"facts/files/{export.id}").count(b"\n") > 100
        assert "Facts saved as a file" in signed_in("olga").get("/w/north/admin/audit").content.decode()
        assert signed_in("olga").get(f"/w/north/facts/files/{export.id}").status_code == 404
        assert signed_in("olga").post(f"/w/north/facts/files/{export.id}/removal").status_code == 404
        assert grace.post(f"/w/north/facts/files/{export.id}/removal").status_code == 302
        assert grace.get(f"/w/north/facts/files/{export.id}").status_code == 404

    @pytest.mark.parametrize(
        ("wanted", "sentence"),
        [
            ("", "no facts in this workspace that are called “”"),
            ("happiness.csv", "that are called “happiness”"),
            ("pulse_answer.csv", "that are called “pulse_answer”"),
            ("contact", "Files are CSV, Excel or Parquet."),
            ("contact.exe", "Files are CSV, Excel or Parquet."),
        ],
    )
    def test_what_is_no_table_is_refused_in_a_sentence(
        self, house: House, signed_in: Browsers, wanted: str, sentence: str
    ) -> None:
        answer = signed_in("grace").post("/w/north/facts/", {"file": wanted})

        assert answer.status_code == 422
        assert sentence in answer.content.decode()

    def test_say_how_to_get_some_where_there_are_none(self, house: House, signed_in: Browsers) -> None:
        assert "There are no facts in this workspace yet" in signed_in("ines").get("/w/south/facts/").content.decode()

    def test_are_not_for_everybody(self, house: House, signed_in: Browsers) -> None:
        assert signed_in("ada").post("/w/north/facts/", {"file": "contact.csv"}).status_code == 403
        assert signed_in("ines").post("/w/north/facts/", {"file": "contact.csv"}).status_code == 404


class TestTables:
    def test_a_card_saves_what_it_shows(self, house: House, signed_in: Browsers, lakes: Path) -> None:
        grace = signed_in("grace")
        page = grace.get("/w/north/numbers/service_level?since=2026-11-09&until=2026-11-15&by=queue").content.decode()
        for ending in ("csv", "xlsx", "parquet"):
            assert f"/w/north/numbers/service_level.{ending}?" in page
            assert f"/w/north/numbers/service_level/change.{ending}?" in page

        rows = pq.read_table(io.BytesIO(saved(grace, f"numbers/service_level.parquet?{DAYS}&by=queue"))).to_pylist()

        since, until = rows[0]["since"], rows[0]["until"]
        by_hand = kpis.measure(read(lakes / str(house.north)), "service_level", since=since, until=until, by=["queue"])
        assert by_hand.total is not None
        assert (rows[0]["of"], rows[0]["value"], rows[0]["n"]) == (None, by_hand.total.value, by_hand.total.n)
        assert {row["of"]: row["numerator"] for row in rows[1:]} == {
            row.dimensions["queue"]: row.numerator for row in by_hand.rows
        }

    def test_the_contacts_behind_are_saved_whole(self, house: House, signed_in: Browsers, lakes: Path) -> None:
        content = saved(signed_in("grace"), f"numbers/answer_rate/contacts.csv?{DAYS}")

        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) > 500
        assert (
            sum(float(row["numerator"]) for row in rows) < sum(float(row["denominator"]) for row in rows) == len(rows)
        )
        assert rows == sorted(rows, key=lambda row: row["at"])
        assert "agent_id" in rows[0]

    def test_a_change_is_saved_part_by_part(self, house: House, signed_in: Browsers) -> None:
        query = "since=2026-11-09&until=2026-11-15&by=queue"
        content = saved(signed_in("grace"), f"numbers/service_level/change.csv?{query}").decode("utf-8-sig")

        assert {row["of"] for row in csv.DictReader(io.StringIO(content))} == {"billing", "repairs"}

    def test_a_tile_offers_and_saves_its_rows(self, house: House, signed_in: Browsers) -> None:
        ada = signed_in("ada")
        board = ada.get(f"/w/north/boards/operations/tiles/5?{DAYS}").content.decode()
        assert "/w/north/boards/operations/tiles/5.xlsx?" in board

        assert saved(ada, f"boards/operations/tiles/5.csv?{DAYS}").count(b"\n") > 3
        assert ada.get(f"/w/north/boards/operations/tiles/5.exe?{DAYS}").status_code == 404
