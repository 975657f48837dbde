"""Procedures in a case: what opens when, what holds the case, who approves, and that nobody is stuck."""

from dataclasses import replace

import pytest

from careloop.domains.cases.errors import CaseHeld, CaseNotFound, MayNotWorkOnCases
from careloop.domains.cases.queries import case_detail
from careloop.domains.cases.services import close_solved
from careloop.domains.cases.states import Category
from careloop.domains.people.services import end_membership
from careloop.domains.procedures import queries, services
from careloop.domains.procedures.errors import (
    AlreadyDecided,
    ApprovalNotYours,
    BadAbsence,
    BadAnswers,
    BadProcedure,
    MayNotMakeProcedures,
    MayNotSeeProcedures,
    MayNotSkip,
    ProcedureBegunAlready,
    ProcedureEnded,
    ProcedureNameTaken,
    ProcedureNotFound,
    ProcedureStandsSo,
    ReasonMissing,
    RunNotFound,
    StepNotOpen,
)
from careloop.domains.procedures.models import Done, ProcedureVersion, Run
from careloop.domains.procedures.states import Begins, RunState, StandIn, Standing
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.errors import Refusal
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House, open_house
from tests.domains.procedures.conftest import Office, later, open_office
from tests.procedures import REFUND, TICK, refund, stages
from tests.processes.test_two_at_once import at_once

pytestmark = pytest.mark.database


def acts_of(office: Office) -> list[str]:
    """Return what the log has of the case since it was opened, the oldest first."""
    return [one.name for one in reversed(history([subject("case", office.case_id)], limit=50))][1:]


class TestVersions:
    def test_a_case_stays_in_the_version_it_began_in(self, office: Office) -> None:
        office.begins()
        shorter = replace(REFUND, stages=stages()[2:])
        services.change_procedure(procedure_id=office.procedure_id, settings=shorter, actor=office("mina"), at=later(1))

        assert (office.run().version, len(office.run().course.stages)) == (1, 3)
        assert [row.version for row in queries.versions_of(office("grace"), procedure_id=office.procedure_id)] == [2, 1]
        assert ProcedureVersion.objects.get(version=1).effective_at == NOW

    def test_a_new_name_alone_is_no_version_and_nothing_new_is_refused(self, office: Office) -> None:
        change = services.change_procedure
        change(procedure_id=office.procedure_id, settings=refund("Money back"), actor=office("mina"), at=later(1))
        assert queries.procedure_of(office("mina"), procedure_id=office.procedure_id).version == 1

        with pytest.raises(ProcedureStandsSo):
            change(procedure_id=office.procedure_id, settings=refund("Money back"), actor=office("mina"), at=later(2))

    def test_a_name_is_taken_until_it_is_out_of_use(self, office: Office) -> None:
        office.begins()
        with pytest.raises(ProcedureNameTaken):
            services.make_procedure(settings=REFUND, actor=office("mina"), at=NOW)

        services.retire_procedure(procedure_id=office.procedure_id, actor=office("mina"), at=later(1))

        services.make_procedure(settings=REFUND, actor=office("mina"), at=later(2))
        office.fills("20")  # what is in progress goes on
        with pytest.raises(ProcedureNotFound):
            services.retire_procedure(procedure_id=office.procedure_id, actor=office("mina"), at=later(3))

    @pytest.mark.parametrize("name", ["grace", "ada", "anh", "cole", "vera"])
    def test_are_for_owners_and_managers(self, office: Office, name: str) -> None:
        with pytest.raises(MayNotMakeProcedures):
            services.make_procedure(settings=refund("Other"), actor=office(name), at=NOW)
        if name != "grace":
            with pytest.raises(MayNotSeeProcedures):
                queries.procedures_of(office(name))

    def test_refuses_what_could_not_be_done_and_says_where(self, office: Office) -> None:
        with pytest.raises(BadProcedure) as caught:
            services.make_procedure(
                settings=refund(
                    " ",
                    begins=Begins.ITSELF,
                    conditions={},
                    stages=stages(rungs=(REFUND.stages[1].steps[0].rungs[0],)),
                ),
                actor=office("mina"),
                at=NOW,
            )

        assert set(caught.value.fields) == {"name", "conditions", "ok"}

    def test_knows_only_people_who_see_every_case(self, office: Office) -> None:
        top = REFUND.stages[1].steps[0].rungs[1]
        wrong = replace(top, deputy_ids=(office.house.ids["ines"],))
        with pytest.raises(BadProcedure):
            services.make_procedure(
                settings=refund("Other", stages=stages(rungs=(wrong,), amount="")), actor=office("mina"), at=NOW
            )


