"""What is promised, and in which hours."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.domains.calendars.types import CalendarRow, DayRow
from careloop.domains.commitments.types import PolicyRow, PolicySettings
from careloop.faces.api.shapes.common import Given, Id, Shown
from careloop.kernel.hours import Span

__all__ = [
    "CalendarGiven",
    "CalendarList",
    "CalendarShown",
    "DayGiven",
    "PolicyGiven",
    "PolicyList",
    "PolicyShown",
    "VersionList",
    "calendar_shown",
    "policy_said",
    "policy_shown",
]

Measure = Literal["first_response", "next_response", "resolution", "wait", "task"]
Priority = Literal["1", "2", "3", "4"]
Seconds = Annotated[int, Field(ge=5, le=366 * 86_400)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class SpanGiven(Given):
    """A stretch of a local day. closes: 00:00 is the end of the day."""

    opens: Clock
    closes: Clock


Day = Annotated[list[SpanGiven], Field(max_length=24)]


class CalendarGiven(Given):
    """week: the spans of seven days, Monday first; a closed day has none.

    country, subdivision: whose holidays it keeps, or empty.
    """

    name: Name
    zone: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
    week: Annotated[list[Day], Field(min_length=7, max_length=7)]
    country: Annotated[str, Field(max_length=2, pattern=r"^[A-Z]*$")] = ""
    subdivision: Annotated[str, Field(max_length=10, pattern=r"^[A-Z0-9]*$")] = ""


class DayGiven(Given):
    """hours: none for a day off. is_yearly: every year, from this one on."""

    name: Name
    hours: Day
    is_yearly: bool = False


class SpanShown(Shown):
    opens: str
    closes: str


class DayShown(Shown):
    """day: a date with hours of its own; none is a day off."""

    day: str
    name: str
    hours: list[SpanShown]
    is_yearly: bool


class CalendarShown(Shown):
    """week: seven days, Monday first. is_default: these are the workspace's own hours. days: in order of date."""

    id: int
    name: str
    zone: str
    week: list[list[SpanShown]]
    country: str
    subdivision: str
    is_default: bool
    days: list[DayShown]


class CalendarList(Shown):
    items: list[CalendarShown]


class StepGiven(Given):
    """What happens at a share of the promised time, such as 0.75. priority: what the case is raised to; null leaves it."""

    share: Annotated[float, Field(ge=0.01, le=10.0)]
    tell: Annotated[list[Literal["assignee", "leads", "managers"]], Field(max_length=3)] = []
    priority: Annotated[int, Field(ge=1, le=4)] | None = None


class PolicyGiven(Given):
    """What is promised, and for which cases or callers.

    about: cases (and chats), or calls; that never changes. To callers only a wait is promised: one time whatever the priority, and
    no step raises any.
    conditions: a tree (docs/reference/conditions.md); an empty one holds for every case or caller.
    calendar_id: whose hours count; null counts around the clock.
    target_seconds: by measure and priority, 1 (low) to 4 (urgent), at least 60, for a wait 5; what is not there is not promised.
    level_shares: by measure, the share of all that is to be kept in a period, up to 1.
    pauses: categories in which the clock of the solution stands still.
    """

    name: Name
    about: Literal["cases", "calls"] = "cases"
    conditions: dict[str, Any] = {}
    calendar_id: Id | None = None
    target_seconds: dict[Measure, dict[Priority, Seconds]]
    level_shares: dict[Measure, Annotated[float, Field(gt=0.0, le=1.0)]] = {}
    pauses: Annotated[list[Literal["new", "open", "waiting"]], Field(max_length=3)] = ["waiting"]
    steps: Annotated[list[StepGiven], Field(max_length=20)] = []


class StepShown(Shown):
    share: float
    tell: list[str]
    priority: int | None


class PolicySaid(Shown):
    name: str
    about: Literal["cases", "calls"]
    conditions: dict[str, Any]
    calendar_id: int | None
    target_seconds: dict[str, dict[str, int]]
    level_shares: dict[str, float]
    pauses: list[str]
    steps: list[StepShown]


class PolicyShown(PolicySaid):
    """place: 0 is asked first. version: counts what it has said; this one holds for what begins since effective_at."""

    id: int
    place: int
    version: int
    effective_at: datetime


class PolicyList(Shown):
    """In the order in which they are asked: of several that fit a case or a caller, the first one holds."""

    items: list[PolicyShown]


class VersionShown(PolicySaid):
    """What a policy said from a moment on. made_by: who said so, such as “user:7”."""

    version: int
    effective_at: datetime
    made_by: str


class VersionList(Shown):
    """The newest first."""

    items: list[VersionShown]


def calendar_shown(row: CalendarRow) -> dict[str, Any]:
    """Return a calendar as machines read it."""
    settings = row.settings
    return {
        "id": row.id,
        "name": settings.name,
        "zone": settings.zone,
        "week": [_spans(spans) for spans in settings.weekly],
        "country": settings.country,
        "subdivision": settings.subdivision,
        "is_default": row.is_default,
        "days": [_day(day) for day in row.days],
    }


def policy_said(settings: PolicySettings) -> dict[str, Any]:
    """Return what a policy says as machines read it."""
    return {
        "name": settings.name,
        "about": settings.about.value,
        "conditions": dict(settings.conditions or {}),
        "calendar_id": settings.calendar_id,
        "target_seconds": {
            measure.value: {str(priority): seconds for priority, seconds in by_priority.items()}
            for measure, by_priority in settings.targets.items()
        },
        "level_shares": {measure.value: share for measure, share in settings.levels.items()},
        "pauses": list(settings.pauses),
        "steps": [
            {"share": step.share, "tell": [whom.value for whom in step.tell], "priority": step.priority}
            for step in settings.steps
        ],
    }


def policy_shown(row: PolicyRow) -> dict[str, Any]:
    """Return a policy as machines read it."""
    own = {"id": row.id, "place": row.position, "version": row.version, "effective_at": row.effective_at}
    return {**policy_said(row.settings), **own}


def _day(day: DayRow) -> dict[str, Any]:
    return {"day": f"{day.date}", "name": day.name, "hours": _spans(day.spans), "is_yearly": day.is_yearly}


def _spans(spans: Any) -> list[dict[str, str]]:
    ordered: list[Span] = sorted(spans, key=lambda span: span.starts_after)
    return [{"opens": f"{span.opens:%H:%M}", "closes": f"{span.closes:%H:%M}"} for span in ordered]
