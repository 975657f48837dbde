"""Tasks on the page of a case and for a colleague of another department, who sees only what was shared."""

import pytest
from django.test import Client

from careloop.domains.cases.queries import is_done
from careloop.domains.cases.services import add_note
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.tasks.models import Task
from careloop.domains.tasks.states import Share, State
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.tasks.conftest import Browsers, Opened

pytestmark = pytest.mark.database


@pytest.fixture
def billing(house: House) -> int:
    """Cole's department."""
    with workspace_scope(house.north):
        mina = house.actor("mina")
        team_id = create_team(name="Billing", actor=mina, at=NOW)
        add_to_team(team_id=team_id, user_id=house.ids["cole"], actor=mina, at=NOW)
    return team_id


def ask(browser: Client, opened: Opened, billing: int, *shares: Share, **said: str) -> int:
    """Ask Billing from the page of the case and return the task."""
    form = {"title": "Check the invoice", "words": "Paid twice?", "whom": f"team-{billing}", "shares": shares, **said}
    answer = browser.post(f"{opened.address}/tasks/new", form)
    assert answer.status_code == 302, answer.content.decode()
    with workspace_scope(opened.house.north):
        return Task.objects.order_by("-pk").values_list("pk", flat=True)[0]


def state_of(house: House, task_id: int) -> str:
    with workspace_scope(house.north):
        return str(Task.objects.get(pk=task_id).state)


class TestColleague:
    def test_finds_it_takes_it_and_the_answer_stands_in_the_case(
        self, signed_in: Browsers, house: House, opened: Opened, billing: int
    ) -> None:
        ada, cole = signed_in("ada"), signed_in("cole")
        task_id = ask(ada, opened, billing)
        here = f"/w/north/tasks/{task_id}"

        listed = cole.get("/w/north/tasks").content.decode()
        assert "Check the invoice" in listed
        assert cole.get(opened.address).status_code == 404
        assert cole.post(f"{here}/acceptance").status_code == 302
        empty = cole.post(f"{here}/answer", {"answer": " "})
        assert empty.status_code == 422
        assert cole.post(f"{here}/answer", {"answer": "Paid twice, <b>yes</b>."}).status_code == 302

        story = ada.get(opened.address).content.decode()
        assert "Paid twice, &lt;b&gt;yes&lt;/b&gt;." in story
        assert "Cole answered the task" in story
        assert "Paid twice" in cole.get("/w/north/tasks?show=past").content.decode()
        assert "Check the invoice" in ada.get("/w/north/tasks?show=mine").content.decode()
        again = cole.post(f"{here}/refusal", {"reason": "No."})
        assert again.status_code == 409
        assert state_of(house, task_id) == State.DONE
        exported = b"".join(cole.get("/w/north/tasks.csv?show=past").streaming_content).decode()  # type: ignore[attr-defined]
        assert "Check the invoice" in exported

    def test_a_refusal_needs_its_reason_and_is_read_in_the_case(
        self, signed_in: Browsers, house: House, opened: Opened, billing: int
    ) -> None:
        ada, cole = signed_in("ada"), signed_in("cole")
        here = f"/w/north/tasks/{ask(ada, opened, billing)}"

        assert cole.post(f"{here}/refusal", {"reason": ""}).status_code == 422
        assert cole.post(f"{here}/refusal", {"reason": "Ask Logistics."}).status_code == 302

        assert "Ask Logistics." in ada.get(opened.address).content.decode()

    def test_sees_only_what_was_shared(self, signed_in: Browsers, house: House, opened: Opened, billing: int) -> None:
        with workspace_scope(house.north):
            add_note(
                case_id=opened.id, html="<p>Inner</p>", text="Inner", mentions=[], actor=house.actor("ada"), at=NOW
            )
        ada, cole = signed_in("ada"), signed_in("cole")

        def page(*shares: Share) -> str:
            return cole.get(f"/w/north/tasks/{ask(ada, opened, billing, *shares)}").content.decode()

        nothing, everything = page(), page(*Share)
        said = ("My parcel", "omar@customer.example", "Inner")
        assert [words in nothing for words in said] == [False] * 3
        assert [words in everything for words in said] == [True] * 3
        assert "Inner" not in page(Share.SUBJECT, Share.CUSTOMER, Share.WORDS)
        assert f"/cases/{opened.number}" not in everything

    @pytest.mark.parametrize("name", ["vera", "anh"])
    def test_whoever_is_never_asked_has_no_list(self, signed_in: Browsers, name: str) -> None:
        browser = signed_in(name)

        assert browser.get("/w/north/tasks").status_code == 403
        assert browser.get("/w/north/tasks.csv").status_code == 403

    def test_nothing_of_it_is_there_for_another_workspace(
        self, signed_in: Browsers, opened: Opened, billing: int
    ) -> None:
        task_id = ask(signed_in("ada"), opened, billing)
        ines = signed_in("ines")

        assert ines.get(f"/w/south/tasks/{task_id}").status_code == 404
        assert ines.post(f"/w/south/tasks/{task_id}/answer", {"answer": "Mine"}).status_code == 404
        assert "Check the invoice" not in ines.get("/w/south/tasks").content.decode()


class TestCase:
    def test_keeps_what_was_typed_when_nobody_was_chosen(
        self, signed_in: Browsers, house: House, opened: Opened, billing: int
    ) -> None:
        answer = signed_in("ada").post(f"{opened.address}/tasks/new", {"title": "Check the invoice", "whom": ""})

        assert answer.status_code == 422
        assert 'value="Check the invoice"' in answer.content.decode()
        with workspace_scope(house.north):
            assert not Task.objects.exists()

    def test_asks_before_it_is_solved_over_a_task(
        self, signed_in: Browsers, house: House, opened: Opened, billing: int
    ) -> None:
        ada = signed_in("ada")
        task_id = ask(ada, opened, billing)
        for htmx in ({}, {"HTTP_HX_REQUEST": "true"}):
            refused = ada.post(f"{opened.address}/closing", **htmx)  # type: ignore[arg-type]
            assert refused.status_code == 409
            assert f"{opened.address}/status/without-tasks" in refused.content.decode()
        status = refused.context["wanted_status"]

        going = ada.post(f"{opened.address}/status/without-tasks", {"status_id": status, "reason": "Found."})

        assert going.status_code == 302
        with workspace_scope(house.north):
            assert is_done(opened.id)
            assert Task.objects.get(pk=task_id).said == "Found."

    def test_takes_one_back_and_a_colleague_hears_why(
        self, signed_in: Browsers, house: House, opened: Opened, billing: int
    ) -> None:
        ada = signed_in("ada")
        task_id = ask(ada, opened, billing)
        back = f"{opened.address}/tasks/{task_id}/withdrawal"

        assert signed_in("anh").post(back, {"reason": "x"}).status_code == 403
        assert ada.post(back, {"reason": "Found it."}, HTTP_HX_REQUEST="true").status_code == 200

        assert "Found it." in signed_in("cole").get(f"/w/north/tasks/{task_id}").content.decode()
        assert ada.post(f"/w/north/cases/{opened.number + 1}/tasks/{task_id}/withdrawal").status_code == 404
