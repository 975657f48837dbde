"""Customers and their organizations."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from careloop.domains.customers.queries import card, organizations
from careloop.domains.customers.services import add_note, create_organization
from careloop.kernel.scope import workspace_scope
from careloop.processes.customer_history import history_of
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer, opened

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]


def kept(house: House, customer_id: int) -> Any:
    with workspace_scope(house.north):
        return card(customer_id=customer_id, viewer=house.actor("ada"))


class TestCard:
    def test_tells_everything_on_one_line_of_time(self, house: House, signed_in: Browsers) -> None:
        omar = known_customer(house)
        opened(house, customer_id=omar, subject="Parcel", text="It never came")
        with workspace_scope(house.north):
            at = NOW + timedelta(hours=1)
            add_note(customer_id=omar, text="Prefers mornings", actor=house.actor("ada"), at=at)

        page = signed_in("ada").get(f"/w/north/customers/{omar}").content.decode()

        assert page.index("Prefers mornings") < page.index("It never came") < page.index("Case #1 began")
        assert "A colleague entered it" in page

    def test_visits_each_moment_once_from_page_to_page(self, house: House) -> None:
        omar = known_customer(house)
        for number in range(5):
            opened(house, customer_id=omar, text=f"word {number}", at=NOW + timedelta(minutes=number // 2))
            with workspace_scope(house.north):
                add_note(customer_id=omar, text=f"note {number}", actor=house.actor("ada"), at=NOW)

        seen, cursor = [], None
        with workspace_scope(house.north):
            while True:
                page = history_of(customer_id=omar, viewer=house.actor("ada"), cursor=cursor, limit=2)
                seen += [
                    ("note", m.note.id)
                    if m.note
                    else ("message", m.message.id)
                    if m.message
                    else ("case", m.case.id if m.case else 0)
                    for m in page.items
                ]
                cursor = page.next_cursor
                if cursor is None:
                    break

        assert len(seen) == len(set(seen)) == 15

    @pytest.mark.parametrize("cursor", ["x", "eA", "MjAyNi0xMS0xNlQwOTowMDowMCAxIDE"])
    def test_refuses_a_made_up_place(self, house: House, signed_in: Browsers, cursor: str) -> None:
        omar = known_customer(house)

        assert signed_in("ada").get(f"/w/north/customers/{omar}?cursor={cursor}").status_code == 400

    def test_is_hidden_from_those_who_meet_customers_in_cases_only(self, house: House, signed_in: Browsers) -> None:
        omar = known_customer(house)

        assert signed_in("anh").get(f"/w/north/customers/{omar}").status_code == 200
        for name in ("cole", "vera", "ines"):
            assert signed_in(name).get(f"/w/north/customers/{omar}").status_code == 404
        assert signed_in("cole").get("/w/north/customers/options?q=Omar").json() == []


class TestRecord:
    def test_makes_a_customer_and_refuses_a_taken_address(self, house: House, signed_in: Browsers) -> None:
        browser, fields = signed_in("ada"), {"name": "Lan", "kind": "email", "value": "lan@x.example", "language": "vi"}

        made = browser.post("/w/north/customers/new", fields)
        again = browser.post("/w/north/customers/new", {**fields, "name": "Lan the second"})

        assert made.status_code == 302
        assert again.status_code == 409
        assert "Lan the second" in again.content.decode()

    def test_changes_the_record_with_its_tags(self, house: House, signed_in: Browsers) -> None:
        omar, browser = known_customer(house), signed_in("ada")
        with workspace_scope(house.north):
            firm = create_organization(name="Hanbit", domains=frozenset(), actor=house.actor("ada"), at=NOW)
        fields = {"name": "Omar H.", "language": "ko", "time_zone": "Asia/Seoul", "organization": firm}

        browser.post(f"/w/north/customers/{omar}/form", {**fields, "tags": "vip, roaming"})
        browser.post(f"/w/north/customers/{omar}/form", {**fields, "tags": "vip"})
        refused = browser.post(f"/w/north/customers/{omar}/form", {**fields, "name": "", "tags": "lost"})

        now = kept(house, omar)
        assert (now.name, now.language, now.organization, now.tags) == ("Omar H.", "ko", "Hanbit", ("vip",))
        assert refused.status_code == 422
        assert 'value="lost"' in refused.content.decode()

    def test_links_and_unlinks_ways_to_reach_them(self, house: House, signed_in: Browsers) -> None:
        omar, browser = known_customer(house), signed_in("ada")
        place = f"/w/north/customers/{omar}/identities"

        browser.post(place, {"kind": "phone", "value": "+82 10 1234 5678"})
        wrong = browser.post(place, {"kind": "email", "value": "no address"})
        mail = next(i for i in kept(house, omar).identities if i.kind == "email")
        browser.post(f"{place}/{mail.id}/removal")

        assert wrong.status_code == 422
        assert 'value="no address"' in wrong.content.decode()
        assert [i.value for i in kept(house, omar).identities] == ["+821012345678"]

    def test_an_analyst_reads_and_changes_nothing(self, house: House, signed_in: Browsers) -> None:
        omar, browser = known_customer(house), signed_in("anh")

        for path, fields in (
            ("form", {"name": "X"}),
            ("notes", {"text": "X"}),
            ("identities", {"kind": "phone", "value": "12345678"}),
        ):
            assert browser.post(f"/w/north/customers/{omar}/{path}", fields).status_code == 403
        assert kept(house, omar).name == "Omar"


class TestList:
    def test_finds_by_a_part_of_the_address(self, house: House, signed_in: Browsers) -> None:
        known_customer(house)
        known_customer(house, name="이서연", address="seoyeon@hanbit.example")

        page = signed_in("ada").get("/w/north/customers/", {"q": "서연"}).content.decode()

        assert "이서연" in page
        assert "Omar" not in page


class TestOrganizations:
    def test_gathers_who_writes_from_its_domains(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")

        made = browser.post("/w/north/organizations/", {"name": "Hanbit", "domains": "hanbit.example, @hanbit.kr"})
        known_customer(house, name="Seo-yeon", address="seoyeon@hanbit.example")
        again = browser.post("/w/north/organizations/", {"name": "Hanbit", "domains": ""})

        assert "Seo-yeon" in browser.get(made["Location"]).content.decode()
        assert again.status_code == 409
        with workspace_scope(house.north):
            (row,) = organizations(viewer=house.actor("ada")).items
        assert row.domains == ("hanbit.example", "hanbit.kr")

    def test_is_renamed_and_gets_other_domains(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        made = browser.post("/w/north/organizations/", {"name": "Hanbit", "domains": "hanbit.example"})["Location"]
        known_customer(house, name="Seo-yeon", address="seoyeon@hanbit.example")

        form = browser.get(f"{made}/form").content.decode()
        changed = browser.post(f"{made}/form", {"name": "Hanbit Telecom", "domains": "hanbit.kr"})
        page = browser.get(made).content.decode()
        known_customer(house, name="Ji-ho", address="jiho@hanbit.kr")

        assert 'value="hanbit.example"' in form
        assert changed["Location"] == made
        assert "Hanbit Telecom" in page
        assert "hanbit.kr" in page
        assert "Seo-yeon" in page
        assert "Ji-ho" in browser.get(made).content.decode()

    @pytest.mark.parametrize(("fields", "status"), [({"name": ""}, 422), ({"name": "Taken"}, 409)])
    def test_keeps_what_was_typed_when_refused(
        self, house: House, signed_in: Browsers, fields: dict[str, str], status: int
    ) -> None:
        browser = signed_in("ada")
        browser.post("/w/north/organizations/", {"name": "Taken"})
        made = browser.post("/w/north/organizations/", {"name": "Hanbit"})["Location"]

        answer = browser.post(f"{made}/form", {"domains": "hanbit.kr", **fields})

        assert answer.status_code == status
        assert "hanbit.kr" in answer.content.decode()
        assert "hanbit.kr" not in browser.get(made).content.decode()

    @pytest.mark.parametrize(("who", "status"), [("anh", 403), ("cole", 404), ("vera", 404), ("ines", 404)])
    def test_is_changed_by_nobody_who_only_reads_or_is_a_stranger(
        self, house: House, signed_in: Browsers, who: str, status: int
    ) -> None:
        made = signed_in("ada").post("/w/north/organizations/", {"name": "Hanbit"})["Location"]
        browser = signed_in(who)

        answers = [browser.get(f"{made}/form"), browser.post(f"{made}/form", {"name": "Mine now"})]

        assert [answer.status_code for answer in answers] == [status, status]
        assert "Mine now" not in signed_in("ada").get(made).content.decode()
