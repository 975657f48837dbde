"""Tasks made ready for their templates: words, names, forms, and what this reader may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.cases.rules import may_be_given, may_read_notes, may_work
from careloop.domains.cases.states import DONE
from careloop.domains.cases.types import CaseRow
from careloop.domains.people.queries import names_of, people_choices, team_choices, team_names_of
from careloop.domains.tasks import rules
from careloop.domains.tasks.queries import facts_of, tasks_in
from careloop.domains.tasks.states import Share, State
from careloop.domains.tasks.types import USUAL_SHARES, NewTask, TaskRow
from careloop.faces.web.casepage.callbacks import Moment
from careloop.kernel.actors import Actor, Role
from careloop.kernel.errors import Refusal
from careloop.processes.notifying import names_of_doers

__all__ = [
    "AnswerForm",
    "Asked",
    "CaseTasks",
    "RefusalForm",
    "TaskForm",
    "TaskShown",
    "case_tasks_shown",
    "task_form",
    "tasks_shown",
]

TONES = {
    State.ASKED: ("waiting", "hourglass"),
    State.ACCEPTED: ("open", "circle-dot"),
    State.DONE: ("solved", "circle-check"),
    State.REFUSED: ("missed", "circle-x"),
    State.WITHDRAWN: ("neutral", "circle-minus"),
}


class TaskForm(forms.Form):
    """What somebody is asked to do, and what they see of the case."""

    title = forms.CharField(
        label=lazily("What is to be done"),
        max_length=200,
        error_messages={"required": lazily("Say in 1 to 200 characters what is to be done.")},
    )
    words = forms.CharField(
        label=lazily("What they need to know"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    whom = forms.ChoiceField(
        label=lazily("Who is asked"), error_messages={"required": lazily("Choose a team or a person to ask.")}
    )
    due_at = Moment(label=lazily("Wished by"), required=False, help_text=lazily("On your clock."))
    shares = forms.MultipleChoiceField(
        label=lazily("What they see of the case"),
        choices=Share.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazily("They see nothing else of it, unless the case is theirs, too."),
    )

    def __init__(
        self,
        *,
        people: Iterable[tuple[int, str, str]],
        teams: Iterable[tuple[int, str]],
        posted: QueryDict | None = None,
    ) -> None:
        """people, teams: as in `people_choices` and `team_choices`; whoever may be given a case may be asked."""
        super().__init__(posted, auto_id="task_%s", initial={"shares": sorted(USUAL_SHARES)})
        choices: list[Any] = [
            ("", _("Choose")),
            (_("Teams"), [(f"team-{key}", name) for key, name in teams]),
            (_("People"), [(f"person-{key}", name) for key, name, role in people if may_be_given(Role(role))]),
        ]
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]

    def task(self) -> NewTask:
        """Return what was typed, once the form is valid."""
        given = self.cleaned_data
        kind, _dash, key = given["whom"].partition("-")
        return NewTask(
            title=given["title"],
            words=given["words"].replace("\r\n", "\n"),
            team_id=int(key) if kind == "team" else None,
            person_id=int(key) if kind == "person" else None,
            due_at=given["due_at"],
            shares=frozenset(map(Share, given["shares"])),
        )

    def refused(self, refusal: Refusal) -> None:
        """Show what is wrong beside its field."""
        for name, words in refusal.fields.items():
            self.add_error("whom" if name in {"team_id", "person_id"} else name, str(words))


class AnswerForm(forms.Form):
    """What was done or found out."""

    answer = forms.CharField(
        label=lazily("Your answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": lazily("Write what you did or found out, in at most 4000 characters.")},
    )

    def __init__(self, posted: QueryDict | None = None) -> None:
        super().__init__(posted, auto_id="answer_%s")


class RefusalForm(forms.Form):
    """Why it cannot be done, or is not needed any more. name: a prefix for its ids."""

    reason = forms.CharField(
        label=lazily("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": lazily("Say why it cannot be done, in at most 4000 characters.")},
    )

    def __init__(self, name: str, posted: QueryDict | None = None, *, is_optional: bool = False) -> None:
        super().__init__(posted, auto_id=f"{name}_%s")
        self.fields["reason"].required = not is_optional


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShown:
    """A task as the templates print it.

    asker, taker, ender: names, empty where there is none. whom: who was asked. is_late: done, or still to be done, after the
    wished time. may_do: take it, answer it, refuse it. withdrawal: for whoever may take it back. shares: in words.
    """

    row: TaskRow
    state: str
    tone: str
    icon: str
    asker: str
    whom: str
    taker: str
    ender: str
    is_late: bool
    may_do: bool
    shares: tuple[str, ...]
    why: str
    withdrawal: RefusalForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTasks:
    """The tasks of a case. form: for those who may ask somebody for something now."""

    running: tuple[TaskShown, ...]
    over: tuple[TaskShown, ...]
    form: TaskForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed in a task of a case and refused, to be shown again. task_id: whose withdrawal it was, None for a new task."""

    form: TaskForm | RefusalForm
    task_id: int | None = None


