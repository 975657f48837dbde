"""A policy as texts of a form, and back; what cannot be read is told beside its field."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.cases.types import Priority
from careloop.domains.commitments.callers import CALLS, tree_of
from careloop.domains.commitments.states import PROMISED, About, Measure, Whom
from careloop.domains.commitments.types import Escalation, PolicySettings
from careloop.faces.web.desk.editing import Row, rows_of, rows_posted, written_of
from careloop.faces.web.promises.written import Unreadable, length_read, length_written
from careloop.kernel.conditions import Registry

__all__ = ["Draft", "StepDraft", "about_asked", "draft_of", "draft_posted", "mark_of", "registry_of"]

MOST_STEPS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """What happens at a share of the time. share: in percent, as text. raise_to: a priority, or empty."""

    share: str = ""
    tell: tuple[str, ...] = ()
    raise_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A policy that is being written.

    about: cases or calls. times: by measure and priority, as `length_read` reads them. levels: by measure, in percent, as text.
    calendar: a primary key, or empty for around the clock.
    join, rows: of the filter editor.
    """

    name: str = ""
    about: About = About.CASES
    calendar: str = ""
    times: Mapping[tuple[str, int], str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    pauses: tuple[str, ...] = ()
    steps: tuple[StepDraft, ...] = ()
    join: str = "and"
    rows: tuple[Row, ...] = ()

    def acted(self, act: str) -> "Draft":
        """Return the draft after a button that adds or removes a row."""
        what, _dash, index = act.partition("-")
        match what:
            case "add":
                return replace(self, rows=(*self.rows, Row(registry=registry_of(self.about)).told()))
            case "remove":
                return replace(self, rows=tuple(_without(self.rows, index)))
            case "step" if len(self.steps) < MOST_STEPS:
                whom = Whom.ASSIGNEE if self.about is About.CASES else Whom.LEADS
                return replace(self, steps=(*self.steps, StepDraft(tell=(whom.value,))))
            case "unstep":
                return replace(self, steps=tuple(_without(self.steps, index)))
        return self

    def settings(self) -> tuple[PolicySettings, dict[str, str]]:
        """Return what the draft says, and by field what in it cannot be read."""
        problems: dict[str, str] = {}
        targets: dict[Measure, dict[int, int]] = {measure: {} for measure in PROMISED}
        for (measure, priority), text in self.times.items():
            try:
                seconds = length_read(text)
            except Unreadable as problem:
                problems["targets"] = str(problem)
            else:
                if seconds is not None:
                    targets[Measure(measure)][priority] = seconds
        shares = [_share(step.share) for step in self.steps]
        if None in shares:
            problems["steps"] = _("Write each share of the time as a whole number of percent.")
        steps = [
            Escalation(
                share=share,
                tell=tuple(Whom(whom) for whom in step.tell if whom in Whom.values),
                priority=int(step.raise_to) if step.raise_to in {str(value) for value in Priority.values} else None,
            )
            for share, step in zip(shares, self.steps, strict=True)
            if share is not None
        ]
        levels = {Measure(measure): _share(text) for measure, text in self.levels.items() if text.strip()}
        if None in levels.values():
            problems["levels"] = _("Write each share of the promises as a whole number of percent.")
        digits = self.calendar.isascii() and self.calendar.isdigit() and len(self.calendar) < 19
        settings = PolicySettings(
            name=self.name,
            about=self.about,
            targets={measure: times for measure, times in targets.items() if times},
            conditions=written_of(self.join, self.rows),
            calendar_id=int(self.calendar) if digits else None,
            pauses=self.pauses,
            steps=tuple(steps),
            levels={measure: share for measure, share in levels.items() if share is not None},
        )
        return settings, problems


def draft_of(settings: PolicySettings) -> Draft:
    """Return a policy as texts of a form."""
    registry = registry_of(settings.about)
    join, rows = rows_of(tree_of(settings), registry=registry) if settings.conditions else ("and", [])
    return Draft(
        name=settings.name,
        about=settings.about,
        calendar="" if settings.calendar_id is None else str(settings.calendar_id),
        times={
            (measure.value, priority): length_written(settings.targets.get(measure, {}).get(priority))
            for measure in PROMISED
            for priority in Priority.values
        },
        levels={measure.value: f"{round(share * 100)}" for measure, share in settings.levels.items()},
        pauses=settings.pauses,
        steps=tuple(
            StepDraft(
                share=f"{round(step.share * 100)}",
                tell=tuple(whom.value for whom in step.tell),
                raise_to="" if step.priority is None else str(step.priority),
            )
            for step in settings.steps
        ),
        join=join,
        rows=tuple(rows),
    )


def draft_posted(given: QueryDict, *, about: About) -> Draft:
    """Return what a form holds, whatever it is. about: what the policy is about."""
    join, rows = rows_posted(given, registry=registry_of(about))
    return Draft(
        name=given.get("name", ""),
        about=about,
        calendar=given.get("calendar", ""),
        times={
            (measure, priority): given.get(f"time-{measure}-{priority}", "")
            for measure in PROMISED
            for priority in Priority.values
        },
        levels={measure: given.get(f"level-{measure}", "") for measure in PROMISED},
        pauses=tuple(given.getlist("pause")),
        steps=tuple(
            StepDraft(
                share=given.get(f"share-{key}", ""),
                tell=tuple(given.getlist(f"tell-{key}")),
                raise_to=given.get(f"raise-{key}", ""),
            )
            for key in given.getlist("step")[:MOST_STEPS]
        ),
        join=join,
        rows=tuple(rows),
    )


def about_asked(given: QueryDict) -> About:
    """Return what a policy is about, as a form or an address says; usually cases."""
    return About.CALLS if given.get("about") == About.CALLS.value else About.CASES


def registry_of(about: About) -> Registry:
    """Return what conditions may ask about."""
    return CALLS if about is About.CALLS else REGISTRY


def mark_of(said: object) -> str:
    """Return a mark by which one knows whether this is what the effect was shown of. said: a frozen row."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _without(rows: Sequence[Any], index: str) -> Iterable[Any]:
    return (row for at, row in enumerate(rows) if str(at) != index)


def _share(text: str) -> float | None:
    digits = text.strip()
    return int(digits) / 100 if digits.isascii() and digits.isdigit() and len(digits) < 6 else None
