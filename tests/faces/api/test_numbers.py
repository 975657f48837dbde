"""Numbers for machines: the same as on the page, down to the contacts behind them, and as files."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pyarrow.parquet as pq
import pytest

from careloop.domains.people.types import Scope
from careloop.insight import kpis
from careloop.insight.facts import read
from careloop.processes.exporting import write_export
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.processes.measuring.conftest import lakes, written

__all__ = ["lakes", "written"]

pytestmark = pytest.mark.database
MachineOf = Callable[..., Machine]
SPAN = {"since": "2026-11-09T00:00:00+09:00", "until": "2026-11-13T00:00:00+09:00"}
SINCE, UNTIL = (datetime.fromisoformat(SPAN[name]) for name in ("since", "until"))


@pytest.fixture
def facts(house: House, written: Path, lakes: Path, settings: Any) -> Any:
    settings.BLOB_ROOT = lakes / "blobs"
    (lakes / str(house.north)).symlink_to(written)
    return read(written)


def query(metric: str = "answer_rate", **more: object) -> str:
    return urlencode({"metric": metric, **SPAN, **more})


def content_of(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


class TestMeasurements:
    def test_say_how_complete_they_are_and_what_casts_doubt_on_them(self, facts: Any, machine_of: MachineOf) -> None:
        told = machine_of("grace").get(f"/measurements?{query()}").json()

        assert told["complete_until"]
        assert (told["flags"], told["part_flags"]) == ([], [])

    def test_are_saved_in_every_format(self, facts: Any, machine_of: MachineOf) -> None:
        grace = machine_of("grace")
        path = f"/measurements/content?{query(by='queue')}"

        table = pq.read_table(io.BytesIO(content_of(grace.get(f"{path}&format=parquet"))))
        lines = content_of(grace.get(f"{path}&format=csv&zone=Asia/Seoul")).decode("utf-8-sig")
        sheet = openpyxl.load_workbook(io.BytesIO(content_of(grace.get(f"{path}&format=xlsx&zone=UTC")))).active

        total = kpis.measure(facts, "answer_rate", since=SINCE, until=UNTIL).total
        assert total is not None
        assert table["value"][0].as_py() == total.value
        assert table["of"].to_pylist() == [None, "queue=billing", "queue=repairs"]
        rows = list(csv.DictReader(io.StringIO(lines)))
        assert rows[0]["since"] == SPAN["since"]
        assert sheet is not None
        assert sheet["D1"].value == "since (UTC)"
        assert sheet.max_row == len(rows) + 1 == 4


class TestContactsBehind:
    def test_are_all_of_them_once_page_by_page(self, facts: Any, machine_of: MachineOf) -> None:
        grace, found, page = machine_of("grace"), [], 0
        while page is not None:
            told = grace.get(f"/measurements/contacts?{query(page=page, limit=200)}").json()
            found += told["items"]
            page = told["next_page"]

        total = kpis.measure(facts, "answer_rate", since=SINCE, until=UNTIL).total
        assert total is not None
        assert len({row["ids"]["contact_id"] for row in found}) == len(found) == total.n
        assert sum(row["numerator"] for row in found) == total.numerator
        assert [row["at"] for row in found] == sorted(row["at"] for row in found)
        whole = pq.read_table(
            io.BytesIO(content_of(grace.get(f"/measurements/contacts/content?{query(format='parquet')}")))
        )
        assert whole["contact_id"].to_pylist() == [row["ids"]["contact_id"] for row in found]

    def test_name_who_worked_to_those_who_lead_only(self, facts: Any, machine_of: MachineOf) -> None:
        path = f"/measurements/contacts?{query()}"

        assert "kim" in machine_of("anh").get(path).content.decode()
        assert "kim" not in machine_of("ada").get(path).content.decode()
        assert machine_of("ada").get(f"/measurements/contacts/content?{query(format='csv')}").status_code == 403

    def test_stay_hidden_where_the_number_is(self, facts: Any, machine_of: MachineOf) -> None:
        told = machine_of("grace").get(f"/measurements/contacts?{query('nps')}").json()

        assert told == {"items": [], "next_page": None, "is_hidden": True}

    def test_need_the_scopes(self, facts: Any, machine_of: MachineOf) -> None:
        token = machine_of("olga", scopes=[Scope.NUMBERS_READ])

        assert token.get(f"/measurements?{query()}").status_code == 200
        for path in (f"/measurements/contacts?{query()}", "/facts", "/exports"):
            refused = token.get(path)
            assert (refused.status_code, "cases:read" in refused.json()["error"]["message"]) == (403, True)

    def test_are_walled_off(self, facts: Any, machine_of: MachineOf) -> None:
        told = machine_of("ines").get(f"/measurements/contacts?{query()}").json()

        assert (told["items"], told["is_hidden"]) == ([], True)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"until": "2026-11-01T00:00:00Z"}, "until"),
            ({"since": "yesterday"}, "since"),
            ({"conditions": "[1]"}, "conditions"),
            ({"page": "-1"}, "page"),
            ({"limit": "1000"}, "limit"),
            ({"color": "red"}, "color"),
        ],
    )
    def test_bad_input_is_told_by_its_name(
        self, facts: Any, machine_of: MachineOf, wrong: dict[str, str], field: str
    ) -> None:
        answer = machine_of("grace").get(f"/measurements/contacts?{urlencode({'metric': 'asa', **SPAN, **wrong})}")

        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])

    def test_bad_questions_are_told_in_sentences(self, facts: Any, machine_of: MachineOf) -> None:
        grace = machine_of("grace")
        options, conditions = '{"target_s": "soon"}', '{"field": "color", "operator": "is", "value": "red"}'

        assert grace.get(f"/measurements/contacts?{query('happiness')}").status_code == 404
        for wrong in ({"options": options}, {"conditions": conditions}):
            refused = grace.get(f"/measurements/contacts?{query('service_level', **wrong)}")
            assert refused.status_code == 422, refused.content
            assert refused.json()["error"]["message"]
        zone = grace.get(f"/measurements/content?{query(format='csv', zone='Mars/Olympus')}")
        assert list(zone.json()["error"]["fields"]) == ["zone"]
        assert list(grace.get(f"/measurements/content?{query(format='pdf')}").json()["error"]["fields"]) == ["format"]


class TestExports:
    def test_are_asked_for_watched_and_downloaded(self, facts: Any, house: House, machine_of: MachineOf) -> None:
        grace = machine_of("grace")
        offered = {one["name"]: one for one in grace.get("/facts").json()["items"]}
        assert set(offered) == {"contact", "contact_segment"}
        assert offered["contact"]["instant"] == "arrived_at"

        asked = grace.post("/exports", {"table": "contact_segment", "format": "csv", "zone": "UTC", **SPAN})
        assert asked.status_code == 201, asked.content
        path = f"/exports/{asked.json()['id']}"
        assert (asked.json()["state"], asked.json()["rows_in_all"]) == ("waiting", None)
        assert grace.get(f"{path}/content").status_code == 409

        write_export(workspace_id=house.north, export_id=asked.json()["id"])

        told = grace.get(path).json()
        lines = content_of(grace.get(f"{path}/content"))
        assert (told["state"], told["size"]) == ("ready", len(lines))
        assert lines.count(b"\n") == told["rows_written"] + 1 > 100
        assert [one["id"] for one in grace.get("/exports").json()["items"]] == [told["id"]]
        saved = machine_of("olga").get("/audit?name=facts.exported").content.decode()
        assert "contact_segment" in saved
        for stranger in ("olga", "ines"):
            assert machine_of(stranger).get(f"{path}/content").status_code == 404
            assert machine_of(stranger).send("DELETE", path).status_code == 404
        assert grace.send("DELETE", path).status_code == 204
        assert grace.get(path).status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"table": "happiness"}, "table"),
            ({"table": "../contact"}, "table"),
            ({"format": "pdf"}, "format"),
            ({"until": "2026-11-01T00:00:00Z"}, "until"),
            ({"zone": "Mars/Olympus"}, "zone"),
        ],
    )
    def test_bad_input_is_told_by_its_name(
        self, facts: Any, machine_of: MachineOf, wrong: dict[str, str], field: str
    ) -> None:
        refused = machine_of("grace").post("/exports", {"table": "contact", "format": "csv", **SPAN, **wrong})

        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, [field])

    def test_are_for_those_who_lead(self, facts: Any, machine_of: MachineOf) -> None:
        assert machine_of("ada").post("/exports", {"table": "contact", "format": "csv", **SPAN}).status_code == 403
        assert machine_of("ada").get("/facts").status_code == 403
        assert machine_of("ines").get("/facts").json() == {"items": []}
