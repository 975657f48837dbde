"""The story of a case folded into facts: the case as it stands, and each of its changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careloop.domains.cases import events as cases
from careloop.kernel.actors import ActorKind
from careloop.kernel.events import Recorded
from careloop.processes.lake.naming import CHANNELS, ours, ours_or_none

__all__ = ["CaseStory", "case_of"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStory:
    """A case and its changes. customer_id: primary key of ours."""

    customer_id: int
    case: Row
    changes: tuple[Row, ...]


def case_of(story: Sequence[Recorded]) -> CaseStory | None:
    """Fold what happened to one case; None without its beginning."""
    opened = next((one.event for one in story if isinstance(one.event, cases.CaseOpened)), None)
    if opened is None:
        return None
    key = ours("case", story[0].subject_id)
    case: Row = {
        "case_id": key,
        "channel": CHANNELS[opened.channel],
        "opened_at": opened.at,
        "first_response_at": None,
        "resolved_at": None,
        "closed_at": None,
        "reopen_count": 0,
        "priority": str(opened.priority),
        "case_type": ours("case_type", opened.type_id),
    }
    changes: list[Row] = []
    place: cases.Place | None = None
    for one in story:
        change = _change(one, case, place)
        if isinstance(one.event, cases.Moving):
            place = tuple(one.event.now)  # type: ignore[attr-defined]
            _category, assignee_id, team_id, is_spam = place
            case |= {
                "owner_team": ours_or_none("team", team_id),
                "owner_agent": ours_or_none("user", assignee_id),
                "is_spam": is_spam,
            }
        if change is not None and place is not None:
            changes.append({"case_id": key, "to_state": place[0], **change})
    return CaseStory(customer_id=opened.requester_id, case=case, changes=tuple(changes))


def _change(one: Recorded, case: Row, place: cases.Place | None) -> Row | None:
    """Note one event on the case, and return it as a change if it is one."""
    event = one.event
    kind, _colon, name = event.actor.partition(":")
    change: Row = {
        "case_event_id": ours("event", one.id),
        "from_state": place[0] if place else None,
        "at": event.at,
        "by": ours("user", int(name)) if kind == ActorKind.USER else None,
    }
    match event:
        case cases.CaseOpened():
            return change
        case cases.CaseSolved():
            case["resolved_at"] = event.at
        case cases.CaseClosed():
            case["closed_at"] = event.at
            case["resolved_at"] = case["resolved_at"] or event.at
        case cases.CaseReopened():
            case |= {"resolved_at": None, "closed_at": None, "reopen_count": case["reopen_count"] + 1}
            change["is_reopening"] = True
        case cases.CaseStatusChanged():
            pass
        case cases.CaseAssigned() if place and place[2] != event.now[2]:
            return change | {"from_team": ours_or_none("team", place[2]), "to_team": ours_or_none("team", event.now[2])}
        case cases.CasePrioritized():
            case["priority"] = str(event.now)
            return change | {"from_priority": str(event.was), "to_priority": str(event.now)}
        case _:
            _note(event, case)
            return None
    return change | {
        "from_status": ours("status", event.was_status_id),
        "to_status": ours("status", event.now_status_id),
    }


def _note(event: Any, case: Row) -> None:
    match event:
        case cases.CaseAnswered() if event.is_first and case["first_response_at"] is None:
            case["first_response_at"] = event.at
        case cases.CaseTyped():
            case["case_type"] = ours("case_type", event.now)
        case cases.CaseReasoned():
            case |= {"reason_code": event.now or None}
        case _:
            pass
