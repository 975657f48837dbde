"""Everything with one customer on one line of time: cases, messages, and notes about them."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import queries as cases
from careloop.domains.cases.types import CaseRow
from careloop.domains.conversations import queries as conversations
from careloop.domains.conversations.types import MessageRow
from careloop.domains.customers import queries as customers
from careloop.domains.customers.types import NoteRow
from careloop.kernel.actors import Actor
from careloop.kernel.paging import BadCursor, Page

__all__ = ["Moment", "history_of"]


class _Rank(IntEnum):
    """What stands first of things at the same moment."""

    NOTE = 3
    MESSAGE = 2
    CASE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened with a customer: a case was opened, something was said, or a note was written.

    case: the case opened, or the one a message stands in; None for a note. who: the writer's name, or empty for the
    customer and the house.
    """

    at: datetime
    who: str = ""
    case: CaseRow | None = None
    message: MessageRow | None = None
    note: NoteRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Place:
    at: datetime
    rank: int
    key: int


def history_of(*, customer_id: int, viewer: Actor, cursor: str | None = None, limit: int = 30) -> Page[Moment]:
    """Return what happened with a customer, newest first, of what the viewer may see.

    Raises BadCursor.
    """
    last = _decoded(cursor) if cursor else None
    opened = cases.cases_opened_by(
        customer_id=customer_id, viewer=viewer, behind=_behind(last, _Rank.CASE), limit=limit + 1
    )
    said = conversations.messages_of_customer(
        customer_id=customer_id, behind=_behind(last, _Rank.MESSAGE), limit=limit + 1
    )
    noted = customers.notes_about(
        customer_id=customer_id, viewer=viewer, behind=_behind(last, _Rank.NOTE), limit=limit + 1
    )
    places = sorted(
        [
            *(_Place(at=row.opened_at, rank=_Rank.CASE, key=row.id) for row in opened),
            *(_Place(at=at, rank=_Rank.MESSAGE, key=message_id) for message_id, _conversation, at in said),
            *(_Place(at=note.created_at, rank=_Rank.NOTE, key=note.id) for note in noted),
        ],
        reverse=True,
    )
    shown = places[:limit]
    conversation_of = {message_id: conversation_id for message_id, conversation_id, _at in said}
    asked = [(place.key, conversation_of[place.key]) for place in shown if place.rank == _Rank.MESSAGE]
    items = _moments(shown, {row.id: row for row in opened}, {note.id: note for note in noted}, asked, viewer)
    return Page(items=items, next_cursor=_encoded(shown[-1]) if len(places) > limit else None)


def _moments(
    shown: Sequence[_Place],
    opened: dict[int, CaseRow],
    noted: dict[int, NoteRow],
    asked: Sequence[tuple[int, int]],
    viewer: Actor,
) -> list[Moment]:
    case_of = cases.visible_cases_of_messages(asked, viewer=viewer)
    messages = conversations.messages_by_id(list(case_of))
    rows = cases.cases_by_id(case_of.values(), viewer=viewer)
    moments = []
    for place in shown:
        if place.rank == _Rank.CASE:
            moments.append(Moment(at=place.at, case=opened[place.key]))
        elif place.rank == _Rank.NOTE:
            note = noted[place.key]
            moments.append(Moment(at=place.at, who=note.author, note=note))
        elif place.key in messages:
            message = messages[place.key]
            who = message.writer if message.user_id else ""
            moments.append(Moment(at=place.at, who=who, case=rows[case_of[place.key]], message=message))
    return moments


def _behind(last: _Place | None, rank: _Rank) -> tuple[datetime, int] | None:
    """Return where one kind of thing goes on behind the last place, whose kind may be another."""
    if last is None:
        return None
    if rank == last.rank:
        return last.at, last.key
    return last.at, 2**63 - 1 if rank < last.rank else 0


def _encoded(place: _Place) -> str:
    return base64.urlsafe_b64encode(f"{place.at.isoformat()} {place.rank} {place.key}".encode()).decode().rstrip("=")


def _decoded(cursor: str) -> _Place:
    try:
        written = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment, rank, key = written.split(" ")
        place = _Place(at=datetime.fromisoformat(moment), rank=_Rank(int(rank)), key=int(key))
    except (ValueError, binascii.Error):
        place = None
    if place is None or place.at.tzinfo is None or not 0 < place.key < 2**63:
        raise BadCursor(_("This page link is not valid any more. Start again from the first page."))
    return place
