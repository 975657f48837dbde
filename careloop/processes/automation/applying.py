"""Macros: a person sees what one would do to a case, and does it in one go."""

from dataclasses import dataclass
from datetime import datetime

from careloop.domains.automation.queries import macro_of, macros_of
from careloop.domains.automation.services import count_use
from careloop.domains.automation.states import ActionKind
from careloop.domains.automation.types import MacroRow, Step
from careloop.domains.cases.queries import case_briefs, case_detail
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import history, subject
from careloop.processes.answering.phrases import phrase_in
from careloop.processes.automation.acting import act_for_person, customer_language
from careloop.processes.workspace import workspace_facts

__all__ = ["MacroShown", "apply_macro", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroShown:
    """A macro before it is applied to a case. answer: the HTML that the customer would read; empty when it answers nothing."""

    row: MacroRow
    answer: str


def preview(*, case_id: int, viewer: Actor) -> list[MacroShown]:
    """Return the macros that somebody may apply to a case, each with what the customer would read. Raises CaseNotFound."""
    case_detail(case_id=case_id, viewer=viewer)
    case = case_briefs([case_id])[case_id]
    language, usual = customer_language(case), workspace_facts().settings.language
    found = []
    for row in macros_of(viewer):
        reply_ids = [key for one in row.settings.actions if one.kind is ActionKind.REPLY for key in one.ids()]
        phrase = (
            phrase_in(language, reply_ids=reply_ids, case_id=case_id, viewer=viewer, usual=usual) if reply_ids else None
        )
        found.append(MacroShown(row=row, answer=phrase.html if phrase else ""))
    return found


@act
def apply_macro(*, macro_id: int, case_id: int, actor: Actor, at: datetime) -> list[Step]:
    """Do to a case all that a macro says, or nothing, and return what became of each action.

    Raises CaseNotFound, MacroNotFound, and whatever the acts refuse. Records MacroApplied and what the acts record.
    """
    detail = case_detail(case_id=case_id, viewer=actor)
    row = macro_of(actor, macro_id=macro_id)
    newest = history([subject("case", detail.row.id)], limit=1)
    event_id = newest[0].id if newest else 0
    steps = act_for_person(row.settings.actions, case_id=case_id, event_id=event_id, actor=actor, at=at)
    count_use(macro_id=macro_id, case_id=case_id, actor=actor, at=at)
    return steps
