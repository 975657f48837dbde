"""Axe finds no fault on any page, light or dark, at a desk or on a phone; and no page is left out."""

import pytest

from tests.pages.atlas import NO_PAGE, PLACES, Place, routes
from tests.pages.conftest import BROWSED, Visit
from tests.pages.looking import COLOR_RULES, SIZES, faults

pytestmark = BROWSED


def test_every_page_is_visited_or_named_with_a_reason() -> None:
    visited = {place.route for place in PLACES} - {""}

    assert visited & set(NO_PAGE) == set()
    assert visited | set(NO_PAGE) == routes()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_axe_finds_no_fault(visit: Visit, place: Place, size: str) -> None:
    with visit(place, size) as page:
        found = faults(page)
        page.emulate_media(color_scheme="dark")
        found += [f"in the dark: {fault}" for fault in faults(page, COLOR_RULES)]
        sideways = page.evaluate("document.documentElement.scrollWidth > visualViewport.width + 1")

    assert found == []
    assert not sideways
