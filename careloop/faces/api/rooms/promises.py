"""What is promised, and in which hours: calendars with their own days, policies in the order in which they are asked."""

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Status
from pydantic import Field

from careloop.domains.calendars import queries as hours
from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.errors import BadCalendarSettings, DayNotFound
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.domains.commitments import queries, services
from careloop.domains.commitments.states import About, Measure, Whom
from careloop.domains.commitments.types import Escalation, PolicySettings
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.policies import (
    CalendarGiven,
    CalendarList,
    CalendarShown,
    DayGiven,
    PolicyGiven,
    PolicyList,
    PolicyShown,
    SpanGiven,
    VersionList,
    calendar_shown,
    policy_said,
    policy_shown,
)
from careloop.faces.api.shapes.settings import PlaceGiven
from careloop.faces.api.visits import Visit, visit_of
from careloop.kernel.hours import BadCalendar, Span
from careloop.processes import hours as opening

__all__ = ["room"]

room = Room()
DayPath = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", max_length=10)]


@room.opens("GET", "/calendars", Scope.SETTINGS_READ, CalendarList)
def list_calendars(request: HttpRequest) -> Any:
    """List the calendars in use, the workspace's own hours first."""
    return {"items": [calendar_shown(row) for row in hours.calendars_of(visit_of(request).actor)]}


@room.opens("POST", "/calendars", Scope.SETTINGS_WRITE, CalendarShown, status=201)
def create_calendar(request: HttpRequest, given: CalendarGiven) -> Any:
    """Make a calendar."""
    visit = visit_of(request)
    made = calendars.create_calendar(settings=_settings(given), actor=visit.actor, at=visit.at)
    return Status(201, _calendar(visit, made))


@room.opens("GET", "/calendars/{calendar_id}", Scope.SETTINGS_READ, CalendarShown)
def get_calendar(request: HttpRequest, calendar_id: PathId) -> Any:
    """Get a calendar with its own days."""
    return _calendar(visit_of(request), calendar_id)


@room.opens("PUT", "/calendars/{calendar_id}", Scope.SETTINGS_WRITE, CalendarShown)
def change_calendar(request: HttpRequest, calendar_id: PathId, given: CalendarGiven) -> Any:
    """Change a calendar; clocks that run in its hours are due by the new ones."""
    visit = visit_of(request)
    _calendar(visit, calendar_id)
    calendars.change_calendar(calendar_id=calendar_id, settings=_settings(given), actor=visit.actor, at=visit.at)
    return _calendar(visit, calendar_id)


@room.opens("POST", "/calendars/{calendar_id}/use", Scope.SETTINGS_WRITE, CalendarShown)
def use_calendar(request: HttpRequest, calendar_id: PathId) -> Any:
    """Let a calendar give the workspace's own hours."""
    visit = visit_of(request)
    _calendar(visit, calendar_id)
    calendars.use_calendar(calendar_id=calendar_id, actor=visit.actor, at=visit.at)
    return _calendar(visit, calendar_id)