class TestHold:
    def test_a_case_is_not_solved_before_its_steps_are_done(self, office: Office) -> None:
        office.begins()

        with pytest.raises(CaseHeld, match="“What is refunded” of “Refund”"):
            office.solves()
        with pytest.raises(CaseHeld):
            office.solves(category=Category.CLOSED)

        assert not office.is_solved()

    def test_a_customer_hears_nothing_of_our_rules(self, office: Office) -> None:
        office.begins()
        omar = case_detail(case_id=office.case_id, viewer=HOUSE).row.requester_id

        with pytest.raises(CaseHeld) as caught:
            close_solved(case_id=office.case_id, actor=Actor(kind=ActorKind.CUSTOMER, id=omar), at=later(1))

        assert "Refund" not in str(caught.value)
        assert "refunded" not in str(caught.value)

    def test_ends_when_all_is_done(self, office: Office) -> None:
        office.begins().asks("250")
        office.approves("grace")
        with pytest.raises(CaseHeld, match="Approve the refund"):
            office.solves()
        office.approves("mina", rung=1)
        with pytest.raises(CaseHeld, match="Pay it out"):
            office.solves()
        services.check_step(run_id=office.run_id, step="paid", actor=office("ada"), at=later(5))
        office.solves()

        assert office.is_solved()
        assert office.run().state is RunState.DONE
        assert acts_of(office) == [
            "procedure.begun",
            "procedure.step_done",
            "approval.asked",
            "approval.given",
            "approval.given",
            "procedure.step_done",
            "procedure.finished",
            "case.solved",
        ]

    def test_a_manager_leaves_it_out_with_a_reason_and_nobody_else(self, office: Office) -> None:
        office.begins()
        for name in ("ada", "grace", "anh"):
            with pytest.raises(MayNotSkip):
                services.skip_procedure(run_id=office.run_id, reason="Because", actor=office(name), at=later(1))
        with pytest.raises(ReasonMissing):
            services.skip_procedure(run_id=office.run_id, reason=" ", actor=office("mina"), at=later(1))

        services.skip_procedure(run_id=office.run_id, reason="A court says so.", actor=office("mina"), at=later(1))
        office.solves()

        run = office.run()
        assert (run.state, run.reason, run.course.missing != ()) == (RunState.SKIPPED, "A court says so.", True)
        with pytest.raises(ProcedureEnded):
            office.fills("20")

    def test_is_begun_once_at_a_time_and_not_in_a_solved_case(self, office: Office) -> None:
        office.begins()
        with pytest.raises(ProcedureBegunAlready):
            office.begins()
        services.skip_procedure(run_id=office.run_id, reason="Wrong case", actor=office("mina"), at=later(1))
        office.solves()
        with pytest.raises(StepNotOpen):
            office.begins()

        assert Run.objects.count() == 1


