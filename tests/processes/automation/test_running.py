"""Rules at work: in their order, once an event, by the acts that everybody has, and each refusal in the log."""

from typing import Any

import pytest

from careloop.domains.automation import services
from careloop.domains.automation.models import Wait
from careloop.domains.automation.queries import rule_of, runs_that_wrote
from careloop.domains.automation.states import ActionKind, Outcome, Result, State, When, Why
from careloop.domains.cases import services as case_services
from careloop.domains.cases.queries import notes_of
from careloop.domains.cases.states import Category
from careloop.domains.notifications.queries import notices_of
from careloop.kernel.events import history, subject
from careloop.processes.automation.running import ring_wait, run_rules, tell_about_rule
from tests.cast import NOW
from tests.processes.automation.conftest import Desk, does, later

pytestmark = pytest.mark.database


class TestRun:
    def test_acts_on_what_it_waits_for_and_the_log_names_it(self, desk: Desk) -> None:
        rule = desk.rule()
        case_id = desk.opens()
        desk.follow()

        assert desk.case(case_id).tags == ("seen",)
        (run,) = desk.runs()
        assert (run.rule_id, run.version, run.outcome, run.depth) == (rule, 1, Outcome.DONE, 0)
        assert [(step.kind, step.result) for step in run.steps] == [(ActionKind.TAG, Result.DONE)]
        (tagged,) = [one for one in history([subject("case", case_id)], limit=10) if one.name == "case.tagged"]
        assert tagged.event.actor == f"house:rule-{rule}.{run.id}"

    def test_asks_its_conditions(self, desk: Desk) -> None:
        desk.rule(conditions={"field": "words", "operator": "contains_words", "value": "refund"})
        parcel, refund = desk.opens(), desk.opens(subject="A refund please")
        desk.follow()

        assert (desk.case(parcel).tags, desk.case(refund).tags) == ((), ("seen",))

    def test_rules_are_asked_in_their_order_and_see_what_the_one_before_did(self, desk: Desk) -> None:
        urgent = {"field": "priority", "operator": "is", "value": "4"}
        desk.rule("Tag the urgent", conditions=urgent)
        raises = desk.rule("All is urgent", actions=(does(ActionKind.PRIORITY, 4),))
        before = desk.opens()
        desk.follow()
        services.move_rule(rule_id=raises, position=0, actor=desk.mina, at=NOW)
        after = desk.opens()
        desk.follow()

        assert (desk.case(before).tags, desk.case(after).tags) == ((), ("seen",))

    def test_leaves_alone_what_was_there_before_it(self, desk: Desk) -> None:
        case_id = desk.opens()
        desk.rule()
        desk.follow()

        assert desk.case(case_id).tags == ()
        assert desk.runs() == []

    def test_leaves_alone_what_was_imported(self, desk: Desk) -> None:
        desk.rule()
        case_id = desk.opens(is_quiet=True)
        desk.follow()

        assert desk.case(case_id).tags == ()

    def test_reading_again_changes_nothing(self, desk: Desk) -> None:
        desk.rule(actions=(does(ActionKind.NOTE, "Look at this"), does(ActionKind.PRIORITY, 3)))
        case_id = desk.opens()
        events = desk.unread()
        run_rules(events)
        before = (desk.case(case_id), desk.runs(), len(history([subject("case", case_id)], limit=100)))

        run_rules(events)
        run_rules(events)

        assert (desk.case(case_id), desk.runs(), len(history([subject("case", case_id)], limit=100))) == before

    def test_what_is_refused_leaves_the_other_actions_standing(self, desk: Desk) -> None:
        waiting = desk.status(Category.WAITING)
        desk.rule(when=(When.CLOSED,), actions=(does(ActionKind.STATUS, waiting), does(ActionKind.TAG, "was closed")))
        case_id = desk.opens()
        case_services.change_status(case_id=case_id, status_id=desk.status(Category.CLOSED), actor=desk.ada, at=NOW)
        desk.follow()

        (run,) = desk.runs()
        assert [(step.result, step.code) for step in run.steps] == [
            (Result.REFUSED, "move_not_allowed"),
            (Result.DONE, ""),
        ]
        assert (desk.case(case_id).category, desk.case(case_id).tags) == ("closed", ("was closed",))

    def test_says_what_was_so_already(self, desk: Desk) -> None:
        desk.rule(actions=(does(ActionKind.PRIORITY, 2),))
        desk.opens(priority=2)
        desk.follow()

        assert [step.result for step in desk.runs()[0].steps] == [Result.UNCHANGED]

    def test_writes_notes_and_tells_people(self, desk: Desk) -> None:
        ids = desk.house.ids
        note = "Mind the <b>age</b> of this customer"
        desk.rule(actions=(does(ActionKind.NOTE, note), does(ActionKind.NOTIFY, ids["grace"])))
        case_id = desk.opens()
        desk.follow()

        (written,) = notes_of(case_id=case_id, viewer=desk.ada)
        assert (written.author_id, written.author, written.text) == (None, "Careloop", note)
        assert "<b>" not in written.html
        assert runs_that_wrote(case_id)[1].keys() == {written.id}
        told = notices_of(viewer=desk.house.actor("grace")).items
        assert [(notice.kind, notice.case_id) for notice in told] == [("rule_told", case_id)]
        assert notices_of(viewer=desk.ada).items == []

    def test_gives_a_case_to_people_who_can_take_it_and_says_when_they_cannot(self, desk: Desk) -> None:
        ids = desk.house.ids
        desk.rule("To Ada", actions=(does(ActionKind.ASSIGN, ids["ada"]),))
        desk.rule("To Vera", actions=(does(ActionKind.ASSIGN, ids["vera"]), does(ActionKind.NOTIFY_ASSIGNEE)))
        case_id = desk.opens()
        desk.follow()

        assert desk.case(case_id).assignee_id == ids["ada"]
        to_vera, _to_ada = desk.runs()
        assert [(step.result, step.code) for step in to_vera.steps] == [
            (Result.REFUSED, "case_unclear"),
            (Result.DONE, ""),
        ]


