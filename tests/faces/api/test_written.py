"""The written contract is the present one, names each thing once, and is there for everybody."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from django.test import Client

import careloop.faces.api.shapes
from careloop.faces.api.house import PREFIX, contract

pytestmark = pytest.mark.database

COMMITTED: Final = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"


def test_the_committed_contract_is_the_present_one() -> None:
    assert json.loads(COMMITTED.read_text()) == json.loads(json.dumps(contract())), "Run script/openapi."


def test_no_two_shapes_have_one_name() -> None:
    shapes = [
        name
        for module in Path(careloop.faces.api.shapes.__path__[0]).glob("*.py")
        for name in re.findall(r"^class (\w+)", module.read_text(), re.MULTILINE)
    ]

    assert sorted(name for name, count in Counter(shapes).items() if count > 1) == [], "One would stand for the other."


def test_the_reference_says_where_everything_is() -> None:
    told = COMMITTED.with_name("api.md").read_text()
    nouns = {part for path in contract()["paths"] for part in path.removeprefix(PREFIX).split("/")}

    assert sorted(noun for noun in nouns if noun and "{" not in noun and f"/{noun}" not in told) == []


def test_the_contract_is_served_without_a_token(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == json.loads(COMMITTED.read_text())
