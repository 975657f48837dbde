"""Policies in the words of whoever reads them, and what one would have changed as a table."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careloop.domains.calls.queries import call_rows
from careloop.domains.calls.rules import may_see_all
from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.cases.queries import cases_by_id
from careloop.domains.cases.types import Priority
from careloop.domains.commitments.callers import CALLS, tree_of
from careloop.domains.commitments.states import PROMISED, TRIED, About, Measure, Outcome
from careloop.domains.commitments.types import Change, PolicyRow, PolicySettings, Trial, VersionRow
from careloop.domains.people.queries import names_of
from careloop.faces.web.calls.shown import shown
from careloop.faces.web.desk.wording import sayings
from careloop.faces.web.promises.written import length_written
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import comparisons_of

__all__ = ["PolicyShown", "TrialShown", "VersionShown", "policies_shown", "trial_shown", "versions_shown"]

MOST_LINKED: Final = 20
OUTCOMES: Final = (Outcome.KEPT, Outcome.MISSED, Outcome.RUNNING, Outcome.CALLED_OFF)
EVERY: Final = {About.CASES: gettext_lazy("Every case"), About.CALLS: gettext_lazy("Every call")}
NOTHING: Final = gettext_lazy("Nothing promised")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a policy says. times: by measure, such as "Urgent 1 h, High 4 h". steps: one sentence each."""

    conditions: str
    hours: str
    times: Sequence[tuple[str, str]]
    pauses: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyShown:
    """A policy in the list of policies, which holds `count` of them."""

    row: PolicyRow
    said: Said
    count: int

    @property
    def is_first(self) -> bool:
        return self.row.position == 0

    @property
    def is_last(self) -> bool:
        return self.row.position + 1 >= self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """What a policy said from a moment on. who: whoever said so."""

    version: int
    effective_at: datetime
    who: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesShown:
    """Promises of which the same other thing would have become. cases: pairs of number and subject, some of them.

    calls: the same of calls, by primary key, with who called.
    """

    words: str
    count: int
    cases: Sequence[tuple[int, str]]
    calls: Sequence[tuple[int, str]]

    @property
    def more(self) -> int:
        return self.count - len(self.cases) - len(self.calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureShown:
    """One measure. rows: an outcome, how often it came to it, how often it would have, and the difference."""

    label: str
    rows: Sequence[tuple[str, int, int, str]]
    changes: Sequence[ChangesShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialShown:
    """What a policy would have changed."""

    trial: Trial
    measures: Sequence[MeasureShown]

    @property
    def is_of_calls(self) -> bool:
        return self.trial.about is About.CALLS


def policies_shown(rows: Sequence[PolicyRow], *, hours: Mapping[int, str]) -> list[PolicyShown]:
    """Return policies in words. hours: names of calendars by their ids."""
    said = _said([row.settings for row in rows], hours)
    return [PolicyShown(row=row, said=words, count=len(rows)) for row, words in zip(rows, said, strict=True)]


def versions_shown(rows: Sequence[VersionRow], *, hours: Mapping[int, str]) -> list[VersionShown]:
    """Return the versions of a policy in words."""
    names = names_of({int(key) for key in (_user(row.made_by) for row in rows) if key})
    said = _said([row.settings for row in rows], hours)
    return [
        VersionShown(
            version=row.version,
            effective_at=row.effective_at,
            who=names.get(int(_user(row.made_by) or 0), "Careloop"),
            said=words,
        )
        for row, words in zip(rows, said, strict=True)
    ]


def trial_shown(trial: Trial, *, viewer: Actor) -> TrialShown:
    """Return what a policy would have changed, with links to some of the cases behind each number."""
    groups: dict[tuple[Measure, Outcome | None, Outcome | None], list[Change]] = {}
    for change in trial.changes:
        groups.setdefault((change.measure, change.was, change.now), []).append(change)
    linked = [change for group in groups.values() for change in group[:MOST_LINKED]]
    rows = cases_by_id({one.case_id for one in linked if one.case_id is not None}, viewer=viewer)
    callers = _callers({one.call_id for one in linked if one.call_id is not None}, viewer)
    measures = []
    for measure in TRIED:
        counts = [
            (str(outcome.label), was, now, f"{now - was:+d}" if now != was else "0")
            for outcome in OUTCOMES
            if (was := trial.before(measure, outcome)) + (now := trial.after(measure, outcome))
        ]
        changes = [
            ChangesShown(
                words=_("%(was)s → %(now)s") % {"was": _outcome(was), "now": _outcome(now)},
                count=len(group),
                cases=[
                    (rows[key].number, rows[key].subject)
                    for one in group[:MOST_LINKED]
                    if (key := one.case_id) is not None and key in rows
                ],
                calls=[
                    (key, callers[key])
                    for one in group[:MOST_LINKED]
                    if (key := one.call_id) is not None and key in callers
                ],
            )
            for (of, was, now), group in sorted(groups.items(), key=lambda pair: -len(pair[1]))
            if of is measure
        ]
        if counts:
            measures.append(MeasureShown(label=str(measure.label), rows=counts, changes=changes))
    return TrialShown(trial=trial, measures=measures)


def _callers(call_ids: Collection[int], viewer: Actor) -> dict[int, str]:
    """Return who called in some calls, as far as the viewer may see every call."""
    return {key: shown(row).who for key, row in call_rows(call_ids).items()} if may_see_all(viewer) else {}


def _said(policies: Iterable[PolicySettings], hours: Mapping[int, str]) -> list[Said]:
    found = list(policies)
    of_cases = iter(sayings([tree_of(one) for one in found if one.about is About.CASES]))
    of_calls = iter(sayings([tree_of(one) for one in found if one.about is About.CALLS], registry=CALLS))
    conditions = [next(of_calls if one.about is About.CALLS else of_cases) for one in found]
    return [
        Said(
            conditions=words if any(comparisons_of(tree_of(one))) else str(EVERY[one.about]),
            hours=_("Around the clock")
            if one.calendar_id is None
            else hours.get(one.calendar_id, _("Hours out of use")),
            times=[
                (str(measure.label), _times(one.targets[measure], one.levels.get(measure)))
                for measure in PROMISED
                if one.targets.get(measure)
            ],
            pauses=", ".join(_(label) for key, label in REGISTRY["category"].choices.items() if key in one.pauses),
            steps=[_step(step.share, [str(whom.label) for whom in step.tell], step.priority) for step in one.steps],
        )
        for one, words in zip(found, conditions, strict=True)
    ]


def _times(by_priority: Mapping[int, int], level: float | None) -> str:
    kept = "" if level is None else f" ({round(level * 100)} %)"
    if len(set(by_priority.values())) == 1 and set(by_priority) == set(Priority.values):
        return f"{length_written(next(iter(by_priority.values())))}{kept}"
    ordered = sorted(by_priority.items(), reverse=True)
    times = ", ".join(f"{Priority(priority).label} {length_written(seconds)}" for priority, seconds in ordered)
    return f"{times}{kept}"


def _step(share: float, tell: Sequence[str], priority: int | None) -> str:
    places = {"share": f"{round(share * 100)} %", "people": ", ".join(tell)}
    if priority is None:
        return _("At %(share)s of the time: %(people)s hear of it") % places
    places["priority"] = str(Priority(priority).label)
    if not tell:
        return _("At %(share)s of the time: priority %(priority)s") % places
    return _("At %(share)s of the time: %(people)s hear of it, priority %(priority)s") % places


def _outcome(outcome: Outcome | None) -> str:
    return str(NOTHING if outcome is None else outcome.label)


def _user(actor: str) -> str:
    kind, _colon, key = actor.partition(":")
    return key if kind == "user" and key.isdecimal() else ""
