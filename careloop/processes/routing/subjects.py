"""What it is that waits: the case it is, or is about, whatever its kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.chats.queries import chat_rows
from careloop.domains.commitments.queries import cases_of_callbacks, due_of_waits
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import OfferRow, WaitingRow

__all__ = ["NOTHING", "About", "about"]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """case_id: 0 where there is none.

    due_at: when a promised callback is due, or the time is over that a visitor was promised to wait; None for everything else.
    """

    case_id: int = 0
    due_at: datetime | None = None


NOTHING = About()


def about(found: Iterable[WaitingRow | OfferRow]) -> dict[tuple[Kind, int], About]:
    """Return by kind and subject what it is that waits, with one question per kind. For those who see what waits."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one.subject_id)
    told = {(Kind.CASE, key): About(case_id=key) for key in by_kind[Kind.CASE]}
    due = due_of_waits(by_kind[Kind.CHAT])
    for key, chat in chat_rows(by_kind[Kind.CHAT]).items():
        told[Kind.CHAT, key] = About(case_id=chat.case_id, due_at=due.get(key))
    for key, (case_id, due_at) in cases_of_callbacks(by_kind[Kind.CALLBACK]).items():
        told[Kind.CALLBACK, key] = About(case_id=case_id, due_at=due_at)
    return told
