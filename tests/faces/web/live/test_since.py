"""From where a page listens: before whatever it may not have seen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from careloop.kernel.events import head_position
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, PASSWORD, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database


def test_what_happens_while_a_page_is_made_is_told_to_it(house: House) -> None:
    browser = Client()
    browser.post("/account/sign-in", {"login": "ada@example.com", "password": PASSWORD})
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        before = head_position()

    def meanwhile(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "cases_case" in sql and not numbered:
            numbered.append(True)
            number_events()
        return execute(sql, params, many, context)

    numbered: list[bool] = []
    with connection.execute_wrapper(meanwhile):
        page = browser.get("/w/north/cases/1").content.decode()

    with workspace_scope(house.north):
        assert head_position() > before
    assert re.findall(r'<live-stream [^>]*data-since="(\d+)"', page) == [str(before)]
