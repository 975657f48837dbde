"""Callbacks that were promised, and the calls of ours that keep them or try to: by their case, nobody has to say so."""

from collections.abc import Sequence
from typing import Final

from careloop.domains.calls.events import CallAnswered, CallEnded
from careloop.domains.calls.queries import call_rows
from careloop.domains.calls.states import Ending
from careloop.domains.calls.types import CallRow
from careloop.domains.cases.queries import visible_among
from careloop.domains.commitments import services as commitments
from careloop.domains.commitments.queries import call_owed_in
from careloop.domains.commitments.rules import may_call_back
from careloop.domains.commitments.states import NotReached
from careloop.domains.people.queries import actor_for
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import Recorded, stories, subject
from careloop.kernel.scope import current_workspace
from careloop.processes.phoning import PHONES

__all__ = ["keep_callbacks"]

PROMISED: Final = ("callback.promised", "callback.moved")


@act
def keep_callbacks(recorded: Sequence[Recorded]) -> None:
    """Note that a promised callback was kept, or tried in vain, by calls of ours about its case that were told of since.

    Records CallbackDone or CallbackTried.
    """
    rows = call_rows({one.subject_id for one in recorded})
    for one in recorded:
        row = rows.get(one.subject_id)
        if row is None or not row.is_outbound or row.case_id is None or call_owed_in(row.case_id) is None:
            continue
        (*_before, promised) = stories([subject("case", row.case_id)], names=PROMISED)
        if one.id < promised.id:
            continue  # it was promised in that very call, or after it
        # The telephone system has a clock of its own.
        at = max(one.event.at, promised.event.at)
        if isinstance(one.event, CallAnswered):
            commitments.finish_callback(case_id=row.case_id, call_id=row.id, actor=_caller(row), at=at)
        elif isinstance(one.event, CallEnded) and one.event.ending == Ending.UNREACHED:
            rang_s = max(0, int((one.event.at - row.began_at).total_seconds()))
            commitments.try_callback(
                case_id=row.case_id,
                outcome=NotReached.NO_ANSWER,
                ring_s=rang_s,
                call_id=row.id,
                actor=_caller(row),
                at=at,
            )


def _caller(row: CallRow) -> Actor:
    """Return who called; the house where they do not work on the case any more."""
    actor = actor_for(row.agent_id, current_workspace()) if row.agent_id is not None else None
    if actor is None or not may_call_back(actor) or not visible_among([row.case_id or 0], viewer=actor):
        return PHONES
    return actor
