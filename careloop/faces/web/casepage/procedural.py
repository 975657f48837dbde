"""What was done in procedures of a case, as sentences in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.people.queries import names_of
from careloop.domains.procedures import events as e
from careloop.domains.procedures.queries import procedure_names, step_titles
from careloop.domains.procedures.states import Doing
from careloop.faces.web.casepage.types import Sentence
from careloop.kernel.events import Event, Recorded

__all__ = ["procedural"]

DONE = {
    Doing.CHECKED: lazily("%(who)s ticked “%(step)s”."),
    Doing.UNCHECKED: lazily("%(who)s took the tick at “%(step)s” back."),
    Doing.FILLED: lazily("%(who)s filled in “%(step)s”."),
    Doing.READ: lazily("%(who)s read and confirmed “%(step)s”."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    people: Mapping[int, str]
    procedures: Mapping[int, str]
    titles: Mapping[tuple[int, str], str]

    def values(self, event: Event) -> dict[str, str]:
        """Return what the sentences of an event name."""
        kind, _colon, key = event.actor.partition(":")
        person = self.people.get(int(key), _("Somebody")) if kind == "user" and key.isdigit() else "Careloop"
        run_id, step = getattr(event, "run_id", 0), getattr(event, "step", "")
        return {
            "who": person,
            "procedure": self.procedures.get(getattr(event, "procedure_id", 0), ""),
            "step": self.titles.get((run_id, step), step),
        }


def procedural(found: Sequence[Recorded]) -> dict[int, Sentence]:
    """Return the sentences of what was done in procedures, by the event's id."""
    ours = [one for one in found if one.name.startswith(("procedure.", "approval."))]
    if not ours:
        return {}
    actors = (one.event.actor.partition(":") for one in ours)
    known = _Known(
        people=names_of({int(key) for kind, _colon, key in actors if kind == "user" and key.isdigit()}),
        procedures=procedure_names({getattr(one.event, "procedure_id", 0) for one in ours}),
        titles=step_titles({getattr(one.event, "run_id", 0) for one in ours}),
    )
    sentences = {one.id: _sentence(one.event, known.values(one.event)) for one in ours}
    return {key: sentence for key, sentence in sentences.items() if sentence is not None}


def _sentence(event: Event, values: Mapping[str, str]) -> Sentence | None:
    match event:
        case e.ProcedureBegun() if event.actor.startswith("house:"):
            return Sentence(text=_("The procedure “%(procedure)s” begins.") % values, icon="workflow")
        case e.ProcedureBegun():
            return Sentence(text=_("%(who)s began the procedure “%(procedure)s”.") % values, icon="workflow")
        case e.ProcedureStepDone():
            return Sentence(text=str(DONE[Doing(event.doing)]) % values, icon="check")
        case e.ApprovalAsked():
            return Sentence(text=_("%(who)s asked for “%(step)s”.") % values, icon="hand")
        case e.ApprovalGiven(next_rung=None):
            return Sentence(text=_("%(who)s approved “%(step)s”.") % values, icon="circle-check", tone="solved")
        case e.ApprovalGiven():
            words = _("%(who)s approved “%(step)s”. The next one is asked.") % values
            return Sentence(text=words, icon="circle-check")
        case e.ApprovalRefused():
            return Sentence(text=_("%(who)s refused “%(step)s”.") % values, icon="circle-x", tone="missed")
        case e.ProcedureFinished():
            words = _("The procedure “%(procedure)s” is done.") % values
            return Sentence(text=words, icon="circle-check", tone="solved")
        case e.ProcedureSkipped():
            words = _("%(who)s left out the rest of the procedure “%(procedure)s”.") % values
            return Sentence(text=words, icon="circle-minus", tone="due-soon")
    return None