def task_form(viewer: Actor, posted: QueryDict | None = None) -> TaskForm:
    """Return the form of a task with everybody whom the viewer may ask."""
    return TaskForm(people=people_choices(viewer), teams=team_choices(viewer), posted=posted)


def case_tasks_shown(
    case: CaseRow, *, viewer: Actor, now: datetime, typed: Asked | None = None, empty: TaskForm | None = None
) -> CaseTasks:
    """Return what others are asked to do for a case; who may see the case is settled before.

    typed: what was refused. empty: the form to ask for something, where it is made already.
    """
    if not may_read_notes(viewer):
        return CaseTasks(running=(), over=(), form=None)
    shown = tasks_shown(tasks_in(case_id=case.id, viewer=viewer), viewer=viewer, now=now, in_case=True, typed=typed)
    form: TaskForm | None = None
    if may_work(viewer) and case.category not in DONE and not case.is_spam:
        form = typed.form if typed is not None and isinstance(typed.form, TaskForm) else empty or task_form(viewer)
    return CaseTasks(
        running=tuple(one for one in shown if not one.row.is_over),
        over=tuple(one for one in shown if one.row.is_over),
        form=form,
    )


def tasks_shown(
    rows: Iterable[TaskRow], *, viewer: Actor, now: datetime, in_case: bool, typed: Asked | None = None
) -> Sequence[TaskShown]:
    """Return tasks in words, with one question per kind of thing that is named. in_case: the viewer sees their case."""
    found = list(rows)
    doers = names_of_doers({actor for row in found for actor in (row.asked_by, row.ended_by) if actor})
    people = names_of({key for row in found for key in (row.person_id, row.taken_by) if key is not None})
    teams = team_names_of({row.team_id for row in found if row.team_id is not None})
    may_withdraw = in_case and may_work(viewer)
    shown = []
    for row in found:
        tone, icon = TONES[row.state]
        withdrawal: RefusalForm | None = None
        if may_withdraw and not row.is_over:
            withdrawal = RefusalForm(f"withdraw_{row.id}", is_optional=True)
            if typed is not None and typed.task_id == row.id and isinstance(typed.form, RefusalForm):
                withdrawal = typed.form
        shown.append(
            TaskShown(
                row=row,
                state=str(row.state.label),
                tone=tone,
                icon=icon,
                asker=doers.get(row.asked_by, "Careloop"),
                whom=_whom(people.get(row.person_id or 0, ""), teams.get(row.team_id or 0, "")),
                taker=people.get(row.taken_by or 0, ""),
                ender=doers.get(row.ended_by, "Careloop") if row.ended_by else "",
                is_late=row.is_late(now),
                may_do=not row.is_over and rules.may_do(viewer, facts_of(row)),
                shares=tuple(str(share.label) for share in Share if share in row.shares),
                why=str(row.why.label) if row.why is not None else "",
                withdrawal=withdrawal,
            )
        )
    return shown


def _whom(person: str, team: str) -> str:
    return _("%(person)s (%(team)s)") % {"person": person, "team": team} if person and team else person or team
