"""A rule as texts of a form, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from careloop.domains.cases.conditions import as_tree
from careloop.domains.queues.types import RuleSettings
from careloop.faces.web.desk.editing import Row, rows_of, rows_posted, written_of

__all__ = ["RuleDraft", "rule_draft_of", "rule_draft_posted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule that is being written. queue: a primary key, or empty. needs: levels by skill, as text. join, rows: conditions."""

    queue: str = ""
    tier: str = "0"
    needs: Mapping[int, str] = field(default_factory=dict)
    join: str = "and"
    rows: tuple[Row, ...] = ()

    def acted(self, act: str) -> "RuleDraft":
        """Return the draft after a button that adds or removes a condition."""
        what, _dash, index = act.partition("-")
        match what:
            case "add":
                return replace(self, rows=(*self.rows, Row().told()))
            case "remove":
                return replace(self, rows=tuple(row for at, row in enumerate(self.rows) if str(at) != index))
        return self

    def settings(self) -> tuple[RuleSettings, dict[str, str]]:
        """Return what the draft says, and by field what in it cannot be read."""
        problems: dict[str, str] = {}
        if not _is_number(self.queue):
            problems["queue"] = _("Choose the queue it goes into.")
        if not _is_number(self.tier):
            problems["tier"] = _("Choose a priority from 0 to 20.")
        needs = {skill: int(level) for skill, level in self.needs.items() if _is_number(level)}
        conditions = written_of(self.join, self.rows)
        settings = RuleSettings(
            queue_id=int(self.queue) if not problems else 0,
            conditions=conditions or None,
            tier=int(self.tier) if not problems else 0,
            needs=needs,
        )
        return settings, problems


def rule_draft_of(settings: RuleSettings | None) -> RuleDraft:
    """Return a rule as texts of a form; a new one holds for everything."""
    if settings is None:
        return RuleDraft()
    join, rows = rows_of(as_tree(settings.conditions)) if settings.conditions else ("and", [])
    return RuleDraft(
        queue=str(settings.queue_id),
        tier=str(settings.tier),
        needs={skill: str(level) for skill, level in settings.needs.items()},
        join=join,
        rows=tuple(rows),
    )


def rule_draft_posted(given: QueryDict, *, skill_ids: Sequence[int]) -> RuleDraft:
    """Return what a form holds, whatever it is."""
    join, rows = rows_posted(given)
    return RuleDraft(
        queue=given.get("queue", ""),
        tier=given.get("tier", ""),
        needs={skill_id: given.get(f"need_{skill_id}", "") for skill_id in skill_ids},
        join=join,
        rows=tuple(rows),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