class TestSteps:
    def test_wait_for_their_stage(self, office: Office) -> None:
        office.begins()
        with pytest.raises(StepNotOpen, match="Pay it out"):
            services.check_step(run_id=office.run_id, step="paid", actor=office("ada"), at=later(1))
        with pytest.raises(StepNotOpen):
            services.check_step(run_id=office.run_id, step="form", actor=office("ada"), at=later(1))
        with pytest.raises(StepNotOpen):
            services.ask_approval(run_id=office.run_id, step="gone", actor=office("ada"), at=later(1))

        assert Done.objects.count() == 0

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"sum": ""},
            {"sum": "much"},
            {"sum": "-1"},
            {"sum": "1.001"},
            {"sum": "NaN"},
            {"sum": "1e99"},
            {"sum": "1", "why": "Other"},
            {"sum": "1", "more": "x"},
        ],
    )
    def test_a_form_takes_only_what_it_asks_for(self, office: Office, values: dict[str, str]) -> None:
        office.begins()
        with pytest.raises(BadAnswers):
            services.fill_form(run_id=office.run_id, step="form", values=values, actor=office("ada"), at=later(1))

        assert Done.objects.count() == 0

    def test_a_tick_is_taken_back_while_it_goes_on(self, north: House) -> None:
        office = open_office(north)
        two = replace(REFUND, name="Two", stages=(replace(stages()[2], steps=(TICK, replace(TICK, key="told"))),))
        office.procedure_id = services.make_procedure(settings=two, actor=office("mina"), at=NOW)
        office.begins()
        services.check_step(run_id=office.run_id, step="paid", actor=office("ada"), at=later(1))
        with pytest.raises(AlreadyDecided, match="Ada"):
            services.check_step(run_id=office.run_id, step="paid", actor=office("grace"), at=later(2))

        services.uncheck_step(run_id=office.run_id, step="paid", actor=office("grace"), at=later(3))

        assert len(office.run().course.missing) == 2

    @pytest.mark.parametrize("name", ["anh", "vera"])
    def test_are_for_those_who_work_on_cases(self, office: Office, name: str) -> None:
        office.begins()
        with pytest.raises(MayNotWorkOnCases):
            office.fills("20", name=name)

    def test_a_stranger_finds_nothing(self, office: Office) -> None:
        office.begins()
        with pytest.raises(CaseNotFound):
            office.fills("20", name="cole")
        assert queries.runs_in(case_id=office.case_id, viewer=office("vera")) == []
        with pytest.raises(RunNotFound):
            office.run("vera")


class TestApproval:
    def test_is_asked_of_the_lead_and_above_the_limit_of_the_manager(self, office: Office) -> None:
        office.begins().asks("250")
        ids = office.house.ids

        assert [row.step.rung for row in queries.waiting_for(office("grace"), at=later(3))] == [0]
        assert queries.waiting_for(office("mina"), at=later(3)) == []
        office.approves("grace")
        assert queries.waiting_for(office("grace"), at=later(4)) == []
        (row,) = queries.waiting_for(office("mina"), at=later(4))
        assert (row.approvers.asked, row.procedure) == (frozenset({ids["mina"]}), "Refund")

    def test_nobody_approves_their_own_request_or_one_twice(self, office: Office) -> None:
        office.begins()
        office.fills("250", name="grace")
        services.ask_approval(run_id=office.run_id, step="ok", actor=office("ada"), at=later(2))
        for name in ("ada", "grace"):  # one asked, the other wrote down how much
            with pytest.raises(ApprovalNotYours):
                office.approves(name)

        office.approves("mina")  # no other lead is there, so it came to her
        with pytest.raises(ApprovalNotYours):
            office.approves("mina", rung=1)
        office.approves("olga", rung=1)
        step = office.run().course.step("ok")
        assert step is not None
        assert step.standing is Standing.DONE

    @pytest.mark.parametrize("name", ["anh", "vera", "cole"])
    def test_is_given_by_nobody_else(self, office: Office, name: str) -> None:
        office.begins().asks("50")
        with pytest.raises(Refusal) as caught:
            office.approves(name)

        assert caught.value.status in {403, 404}
        assert Done.objects.filter(doing="approved").count() == 0

    def test_who_comes_second_reads_what_happened(self, office: Office) -> None:
        office.begins().asks("50")
        office.approves("grace")

        with pytest.raises(AlreadyDecided, match="Grace has approved"):
            services.refuse(
                run_id=office.run_id, step="ok", rung=0, reason="Too late", actor=office("mina"), at=later(4)
            )

    def test_a_decision_on_another_rung_is_not_taken_for_this_one(self, office: Office) -> None:
        office.begins().asks("250")
        office.approves("grace")
        with pytest.raises(AlreadyDecided):
            office.approves("olga", rung=0)

        assert Done.objects.filter(doing="approved").count() == 1

    def test_a_refusal_has_its_reason_and_may_be_asked_again(self, office: Office) -> None:
        office.begins().asks("50")
        with pytest.raises(ReasonMissing):
            services.refuse(run_id=office.run_id, step="ok", rung=0, reason="", actor=office("grace"), at=later(3))
        services.refuse(
            run_id=office.run_id, step="ok", rung=0, reason="No receipt", actor=office("grace"), at=later(3)
        )
        step = office.run().course.step("ok")
        assert step is not None
        assert step.last is not None
        assert (step.standing, step.last.reason) == (Standing.REFUSED, "No receipt")
        assert queries.waiting_for(office("grace"), at=later(4)) == []

        services.ask_approval(run_id=office.run_id, step="ok", actor=office("ada"), at=later(5))
        office.approves("grace", at=later(6))

    def test_another_form_needs_another_approval(self, office: Office) -> None:
        office.begins().asks("50")
        office.approves("grace")
        office.fills("5000")

        step = office.run().course.step("ok")
        assert step is not None
        assert step.standing is Standing.OPEN
        with pytest.raises(CaseHeld, match="Approve the refund"):
            office.solves()


