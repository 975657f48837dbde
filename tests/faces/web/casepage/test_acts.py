"""Each act on the page: the one who may, the one who may not, and the stranger who must not learn that it exists."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.cases.queries import statuses
from careloop.domains.cases.services import add_note, follow
from careloop.domains.cases.types import CaseDetail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW
from tests.faces.web.casepage.conftest import Browsers, Opened

pytestmark = pytest.mark.database

Shows = Callable[[CaseDetail], bool]
ACTS: dict[str, tuple[dict[str, str], Shows]] = {
    "priority": ({"priority": "4"}, lambda d: d.row.priority == 4),
    "subject": ({"subject": "Lost parcel"}, lambda d: d.row.subject == "Lost parcel"),
    "tags": ({"add": "late, parcel"}, lambda d: d.row.tags == ("late", "parcel")),
    "spam": ({}, lambda d: d.row.is_spam),
    "closing": ({}, lambda d: d.row.category == "closed"),
}


def status_named(opened: Opened, category: str) -> int:
    """Return the id of the status of a category."""
    with workspace_scope(opened.house.north):
        return next(s.id for s in statuses() if s.category == category)


def draw_in_cole(opened: Opened) -> None:
    """Let Grace mention Cole, who may read the case from then on."""
    with workspace_scope(opened.house.north):
        add_note(
            case_id=opened.id,
            html="<p>Cole?</p>",
            text="Cole?",
            mentions=[opened.house.ids["cole"]],
            actor=opened.house.actor("grace"),
            at=NOW,
        )


@pytest.mark.parametrize("name", ACTS)
def test_an_agent_may(signed_in: Browsers, opened: Opened, name: str) -> None:
    form, shows = ACTS[name]

    answer = signed_in("ada").post(f"{opened.address}/{name}", form)

    assert answer.status_code == 302
    assert shows(opened.detail())


@pytest.mark.parametrize("who", ["anh", "cole", "vera"])
@pytest.mark.parametrize("name", ACTS)
def test_a_reader_may_not(signed_in: Browsers, opened: Opened, name: str, who: str) -> None:
    draw_in_cole(opened)
    form, shows = ACTS[name]

    answer = signed_in(who).post(f"{opened.address}/{name}", form)

    assert answer.status_code == 403
    assert not shows(opened.detail())


@pytest.mark.parametrize("who", ["cole", "ines"])
@pytest.mark.parametrize("name", [*ACTS, "words", "draft", "presence", "following"])
def test_a_stranger_finds_nothing(signed_in: Browsers, opened: Opened, name: str, who: str) -> None:
    answer = signed_in(who).post(f"{opened.address}/{name}", {"kind": "note", "body": "x"})

    assert answer.status_code == 404


def test_a_case_is_taken_solved_and_reopened(signed_in: Browsers, opened: Opened) -> None:
    browser, ada = signed_in("ada"), opened.house.ids["ada"]

    browser.post(f"{opened.address}/assignment", {"assignee_id": str(ada), "team_id": ""})
    assert opened.detail().row.assignee == "Ada"
    browser.post(f"{opened.address}/status", {"status_id": str(status_named(opened, "solved"))})
    assert opened.detail().row.category == "solved"
    browser.post(f"{opened.address}/reopening")
    assert opened.detail().row.category == "open"


def test_two_who_change_at_once_are_told_kindly(signed_in: Browsers, opened: Opened) -> None:
    ada, grace = signed_in("ada"), signed_in("grace")
    seen = str(opened.detail().revision)
    ada.post(f"{opened.address}/priority", {"priority": "4", "revision": seen}, headers={"HX-Request": "true"})

    answer = grace.post(
        f"{opened.address}/priority", {"priority": "1", "revision": seen}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409
    assert "Somebody changed this case while you were looking at it." in answer.content.decode()
    assert opened.detail().row.priority == 4
    fresh = str(opened.detail().revision)
    assert f'name="revision" value="{fresh}"' in answer.content.decode()


def test_following_is_for_whoever_reads_notes(signed_in: Browsers, opened: Opened) -> None:
    assert signed_in("anh").post(f"{opened.address}/following").status_code == 302
    assert signed_in("vera").post(f"{opened.address}/following").status_code == 403
    assert opened.detail().follower_ids == (opened.house.ids["anh"],)
    signed_in("anh").post(f"{opened.address}/following/end")
    assert opened.detail().follower_ids == ()


@pytest.mark.parametrize("form", [{}, {"priority": "high"}, {"priority": "9"}, {"priority": "1" * 30}])
def test_nonsense_is_refused_in_words(signed_in: Browsers, opened: Opened, form: dict[str, str]) -> None:
    answer = signed_in("ada").post(f"{opened.address}/priority", form)

    assert answer.status_code == 422
    assert opened.detail().row.priority == 2


def test_a_mentioned_colleague_reads_and_notes_but_does_not_answer(signed_in: Browsers, opened: Opened) -> None:
    draw_in_cole(opened)
    cole = signed_in("cole")

    page = cole.get(opened.address).content.decode()
    noted = cole.post(f"{opened.address}/words", {"kind": "note", "body": "I look into it."})
    answered = cole.post(f"{opened.address}/words", {"kind": "answer", "body": "Dear customer"})

    assert "Where is my parcel?" in page
    assert 'value="answer"' not in page
    assert noted.status_code == 302
    assert answered.status_code == 403
    assert "I look into it." in cole.get(opened.address).content.decode()


def test_the_clients_reader_never_sees_a_note(signed_in: Browsers, opened: Opened) -> None:
    draw_in_cole(opened)
    with workspace_scope(opened.house.north):
        follow(case_id=opened.id, actor=opened.house.actor("grace"), at=NOW)

    page = _all_of(signed_in("vera"), opened)

    assert "Where is my parcel?" in page
    assert "Cole?" not in page
    assert "follows the case" not in page


def _all_of(browser: Client, opened: Opened) -> str:
    story = browser.get(f"{opened.address}/story", {"since": "0.0.0"}).content.decode()
    return browser.get(opened.address).content.decode() + story
