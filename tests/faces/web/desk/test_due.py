"""Lists show what is due next, sort by it page by page, ask for it, and hold it in their files."""

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from careloop.domains.cases import queries
from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.services import note_due
from careloop.domains.cases.types import CaseRow
from careloop.kernel import clock
from careloop.kernel.conditions import Condition, Not
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer, opened
from tests.faces.web.desk.test_case_list import numbers
from tests.mailing import receive, written
from tests.promising import follow, promise

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]


def due_in(house: House, hours: list[float | None]) -> list[int]:
    """Open cases of which something is due so many hours from now, and return them."""
    omar = known_customer(house)
    ids = [opened(house, customer_id=omar, subject=f"Parcel {index}") for index in range(len(hours))]
    with workspace_scope(house.north):
        note_due(
            {
                case_id: None if after is None else NOW + timedelta(hours=after)
                for case_id, after in zip(ids, hours, strict=True)
            }
        )
    return ids


def asked(house: House, condition: Any, *, order: str = "due_at", now: datetime = NOW) -> list[CaseRow]:
    with workspace_scope(house.north):
        tree: Condition = as_tree(condition) if condition is None or isinstance(condition, dict) else condition
        page = queries.cases(viewer=house.actor("ada"), condition=tree, order=order, now=now)
    return list(page.items)


