"""What was promised stands beside the case, with the reason for every due time, for those who work here and for the client."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone, translation

from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import case_detail
from careloop.domains.cases.types import Priority
from careloop.domains.commitments.states import Measure
from careloop.faces.web.casepage.promises import PromiseShown, promises_shown
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.chatting import leave
from tests.cast import NOW, House
from tests.chatting import begin, put_on_site
from tests.faces.web.casepage.conftest import Browsers, Opened, opened_by
from tests.mailing import receive, written
from tests.promising import follow, promise

pytestmark = pytest.mark.database

TUESDAY = datetime(2026, 11, 17, tzinfo=UTC)
"""Nine o'clock in Seoul, when the hours begin that follow the mail of Monday evening."""
Tell = Callable[[Opened, datetime], list[PromiseShown]]


def told(case: Opened, at: datetime, *, who: str = "ada") -> list[PromiseShown]:
    """Return what the panel shows somebody in Seoul."""
    with workspace_scope(case.house.north), timezone.override("Asia/Seoul"):
        return list(promises_shown(case.detail_in_scope().row, viewer=case.house.actor(who), now=at).now)


def answer(case: Opened, at: datetime) -> None:
    with workspace_scope(case.house.north):
        reply(case_id=case.id, words=Words(text="Which parcel?", html=""), actor=case.house.actor("ada"), at=at)
    follow()


def write_back(case: Opened, at: datetime) -> None:
    with workspace_scope(case.house.north):
        mail = written(text="This one.", message_id="<2@c.example>", answers="one@customer.example", at=at)
        receive(mail, at=at)
    follow()


@pytest.fixture
def promised(house: House) -> Opened:
    """Omar asks on Monday at six in the evening in Seoul; four hours are promised, from nine to six."""
    promise(house)
    case = opened_by(house, written(text="Where is my parcel?", at=NOW))
    follow()
    return case


class TestReasons:
    def test_tell_the_policy_the_hours_the_start_and_the_end(self, promised: Opened) -> None:
        first, solution = told(promised, TUESDAY + timedelta(hours=1))

        assert (first.measure, solution.measure) == ("First answer", "Solution")
        assert first.due_at == TUESDAY + timedelta(hours=4)
        assert first.question == "Why 1 p.m.?"
        assert first.reasons == [
            "The policy “Standard” promises a first answer within 4 h.",
            "Time counts in the hours of “Office hours” (Asia/Seoul).",
            "The clock started (November 16, 6 p.m.) when the customer wrote.",
            "It has been running since November 16, 6 p.m.: 1 h so far.",
            "By 1 p.m., 4 h are used up.",
            "All times are in your time zone, Asia/Seoul.",
        ]

    def test_tell_how_long_it_waited_for_the_customer(self, promised: Opened) -> None:
        answer(promised, TUESDAY + timedelta(hours=1))
        (first, solution) = told(promised, TUESDAY + timedelta(hours=2))

        assert (first.state, first.line) == ("Kept", "10 a.m., 1 h of 4 h used")
        assert (solution.state, solution.due_at) == ("Stands still", None)
        assert "It has stood still since 10 a.m., because we wait for the customer." in solution.reasons
        assert "3 h are left. They count as soon as the clock goes on." in solution.reasons

        write_back(promised, TUESDAY + timedelta(hours=5))
        (_first, following, solution) = told(promised, TUESDAY + timedelta(hours=5, minutes=30))

        assert following.measure == "Next answer"
        assert solution.due_at == TUESDAY + timedelta(hours=8)
        assert solution.reasons[3:6] == [
            "It ran from November 16, 6 p.m. to 10 a.m.: 1 h.",
            "It stood still from 10 a.m. to 2 p.m., because we waited for the customer.",
            "It has been running since 2 p.m.: 30 min so far.",
        ]

    def test_tell_that_the_priority_changed_the_target(self, promised: Opened) -> None:
        at = TUESDAY + timedelta(hours=1)
        with workspace_scope(promised.house.north):
            cases.prioritize(case_id=promised.id, priority=Priority.URGENT, actor=promised.house.actor("ada"), at=at)
        follow()

        (first, _solution) = told(promised, at + timedelta(minutes=30))

        assert first.due_at == TUESDAY + timedelta(hours=2)
        assert "10 a.m.: the priority changed, 2 h are promised instead of 4 h." in first.reasons
        assert "By 11 a.m., 2 h are used up." in first.reasons

    def test_of_a_wait_in_a_chat_are_told_to_the_second(self, house: House) -> None:
        promise(house, targets={Measure.WAIT: dict.fromkeys(range(1, 5), 90)}, calendar_id=None)
        with workspace_scope(house.north):
            chat = begin(put_on_site())
        case = Opened(house=house, id=chat.case_id, number=chat.case_number)
        follow()

        (wait,) = told(case, NOW + timedelta(seconds=45))
        assert (wait.measure, wait.due_at) == ("Wait in line", NOW + timedelta(seconds=90))
        assert (wait.line, wait.question) == ("18:01:30, 45 s of 1 min 30 s used", "Why 18:01:30?")
        assert wait.reasons[:3] == [
            "The policy “Standard” promises that nobody waits longer than 1 min 30 s in a chat.",
            "Time counts around the clock.",
            "The clock started (18:00:00) when the visitor began to wait.",
        ]
        with workspace_scope(house.north):
            leave(chat=chat, wants_transcript=False, at=NOW + timedelta(seconds=100))
        follow()

        (wait,) = told(case, NOW + timedelta(seconds=200))
        assert (wait.state, wait.line) == ("Missed", "due 18:01:30, waited until 18:01:40")

    def test_tell_which_days_were_closed_in_between(self, house: House) -> None:
        promise(house, day_off=date(2026, 11, 17))
        case = opened_by(house, written(text="Where is my parcel?", at=NOW))
        follow()

        (first, _solution) = told(case, TUESDAY + timedelta(hours=1))

        assert first.due_at == TUESDAY + timedelta(days=1, hours=4)
        assert "Closed in between: November 17 (Day of Rest)." in first.reasons

    def test_tell_that_spam_waits_for_nothing(self, promised: Opened) -> None:
        with workspace_scope(promised.house.north):
            cases.mark_spam(case_id=promised.id, actor=promised.house.actor("ada"), at=TUESDAY)
        follow()

        (first, _solution) = told(promised, TUESDAY + timedelta(hours=3))

        assert first.state == "Stands still"
        assert any("because the case lies in the spam" in reason for reason in first.reasons)

    def test_say_what_was_missed_and_when_it_was_done(self, promised: Opened) -> None:
        answer(promised, TUESDAY + timedelta(hours=6))

        (first, _solution) = told(promised, TUESDAY + timedelta(hours=7))

        assert (first.state, first.tone, first.line) == ("Missed", "missed", "due 1 p.m., done 3 p.m.")
        assert "By 1 p.m., 4 h were used up." in first.reasons

    @pytest.mark.parametrize("language", ["ko", "vi", "zh-hans"])
    def test_speak_the_readers_language(self, promised: Opened, language: str) -> None:
        answer(promised, TUESDAY + timedelta(hours=1))
        with translation.override(language):
            said = " ".join(reason for one in told(promised, TUESDAY + timedelta(hours=2)) for reason in one.reasons)

        ours = {"“Standard”", "“Office hours”", "(Asia/Seoul)", "Asia/Seoul"}
        assert not re.search(r"\b(The|It|has|clock|customer|counts|hours|promises)\b", _without(said, ours))