class TestAbsence:
    def test_a_deputy_stands_in_while_somebody_is_away(self, office: Office) -> None:
        office.begins().asks("50")
        services.begin_absence(until=later(60), deputy_id=office.house.ids["anh"], actor=office("grace"), at=later(2))

        (row,) = queries.waiting_for(office("anh"), at=later(3))
        assert row.approvers.stand_in is StandIn.DEPUTY
        assert queries.waiting_for(office("grace"), at=later(3)) == []
        assert len(queries.waiting_for(office("grace"), at=later(61))) == 1
        office.approves("anh")

        services.end_absence(actor=office("grace"), at=later(4))
        assert queries.absence_of(office.house.ids["grace"], at=later(4)) is None

    @pytest.mark.parametrize("deputy", ["cole", "grace", "ines"])
    def test_refuses_deputies_who_could_not(self, office: Office, deputy: str) -> None:
        with pytest.raises(BadAbsence):
            services.begin_absence(until=None, deputy_id=office.house.ids[deputy], actor=office("grace"), at=later(1))
        with pytest.raises(BadAbsence):
            services.begin_absence(until=NOW, deputy_id=None, actor=office("grace"), at=later(1))

    def test_an_approver_who_left_leaves_nobody_stuck(self, office: Office) -> None:
        office.begins().asks("250")
        end_membership(user_id=office.house.ids["grace"], actor=office("olga"), at=later(3))

        (row,) = queries.waiting_for(office("mina"), at=later(4))
        assert (row.step.rung, row.approvers.stand_in) == (0, StandIn.MANAGER)
        office.approves("mina")
        # She stood in for the lead and does not approve twice; the owner is asked.
        assert [one.step.rung for one in queries.waiting_for(office("olga"), at=later(5))] == [1]
        office.approves("olga", rung=1)


def test_of_two_approvers_at_once_one_wins(committed: None) -> None:
    house = open_house()
    with workspace_scope(house.north):
        office = open_office(house).begins().asks("50")

    def decide() -> None:
        with workspace_scope(house.north):
            office.approves("grace")

    outcomes = at_once(decide, decide)

    with workspace_scope(house.north):
        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyDecided", "NoneType"]
        assert Done.objects.filter(doing="approved").count() == 1
