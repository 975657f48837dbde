"""Rules on calls and chats that ended unanswered: the case that they open, whom they call back, and what they leave alone."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from careloop.domains.automation.errors import BadRule
from careloop.domains.automation.models import Wait
from careloop.domains.automation.services import pause_rule, resume_rule
from careloop.domains.automation.states import ActionKind, Outcome, Result, When, Why
from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.models import Call
from careloop.domains.calls.queries import call_row
from careloop.domains.calls.services import attach_call
from careloop.domains.cases import services as case_services
from careloop.domains.cases.models import Case
from careloop.domains.cases.states import Category
from careloop.domains.chats import services as chats
from careloop.domains.chats.states import EndedBy
from careloop.domains.commitments.models import Callback
from careloop.domains.customers.queries import card
from careloop.domains.customers.services import create_customer
from careloop.domains.notifications.queries import notices_of
from careloop.kernel.actors import HOUSE
from careloop.processes.automation.running import run_rules, tell_about_rule
from careloop.processes.automation.trying import what_it_would_have_touched
from tests.calling import connect, talked, tell
from tests.cast import NOW
from tests.chatting import begin, put_on_site
from tests.processes.automation.conftest import Desk, does, later
from tests.processes.automation.test_running import ring_due_now

pytestmark = pytest.mark.database

NUMBER = "01055556666"
CALL, CHAT = (When.CALL_UNANSWERED,), (When.CHAT_UNANSWERED,)
CALL_BACK = (does(ActionKind.CALLBACK, "\nMissed call"), does(ActionKind.TAG, "missed"))
LONG = {"field": "waited_s", "operator": "at_least", "value": 30}
_keys = count(1)


@pytest.fixture
def pbx(desk: Desk) -> int:
    return connect(user_id=None, at=NOW)


def rings(
    pbx: int,
    *,
    at: datetime = NOW,
    seconds: int = 45,
    number: str = NUMBER,
    queue: str = "billing",
    over: Happened = Happened.GAVE_UP,
) -> int:
    """Let somebody call and give up, and return the call."""
    key, end = f"9.{next(_keys)}", at + timedelta(seconds=seconds)
    told = [
        Step(what=Happened.BEGAN, key=key, at=at, number=number, queue="", seat=""),
        Step(what=Happened.QUEUED, key=key, at=at, number=number, queue=queue, seat=""),
        Step(what=over, key=key, at=end, number="", queue="", seat=""),
        Step(what=Happened.HUNG_UP, key=key, at=end, number="", queue="", seat=""),
    ]
    tell(pbx, told, people={}, at=end)
    return int(Call.objects.get(key=key).pk)


class TestCall:
    def test_gets_a_case_and_a_callback_however_often_the_log_is_read(self, desk: Desk, pbx: int) -> None:
        rule = desk.rule(when=CALL, conditions=LONG, actions=CALL_BACK)
        call_id = rings(pbx)
        events = desk.unread()
        run_rules(events)
        run_rules(events)

        (run,) = desk.runs()
        row = call_row(call_id)
        assert (run.rule_id, run.outcome, run.case_id) == (rule, Outcome.DONE, row.case_id)
        assert [step.result for step in run.steps] == [Result.DONE, Result.DONE]
        case = desk.case(row.case_id or 0)
        assert (case.subject, case.channel, case.tags) == (f"Missed call: {NUMBER}", "voice", ("missed",))
        assert Case.objects.count() == 1
        assert Callback.objects.get().clock.case_id == row.case_id
        assert [one.value for one in card(customer_id=row.customer_id or 0, viewer=HOUSE).identities] == [NUMBER]

    def test_is_one_case_and_one_callback_for_who_tries_again(self, desk: Desk, pbx: int) -> None:
        desk.rule(when=CALL, actions=CALL_BACK)
        first = rings(pbx)
        desk.follow()
        second = rings(pbx, at=NOW + timedelta(minutes=5))
        other = rings(pbx, number="01099998888")
        desk.follow()

        assert call_row(first).case_id == call_row(second).case_id != call_row(other).case_id
        assert [step.code for run in reversed(desk.runs()) for step in run.steps] == [
            "",
            "",
            "callback_owed",
            "",
            "",
            "",
        ]
        case_id = call_row(first).case_id or 0
        case_services.change_status(case_id=case_id, status_id=desk.status(Category.SOLVED), actor=HOUSE, at=NOW)
        anew = rings(pbx, at=later(3))
        desk.follow()
        assert call_row(anew).case_id not in {case_id, None}

    @pytest.mark.parametrize(
        ("conditions", "is_touched"),
        [
            ({"field": "waited_s", "operator": "at_least", "value": 46}, False),
            ({"field": "queue", "operator": "any_of", "value": ["billing"]}, True),
            ({"field": "queue", "operator": "any_of", "value": ["sales"]}, False),
            ({"field": "is_known", "operator": "is", "value": True}, False),
            ({"field": "has_case", "operator": "is", "value": False}, True),
            ({"field": "ending", "operator": "is", "value": "left"}, False),
            # NOW is evening in Seoul.
            ({"field": "is_open", "operator": "is", "value": True}, False),
            ({"field": "tries", "operator": "at_least", "value": 2}, False),
        ],
    )
    def test_is_asked_what_it_was_like(
        self, desk: Desk, pbx: int, conditions: dict[str, object], is_touched: bool
    ) -> None:
        desk.rule(when=CALL, conditions=conditions)
        call_id = rings(pbx)
        desk.follow()

        assert (call_row(call_id).case_id is not None) is is_touched
        trial = what_it_would_have_touched(
            settings=desk.said(when=CALL, conditions=conditions), viewer=desk.mina, at=later(1)
        )
        known = conditions["field"] == "has_case"
        assert ([one.call_id for one in trial.touched] == [call_id]) is (is_touched and not known)

    def test_looks_later_and_leaves_alone_whom_we_have_spoken_with(self, desk: Desk, pbx: int) -> None:
        reached = {"field": "is_reached", "operator": "is", "value": False}
        desk.rule(when=CALL, conditions=reached, delay_s=600)
        lost, came_back = rings(pbx), rings(pbx, number="01077776666")
        talked(pbx, people={}, at=NOW + timedelta(minutes=3), key="10.1", number="01077776666")
        desk.follow()

        assert Wait.objects.filter(case=None).count() == 2
        assert ring_due_now(desk, later(0.5)) == 2
        assert call_row(lost).case_id is not None
        assert call_row(came_back).case_id is None
        assert len(desk.runs()) == 1

    def test_that_was_answered_is_left_alone(self, desk: Desk, pbx: int) -> None:
        desk.rule(when=CALL)
        talked(pbx, people={}, at=NOW)
        desk.follow()

        assert desk.runs() == []

    def test_of_nobody_or_of_several_gets_no_case_and_the_log_says_so(self, desk: Desk, pbx: int) -> None:
        for name, number in (("Omar", "+82 10-5555-6666"), ("His wife", "010-5555-6666")):
            create_customer(name=name, kind="phone", value=number, language="", source="test", actor=HOUSE, at=NOW)
        desk.rule(when=CALL, actions=CALL_BACK)
        rings(pbx, number="")
        call_id = rings(pbx)
        desk.follow()

        assert [(run.outcome, run.why, run.case_id) for run in desk.runs()] == [(Outcome.STOPPED, Why.NOBODY, None)] * 2
        assert not Case.objects.exists()
        trial = what_it_would_have_touched(settings=desk.said(when=CALL), viewer=desk.mina, at=later(1))
        assert (trial.event_count, trial.touched) == (2, ())
        omars = desk.opens()
        attach_call(call_id=call_id, case_id=omars, actor=HOUSE, at=NOW)
        rings(pbx)
        desk.follow()
        assert desk.outcomes() == [Outcome.STOPPED] * 3

    def test_sets_off_the_rules_on_cases_in_the_same_chain(self, desk: Desk, pbx: int) -> None:
        desk.rule(when=CALL)
        desk.rule("Urgent", actions=(does(ActionKind.PRIORITY, 4),))
        call_id = rings(pbx)
        desk.follow()

        assert desk.case(call_row(call_id).case_id or 0).priority == 4
        assert sorted(run.depth for run in desk.runs()) == [0, 1]

    def test_that_breaks_a_rule_is_undone_and_people_hear_of_it(
        self, desk: Desk, pbx: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rule = desk.rule(when=CALL)

        def break_down(**_asked: object) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr("careloop.processes.automation.acting.cases.tag", break_down)
        for number in range(6):
            rings(pbx, number=f"0105555777{number}")
        desk.follow()

        assert desk.outcomes(rule_id=rule) == [Outcome.FAILED] * 5
        assert not Case.objects.exists()
        desk.read_to = 0
        tell_about_rule([one for one in desk.unread() if one.name == "rule.paused"])
        (notice,) = notices_of(viewer=desk.mina).items
        assert (notice.kind, notice.case_id) == ("rule_paused", None)

    def test_is_made_up_for_by_nobody(self, desk: Desk, pbx: int) -> None:
        rings(pbx)
        rule = desk.rule(when=CALL)
        pause_rule(rule_id=rule, actor=desk.mina, at=NOW)
        rings(pbx)
        desk.follow()
        resume_rule(rule_id=rule, actor=desk.mina, at=NOW)
        desk.read_to = 0
        desk.follow()

        assert desk.runs() == []


class TestChat:
    def test_is_taken_up_in_its_own_case(self, desk: Desk) -> None:
        desk.rule(when=CHAT, conditions={"field": "ending", "operator": "is", "value": "given_up"})
        widget = put_on_site()
        given_up, waited_out, waiting = (begin(widget, address=f"v{name}@customer.example") for name in range(3))
        for chat, by in ((given_up, EndedBy.VISITOR), (waited_out, EndedBy.NOBODY)):
            chats.end(chat_id=chat.id, by=by, actor=HOUSE, at=NOW + timedelta(minutes=1))
        desk.follow()

        assert [run.case_id for run in desk.runs()] == [given_up.case_id]
        assert desk.case(given_up.case_id).tags == ("seen",)
        assert desk.case(waiting.case_id).tags == ()


class TestRule:
    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"when": (When.OPENED, When.CALL_UNANSWERED)}, "when"),
            ({"when": CALL, "conditions": {"field": "priority", "operator": "is", "value": "4"}}, "conditions"),
            ({"when": (When.OPENED,), "conditions": LONG}, "conditions"),
        ],
    )
    def test_asks_either_about_cases_or_about_calls_and_chats(
        self, desk: Desk, said: dict[str, object], field: str
    ) -> None:
        with pytest.raises(BadRule) as refused:
            desk.rule(**said)  # type: ignore[arg-type]

        assert field in refused.value.fields
