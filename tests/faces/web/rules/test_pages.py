"""The pages on which managers say what happens by itself, and see what did."""

import csv
import re
from typing import Any

import pytest

from careloop.domains.automation import queries, services
from careloop.domains.automation.states import ActionKind, When
from careloop.domains.automation.types import Action, RuleRow, RuleSettings
from careloop.faces.web.rules.gallery import TEMPLATES
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import events_between, head_position
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from careloop.processes.automation.running import run_rules
from tests.cast import NOW, House
from tests.faces.web.rules.conftest import Browsers, Opened

pytestmark = pytest.mark.database

RULES = "/w/north/admin/rules/"
TAGGING: dict[str, Any] = {
    "name": "Tag parcels",
    "when": ["opened"],
    "timing": "now",
    "row": ["0"],
    "field-0": "words",
    "operator-0": "contains_words",
    "value-0": "parcel",
    "do": ["0"],
    "do-kind-0": "tag",
    "do-was-0": "tag",
    "do-value-0": "parcel",
}


def rules_in(house: House) -> list[RuleRow]:
    with workspace_scope(house.north):
        return queries.rules_of(HOUSE, at=NOW)


def made(house: House, name: str = "Tag it", *, kind: ActionKind = ActionKind.TAG, value: str = "seen") -> int:
    settings = RuleSettings(name=name, when=(When.OPENED,), actions=(Action(kind=kind, value=value),))
    with workspace_scope(house.north):
        return services.make_rule(settings=settings, actor=HOUSE, at=NOW)


def ran(house: House) -> None:
    """Let the rules read the whole log."""
    with workspace_scope(house.north):
        number_events()
        run_rules(events_between(0, head_position(), limit=10_000))


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None, page
    return found[1]