@room.opens("POST", "/calendars/{calendar_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_calendar(request: HttpRequest, calendar_id: PathId) -> Any:
    """Take a calendar out of use in which no policy counts; what was promised in its hours is counted in them to the end."""
    visit = visit_of(request)
    _calendar(visit, calendar_id)
    opening.retire_calendar(calendar_id=calendar_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("PUT", "/calendars/{calendar_id}/days/{day}", Scope.SETTINGS_WRITE, CalendarShown)
def set_calendar_day(request: HttpRequest, calendar_id: PathId, day: DayPath, given: DayGiven) -> Any:
    """Give a date hours of its own, or a day off; what was said about it before is replaced."""
    visit = visit_of(request)
    _calendar(visit, calendar_id)
    row = DayRow(date=_date(day), name=given.name, spans=_spans(given.hours, "hours"), is_yearly=given.is_yearly)
    calendars.set_day(calendar_id=calendar_id, day=row, actor=visit.actor, at=visit.at)
    return _calendar(visit, calendar_id)


@room.opens("DELETE", "/calendars/{calendar_id}/days/{day}", Scope.SETTINGS_WRITE, None, status=204)
def clear_calendar_day(request: HttpRequest, calendar_id: PathId, day: DayPath) -> Any:
    """Let a date be like others of its week again."""
    visit = visit_of(request)
    _calendar(visit, calendar_id)
    calendars.clear_day(calendar_id=calendar_id, day=_date(day), actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/promises", Scope.SETTINGS_READ, PolicyList)
def list_promises(request: HttpRequest) -> Any:
    """List the policies in use, in the order in which they are asked."""
    return {"items": [policy_shown(row) for row in queries.policies_of(visit_of(request).actor)]}


@room.opens("POST", "/promises", Scope.SETTINGS_WRITE, PolicyShown, status=201)
def create_promise(request: HttpRequest, given: PolicyGiven) -> Any:
    """Promise something for what begins from now on; the policy is asked last."""
    visit = visit_of(request)
    made = services.make_policy(settings=_policy(given), actor=visit.actor, at=visit.at)
    return Status(201, _policy_row(visit, made))


@room.opens("GET", "/promises/{policy_id}", Scope.SETTINGS_READ, PolicyShown)
def get_promise(request: HttpRequest, policy_id: PathId) -> Any:
    """Get a policy."""
    return _policy_row(visit_of(request), policy_id)


@room.opens("PUT", "/promises/{policy_id}", Scope.SETTINGS_WRITE, PolicyShown)
def change_promise(request: HttpRequest, policy_id: PathId, given: PolicyGiven) -> Any:
    """Promise something else for what begins from now on; clocks that run keep what they were promised."""
    visit = visit_of(request)
    _policy_row(visit, policy_id)
    services.change_policy(policy_id=policy_id, settings=_policy(given), actor=visit.actor, at=visit.at)
    return _policy_row(visit, policy_id)


@room.opens("GET", "/promises/{policy_id}/versions", Scope.SETTINGS_READ, VersionList)
def list_promise_versions(request: HttpRequest, policy_id: PathId) -> Any:
    """List all that a policy has ever said, the newest first."""
    found = queries.versions_of(visit_of(request).actor, policy_id=policy_id)
    return {
        "items": [
            {
                **policy_said(row.settings),
                "version": row.version,
                "effective_at": row.effective_at,
                "made_by": row.made_by,
            }
            for row in found
        ]
    }


@room.opens("POST", "/promises/{policy_id}/place", Scope.SETTINGS_WRITE, PolicyList)
def move_promise(request: HttpRequest, policy_id: PathId, given: PlaceGiven) -> Any:
    """Ask a policy earlier or later than others."""
    visit = visit_of(request)
    _policy_row(visit, policy_id)
    services.move_policy(policy_id=policy_id, position=given.place, actor=visit.actor, at=visit.at)
    return {"items": [policy_shown(row) for row in queries.policies_of(visit.actor)]}


@room.opens("POST", "/promises/{policy_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_promise(request: HttpRequest, policy_id: PathId) -> Any:
    """Promise nothing more by a policy; clocks that run keep what they were promised."""
    visit = visit_of(request)
    _policy_row(visit, policy_id)
    services.retire_policy(policy_id=policy_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _calendar(visit: Visit, calendar_id: int) -> dict[str, Any]:
    return calendar_shown(hours.calendar_of(visit.actor, calendar_id=calendar_id))


def _policy_row(visit: Visit, policy_id: int) -> dict[str, Any]:
    return policy_shown(queries.policy_of(visit.actor, policy_id=policy_id))


def _settings(given: CalendarGiven) -> CalendarSettings:
    return CalendarSettings(
        name=given.name,
        zone=given.zone,
        weekly=tuple(_spans(day, "week") for day in given.week),
        country=given.country,
        subdivision=given.subdivision,
    )


def _spans(given: Sequence[SpanGiven], field: str) -> tuple[Span, ...]:
    try:
        return tuple(
            Span(opens=time.fromisoformat(span.opens), closes=time.fromisoformat(span.closes)) for span in given
        )
    except BadCalendar as problem:
        sentence = problem.sentence(gettext)
        raise BadCalendarSettings(sentence, fields={field: sentence}) from None


def _date(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise DayNotFound(_("There is no such day.")) from None


def _policy(given: PolicyGiven) -> PolicySettings:
    return PolicySettings(
        name=given.name,
        about=About(given.about),
        targets={
            Measure(measure): {int(priority): seconds for priority, seconds in by_priority.items()}
            for measure, by_priority in given.target_seconds.items()
        },
        conditions=given.conditions,
        calendar_id=given.calendar_id,
        levels={Measure(measure): share for measure, share in given.level_shares.items()},
        pauses=tuple(dict.fromkeys(given.pauses)),
        steps=tuple(
            Escalation(share=step.share, tell=tuple(Whom(whom) for whom in step.tell), priority=step.priority)
            for step in given.steps
        ),
    )
