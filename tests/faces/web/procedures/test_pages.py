"""The designer, the procedure on the page of a case, and what waits for approval."""

import re
from typing import Any

import pytest

from careloop.domains.cases.queries import case_id_of_number
from careloop.domains.procedures import queries, services
from careloop.domains.procedures.types import RunRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.procedures.conftest import Browsers, Opened
from tests.procedures import REFUND

pytestmark = pytest.mark.database

ADMIN = "/w/north/admin/procedures/"
WRITTEN: dict[str, Any] = {
    "name": "Refund",
    "words": "Above what an agent may decide",
    "begins": "hand",
    "stage": ["0", "1"],
    "stage-name-0": "Request",
    "step-of-0": ["s1"],
    "step-kind-s1": "form",
    "step-title-s1": "What is refunded",
    "step-mandatory-s1": "on",
    "ask-of-s1": ["0"],
    "ask-key-s1-0": "f1",
    "ask-kind-s1-0": "amount",
    "ask-label-s1-0": "Amount",
    "ask-currency-s1-0": "EUR",
    "ask-required-s1-0": "on",
    "stage-name-1": "Approval",
    "step-of-1": ["s2"],
    "step-kind-s2": "approval",
    "step-title-s2": "Approve the refund",
    "step-mandatory-s2": "on",
    "step-amount-s2": "s1.f1",
    "step-climb-s2": "all",
    "rung-of-s2": ["0", "1"],
    "rung-whom-s2-0": "team_lead",
    "rung-upto-s2-0": "100",
    "rung-whom-s2-1": "role",
    "rung-role-s2-1": "manager",
}


def begun(house: House, opened: Opened) -> RunRow:
    """Begin the refund in Omar's case as Ada."""
    with workspace_scope(house.north):
        procedure_id = services.make_procedure(settings=REFUND, actor=house.actor("mina"), at=NOW)
        case_id = case_id_of_number(number=opened.number, viewer=HOUSE)
        run_id = services.begin_procedure(procedure_id=procedure_id, case_id=case_id, actor=house.actor("ada"), at=NOW)
        return queries.run_of(run_id=run_id, viewer=HOUSE)


def step_of(house: House, run: RunRow, key: str) -> Any:
    with workspace_scope(house.north):
        return queries.run_of(run_id=run.id, viewer=HOUSE).course.step(key)