def field(name: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": name, "operator": operator, **({} if value is None else {"value": value})}


class TestOrder:
    def test_lists_the_next_one_first_and_what_is_not_due_last(self, house: House) -> None:
        a, b, c, d = due_in(house, [3, None, -2, 1])

        assert [row.id for row in asked(house, None)] == [c, d, a, b]

    @pytest.mark.parametrize("size", [1, 2, 3, 4, 8])
    def test_visits_each_case_once_whatever_the_size_of_a_page(
        self, house: House, signed_in: Browsers, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("careloop.faces.web.desk.views.cases.PAGE", size)
        due_in(house, [3, None, -2, 1, 1, None, 1, None])
        browser, address, seen = signed_in("ada"), "/w/north/views/all?order=due_at", []

        while address:
            shown = browser.get(address)
            seen += numbers(shown)
            address = shown.context["older"]

        assert seen == [3, 4, 5, 7, 1, 2, 6, 8]

    def test_goes_on_rightly_when_the_last_one_seen_is_done_meanwhile(self, house: House) -> None:
        first, second, third = due_in(house, [1, 2, None])
        with workspace_scope(house.north):
            ada, everything = house.actor("ada"), as_tree(None)
            page = queries.cases(viewer=ada, condition=everything, order="due_at", limit=1, now=NOW)
            note_due({first: None})
            rest = queries.cases(
                viewer=ada, condition=everything, order="due_at", cursor=page.next_cursor, limit=5, now=NOW
            )

        assert [row.id for row in rest.items] == [second, first, third]

    @pytest.mark.parametrize("cursor", ["W251bGwsIG51bGxd", "WzEsIG51bGxd", "bnVsbA"])
    def test_refuses_a_made_up_place(self, house: House, signed_in: Browsers, cursor: str) -> None:
        answer = signed_in("ada").get(f"/w/north/views/all?order=due_at&cursor={cursor}")

        assert answer.status_code == 400

    def test_seeks_in_an_index_on_every_page(self, house: House) -> None:
        due_in(house, [1, 2, None])
        plans = []
        with workspace_scope(house.north):
            ada, everything = house.actor("ada"), as_tree(None)
            with connection.cursor() as cursor:
                # Three rows are read faster as they lie; so that the plan is that of many, that is ruled out.
                cursor.execute(
                    "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
                )
            place = None
            for _page in range(3):
                with_plan: list[str] = []

                def explained(
                    execute: Any, sql: str, params: Any, many: bool, context: Any, told: Any = with_plan
                ) -> Any:
                    if '"cases_case"."due_at" ASC' in sql:
                        with connection.connection.cursor() as plain:
                            plain.execute(f"EXPLAIN {sql}", params)
                            told.append("\n".join(line for (line,) in plain.fetchall()))
                    return execute(sql, params, many, context)

                with connection.execute_wrapper(explained):
                    page = queries.cases(
                        viewer=ada, condition=everything, order="due_at", cursor=place, limit=1, now=NOW
                    )
                place = page.next_cursor
                plans += with_plan

        assert len(plans) >= 3
        assert all("using cases_by_due" in plan and "Sort" not in plan for plan in plans), plans


class TestConditions:
    def test_ask_for_what_is_overdue_soon_and_not_promised(self, house: House) -> None:
        over, soon, far, none = due_in(house, [-1, 1, 30, None])

        def ids(condition: Any) -> list[int]:
            return [row.id for row in asked(house, condition)]

        assert ids(field("is_overdue", "is", True)) == [over]
        assert ids(field("is_overdue", "is", False)) == [soon, far, none]
        assert ids(field("due_at", "within_next", {"amount": 2, "unit": "hours"})) == [soon]
        assert ids(field("due_at", "before", (NOW + timedelta(hours=2)).isoformat())) == [over, soon]
        assert ids(field("due_at", "is_not_set")) == [none]
        assert ids(field("due_at", "is_set")) == [over, soon, far]

    @pytest.mark.parametrize(
        "part",
        [
            field("is_overdue", "is", True),
            field("is_overdue", "is", False),
            field("is_overdue", "is_set"),
            field("is_overdue", "is_not_set"),
            field("due_at", "older_than", {"amount": 1, "unit": "minutes"}),
            field("due_at", "is_not_set"),
        ],
    )
    def test_a_condition_and_its_opposite_share_out_all_cases(self, house: House, part: dict[str, Any]) -> None:
        ids = due_in(house, [-1, 1, None])
        tree = as_tree(part)

        holds, does_not = ([row.id for row in asked(house, one)] for one in (tree, Not(part=tree)))

        assert sorted([*holds, *does_not]) == ids

    def test_are_offered_where_conditions_are_made(self, house: House, signed_in: Browsers) -> None:
        asked_for = json.dumps(field("due_at", "within_next", {"amount": 2, "unit": "hours"}))

        page = signed_in("ada").get("/w/north/views/all/conditions", {"filter": asked_for}).content.decode()

        assert '<option value="due_at" selected>' in page
        assert '<option value="is_overdue">' in page


class TestView:
    def test_holds_what_is_due_next(self, house: House, signed_in: Browsers) -> None:
        due_in(house, [3, None, -2])

        shown = signed_in("ada").get("/w/north/views/due")
        counts = signed_in("ada").get("/w/north/views/counts").content.decode()

        assert numbers(shown) == [3, 1]
        assert shown.content.decode().count("<due-mark") == 2
        assert "Due next" in counts

    def test_teaches_what_comes_here(self, house: House, signed_in: Browsers) -> None:
        assert "Nothing that was promised is due" in signed_in("ada").get("/w/north/views/due").content.decode()

    def test_is_kept_by_the_log(self, house: House, signed_in: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
        promise(house, calendar_id=None)
        with workspace_scope(house.north):
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        follow()
        (row,) = asked(house, None)
        with workspace_scope(house.north):
            reply(
                case_id=row.id,
                words=Words(text="Which?", html=""),
                actor=house.actor("ada"),
                at=NOW + timedelta(hours=1),
            )
        follow()
        (answered,) = asked(house, None)

        assert row.due_at == NOW + timedelta(hours=4)
        assert answered.due_at is None, "the solution waits for the customer"

    def test_asks_as_often_for_many_cases_as_for_few(self, house: House, signed_in: Browsers, counted: Any) -> None:
        browser = signed_in("ada")
        address = "/w/north/views/all?column=subject&column=due&column=promises"
        due_in(house, [1])
        browser.get(address)
        with counted() as few:
            browser.get(address)
        omar = known_customer(house, name="Iris", address="iris@customer.example")
        for index in range(6):
            opened(house, customer_id=omar, subject=f"Another {index}")
        with counted() as many:
            browser.get(address)

        assert many() == few()


class TestFile:
    def test_says_of_each_promise_whether_it_was_kept_when_it_was_due_and_when_it_was_done(
        self, house: House, signed_in: Browsers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        promise(house, calendar_id=None)
        with workspace_scope(house.north):
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        follow()
        (row,) = asked(house, None)
        with workspace_scope(house.north):
            at = NOW + timedelta(hours=5)
            reply(case_id=row.id, words=Words(text="Which?", html=""), actor=house.actor("ada"), at=at)
        follow()
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=6))

        answer: Any = signed_in("ada").get("/w/north/views/all/cases.csv?column=due&column=promises")
        head, cells = csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))

        assert head[:5] == [
            "Number",
            "Next due (UTC)",
            "First answer",
            "First answer, due (UTC)",
            "First answer, done (UTC)",
        ]
        assert len(head) == len(cells) == 14
        was_due = "2026-11-16T13:00:00+00:00"
        assert cells[:5] == ["1", was_due, "Missed", was_due, "2026-11-16T14:00:00+00:00"]
        assert cells[5:8] == ["", "", ""]
        assert cells[8:11] == ["Running", was_due, ""]
        assert head[11] == "Promised callback"
        assert cells[11:] == ["", "", ""]

    def test_an_address_asks_for_it_as_for_anything_else(self, house: House, signed_in: Browsers) -> None:
        due_in(house, [-1, 1])
        condition = json.dumps(field("due_at", "before", NOW.isoformat()))

        answer: Any = signed_in("ada").get(
            "/w/north/views/all/cases.csv", {"filter": condition, "column": "due", "order": "due_at"}
        )

        assert len(b"".join(answer.streaming_content).decode().splitlines()) == 2
