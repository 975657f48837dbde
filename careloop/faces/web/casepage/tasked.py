"""What became of tasks, as sentences of a case's story; an answer and a refusal stand there in full."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of, team_names_of
from careloop.domains.tasks import events as e
from careloop.domains.tasks.queries import tasks_by_id
from careloop.domains.tasks.states import Why
from careloop.domains.tasks.types import TaskRow
from careloop.faces.web.casepage.types import Sentence
from careloop.kernel.events import Event, Recorded
from careloop.processes.notifying import names_of_doers

__all__ = ["tasked"]


def tasked(found: Sequence[Recorded]) -> dict[int, Sentence]:
    """Return the sentences of what became of tasks, by the event's id."""
    ours = [one for one in found if one.name.startswith("task.")]
    if not ours:
        return {}
    rows = tasks_by_id({getattr(one.event, "task_id", 0) for one in ours})
    doers = names_of_doers({one.event.actor for one in ours})
    people = names_of({row.person_id for row in rows.values() if row.person_id is not None})
    teams = team_names_of({row.team_id for row in rows.values() if row.team_id is not None})
    said: dict[int, Sentence] = {}
    for one in ours:
        row = rows.get(getattr(one.event, "task_id", 0))
        if row is None:
            continue
        whom = people.get(row.person_id or 0) or teams.get(row.team_id or 0, "")
        said[one.id] = _sentence(one.event, row, doers.get(one.event.actor, "Careloop"), whom)
    return said


def _sentence(event: Event, row: TaskRow, who: str, whom: str) -> Sentence:
    values = {"who": who, "whom": whom, "task": row.title}
    match event:
        case e.TaskAsked():
            return Sentence(text=_("%(who)s asked %(whom)s: “%(task)s”.") % values, icon="clipboard-list")
        case e.TaskAccepted():
            return Sentence(text=_("%(who)s is on the task “%(task)s”.") % values, icon="circle-dot", tone="open")
        case e.TaskDone():
            words = _("%(who)s answered the task “%(task)s”.") % values
            return Sentence(text=words, icon="circle-check", tone="solved", words=row.said, who=who)
        case e.TaskRefused():
            words = _("%(who)s cannot do the task “%(task)s”.") % values
            return Sentence(text=words, icon="circle-x", tone="missed", words=row.said, who=who)
        case e.TaskWithdrawn(why=Why.CUSTOMER):
            words = _("The customer says that the matter is solved, so the task “%(task)s” is not needed any more.")
            return Sentence(text=words % values, icon="circle-minus")
        case e.TaskWithdrawn(why=Why.SPAM):
            return Sentence(text=_("The task “%(task)s” is not needed any more.") % values, icon="circle-minus")
    return Sentence(text=_("%(who)s took the task “%(task)s” back.") % values, icon="circle-minus")
