"""Two taps at once are one act."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from careloop.domains.cases.models import Case
from careloop.domains.sign_ins.models import CustomerSession
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, House, open_house
from tests.faces.portal.conftest import OMAR, new_link
from tests.faces.portal.test_requests import hidden, write

pytestmark = pytest.mark.database

TAPS = 4


@pytest.fixture
def standing_house(committed: None) -> House:
    """The cast in rows that several connections can see."""
    made = open_house()
    with workspace_scope(made.north):
        equip_workspace(actor=HOUSE, at=NOW)
    return made


def at_once(act: Callable[[], Any]) -> list[Any]:
    """Do the same several times, each in a thread and a connection of its own."""

    def one(_number: int) -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TAPS) as threads:
        return list(threads.map(one, range(TAPS)))


def test_a_form_sent_by_several_taps_is_one_request(standing_house: House) -> None:
    mark = hidden(Client().get("/help/north/requests/new"))
    fields = {"name": "Omar", "address": OMAR, "text": "Where is my parcel?", "mark": mark}

    answers = at_once(lambda: Client().post("/help/north/requests/new", fields))

    assert [answer.status_code for answer in answers] == [302] * TAPS
    with workspace_scope(standing_house.north):
        assert Case.objects.count() == 1


def test_a_link_opened_by_several_taps_lets_in_once(standing_house: House) -> None:
    write(Client())
    token = new_link(standing_house.north, OMAR)

    answers = at_once(lambda: Client().post(f"/help/north/sign-in/links/{token}"))

    assert sorted(answer.status_code for answer in answers) == [302, 410, 410, 410]
    with workspace_scope(standing_house.north):
        assert CustomerSession.objects.count() == 1


def test_letters_asked_for_at_once_are_all_counted(standing_house: House) -> None:
    asked = [at_once(lambda: Client().post("/help/north/sign-in", {"address": OMAR})) for _ in range(2)]

    codes = sorted(answer.status_code for answers in asked for answer in answers)
    assert codes == [302] * 5 + [429] * 3
