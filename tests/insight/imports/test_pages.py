"""The manual of mappings says what the code does."""

import re

import pytest

from careloop.insight.imports.mapping import read_mapping
from careloop.insight.imports.mapping.language import FIELD_WORDS, FILE_WORDS, READ_AS, TABLE_WORDS, TOP_WORDS
from tests.insight.imports.reading import HERE
from tools.mapping import PAGE, page

MAPPINGS = HERE.parents[2] / "docs" / "how-to" / "mappings"


def test_functions_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert page(text) == text


def test_every_word_of_the_language_is_explained() -> None:
    words = set(re.findall(r"[a-z_]+", PAGE.read_text(encoding="utf-8")))

    assert {*TOP_WORDS, *FILE_WORDS, *TABLE_WORDS, *FIELD_WORDS, *READ_AS} <= words


@pytest.mark.parametrize("name", sorted(path.name for path in MAPPINGS.glob("*.yaml")))
def test_every_example_is_a_mapping_and_is_named_in_the_how_to(name: str) -> None:
    assert read_mapping(MAPPINGS / name).tables
    assert f"mappings/{name}" in (MAPPINGS.parent / "import-a-table.md").read_text(encoding="utf-8")
