"""The story of a case: customers' and third parties' words, ours, notes, and the acts of the log, merged by time.

The three sources are read backwards by id, each with its own place, and merged from their ends, so that no page repeats or
leaves out anything, even where a provider's clock disagrees with the order of arrival.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.types import CaseDetail
from careloop.domains.commitments.events import CommitmentKept
from careloop.domains.commitments.states import Measure
from careloop.domains.conversations.queries import messages
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.events import Recorded, history, subject
from careloop.processes.timeline.types import Mark, Moment, Story

__all__ = ["PUBLIC_ACTS", "StaleMark", "mark_of", "newest", "newest_since", "older"]

PAGE: Final = 30
MOST: Final = 200
"""How much of a story one page reads at most; behind it the reader pages back."""
END: Final = Mark(message_id=2**62, note_id=2**62, event_id=2**62)

TOLD_BY_WORDS: Final = frozenset(
    {"case.answered", "case.customer_wrote", "case.third_party_wrote", "case.noted", "case.conversation_linked"}
)
"""Acts whose words stand in the story themselves."""
TOLD_OF_PROMISES: Final = frozenset({"commitment.kept", "commitment.missed"})
"""What became of a promise; how its clock turned until then stands beside the story, with the reasons."""
TOLD_OF_QUEUES: Final = frozenset({"offer.accepted", "waiting.moved", "waiting.handed", "waiting.taken_back"})
"""How the case came into whose hands; who was asked before stands on the floor."""
CALLBACK_ACTS: Final = frozenset(
    {"callback.promised", "callback.moved", "callback.tried", "callback.done", "callback.cancelled"}
)
PUBLIC_ACTS: Final = frozenset({"case.opened", "case.solved", "case.closed", "case.reopened"}) | CALLBACK_ACTS
"""What somebody who reads no notes hears of our acts."""


class StaleMark(Refusal):
    status = 400


def newest(*, detail: CaseDetail, viewer: Actor, limit: int = PAGE) -> Story:
    """Return the newest part of a case's story.

    detail: the case as this viewer got it from `cases.queries.case_detail`, which has settled that they may see it.
    """
    return _read(detail, viewer, before=END, limit=limit)


def older(*, detail: CaseDetail, viewer: Actor, before: Mark, limit: int = PAGE) -> Story:
    """Return the part of the story that lies before a mark."""
    return _read(detail, viewer, before=before, limit=limit)


def newest_since(*, detail: CaseDetail, viewer: Actor, mark: Mark) -> Story:
    """Return everything from a mark on: what a page showed last, and what came after it."""
    found = _read(detail, viewer, before=END, limit=MOST)
    fresh = [m for m in found.moments if _is_behind(m, mark)]
    return Story(moments=fresh, begins_at=mark, has_older=True, newest_message_id=found.newest_message_id)


def mark_of(text: str) -> Mark:
    """Read a mark from an address. Raises StaleMark."""
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
        raise StaleMark(_("This link is not valid any more. Open the case again."))
    message_id, note_id, event_id = map(int, parts)
    return Mark(message_id=message_id, note_id=note_id, event_id=event_id)


def _read(detail: CaseDetail, viewer: Actor, *, before: Mark, limit: int) -> Story:
    reads_notes = cases_rules.may_read_notes(viewer)
    case_id, window = detail.row.id, limit * 3 + 1
    said = messages(
        [(c.conversation_id, c.first_message_id, c.last_message_id) for c in detail.conversations],
        limit=window,
        before_id=before.message_id,
        for_customer=not reads_notes,
    )
    noted = cases_queries.notes_of(case_id=case_id, viewer=viewer, limit=window, before_id=before.note_id)
    done = history([subject("case", case_id)], limit=window, before_id=before.event_id)
    stacks: list[list[Moment]] = [
        [Moment(what=row) for row in sorted(said, key=lambda row: row.id)],
        [Moment(what=row) for row in noted],
        [Moment(what=recorded) for recorded in reversed(done)],
    ]
    return _merged(stacks, window=window, before=before, limit=limit, reads_notes=reads_notes)


def _merged(stacks: Sequence[list[Moment]], *, window: int, before: Mark, limit: int, reads_notes: bool) -> Story:
    newest_message_id = stacks[0][-1].what.id if stacks[0] else None
    is_cut = [len(stack) == window for stack in stacks]
    places = [before.message_id, before.note_id, before.event_id]
    taken: list[Moment] = []
    while len(taken) < limit and any(stacks):
        # The latest of the three ends comes next; ids decide within a source, time between sources.
        source = max((i for i in range(3) if stacks[i]), key=lambda i: (stacks[i][-1].at, i))
        moment = stacks[source].pop()
        places[source] = moment.what.id
        if _is_told(moment, reads_notes=reads_notes):
            taken.append(moment)
        if is_cut[source] and not stacks[source]:
            break
    return Story(
        moments=sorted(taken, key=lambda m: (m.at, m.kind != "event", m.what.id)),
        begins_at=Mark(message_id=places[0], note_id=places[1], event_id=places[2]),
        has_older=any(_is_told(m, reads_notes=reads_notes) for stack in stacks for m in stack) or any(is_cut),
        newest_message_id=newest_message_id,
    )


def _is_told(moment: Moment, *, reads_notes: bool) -> bool:
    if not isinstance(moment.what, Recorded):
        return True
    name = moment.what.name
    if isinstance(moment.what.event, CommitmentKept) and moment.what.event.measure == Measure.CALLBACK:
        return False  # the word was given by a person, and a person's act tells that it was kept
    if name.startswith("commitment.") and name not in TOLD_OF_PROMISES:
        return False
    if name.startswith(("offer.", "waiting.")) and name not in TOLD_OF_QUEUES:
        return False
    return name not in TOLD_BY_WORDS and (reads_notes or name in PUBLIC_ACTS)


def _is_behind(moment: Moment, mark: Mark) -> bool:
    match moment.kind:
        case "message":
            return moment.what.id >= mark.message_id
        case "note":
            return moment.what.id >= mark.note_id
        case _:
            return moment.what.id >= mark.event_id
