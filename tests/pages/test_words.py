"""Every page in a language that nobody speaks: all of it is translated, in whole sentences, and longer words still fit."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unittest.mock import patch

import pytest
from django.test import override_settings

from careloop.insight.kpis.words import Words
from tests.pages.atlas import PLACES, Place
from tests.pages.conftest import BROWSED, Visit
from tests.pages.looking import SIZES, misfits
from tests.pages.pseudo import pseudo, strays, write_catalogue

pytestmark = BROWSED

DATA: Final = re.compile(
    r"\S+@\S+|https?://\S+|\b[a-z0-9-]+(\.[a-z0-9-]+)+\b|\S+\.(png|html|txt)\b"  # addresses, hosts and files
    r"|\b(North|South|Careful Hands|Careloop|Olga|Mina|Anh|Grace|Ada|Cole|Vera|Ines|Help|depot)\b"  # what is called so
    r"|\b(English|Tiếng Việt|CSV|PDF|Excel|Parquet|Gmail|Asia/Seoul|UTC|Chrome|Linux|KRW)\b|Mozilla/.+"  # what machines are called
    r"|careloop kpi .+"  # what is typed in a terminal
    r"|…\w{4}|\{\{.+?\}\}|\{\w+\}|\b(Re|Fwd):"  # machines' own words
)


@pytest.fixture(scope="module", autouse=True)
def nobodys_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Speak it from before the town is built, so that the names it starts with are in it too."""
    folder = Path(tmp_path_factory.mktemp("locale"))
    write_catalogue(folder)

    def spoken(words: Words, _language: str) -> str:
        return pseudo(words.en)

    # What metrics are called is data of the catalogue, in each of our languages; nobody's is made of English like the rest.
    with override_settings(LOCALE_PATHS=[folder]), patch.object(Words, "spoken", spoken):
        yield


def test_a_sentence_keeps_its_places_and_grows() -> None:
    assert pseudo("Save %(count)s <b>files</b>") == "⟦Šáávéé ⟨%(count)s⟩ <b>fíílééš</b>⟧"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_nothing_is_left_in_english_or_cut(visit: Visit, place: Place, size: str) -> None:
    with visit(place, size) as page:
        left, cut = strays(page, DATA), misfits(page)

    assert left == []
    assert cut == []
