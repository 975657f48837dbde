"""Every page, at a desk and on a phone, in a language that nobody speaks: all of it is translated, in whole sentences, longer words
still fit, and axe finds no fault, light or dark. One visit for all of this, and no page is left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unittest.mock import patch

import pytest
from babel import Locale
from django.test import override_settings

from careloop.insight.kpis.words import Words
from tests.pages.atlas import NO_PAGE, PLACES, Place, routes
from tests.pages.conftest import BROWSED, Visit
from tests.pages.looking import COLOR_RULES, SIZES, faults, misfits
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

    def named(language: Locale, _locale: object = None) -> str:
        return pseudo(str(Locale("en").languages[language.language]))

    # What metrics and languages are called are data, in each of our languages; nobody's is made of English like the rest.
    with (
        override_settings(LOCALE_PATHS=[folder]),
        patch.object(Words, "spoken", spoken),
        patch.object(Locale, "get_display_name", named),
    ):
        yield


def test_a_sentence_keeps_its_places_and_grows() -> None:
    assert pseudo("Save %(count)s <b>files</b>") == "⟦Šáávéé ⟨%(count)s⟩ <b>fíílééš</b>⟧"


def test_every_page_is_visited_or_named_with_a_reason() -> None:
    visited = {place.route for place in PLACES} - {""}

    assert visited & set(NO_PAGE) == set()
    assert visited | set(NO_PAGE) == routes()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_is_translated_fits_and_is_for_everybody(visit: Visit, place: Place, size: str) -> None:
    with visit(place, size) as page:
        left, cut, found = strays(page, DATA), misfits(page), faults(page)
        if size == "desk":  # a phone has the same colors
            page.emulate_media(color_scheme="dark")
            found += [f"in the dark: {fault}" for fault in faults(page, COLOR_RULES)]

    assert {"left in English": left, "cut": cut, "faults": found} == {"left in English": [], "cut": [], "faults": []}
