"""Rules and macros that promise a callback and begin a procedure: as people do, once, and each refusal in the log."""

from datetime import timedelta

import pytest

from careloop.domains.automation import services
from careloop.domains.automation.errors import BadRule
from careloop.domains.automation.states import ActionKind, Outcome, Result, When
from careloop.domains.automation.types import MacroSettings
from careloop.domains.calls.errors import NumberMissing
from careloop.domains.calls.services import decline_calls
from careloop.domains.cases import services as case_services
from careloop.domains.cases.states import Category
from careloop.domains.commitments.models import Callback
from careloop.domains.customers.services import link_identity
from careloop.domains.procedures import services as procedures
from careloop.domains.procedures.queries import runs_in
from careloop.kernel.actors import HOUSE
from careloop.processes.automation import apply_macro
from tests.cast import NOW
from tests.procedures import REFUND
from tests.processes.automation.conftest import Desk, does

pytestmark = pytest.mark.database

CALL = does(ActionKind.CALLBACK, "7200\nSay when it comes")


def reachable(desk: Desk) -> None:
    link_identity(
        customer_id=desk.omar,
        kind="phone",
        value="+821012345678",
        confidence=1.0,
        actor=desk.house.actor("ada"),
        at=NOW,
    )


def results(desk: Desk) -> list[tuple[Result, str]]:
    """Return what became of each action, of the oldest run first."""
    return [(step.result, step.code) for run in reversed(desk.runs()) for step in run.steps]


class TestCallback:
    def test_is_promised_once_for_the_time_that_is_said(self, desk: Desk) -> None:
        reachable(desk)
        rule = desk.rule(actions=(CALL,), when=(When.OPENED, When.TAGGED))
        case_id = desk.opens()
        desk.follow()

        callback = Callback.objects.select_related("clock").get()
        assert (callback.way, callback.note) == ("call", "Say when it comes")
        # It is evening in Seoul: two hours are over in the morning, and nobody calls before.
        assert (callback.clock.case_id, callback.clock.due_at) == (case_id, NOW + timedelta(hours=17))
        assert callback.from_at == NOW + timedelta(hours=15)
        assert callback.promised_by.startswith(f"house:rule-{rule}.")
        case_services.tag(case_id=case_id, add=("again",), remove=(), actor=desk.ada, at=NOW)
        desk.follow()
        assert results(desk) == [(Result.DONE, ""), (Result.REFUSED, "callback_owed")]
        assert Callback.objects.count() == 1

    def test_is_refused_where_nobody_can_or_may_call_and_leaves_the_rest_standing(self, desk: Desk) -> None:
        usual = does(ActionKind.CALLBACK)
        desk.rule(actions=(usual, does(ActionKind.TAG, "seen")))
        nobody = desk.opens()
        desk.follow()
        reachable(desk)
        decline_calls(customer_id=desk.omar, actor=desk.ada, at=NOW)
        desk.opens()
        desk.follow()

        done = (Result.DONE, "")
        assert results(desk) == [
            (Result.REFUSED, "number_missing"),
            done,
            (Result.REFUSED, "does_not_want_calls"),
            done,
        ]
        assert desk.case(nobody).tags == ("seen",)
        assert not Callback.objects.exists()

    @pytest.mark.parametrize("value", ["60", "soon", "99999999", "\n" + "x" * 501])
    def test_is_checked_before_it_is_kept(self, desk: Desk, value: str) -> None:
        with pytest.raises(BadRule) as refused:
            desk.rule(actions=(does(ActionKind.CALLBACK, value),))

        assert list(refused.value.fields) == ["actions"]

    def test_in_a_macro_it_is_all_or_nothing(self, desk: Desk) -> None:
        settings = MacroSettings(name="Call them", actions=(does(ActionKind.TAG, "seen"), CALL), is_shared=False)
        macro = services.save_macro(macro_id=None, settings=settings, actor=desk.ada, at=NOW)
        case_id = desk.opens()

        with pytest.raises(NumberMissing):
            apply_macro(macro_id=macro, case_id=case_id, actor=desk.ada, at=NOW)
        assert desk.case(case_id).tags == ()
        reachable(desk)
        steps = apply_macro(macro_id=macro, case_id=case_id, actor=desk.ada, at=NOW)

        assert [step.result for step in steps] == [Result.DONE, Result.DONE]
        assert Callback.objects.get().promised_by == str(desk.ada)


class TestProcedure:
    def test_begins_once_in_the_life_of_a_case(self, desk: Desk) -> None:
        refund = procedures.make_procedure(settings=REFUND, actor=desk.mina, at=NOW)
        desk.rule(actions=(does(ActionKind.PROCEDURE, refund),), when=(When.OPENED, When.TAGGED))
        case_id = desk.opens()
        desk.follow()

        (run,) = runs_in(case_id=case_id, viewer=desk.ada)
        (logged,) = desk.runs()
        assert logged.steps[0].made_id == run.id
        procedures.skip_procedure(run_id=run.id, reason="Paid already", actor=desk.mina, at=NOW)
        case_services.tag(case_id=case_id, add=("again",), remove=(), actor=desk.ada, at=NOW)
        desk.follow()
        assert results(desk) == [(Result.DONE, ""), (Result.REFUSED, "procedure_begun_already")]
        assert len(runs_in(case_id=case_id, viewer=desk.ada)) == 1

    def test_is_refused_in_a_solved_case_and_out_of_use(self, desk: Desk) -> None:
        refund = procedures.make_procedure(settings=REFUND, actor=desk.mina, at=NOW)
        desk.rule(actions=(does(ActionKind.PROCEDURE, refund),), when=(When.OPENED, When.SOLVED))
        with pytest.raises(BadRule):
            desk.rule("Another", actions=(does(ActionKind.PROCEDURE, refund + 1),))
        procedures.retire_procedure(procedure_id=refund, actor=desk.mina, at=NOW)
        case_id = desk.opens()
        desk.follow()
        solved = desk.status(Category.SOLVED)
        case_services.change_status(case_id=case_id, status_id=solved, actor=HOUSE, at=NOW)
        desk.follow()

        assert results(desk) == [(Result.REFUSED, "procedure_not_found")] * 2
        assert desk.outcomes() == [Outcome.DONE, Outcome.DONE]