class TestEditor:
    def test_shows_what_a_rule_would_have_touched_before_it_is_kept(self, opened: Opened, signed_in: Browsers) -> None:
        mina = signed_in("mina")

        assert mina.post(f"{RULES}new", {**TAGGING, "act": "keep"}).status_code == 200
        tried = mina.post(f"{RULES}new", {**TAGGING, "act": "try"}).content.decode()
        assert rules_in(opened.house) == []
        kept = mina.post(f"{RULES}new", {**TAGGING, "act": "keep", "seen": seen_in(tried)})

        assert kept.status_code == 302
        (row,) = rules_in(opened.house)
        assert row.settings.actions == (Action(kind=ActionKind.TAG, value="parcel"),)
        page = mina.get(RULES).content.decode()
        assert "Tag parcels" in page
        assert "Add tags: parcel" in page
        assert "made the rule Tag parcels" in mina.get("/w/north/admin/audit").content.decode()

    def test_buttons_add_move_and_remove_rows(self, house: House, signed_in: Browsers) -> None:
        mina = signed_in("mina")
        two = {**TAGGING, "do": ["0", "1"], "do-kind-1": "note", "do-was-1": "note", "do-value-1": "Look here"}

        added = mina.post(f"{RULES}new", {**TAGGING, "act": "do"}).content.decode()
        moved = mina.post(f"{RULES}new", {**two, "act": "sooner-1"}).content.decode()
        removed = mina.post(f"{RULES}new", {**TAGGING, "act": "undo-0"}).content.decode()
        another = mina.post(f"{RULES}new", {**TAGGING, "do-kind-0": "priority", "act": "refresh"}).content.decode()

        assert added.count('name="do" ') == 2
        assert moved.index("Look here") < moved.index('value="parcel" maxlength="500" placeholder')
        assert removed.count('name="do" ') == 0
        assert "Urgent" in another

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"name": " "}, "Write a name"),
            ({"when": []}, "at least one thing to wait for"),
            ({"do": []}, "at least one thing to do"),
            ({"do-value-0": ""}, "1 to 20 tags"),
            ({"timing": "later", "delay": "soon"}, "soon"),
            ({"timing": "later", "delay": ""}, "how long it waits"),
            ({"value-0": ""}, "and[0].value"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, house: House, signed_in: Browsers, wrong: dict[str, Any], words: str
    ) -> None:
        answer = signed_in("mina").post(f"{RULES}new", {**TAGGING, **wrong, "act": "try"})

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert rules_in(house) == []

    def test_a_callback_is_written_as_people_say_it(self, house: House, signed_in: Browsers) -> None:
        mina = signed_in("mina")
        calling = {
            **TAGGING,
            "do-kind-0": "callback",
            "do-was-0": "callback",
            "do-value-0": ["1 h 30 min", "Say sorry"],
        }
        tried = mina.post(f"{RULES}new", {**calling, "act": "try"}).content.decode()
        mina.post(f"{RULES}new", {**calling, "act": "keep", "seen": seen_in(tried)})

        (row,) = rules_in(house)
        assert row.settings.actions == (Action(kind=ActionKind.CALLBACK, value="5400\nSay sorry"),)
        assert "Promise a callback within 1 h 30 min: Say sorry" in mina.get(RULES).content.decode()
        page = mina.get(f"{RULES}{row.id}").content.decode()
        assert 'value="1 h 30 min"' in page
        assert 'value="Say sorry"' in page
        wrong = mina.post(f"{RULES}new", {**calling, "do-value-0": ["soon", ""], "act": "try"})
        assert wrong.status_code == 422
        assert 'value="soon"' in wrong.content.decode()

    def test_asks_about_calls_where_a_rule_waits_for_them(self, house: House, signed_in: Browsers) -> None:
        mina = signed_in("mina")
        calls = {**TAGGING, "when": ["call_unanswered"]}
        switched = mina.post(f"{RULES}new", calls).content.decode()
        asking = {**calls, "field-0": "waited_s", "operator-0": "at_least", "value-0": "30"}
        tried = mina.post(f"{RULES}new", {**asking, "act": "try"}).content.decode()
        mina.post(f"{RULES}new", {**asking, "act": "keep", "seen": seen_in(tried)})

        assert "No condition: it holds for every call or chat" in switched
        assert "It would have acted on 0 calls and chats" in tried
        (row,) = rules_in(house)
        assert row.settings.is_of_contacts
        assert "Waited, in seconds" in mina.get(RULES).content.decode()
        assert 'value="30"' in mina.get(f"{RULES}{row.id}").content.decode()
        mixed = mina.post(f"{RULES}new", {**asking, "when": ["opened", "call_unanswered"], "act": "try"})
        assert mixed.status_code == 422
        assert "Choose either what happens in cases" in mixed.content.decode()

    def test_a_template_opens_in_the_editor(self, house: House, signed_in: Browsers) -> None:
        mina = signed_in("mina")
        gallery = mina.get(f"{RULES}templates").content.decode()

        for template in TEMPLATES:
            assert f"?template={template.key}" in gallery
            page = mina.get(f"{RULES}new?template={template.key}")
            assert page.status_code == 200
            assert str(template.name) in page.content.decode()
        assert mina.get(f"{RULES}new?template=nothing").status_code == 404

    def test_a_changed_rule_shows_its_past(self, house: House, signed_in: Browsers) -> None:
        mina, rule = signed_in("mina"), made(house)
        tried = mina.post(f"{RULES}{rule}", {**TAGGING, "act": "try"}).content.decode()
        mina.post(f"{RULES}{rule}", {**TAGGING, "act": "keep", "seen": seen_in(tried)})

        page = mina.get(f"{RULES}{rule}").content.decode()
        assert "Version 2" in page
        assert "Version 1" in page


class TestList:
    def test_moves_pauses_resumes_and_retires(self, house: House, signed_in: Browsers) -> None:
        mina, first, second = signed_in("mina"), made(house, "First"), made(house, "Second")

        mina.post(f"{RULES}{second}/place", {"place": "0"})
        assert [row.id for row in rules_in(house)] == [second, first]
        mina.post(f"{RULES}{first}/pause")
        assert "Paused" in mina.get(RULES).content.decode()
        assert mina.post(f"{RULES}{first}/pause").status_code == 409
        mina.post(f"{RULES}{first}/resumption")
        assert "Paused" not in mina.get(RULES).content.decode()
        mina.post(f"{RULES}{first}/retirement")
        assert [row.id for row in rules_in(house)] == [second]
        assert mina.get(f"{RULES}{first}").status_code == 404