class TestDesigner:
    def test_publishes_what_was_written_after_a_trial(self, signed_in: Browsers, house: House) -> None:
        mina = signed_in("mina")
        tried = mina.post(ADMIN + "new", {**WRITTEN, "act": "try"})
        assert tried.status_code == 200
        assert b"As cases will see it" in tried.content
        with workspace_scope(house.north):
            assert queries.procedures_of(HOUSE) == []

        assert mina.post(ADMIN + "new", {**WRITTEN, "act": "publish"}).status_code == 302

        with workspace_scope(house.north):
            (row,) = queries.procedures_of(HOUSE)
        step = row.settings.stages[1].steps[0]
        assert (row.version, step.amount, len(step.rungs)) == (1, "s1.f1", 2)
        page = mina.get(f"{ADMIN}{row.id}").content.decode()
        assert 'value="100"' in page
        assert mina.get(ADMIN).status_code == 200
        again = mina.post(f"{ADMIN}{row.id}", {**WRITTEN, "words": "More", "act": "publish"})
        assert again.status_code == 302
        with workspace_scope(house.north):
            assert queries.procedures_of(HOUSE)[0].version == 2
        assert mina.post(f"{ADMIN}{row.id}/retirement").status_code == 302

    def test_keeps_what_was_typed_when_it_is_refused(self, signed_in: Browsers) -> None:
        answer = signed_in("mina").post(
            ADMIN + "new", {**WRITTEN, "name": "", "rung-upto-s2-0": "much", "act": "publish"}
        )

        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="much"' in page
        assert "What is refunded" in page

    @pytest.mark.parametrize(
        ("act", "expected"),
        [
            ("stage", 'name="stage-name-2"'),
            ("step-0", 'name="step-title-s3"'),
            ("ask-s1", 'name="ask-label-s1-1"'),
            ("rung-s2", 'name="rung-whom-s2-2"'),
        ],
    )
    def test_buttons_add_what_they_say(self, signed_in: Browsers, act: str, expected: str) -> None:
        assert expected in signed_in("mina").post(ADMIN + "new", {**WRITTEN, "act": act}).content.decode()

    @pytest.mark.parametrize(
        ("act", "gone"),
        [
            ("unstage-1", 'name="step-title-s2"'),
            ("unstep-0-0", 'name="step-title-s1"'),
            ("unrung-s2-1", 'name="rung-whom-s2-1"'),
        ],
    )
    def test_buttons_remove_what_they_say(self, signed_in: Browsers, act: str, gone: str) -> None:
        assert gone not in signed_in("mina").post(ADMIN + "new", {**WRITTEN, "act": act}).content.decode()

    def test_buttons_move_a_stage(self, signed_in: Browsers) -> None:
        page = signed_in("mina").post(ADMIN + "new", {**WRITTEN, "act": "stageup-1"}).content.decode()

        assert page.index('name="step-title-s2"') < page.index('name="step-title-s1"')

    @pytest.mark.parametrize(("name", "status"), [("grace", 403), ("ada", 403)])
    def test_is_for_owners_and_managers(self, signed_in: Browsers, name: str, status: int) -> None:
        assert signed_in(name).get(ADMIN + "new").status_code == status
        assert signed_in(name).post(ADMIN + "new", {**WRITTEN, "act": "publish"}).status_code == status

    def test_a_lead_reads_it(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        run = begun(house, opened)
        page = signed_in("grace").get(f"{ADMIN}{run.procedure_id}")

        assert page.status_code == 200
        assert b"Approve the refund" in page.content
        assert b"procedure-editor" not in page.content


class TestCase:
    def test_goes_from_request_to_two_approvals(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        run = begun(house, opened)
        ada, grace, mina = signed_in("ada"), signed_in("grace"), signed_in("mina")
        at = f"/w/north/cases/{opened.number}/procedures/{run.id}/steps"
        assert b"What is refunded" in ada.get(f"/w/north/cases/{opened.number}").content

        assert ada.post(f"{at}/form/answers", {"sum": "250"}).status_code == 302
        assert ada.post(f"{at}/ok/request").status_code == 302
        assert ada.post(f"{at}/ok/approval", {"rung": "0"}).status_code == 403
        listed = grace.get("/w/north/approvals").content.decode()
        assert "250" in listed
        sent = grace.post(f"{at}/ok/approval", {"rung": "0", "from": "approvals"})
        assert sent["Location"] == "/w/north/approvals"
        late = grace.post(f"{at}/ok/approval", {"rung": "0"}, headers={"HX-Request": "true"})
        assert late.status_code == 409
        assert b"Grace has approved" in late.content
        assert mina.post(f"{at}/ok/approval", {"rung": "1"}).status_code == 302
        assert ada.post(f"{at}/paid/check").status_code == 302

        page = ada.get(f"/w/north/cases/{opened.number}").content.decode()
        assert re.search(r"The procedure “Refund” is\s+done\.", page)

    def test_is_refused_from_the_list_with_a_reason(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        run = begun(house, opened)
        ada, grace = signed_in("ada"), signed_in("grace")
        at = f"/w/north/cases/{opened.number}/procedures/{run.id}/steps"
        ada.post(f"{at}/form/answers", {"sum": "250"})
        ada.post(f"{at}/ok/request")
        listed = grace.get("/w/north/approvals").content.decode()
        assert f"Refuse: Approve the refund, #{opened.number}" in listed

        without = grace.post(f"{at}/ok/refusal", {"rung": "0", "from": "approvals", "reason": " "})
        sent = grace.post(f"{at}/ok/refusal", {"rung": "0", "from": "approvals", "reason": "Not proved"})

        assert without.status_code == 422
        assert sent["Location"] == "/w/north/approvals"
        assert "Nothing waits for you" in grace.get("/w/north/approvals").content.decode()
        assert "Not proved" in ada.get(f"/w/north/cases/{opened.number}").content.decode()

    def test_a_case_in_it_is_not_solved(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        begun(house, opened)
        ada = signed_in("ada")
        page = ada.get(f"/w/north/cases/{opened.number}").content.decode()
        status = re.search(r'name="status_id" value="(\d+)"', page)
        assert status is not None

        answer = ada.post(f"/w/north/cases/{opened.number}/status", {"status_id": status[1]})

        assert answer.status_code == 409
        assert "cannot be solved yet" in answer.content.decode()

    def test_keeps_what_was_typed_when_it_is_refused(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        run = begun(house, opened)
        answer = signed_in("ada").post(
            f"/w/north/cases/{opened.number}/procedures/{run.id}/steps/form/answers",
            {"sum": "a lot"},
            headers={"HX-Request": "true"},
        )

        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="a lot"' in page
        assert "is no number" in page

    def test_a_manager_goes_on_without_it(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        run = begun(house, opened)
        at = f"/w/north/cases/{opened.number}/procedures/{run.id}/skip"
        assert signed_in("ada").post(at, {"reason": "No time"}).status_code == 403
        assert signed_in("mina").post(at, {"reason": ""}).status_code == 422
        assert signed_in("mina").post(at, {"reason": "A court says so"}).status_code == 302

        assert b"A court says so" in signed_in("ada").get(f"/w/north/cases/{opened.number}").content

    def test_begins_by_hand(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        with workspace_scope(house.north):
            procedure_id = services.make_procedure(settings=REFUND, actor=house.actor("mina"), at=NOW)
        at = f"/w/north/cases/{opened.number}/procedures/begun"

        assert signed_in("ada").post(at, {"procedure_id": procedure_id}).status_code == 302
        assert signed_in("ada").post(at, {"procedure_id": procedure_id}).status_code == 409
        assert signed_in("vera").post(at, {"procedure_id": procedure_id}).status_code == 403

    def test_a_stranger_finds_nothing(self, signed_in: Browsers, house: House, opened: Opened) -> None:
        run = begun(house, opened)
        at = f"cases/{opened.number}/procedures/{run.id}/steps/ok/approval"

        assert signed_in("ines").post(f"/w/north/{at}", {"rung": "0"}).status_code == 404
        assert signed_in("ines").post(f"/w/south/{at}", {"rung": "0"}).status_code == 404
        assert signed_in("ines").get(f"/w/south/admin/procedures/{run.procedure_id}").status_code == 404
        assert step_of(house, run, "ok").granted == ()
        assert b"Refund" not in signed_in("vera").get(f"/w/north/cases/{opened.number}").content


class TestAbsence:
    def test_is_begun_and_ended(self, signed_in: Browsers, house: House) -> None:
        grace = signed_in("grace")
        url = "/w/north/approvals"
        wrong = grace.post(f"{url}/absence", {"until": "2001-01-01T10:00", "deputy": ""})
        assert wrong.status_code == 422
        assert grace.post(f"{url}/absence", {"until": "", "deputy": str(house.ids["anh"])}).status_code == 302
        page = grace.get(url).content.decode()
        assert "You are away." in page
        assert "Anh is asked in your place." in page
        assert grace.post(f"{url}/absence/end").status_code == 302
        assert "You are away." not in grace.get(url).content.decode()

    @pytest.mark.parametrize("name", ["cole", "vera"])
    def test_is_not_for_those_who_approve_nothing(self, signed_in: Browsers, name: str) -> None:
        assert signed_in(name).get("/w/north/approvals").status_code == 403
