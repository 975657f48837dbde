"""A long story is read backwards page by page: nothing twice, nothing left out, each part by those it is for."""

from datetime import timedelta

import pytest

from careloop.domains.cases.queries import case_detail, find_cases
from careloop.domains.cases.services import add_note, prioritize
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.types import Inbound
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.scope import workspace_scope
from careloop.processes.timeline import Moment, StaleMark, mark_of, newest, newest_since, older
from tests.cast import NOW, House
from tests.fixtures import house as bare_house
from tests.fixtures import quick_passwords
from tests.mailing import receive, written
from tests.processes.conftest import house

__all__ = ["bare_house", "house", "quick_passwords"]

pytestmark = pytest.mark.database


def long_story(house: House) -> int:
    """Let a case grow by forty messages, twenty notes and twenty acts, some with a clock of their own."""
    receive(written(text="My parcel", at=NOW), at=NOW)
    case_id = find_cases(text="parcel", viewer=HOUSE)[0].id
    grace = house.actor("grace")
    (link,) = case_detail(case_id=case_id, viewer=HOUSE).conversations
    for number in range(40):
        at = NOW + timedelta(minutes=number if number % 7 else number - 30)
        said = Inbound(
            conversation_id=link.conversation_id,
            author="customer",
            author_name="Omar",
            customer_id=case_detail(case_id=case_id, viewer=HOUSE).row.requester_id,
            text=f"word {number}",
            at=at,
        )
        conversations.receive([said], actor=HOUSE)
        if number % 2:
            add_note(case_id=case_id, html="", text=f"note {number}", mentions=(), actor=grace, at=at)
            prioritize(case_id=case_id, priority=1 + number // 2 % 2 * 2, actor=grace, at=at)
    return case_id


def read_whole(case_id: int, viewer: Actor, *, page: int) -> list[Moment]:
    """Page back to the beginning and return everything, page by page."""
    detail = case_detail(case_id=case_id, viewer=viewer)
    story = newest(detail=detail, viewer=viewer, limit=page)
    found = list(story.moments)
    while story.has_older:
        story = older(detail=detail, viewer=viewer, before=mark_of(str(story.begins_at)), limit=page)
        found = [*story.moments, *found]
    return found


@pytest.mark.parametrize("page", [3, 7, 30])
def test_every_page_size_tells_the_same_story(house: House, page: int) -> None:
    with workspace_scope(house.north):
        case_id = long_story(house)
        found = [(m.kind, m.what.id) for m in read_whole(case_id, house.actor("ada"), page=page)]

    assert len(found) == len(set(found))
    kinds = [kind for kind, _id in found]
    assert (kinds.count("message"), kinds.count("note"), kinds.count("event")) == (41, 20, 21)


def test_the_clients_reader_hears_the_public_words_alone(house: House) -> None:
    with workspace_scope(house.north):
        case_id = long_story(house)
        found = [m.kind for m in read_whole(case_id, house.actor("vera"), page=30)]

    assert (found.count("message"), found.count("note"), found.count("event")) == (41, 0, 1)


def test_what_is_new_since_a_mark_follows_what_was_shown(house: House) -> None:
    with workspace_scope(house.north):
        case_id, ada = long_story(house), house.actor("ada")
        detail = case_detail(case_id=case_id, viewer=ada)
        shown = newest(detail=detail, viewer=ada, limit=5)
        add_note(case_id=case_id, html="", text="new", mentions=(), actor=ada, at=NOW + timedelta(days=1))
        fresh = newest_since(detail=detail, viewer=ada, mark=shown.begins_at)

    assert [m.what.id for m in fresh.moments[:-1]] == [m.what.id for m in shown.moments]
    assert fresh.moments[-1].kind == "note"


@pytest.mark.parametrize("text", ["", "1.2", "1.2.x", "1.2.3.4", "-1.2.3", f"1.2.{'9' * 20}", "١.٢.٣"])
def test_a_mark_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(StaleMark):
        mark_of(text)
