"""Macros: kept by those who work on cases, seen before they are applied, and applied whole or not at all."""

from typing import Any

import pytest

from careloop.domains.automation import queries, services
from careloop.domains.automation.states import ActionKind
from careloop.domains.automation.types import Action, MacroSettings
from careloop.domains.cases.queries import statuses
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.services import save_reply
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.rules.conftest import Browsers, Opened

pytestmark = pytest.mark.database

MACROS = "/w/north/macros/"
KEPT: dict[str, Any] = {
    "name": "Parcel found",
    "do": ["0"],
    "do-kind-0": "tag",
    "do-was-0": "tag",
    "do-value-0": "found",
    "act": "keep",
}


def macro(house: House, *actions: Action, who: str = "grace", is_shared: bool = True) -> int:
    settings = MacroSettings(name="Parcel found", actions=actions, is_shared=is_shared)
    with workspace_scope(house.north):
        return services.save_macro(macro_id=None, settings=settings, actor=house.actor(who), at=NOW)


def solved(house: House) -> int:
    with workspace_scope(house.north):
        return next(row.id for row in statuses() if row.category == "solved")


def reply(house: House, text: str = "Dear {{ customer }}, we have found it.") -> int:
    with workspace_scope(house.north):
        return save_reply(
            reply_id=None,
            name="Found",
            language="en",
            html=f"<p>{text}</p>",
            is_shared=True,
            actor=house.actor("grace"),
            at=NOW,
        )


class TestKeep:
    def test_is_kept_changed_and_deleted(self, house: House, signed_in: Browsers) -> None:
        grace = signed_in("grace")
        assert grace.post(f"{MACROS}new", {**KEPT, "is_shared": "1"}).status_code == 302
        with workspace_scope(house.north):
            (row,) = queries.macros_of(house.actor("ada"))

        assert "Add tags: found" in grace.get(MACROS).content.decode()
        assert grace.post(f"{MACROS}{row.id}", {**KEPT, "name": "Found", "is_shared": "1"}).status_code == 302
        assert "Found" in grace.get(f"{MACROS}{row.id}").content.decode()
        assert grace.post(f"{MACROS}{row.id}/removal").status_code == 302
        assert grace.get(f"{MACROS}{row.id}").status_code == 404

    def test_says_what_is_wrong(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ada").post(f"{MACROS}new", {**KEPT, "name": "", "do-value-0": ""})

        assert answer.status_code == 422
        assert "Write a name" in answer.content.decode()
        assert "1 to 20 tags" in answer.content.decode()

    def test_ones_own_are_nobody_elses_and_everybodys_are_kept_by_leads(
        self, house: House, signed_in: Browsers
    ) -> None:
        own = macro(house, Action(kind=ActionKind.SPAM), who="ada", is_shared=False)

        assert signed_in("ada").get(f"{MACROS}{own}").status_code == 200
        assert signed_in("grace").get(f"{MACROS}{own}").status_code == 404
        assert signed_in("grace").post(f"{MACROS}{own}/removal").status_code == 404
        assert signed_in("ada").post(f"{MACROS}new", {**KEPT, "is_shared": "1"}).status_code == 403
        for name in ("anh", "cole", "vera"):
            assert signed_in(name).get(MACROS).status_code == 403


class TestApply:
    def test_shows_what_it_does_and_does_it(self, opened: Opened, signed_in: Browsers) -> None:
        house, ada = opened.house, signed_in("ada")
        key = macro(
            house,
            Action(kind=ActionKind.REPLY, value=str(reply(house))),
            Action(kind=ActionKind.TAG, value="found"),
            Action(kind=ActionKind.STATUS, value=str(solved(house))),
        )

        page = ada.get(f"{opened.address}/macros").content.decode()
        answer = ada.post(f"{opened.address}/macros/{key}")

        assert "Dear Omar Customer, we have found it." in page
        assert "Set the status" in page
        assert answer.status_code == 302
        detail = opened.detail()
        assert (detail.row.category, detail.row.tags, detail.row.assignee) == ("solved", ("found",), "Ada")
        with workspace_scope(house.north):
            (*_others, said) = messages(
                [(detail.conversations[0].conversation_id, None, None)], limit=10, for_customer=False
            )
            assert (said.author, said.is_auto) == ("agent", False)
            assert queries.macros_of(house.actor("ada"))[0].used_count == 1

    def test_does_nothing_when_a_part_of_it_is_refused(self, opened: Opened, signed_in: Browsers) -> None:
        house = opened.house
        unfilled = reply(house, "Dear {{ nobody }}")
        key = macro(
            house, Action(kind=ActionKind.TAG, value="found"), Action(kind=ActionKind.REPLY, value=str(unfilled))
        )

        answer = signed_in("ada").post(f"{opened.address}/macros/{key}")

        assert answer.status_code == 422
        assert "Nothing was changed." in answer.content.decode()
        assert opened.detail().row.tags == ()
        with workspace_scope(house.north):
            assert queries.macros_of(HOUSE) == []
            assert queries.macros_of(house.actor("ada"))[0].used_count == 0

    def test_is_for_those_who_work_on_cases(self, opened: Opened, signed_in: Browsers) -> None:
        key = macro(opened.house, Action(kind=ActionKind.TAG, value="found"))

        for name, status in (("anh", 403), ("vera", 403), ("cole", 404), ("ines", 404)):
            somebody = signed_in(name)
            assert somebody.get(f"{opened.address}/macros").status_code == status
            assert somebody.post(f"{opened.address}/macros/{key}").status_code in {403, 404}
        assert opened.detail().row.tags == ()
