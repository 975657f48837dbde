"""Queues and rules in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from careloop.domains.calendars.queries import calendars_of
from careloop.domains.cases.conditions import EVERY_CASE, as_tree
from careloop.domains.people.queries import team_names_of
from careloop.domains.queues.queries import loads_of, queue_names
from careloop.domains.queues.types import QueueLoad, QueueRow, RuleRow
from careloop.domains.workforce.queries import skill_names
from careloop.faces.web.desk.wording import sayings
from careloop.faces.web.wall.wording import lasting
from careloop.kernel.actors import Actor
from careloop.processes.floor.wording import joined, needs_said

__all__ = ["QueueShown", "RuleShown", "queues_shown", "rules_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueShown:
    """A queue in words. asks: what is asked of whoever takes from it. overflow: where it goes and when, or empty."""

    row: QueueRow
    load: QueueLoad | None
    kinds: str
    teams: str
    asks: str
    hours: str
    choice: str | Promise
    overflow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """A rule in words. before, behind: the places above and below its own."""

    row: RuleRow
    conditions: str
    queue: str
    asks: str
    before: int
    behind: int
    is_first: bool
    is_last: bool


def queues_shown(rows: Sequence[QueueRow], *, viewer: Actor) -> list[QueueShown]:
    """Return queues in words, with how they stand."""
    loads = {load.queue_id: load for load in loads_of(viewer)}
    teams = team_names_of({team for row in rows for team in row.settings.team_ids})
    skills = skill_names({skill for row in rows for skill in row.settings.needs})
    hours = {one.id: one.settings.name for one in calendars_of(viewer)}
    names = queue_names({row.settings.overflow_id for row in rows if row.settings.overflow_id is not None})
    return [
        QueueShown(
            row=row,
            load=loads.get(row.id),
            kinds=joined(str(kind.label) for kind in row.settings.kinds),
            teams=joined(sorted(teams[team] for team in row.settings.team_ids if team in teams)) or _("Everybody"),
            asks=joined(
                [
                    *needs_said(row.settings.needs, skills=skills),
                    *([_("the customer's language")] if row.settings.is_by_language else []),
                ]
            ),
            hours=_("Always open")
            if row.settings.calendar_id is None
            else hours.get(row.settings.calendar_id, _("Hours out of use")),
            choice=row.settings.choice.label,
            overflow=_overflow(row, names),
        )
        for row in rows
    ]


def rules_shown(rows: Sequence[RuleRow], *, queues: Sequence[QueueRow]) -> list[RuleShown]:
    """Return rules in words, in the order in which they are asked."""
    names = {row.id: row.settings.name for row in queues}
    skills = skill_names({skill for row in rows for skill in row.settings.needs})
    trees = [as_tree(row.settings.conditions) for row in rows]
    return [
        RuleShown(
            row=row,
            conditions=words if tree != EVERY_CASE else _("Every case"),
            queue=names.get(row.settings.queue_id, ""),
            asks=joined(
                [
                    *needs_said(row.settings.needs, skills=skills),
                    *([_("priority +%(steps)d") % {"steps": row.settings.tier}] if row.settings.tier else []),
                ]
            ),
            before=max(0, place - 1),
            behind=place + 1,
            is_first=place == 0,
            is_last=place == len(rows) - 1,
        )
        for place, (row, tree, words) in enumerate(zip(rows, trees, sayings(trees), strict=True))
    ]


def _overflow(row: QueueRow, names: dict[int, str]) -> str:
    settings = row.settings
    if settings.overflow_id is None or settings.overflow_after_s is None:
        return ""
    places = {"time": lasting(settings.overflow_after_s), "queue": names.get(settings.overflow_id, "")}
    return _("after %(time)s to %(queue)s") % places
