"""Answers that no person writes: in the customer's language, never to spam or to a machine, and not twice a day."""

from datetime import timedelta
from typing import Any

import pytest

from careloop.domains.automation.queries import runs_that_wrote
from careloop.domains.automation.states import ActionKind, Result, When
from careloop.domains.cases import services as case_services
from careloop.domains.cases.queries import case_detail, find_cases
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.services import save_reply
from careloop.domains.conversations.types import MessageRow
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.kernel.actors import HOUSE
from tests.cast import NOW
from tests.mailing import receive, written
from tests.processes.automation.conftest import Desk, does, later

pytestmark = pytest.mark.database


def reply(desk: Desk, name: str, language: str, text: str) -> int:
    return save_reply(
        reply_id=None,
        name=name,
        language=language,
        html=f"<p>{text}</p>",
        is_shared=True,
        actor=desk.house.actor("grace"),
        at=NOW,
    )


def mailed(desk: Desk, **headers: Any) -> int:
    receive(written(text="Where is my parcel?", at=NOW, **headers), at=NOW)
    return find_cases(text="parcel", viewer=HOUSE)[0].id


def said(case_id: int) -> list[MessageRow]:
    """Return what the house has said in a case."""
    ranges = case_detail(case_id=case_id, viewer=HOUSE).conversations
    found = messages([(one.conversation_id, None, None) for one in ranges], limit=50, for_customer=False)
    return [row for row in found if row.author == "house"]


def result(desk: Desk, case_id: int) -> tuple[Result, str]:
    (step,) = desk.runs(case_id=case_id)[0].steps
    return step.result, step.code


class TestAnswer:
    def test_goes_out_marked_as_automatic_and_leaves_the_customer_waiting(self, desk: Desk) -> None:
        key = reply(desk, "Thanks", "en", "Dear {{ customer }}, thank you. {{ agent }}")
        rule = desk.rule(actions=(does(ActionKind.REPLY, key),))
        case_id = mailed(desk)
        desk.follow()

        (message,) = said(case_id)
        assert (message.is_auto, message.user_id) == (True, None)
        assert message.text == "Dear Omar, thank you. North"
        assert message.mail is not None
        assert message.mail.to == ("omar@customer.example",)
        assert desk.case(case_id).waiting_since == NOW
        assert case_detail(case_id=case_id, viewer=HOUSE).first_response_at is None
        assert runs_that_wrote(case_id)[0] == {message.id: rule}

    @pytest.mark.parametrize(("language", "text"), [("ko", "감사합니다"), ("en", "Thank you"), ("vi", "Thank you")])
    def test_speaks_the_customers_language_or_that_of_the_first(self, desk: Desk, language: str, text: str) -> None:
        keys = [reply(desk, "Thanks", "en", "Thank you"), reply(desk, "감사", "ko", "감사합니다")]
        desk.rule(actions=(does(ActionKind.REPLY, ",".join(map(str, keys))),))
        met = Met(address="lan@customer.example", name="Lan", language=language, at=NOW)
        recognize([met], source="mail", actor=HOUSE)
        case_id = mailed(desk, sender="Lan <lan@customer.example>")
        desk.follow()

        assert [message.text for message in said(case_id)] == [text]

    def test_never_answers_spam(self, desk: Desk) -> None:
        desk.rule(actions=(does(ActionKind.REPLY, reply(desk, "Thanks", "en", "Thank you")),))
        case_id = mailed(desk)
        case_services.mark_spam(case_id=case_id, actor=desk.ada, at=NOW)
        desk.follow()

        assert said(case_id) == []
        assert result(desk, case_id) == (Result.REFUSED, "answers_spam")

    @pytest.mark.parametrize("header", [{"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}])
    def test_never_answers_a_machine(self, desk: Desk, header: dict[str, str]) -> None:
        desk.rule(actions=(does(ActionKind.REPLY, reply(desk, "Thanks", "en", "Thank you")),))
        case_id = mailed(desk, **header)
        desk.follow()

        assert said(case_id) == []
        assert result(desk, case_id) == (Result.REFUSED, "answers_machine")

    def test_answers_once_a_day_in_a_case(self, desk: Desk) -> None:
        key = reply(desk, "Thanks", "en", "Thank you")
        desk.rule(when=(When.OPENED, When.NOTED), actions=(does(ActionKind.REPLY, key),))
        case_id = mailed(desk)
        desk.follow()
        for hours, count in ((23, 1), (25, 2)):
            case_services.add_note(case_id=case_id, html="", text="Hm", mentions=(), actor=desk.ada, at=later(hours))
            desk.follow()
            assert len(said(case_id)) == count

    def test_keeps_in_the_house_what_has_unfilled_places(self, desk: Desk) -> None:
        desk.rule(actions=(does(ActionKind.REPLY, reply(desk, "Thanks", "en", "Thank you, {{ nobody }}")),))
        case_id = mailed(desk)
        desk.follow()

        assert said(case_id) == []
        assert result(desk, case_id) == (Result.REFUSED, "places_unfilled")

    def test_says_when_nobody_has_written(self, desk: Desk) -> None:
        desk.rule(actions=(does(ActionKind.REPLY, reply(desk, "Thanks", "en", "Thank you")),))
        case_id = desk.opens(at=NOW + timedelta(hours=1))
        desk.follow()

        assert result(desk, case_id) == (Result.REFUSED, "nobody_answered")
