"""What a workspace keeps for its work: notices, saved replies, statuses, types and reasons."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.queries import case_types, reasons, statuses
from careloop.domains.conversations.queries import replies_known_to
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind, Notice
from careloop.faces.web.desk.outline import branches_written, outline_of
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer, opened

Browsers = Callable[[str], Client]


@pytest.mark.database
class TestNotices:
    def tell(self, house: House, name: str, *, case_id: int, event_id: int = 1) -> None:
        with workspace_scope(house.north):
            notice = Notice(
                user_id=house.ids[name],
                kind=Kind.MENTIONED,
                case_id=case_id,
                case_number=1,
                actor=f"user:{house.ids['grace']}",
                event_id=event_id,
                at=NOW,
            )
            notify([notice])

    def test_are_personal_counted_and_read_at_once(self, house: House, signed_in: Browsers) -> None:
        case_id = opened(house, customer_id=known_customer(house), subject="Parcel")
        self.tell(house, "ada", case_id=case_id)
        self.tell(house, "ada", case_id=case_id, event_id=2)
        browser = signed_in("ada")

        bell = browser.get("/w/north/notices/bell").content.decode()
        page = browser.get("/w/north/notices/").content.decode()
        of_grace = signed_in("grace").get("/w/north/notices/").content.decode()
        browser.post("/w/north/notices/reading")

        assert "Notices: 2 unread" in bell
        assert "You were mentioned" in page
        assert "Grace" in page
        assert "Nothing new for you" in of_grace
        assert "unread" not in browser.get("/w/north/notices/bell").content.decode()

    def test_name_no_case_that_one_does_not_see_any_more(self, house: House, signed_in: Browsers) -> None:
        case_id = opened(house, customer_id=known_customer(house), subject="Secret parcel")
        self.tell(house, "cole", case_id=case_id)

        page = signed_in("cole").get("/w/north/notices/").content.decode()

        assert "You were mentioned" in page
        assert "Secret parcel" not in page


@pytest.mark.database
class TestReplies:
    def keep(self, browser: Client, path: str = "new", **fields: Any) -> Any:
        body = {"name": "Thanks", "body": "<p>Thank you, {{ customer }}.</p>", "body_text": "x", "language": "en"}
        return browser.post(f"/w/north/replies/{path}", {**body, **fields})

    def known(self, house: House, name: str) -> list[Any]:
        with workspace_scope(house.north):
            return replies_known_to(viewer=house.actor(name))

    def test_keeps_ones_own_cleaned_and_nobody_elses(self, house: House, signed_in: Browsers) -> None:
        self.keep(signed_in("ada"), body="<p>Hi {{ customer }}<script>x</script></p>")

        (row,) = self.known(house, "ada")
        assert "{{ customer }}" in row.html
        assert "script" not in row.html
        assert self.known(house, "grace") == []
        assert signed_in("grace").get(f"/w/north/replies/{row.id}").status_code == 404

    def test_takes_plain_text_where_no_script_runs(self, house: House, signed_in: Browsers) -> None:
        signed_in("ada").post("/w/north/replies/new", {"name": "Plain", "body": "One & two\nthree"})

        (row,) = self.known(house, "ada")
        assert row.html == "<p>One &amp; two<br>three</p>"

    def test_shared_ones_are_kept_by_leads(self, house: House, signed_in: Browsers) -> None:
        refused = self.keep(signed_in("ada"), is_shared="1", name="For all")
        self.keep(signed_in("grace"), is_shared="1", name="For all")
        (row,) = self.known(house, "ada")
        taken = signed_in("ada").post(f"/w/north/replies/{row.id}/removal")

        assert refused.status_code == 403
        assert 'value="For all"' in refused.content.decode()
        assert taken.status_code == 403
        assert len(self.known(house, "ada")) == 1

    def test_changes_deletes_and_refuses_an_empty_one(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        self.keep(browser)
        (row,) = self.known(house, "ada")

        self.keep(browser, str(row.id), name="Many thanks")
        empty = self.keep(browser, name="Empty", body="<p> </p>")
        changed = self.known(house, "ada")
        browser.post(f"/w/north/replies/{row.id}/removal")

        assert empty.status_code == 422
        assert [one.name for one in changed] == ["Many thanks"]
        assert self.known(house, "ada") == []


@pytest.mark.database
class TestPolicy:
    def test_adds_renames_and_retires_a_status(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("mina")

        browser.post("/w/north/admin/statuses", {"name": "With engineering", "category": "open"})
        again = browser.post("/w/north/admin/statuses", {"name": "With engineering", "category": "open"})
        with workspace_scope(house.north):
            made = next(row for row in statuses() if row.name == "With engineering")
        browser.post(f"/w/north/admin/statuses/{made.id}/name", {"name": "With experts"})
        page = browser.get("/w/north/admin/statuses").content.decode()
        browser.post(f"/w/north/admin/statuses/{made.id}/retirement")

        assert again.status_code == 409
        assert 'value="With engineering"' in again.content.decode()
        assert "With experts" in page
        with workspace_scope(house.north):
            assert made.id not in {row.id for row in statuses()}

    def test_adds_and_retires_a_type(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("mina")

        browser.post("/w/north/admin/types", {"name": "Fault"})
        with workspace_scope(house.north):
            fault = next(row for row in case_types() if row.name == "Fault")
        browser.post(f"/w/north/admin/types/{fault.id}/retirement")

        with workspace_scope(house.north):
            assert [row.name for row in case_types()] == ["Enquiry"]

    def test_publishes_the_tree_that_a_text_draws(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("mina")
        outline = "Delivery\n  Late\n  Damaged [broken]\n요금\n  로밍"

        browser.post("/w/north/admin/reasons", {"outline": outline})
        wrong = browser.post("/w/north/admin/reasons", {"outline": "Delivery\n      Late"})

        with workspace_scope(house.north):
            rows = reasons()
        assert [row.path for row in rows] == [
            ("Delivery",),
            ("Delivery", "Late"),
            ("Delivery", "Damaged"),
            ("요금",),
            ("요금", "로밍"),
        ]
        assert rows[2].code == "broken"
        assert wrong.status_code == 422
        assert "Line 2 hangs below nothing" in wrong.content.decode()

    def test_agents_decide_none_of_it(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")

        for page, fields in (
            ("statuses", {"name": "X", "category": "open"}),
            ("types", {"name": "X"}),
            ("reasons", {"outline": "X"}),
        ):
            assert browser.post(f"/w/north/admin/{page}", fields).status_code == 403
        with workspace_scope(house.north):
            assert reasons() == []


class TestOutline:
    def test_goes_through_the_text_unchanged(self) -> None:
        text = "A [a]\n  B [b]\n    C [c]\n  D [d]\nE [e]"

        assert branches_written(text)[0].branches[0].branches[0].code == "c"
        assert outline_of([]) == ""

    @pytest.mark.parametrize("text", ["  A", "A\n   B", "A\n    B"])
    def test_refuses_what_hangs_in_the_air(self, text: str) -> None:
        with pytest.raises(CaseUnclear):
            branches_written(text)