class TestLog:
    def test_shows_filters_and_exports_what_rules_did(self, opened: Opened, signed_in: Browsers) -> None:
        rule = made(opened.house, "=Sum it")
        made(opened.house, "Refused", kind=ActionKind.NOTIFY_ASSIGNEE, value="")
        with workspace_scope(opened.house.north):
            from careloop.domains.automation.models import Rule

            Rule.objects.update(after_position=0)
        ran(opened.house)
        grace = signed_in("grace")

        page = grace.get(f"{RULES}runs").content.decode()
        assert f"#{opened.number}" in page
        assert "There is nobody to tell." in page
        assert (
            "Add tags: seen" in grace.get(f"{RULES}runs?rule={rule}&outcome=done&case={opened.number}").content.decode()
        )
        assert "No rule has done anything here" in grace.get(f"{RULES}runs?outcome=failed").content.decode()
        assert "No rule has done anything here" in grace.get(f"{RULES}runs?case=999999").content.decode()
        answer: Any = grace.get(f"{RULES}runs.csv?rule={rule}")
        written = b"".join(answer.streaming_content).decode("utf-8-sig")
        head, line = csv.reader(written.splitlines())
        assert head == ["time", "rule", "version", "case", "outcome", "reason", "actions"]
        assert line[1:5] == ["'=Sum it", "1", str(opened.number), "Ran"]

    def test_the_case_says_which_rule_did_what(self, opened: Opened, signed_in: Browsers) -> None:
        rule = made(opened.house)
        made(opened.house, "Write it", kind=ActionKind.NOTE, value="A parcel again")
        with workspace_scope(opened.house.north):
            from careloop.domains.automation.models import Rule

            Rule.objects.update(after_position=0)
        ran(opened.house)

        for name, is_linked in (("grace", True), ("ada", False)):
            page = signed_in(name).get(opened.address).content.decode()
            assert "The rule “Tag it” added the tags seen." in page
            assert "The rule “Write it”" in page
            assert (f'href="{RULES}{rule}"' in page) is is_linked


class TestWho:
    def test_owners_and_managers_decide_and_leads_see(self, house: House, signed_in: Browsers) -> None:
        rule = made(house)
        reading = ["", f"{rule}", "runs", "runs.csv"]
        making = ["new", "templates"]
        acts = [f"{rule}/{act}" for act in ("place", "pause", "resumption", "retirement")]
        for name, reads, makes in (
            ("olga", 200, 200),
            ("grace", 200, 403),
            ("ada", 403, 403),
            ("anh", 403, 403),
            ("cole", 403, 403),
            ("vera", 403, 403),
        ):
            somebody = signed_in(name)
            assert {page: somebody.get(RULES + page).status_code for page in reading} == dict.fromkeys(reading, reads)
            assert {page: somebody.get(RULES + page).status_code for page in making} == dict.fromkeys(making, makes)
            if makes == 403:
                posted = {act: somebody.post(RULES + act, {"place": "0"}).status_code for act in acts}
                assert posted == dict.fromkeys(acts, 403)
                assert somebody.post(f"{RULES}{rule}", {**TAGGING, "act": "try"}).status_code == 403
        assert [row.state for row in rules_in(house)] == ["active"]

    def test_nothing_of_another_workspace_is_there(self, house: House, signed_in: Browsers) -> None:
        ines, rule = signed_in("ines"), made(house)

        assert ines.get(f"{RULES}{rule}").status_code == 404
        assert ines.get(f"/w/south/admin/rules/{rule}").status_code == 404
        assert ines.post(f"/w/south/admin/rules/{rule}/pause").status_code == 404
        assert "Tag it" not in ines.get("/w/south/admin/rules/").content.decode()