class TestPause:
    def test_a_paused_rule_rests_and_makes_up_for_nothing(self, desk: Desk) -> None:
        rule = desk.rule()
        services.pause_rule(rule_id=rule, actor=desk.mina, at=NOW)
        resting = desk.opens()
        desk.follow()
        services.resume_rule(rule_id=rule, actor=desk.mina, at=NOW)
        awake = desk.opens()
        desk.read_to = 0
        desk.follow()

        assert (desk.case(resting).tags, desk.case(awake).tags) == ((), ("seen",))

    def test_a_rule_that_keeps_failing_is_paused_and_delays_no_other(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = desk.rule("Broken", actions=(does(ActionKind.TAG, "half done"), does(ActionKind.SPAM)))
        desk.rule("Sound")

        def break_down(**_asked: Any) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr("careloop.processes.automation.acting.cases.mark_spam", break_down)
        opened = [desk.opens() for _each in range(6)]
        desk.follow()

        assert [desk.case(case_id).tags for case_id in opened] == [("seen",)] * 6
        assert desk.outcomes(rule_id=broken) == [Outcome.FAILED] * 5
        assert {run.error for run in desk.runs(rule_id=broken)} == {"RuntimeError"}
        row = rule_of(desk.mina, rule_id=broken)
        assert (row.state, row.why) == (State.PAUSED, Why.FAILURES)
        paused = [one for one in desk_events(desk) if one.name == "rule.paused"]
        tell_about_rule(paused)
        tell_about_rule(paused)
        for name, kinds in (("olga", ["rule_paused"]), ("mina", ["rule_paused"]), ("ada", [])):
            assert [notice.kind for notice in notices_of(viewer=desk.house.actor(name)).items] == kinds


class TestWait:
    def test_looks_at_the_case_when_its_time_has_come(self, desk: Desk) -> None:
        waiting = {"field": "waiting_since", "operator": "is_set"}
        desk.rule(delay_s=4 * 3600, conditions=waiting)
        unanswered, answered = desk.opens(), desk.opens()
        desk.follow()
        case_services.answered(case_id=answered, message_id=1, status_id=None, actor=desk.ada, at=later(1))

        assert ring_due_now(desk, later(3.9)) == 0
        assert ring_due_now(desk, later(4.1)) == 2
        assert ring_due_now(desk, later(9)) == 0

        assert (desk.case(unanswered).tags, desk.case(answered).tags) == (("seen",), ())
        assert not Wait.objects.exists()

    def test_begins_again_with_the_last_such_event(self, desk: Desk) -> None:
        desk.rule(when=(When.ANSWERED,), delay_s=3600, from_last=True)
        case_id = desk.opens()
        for hours in (0, 0.5):
            case_services.answered(case_id=case_id, message_id=1, status_id=None, actor=desk.ada, at=later(hours))
            desk.follow()

        ring_due_now(desk, later(1.1))
        assert desk.case(case_id).tags == ()
        ring_due_now(desk, later(1.6))
        assert desk.case(case_id).tags == ("seen",)

    def test_reading_again_waits_once(self, desk: Desk) -> None:
        desk.rule(delay_s=3600)
        case_id = desk.opens()
        events = desk.unread()
        run_rules(events)
        run_rules(events)
        ring_due_now(desk, later(2))
        run_rules(events)
        ring_due_now(desk, later(4))

        assert desk.outcomes(case_id=case_id) == [Outcome.DONE]

    def test_a_paused_rule_forgets_what_it_waited_for(self, desk: Desk) -> None:
        rule = desk.rule(delay_s=3600)
        case_id = desk.opens()
        desk.follow()
        services.pause_rule(rule_id=rule, actor=desk.mina, at=NOW)
        services.resume_rule(rule_id=rule, actor=desk.mina, at=NOW)
        ring_due_now(desk, later(2))

        assert desk.case(case_id).tags == ()


def ring_due_now(desk: Desk, at: Any) -> int:
    """Let the waits ring that are due, and return how many."""
    from careloop.kernel.models import Timer

    due = list(Timer.objects.filter(kind=services.RULE_DUE, due_at__lte=at).order_by("due_at", "id"))
    for timer in due:
        timer.delete()
        ring_wait(timer.subject_id, at)
    return len(due)


def desk_events(desk: Desk) -> list[Any]:
    from careloop.kernel.events import events_between, head_position
    from careloop.kernel.readers import number_events

    number_events()
    return events_between(0, head_position(), limit=10_000)
