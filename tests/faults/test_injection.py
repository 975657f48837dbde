"""Words of strangers stay words, wherever they are asked for: in a search, a filter, a mail, a portal, the API."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.cases.queries import find_cases
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.fixtures import quick_passwords, signed_in
from tests.mailing import receive, written
from tests.processes.conftest import bare_house, house

__all__ = ["bare_house", "house", "quick_passwords", "signed_in"]

pytestmark = pytest.mark.database

EVIL = [
    "'; DROP TABLE cases_case; --",
    "' OR '1'='1",
    "\\'; SELECT pg_sleep(60); --",
    "x') UNION SELECT password FROM people_user --",
    "%' AND 1=1 --",
    "$$; DELETE FROM customers_customer; $$",
    "a & | ! <-> b:*",
    "\u0000 nothing",
]
# Where a stranger's or a colleague's words reach a query; what is no cursor or view is refused with a sentence.
ADDRESSES = [
    ("search", "q"),
    ("customers/", "q"),
    ("customers/options", "q"),
    ("customers/", "cursor"),
    ("views/open", "team"),
    ("views/open", "order"),
    ("views/open", "cursor"),
    ("views/all", "filter"),
]
UNDERSTOOD_OR_REFUSED = {200, 400, 404, 409, 422}


@pytest.mark.parametrize("evil", EVIL)
class TestSql:
    def test_a_search_is_only_a_search(self, house: House, signed_in: Callable[[str], Client], evil: str) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        browser = signed_in("ada")

        for path, name in ADDRESSES:
            assert browser.get(f"/w/north/{path}", {name: "plain words"}).status_code in UNDERSTOOD_OR_REFUSED, path
            answer = browser.get(f"/w/north/{path}", {name: evil})
            assert answer.status_code in UNDERSTOOD_OR_REFUSED, (path, name, evil)
        found = browser.get("/w/north/search", {"q": evil})

        assert found.status_code == 200
        assert "My parcel" not in found.content.decode()
        with workspace_scope(house.north):
            assert [row.subject for row in find_cases(text="parcel", viewer=HOUSE)] == ["My parcel"]

    def test_a_mail_full_of_it_is_kept_as_it_was_written(self, house: House, evil: str) -> None:
        with workspace_scope(house.north):
            row = receive(
                written(text=f"parcel {evil}", subject=f"parcel {evil}".replace("\u0000", ""), at=NOW), at=NOW
            )
            found = find_cases(text="parcel", viewer=HOUSE)

        assert row.state == "accepted"
        assert [case.subject for case in found] == [f"parcel {evil}".replace("\u0000", "").replace("  ", " ")]
