"""Procedures that begin by themselves: a case that comes to fit their conditions is in them from then on, once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from careloop.domains.cases.queries import case_briefs, holding
from careloop.domains.cases.states import DONE
from careloop.domains.procedures.errors import ProcedureBegunAlready, ProcedureNotFound
from careloop.domains.procedures.queries import beginning_by_themselves, was_in
from careloop.domains.procedures.services import begin_procedure
from careloop.domains.procedures.types import ProcedureRow
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.acts import attempt
from careloop.kernel.events import Recorded

__all__ = ["BEGINNER", "WAKING", "begin_where_held", "in_open_cases"]

BEGINNER: Final = Actor(kind=ActorKind.HOUSE, name="procedures")
WAKING: Final = (
    "case.opened",
    "case.customer_wrote",
    "case.third_party_wrote",
    "case.answered",
    "case.status_changed",
    "case.reopened",
    "case.assigned",
    "case.prioritized",
    "case.typed",
    "case.reasoned",
    "case.tagged",
)
"""Events after which conditions are looked at again."""


def begin_where_held(recorded: Sequence[Recorded]) -> None:
    """Let cases into the procedures whose conditions hold for them now.

    A case enters a procedure by itself once in its life: whoever left it out had a reason. What happened before a procedure was
    published is none of its business.
    """
    procedures = beginning_by_themselves()
    newest = {one.subject_id: one.event.at for one in recorded}
    if not procedures:
        return
    there = case_briefs(newest)
    held = holding(there, [in_open_cases(row.settings.conditions) for row in procedures], now=max(newest.values()))
    known = {row.id: was_in(case_ids=there, procedure_id=row.id) for row in procedures}
    # In the order in which every act locks cases.
    for case_id in sorted(held):
        for index in sorted(held[case_id]):
            row = procedures[index]
            if case_id not in known[row.id] and newest[case_id] >= row.effective_at:
                _begin(row, case_id, newest)


def in_open_cases(conditions: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return conditions that hold only for cases which are not solved, and no spam."""
    mine = [dict(conditions)] if conditions else []
    return {
        "and": [
            *mine,
            {"field": "category", "operator": "none_of", "value": sorted(DONE)},
            {"field": "is_spam", "operator": "is", "value": False},
        ]
    }


def _begin(row: ProcedureRow, case_id: int, newest: Mapping[int, Any]) -> None:
    try:
        with attempt():
            begin_procedure(procedure_id=row.id, case_id=case_id, actor=BEGINNER, at=newest[case_id])
    except (ProcedureBegunAlready, ProcedureNotFound):
        return  # somebody was quicker, with the procedure or with taking it out of use