class TestPanel:
    def test_stands_beside_the_case_with_a_mark_that_turns_by_itself(
        self, promised: Opened, signed_in: Browsers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: TUESDAY + timedelta(hours=1))

        page = unescape(signed_in("ada").get(promised.address).content.decode())

        assert '<due-mark class="due"' in page
        assert f'datetime="{(TUESDAY + timedelta(hours=4)).isoformat()}"' in page
        assert "The policy “Standard” promises a first answer within 4 h." in page
        assert f'hx-trigger="live:case-{promised.id}-promises from:body, ' in page

    def test_is_not_there_where_nothing_is_promised(self, opened: Opened, signed_in: Browsers) -> None:
        page = signed_in("ada").get(opened.address).content.decode()

        assert "due-mark" not in page
        assert "promise-what" not in page

    def test_keeps_earlier_promises_out_of_the_way(self, promised: Opened, signed_in: Browsers) -> None:
        for hour in (1, 3):
            answer(promised, TUESDAY + timedelta(hours=hour))
            with workspace_scope(promised.house.north):
                mail = written(
                    text="More.",
                    message_id=f"<{hour}@c.example>",
                    answers="one@customer.example",
                    at=TUESDAY + timedelta(hours=hour + 1),
                )
                receive(mail, at=TUESDAY + timedelta(hours=hour + 1))
            follow()

        page = signed_in("ada").get(f"{promised.address}/promises").content.decode()

        assert "1 promise before" in page

    @pytest.mark.parametrize(("name", "status"), [("ada", 200), ("vera", 200), ("cole", 404), ("ines", 404)])
    def test_is_for_those_who_see_the_case(self, promised: Opened, signed_in: Browsers, name: str, status: int) -> None:
        answer = signed_in(name).get(f"{promised.address}/promises")

        assert answer.status_code == status
        assert ("Standard" in answer.content.decode()) == (status == 200)

    def test_is_not_for_customers(self, promised: Opened) -> None:
        from careloop.domains.commitments.queries import clocks_of_cases, standings_of_cases
        from careloop.kernel.actors import Actor, ActorKind

        with workspace_scope(promised.house.north):
            omar = Actor(kind=ActorKind.CUSTOMER, id=case_detail(case_id=promised.id, viewer=HOUSE).row.requester_id)

            assert clocks_of_cases([promised.id], viewer=omar, at=NOW) == {}
            assert standings_of_cases([promised.id], viewer=omar) == {}


def _without(text: str, words: set[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text
