"""A list as a file."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from careloop.faces.web.desk.views import exports
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer, opened

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_holds_the_list_with_the_zone_in_its_head(house: House, signed_in: Browsers) -> None:
    omar = known_customer(house)
    opened(house, customer_id=omar, subject="소포가 안 왔어요", channel="letter", assignee="ada")
    opened(house, customer_id=omar, subject="By phone")
    letters = json.dumps({"field": "channel", "operator": "is", "value": "letter"})

    answer = signed_in("ada").get(
        "/w/north/views/all/cases.csv", {"filter": letters, "column": ["subject", "assignee", "channel", "opened"]}
    )

    assert answer["Content-Disposition"] == 'attachment; filename="cases-north.csv"'
    assert table(answer) == [
        ["Number", "Subject", "Assignee", "Channel", "Opened (UTC)"],
        ["1", "소포가 안 왔어요", "Ada", "Letter", "2026-11-16T09:00:00+00:00"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "＝"])
def test_defuses_formulas(house: House, signed_in: Browsers, start: str) -> None:
    omar = known_customer(house, name=f"{start}HYPERLINK(1)")
    opened(house, customer_id=omar, subject=f"{start}cmd|' /C calc'!A0")

    (_head, row) = table(signed_in("ada").get("/w/north/views/all/cases.csv?column=subject&column=requester"))

    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in row)


def test_says_where_it_was_cut(house: House, signed_in: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 5)
    monkeypatch.setattr(exports, "BATCH", 2)
    omar = known_customer(house)
    for number in range(7):
        opened(house, customer_id=omar, at=NOW + timedelta(minutes=number // 3))

    rows = table(signed_in("ada").get("/w/north/views/all/cases.csv?column=subject"))[1:]

    assert [row[0] for row in rows[:-1]] == ["7", "6", "5", "4", "3"]
    assert "Only the first 5 cases are here" in rows[-1][0]


def test_holds_no_more_than_its_reader_sees(house: House, signed_in: Browsers) -> None:
    opened(house, customer_id=known_customer(house))

    assert len(table(signed_in("vera").get("/w/north/views/all/cases.csv"))) == 2
    assert len(table(signed_in("cole").get("/w/north/views/all/cases.csv"))) == 1
    assert signed_in("ines").get("/w/north/views/all/cases.csv").status_code == 404


def test_refuses_a_bad_condition_with_a_page(house: House, signed_in: Browsers) -> None:
    assert signed_in("ada").get("/w/north/views/all/cases.csv?filter={").status_code == 422
