"""Whoever has a case hears in their own language that time runs out for a promise, which one, and where."""

from datetime import timedelta

import pytest
from django.core import mail

from careloop.domains.cases.queries import find_cases
from careloop.domains.cases.services import assign
from careloop.domains.commitments.services import promise_callback
from careloop.domains.commitments.states import Measure, Way
from careloop.domains.notifications.queries import notices_of
from careloop.domains.people.models import User
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.mailing_notices import mail_notices_to
from careloop.processes.notifying import promises_told
from tests.cast import NOW, House
from tests.mailing import receive, written
from tests.promising import follow, promise, ring

pytestmark = pytest.mark.database


@pytest.fixture
def case_number(house: House) -> int:
    """Ada has a case of Omar's, and three of the four hours for the first answer are over."""
    promise(house, calendar_id=None, targets={Measure.FIRST_RESPONSE: dict.fromkeys(range(1, 5), 14_400)})
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        (case,) = find_cases(text="parcel", viewer=HOUSE)
        ada = house.actor("ada")
        assign(case_id=case.id, assignee_id=ada.id, team_id=None, actor=ada, at=NOW)
    follow()
    ring(NOW + timedelta(hours=3))
    return case.number


def test_the_mail_says_which_promise_and_leads_to_the_case(house: House, case_number: int) -> None:
    mail_notices_to(workspace_id=house.north, user_id=house.ids["ada"])

    (letter,) = mail.outbox
    assert f"Time runs out for something we promised: #{case_number}" in letter.body
    assert "First answer: 75 % of the time is used up" in letter.body
    assert f"/w/north/cases/{case_number}" in letter.body


@pytest.mark.parametrize("language", ["ko", "vi", "zh-hans"])
def test_the_mail_speaks_the_readers_language(house: House, case_number: int, language: str) -> None:
    User.objects.filter(pk=house.ids["ada"]).update(language=language)
    mail_notices_to(workspace_id=house.north, user_id=house.ids["ada"])

    (letter,) = mail.outbox
    assert "75" in letter.body
    assert "used up" not in letter.body
    assert "promised" not in letter.body


def test_nobody_is_told_twice_and_nobody_once_it_is_answered(house: House, case_number: int) -> None:
    ring(NOW + timedelta(hours=3, minutes=30))
    with workspace_scope(house.north):
        kinds = [notice.kind for notice in notices_of(viewer=house.actor("ada")).items]

    assert kinds == ["promise_due"]


def test_a_promised_callback_is_told_to_whoever_has_the_case_and_whoever_promised(house: House) -> None:
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        (case,) = find_cases(text="parcel", viewer=HOUSE)
        assign(case_id=case.id, assignee_id=house.ids["ada"], team_id=None, actor=house.actor("ada"), at=NOW)
        due_at, grace = NOW + timedelta(hours=2), house.actor("grace")
        promise_callback(case_id=case.id, due_at=due_at, way=Way.CALL, note="", actor=grace, at=NOW)
    follow()
    ring(NOW + timedelta(hours=1, minutes=45))
    ring(NOW + timedelta(hours=2))

    with workspace_scope(house.north):
        told = {name: notices_of(viewer=house.actor(name)).items for name in ("ada", "grace", "mina")}
        kinds = {
            name: [notice.kind for notice in notices if "promise" in notice.kind] for name, notices in told.items()
        }
        sentences = set(promises_told(told["grace"]).values())
    assert kinds == {"ada": ["promise_missed", "promise_due"], "grace": ["promise_missed", "promise_due"], "mina": []}
    assert sentences == {"Promised callback: it is almost time", "Promised callback: the time is over"}
