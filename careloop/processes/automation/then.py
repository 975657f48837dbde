"""A case as it was at a moment, worked out from the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from careloop.domains.cases import events as e
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import CaseRow
from careloop.domains.tasks.events import TaskAsked, TaskDone, TaskRefused, TaskWithdrawn
from careloop.kernel.events import Event, Recorded

__all__ = ["AS_TODAY", "Then", "facts_at"]

AS_TODAY: Final = ("words", "due_at", "is_overdue")
"""What the log does not tell: these fields are asked of the case as it is today."""


@dataclass(slots=True, kw_only=True)
class Then:
    """What conditions ask of a case, at a moment of its story."""

    status: int
    facts: dict[str, object] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    tasks: set[int] = field(default_factory=set)
    reopened: int = 0


def facts_at(
    story: Sequence[Recorded],
    moments: Iterable[datetime],
    *,
    today: CaseRow,
    status_id: int,
    reasons: Mapping[str, int],
) -> dict[datetime, dict[str, object]]:
    """Return by moment what conditions ask of a case, as it was right after whatever happened at that moment.

    story: all that the log has of the case, the oldest first. today, status_id: the case as it is, for what the log does not say.
    reasons: of the newest tree, by code. What is not told of a moment before the case was opened is left out.
    """
    ordered = sorted(set(moments))
    found: dict[datetime, dict[str, object]] = {}
    then = Then(status=_first_status(story, status_id))
    events = sorted(story, key=lambda one: (one.event.at, one.id))
    index = 0
    for moment in ordered:
        while index < len(events) and events[index].event.at <= moment:
            _tell(then, events[index].event, today, reasons)
            index += 1
        if then.facts:
            found[moment] = {
                **then.facts,
                "status": then.status,
                "tag": set(then.tags),
                "reopen_count": then.reopened,
                "has_open_tasks": bool(then.tasks),
                "words": f"{today.subject} {today.requester}",
                "due_at": today.due_at,
                "is_overdue": today.due_at is not None and today.due_at < moment,
            }
    return found


def _first_status(story: Sequence[Recorded], status_id: int) -> int:
    moved = next((one.event for one in story if hasattr(one.event, "was_status_id")), None)
    return int(getattr(moved, "was_status_id", status_id))


def _tell(then: Then, event: Event, today: CaseRow, reasons: Mapping[str, int]) -> None:
    facts = then.facts
    if isinstance(event, e.CaseOpened):
        facts.update(
            priority=str(event.priority),
            type=event.type_id,
            channel=event.channel,
            requester=event.requester_id,
            opened_at=event.at,
            waiting_since=event.at if event.waits else None,
        )
    if not facts:
        return
    if event.__event_name__.startswith("case."):  # type: ignore[attr-defined]
        facts["activity_at"] = event.at
    if isinstance(event, e.Moving):
        _place(facts, event)
    if (status := getattr(event, "now_status_id", None)) is not None:
        then.status = status
    match event:
        case e.CaseAnswered():
            facts["waiting_since"] = None
            facts.setdefault("first_response_at", event.at)
        case e.CustomerAnsweredBack():
            facts["waiting_since"] = facts.get("waiting_since") or event.at
        case e.CasePrioritized():
            facts["priority"] = str(event.now)
        case e.CaseTyped():
            facts["type"] = event.now
        case e.CaseReasoned():
            facts["reason"] = reasons.get(event.now)
        case e.CaseTagged():
            then.tags = (then.tags | set(event.added)) - set(event.removed)
        case e.CaseReopened():
            then.reopened += 1
        case TaskAsked():
            then.tasks.add(event.task_id)
        case TaskDone() | TaskRefused() | TaskWithdrawn():
            then.tasks.discard(event.task_id)
        case _:
            pass


def _place(facts: dict[str, Any], event: e.Moving) -> None:
    category, assignee, team, is_spam = event.now  # type: ignore[attr-defined]
    facts.update(category=category, assignee=assignee, team=team, is_spam=is_spam)
    if category in {Category.SOLVED, Category.CLOSED}:
        facts["solved_at"] = facts.get("solved_at") or event.at
        facts["waiting_since"] = None
    else:
        facts["solved_at"] = None
