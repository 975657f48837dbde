"""One search over cases, messages, notes and customers, of what its reader may see and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.cases import queries as cases
from careloop.domains.cases import rules
from careloop.domains.cases.types import CaseRow
from careloop.domains.conversations import queries as conversations
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Audience, MessageRow
from careloop.domains.customers import queries as customers
from careloop.domains.customers.types import CustomerRow
from careloop.kernel.actors import Actor
from careloop.kernel.text import Segment, snippet

__all__ = ["Found", "FoundWords", "search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWords:
    """A message or a note that holds the words. who: its writer's name, or empty for the house. case: where it stands."""

    is_note: bool
    who: str
    at: datetime
    case: CaseRow
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, each group newest first."""

    cases: Sequence[CaseRow]
    words: Sequence[FoundWords]
    customers: Sequence[CustomerRow]

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.words or self.customers)


def search(*, text: str, viewer: Actor, limit: int = 20) -> Found:
    """Find what the words mean, in about a dozen queries whatever is found.

    text: as typed. limit: rows per group.
    """
    return Found(
        cases=cases.find_cases(text=text, viewer=viewer, limit=limit),
        words=_words(text, viewer, limit),
        customers=customers.find(text=text, viewer=viewer, limit=limit),
    )


def _words(text: str, viewer: Actor, limit: int) -> list[FoundWords]:
    # More are looked at than shown, because some may lie in cases that the reader does not see.
    found = conversations.find_messages(text=text, limit=limit * 3)
    case_of_message = cases.visible_cases_of_messages(found, viewer=viewer)
    said = _read_by(viewer, conversations.messages_by_id(list(case_of_message)[:limit]))
    case_of_note = dict(cases.find_notes(text=text, viewer=viewer, limit=limit))
    noted = cases.notes_by_id(list(case_of_note), viewer=viewer)
    rows = cases.cases_by_id({*case_of_message.values(), *case_of_note.values()}, viewer=viewer)
    hits = [
        FoundWords(
            is_note=False,
            who=message.writer,
            at=message.at,
            case=rows[case_of_message[message.id]],
            segments=snippet(message.text, text),
        )
        for message in said.values()
    ]
    hits += [
        FoundWords(
            is_note=True,
            who=note.author,
            at=note.at,
            case=rows[case_of_note[note.id]],
            segments=snippet(note.text, text),
        )
        for note in noted.values()
    ]
    return sorted(hits, key=lambda hit: hit.at, reverse=True)[:limit]


def _read_by(viewer: Actor, said: Mapping[int, MessageRow]) -> Mapping[int, MessageRow]:
    """Leave out words with third parties and words taken back for those who read no notes, as the timeline does."""
    if rules.may_read_notes(viewer):
        return said
    return {
        message_id: message
        for message_id, message in said.items()
        if message.audience == Audience.CUSTOMER
        and (message.delivery is None or message.delivery.state != DeliveryState.RECALLED)
    }
