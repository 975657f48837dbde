"""The hours of the service: calendars, their holidays, and days that are different."""

from dataclasses import dataclass
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.calendars import queries, rules, services
from careloop.domains.calendars.changing import with_day, with_settings, without_day
from careloop.domains.calendars.errors import DayNotFound, MayNotChangeCalendars
from careloop.domains.calendars.types import CalendarRow, CalendarSettings, DayRow
from careloop.domains.commitments.moving import what_would_move
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.promises.drafts import mark_of
from careloop.faces.web.promises.forms import WEEKDAYS, CalendarForm, DayForm, country_name
from careloop.faces.web.promises.moves import MovesShown, moves_shown
from careloop.faces.web.promises.written import hours_written
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.hours import BadCalendar, Span
from careloop.processes import hours

__all__ = [
    "calendar_day_removal",
    "calendar_days",
    "calendar_form",
    "calendar_list",
    "calendar_new",
    "calendar_retirement",
    "calendar_use",
]

METHODS = ["GET", "HEAD", "POST"]
MOST_PAST_DAYS: Final = 50
NINE_TO_SIX: Final = (Span(opens=time(9), closes=time(18)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarShown:
    """A calendar in words. week: pairs of the name of a weekday and its hours. country: the name of whose holidays it keeps."""

    row: CalendarRow
    week: list[tuple[str, str]]
    country: str


@require_safe
def calendar_list(request: HttpRequest) -> HttpResponse:
    """List the calendars, the workspace's own hours first."""
    _refuse_unless_keeper(request)
    rows = [_shown(row) for row in queries.calendars_of(actor_of(request))]
    return render(request, "promises/calendars.html", {"rows": rows})


@require_http_methods(METHODS)
def calendar_new(request: HttpRequest) -> HttpResponse:
    """Make a calendar."""
    _refuse_unless_keeper(request)
    zone = workspace_of(request).settings.time_zone
    begin = CalendarSettings(name="", zone=zone, weekly=(NINE_TO_SIX,) * 5 + ((), ()))
    form, status = CalendarForm(request.POST or None, settings=begin), 200
    if request.method == "POST" and request.POST.get("act") != "refresh":
        status = 422
        if form.is_valid():
            try:
                made = services.create_calendar(settings=form.settings(), actor=actor_of(request), at=clock.now())
            except Refusal as refusal:
                _show_refusal(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The calendar is ready."))
                return redirect("admin_calendar", workspace=workspace_of(request).key, calendar_id=made)
    return _page(request, None, form, DayForm(), status)


@require_http_methods(METHODS)
def calendar_form(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Show a calendar with its holidays and its own days, and change it."""
    _refuse_unless_keeper(request)
    row = queries.calendar_of(actor_of(request), calendar_id=calendar_id)
    form, status = CalendarForm(request.POST or None, settings=row.settings), 200
    if request.method == "POST" and request.POST.get("act") != "refresh":
        status = 422
        if form.is_valid():
            try:
                moves = _moves(request, with_settings(row, services.checked(form.settings())))
                if moves is not None:
                    return _page(request, row, form, DayForm(), 200, about="settings", moves=moves)
                services.change_calendar(
                    calendar_id=calendar_id, settings=form.settings(), actor=actor_of(request), at=clock.now()
                )
            except Refusal as refusal:
                _show_refusal(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The hours are changed. What is promised in them is counted again."))
                return redirect("admin_calendar", workspace=workspace_of(request).key, calendar_id=calendar_id)
    return _page(request, row, form, DayForm(), status)


@require_POST
def calendar_days(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Give a date hours of its own."""
    _refuse_unless_keeper(request)
    row = queries.calendar_of(actor_of(request), calendar_id=calendar_id)
    form, status = DayForm(request.POST), 422
    if form.is_valid():
        try:
            moves = _moves(request, with_day(row, form.day()))
            if moves is not None:
                return _page(
                    request, row, CalendarForm(None, settings=row.settings), form, 200, about="day", moves=moves
                )
            services.set_day(calendar_id=calendar_id, day=form.day(), actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            for name, words in refusal.fields.items() or [(None, refusal.message)]:
                form.add_error({"name": "day_name"}.get(name or "", name), str(words))
            status = refusal.status
        else:
            messages.success(request, _("This day is different now."))
            return redirect("admin_calendar", workspace=workspace_of(request).key, calendar_id=calendar_id)
    return _page(request, row, CalendarForm(None, settings=row.settings), form, status)


@require_POST
def calendar_day_removal(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Let a date be like others of its week again."""
    try:
        day = parse_date(request.POST.get("date", ""))
    except ValueError:
        day = None
    if day is None:
        raise DayNotFound(_("This date has no hours of its own."))
    row = queries.calendar_of(actor_of(request), calendar_id=calendar_id)
    _refuse_unless_keeper(request)
    moves = _moves(request, without_day(row, day))
    if moves is not None:
        form = CalendarForm(None, settings=row.settings)
        return _page(request, row, form, DayForm(), 200, about="removal", moves=moves, day=day)
    services.clear_day(calendar_id=calendar_id, day=day, actor=actor_of(request), at=clock.now())
    messages.success(request, _("This day is like the others again."))
    return redirect("admin_calendar", workspace=workspace_of(request).key, calendar_id=calendar_id)


@require_POST
def calendar_use(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Let a calendar give the workspace's own hours."""
    services.use_calendar(calendar_id=calendar_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("These are the workspace's own hours now."))
    return redirect("admin_calendar", workspace=workspace_of(request).key, calendar_id=calendar_id)


@require_POST
def calendar_retirement(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Take a calendar out of use."""
    hours.retire_calendar(calendar_id=calendar_id, actor=actor_of(request), at=clock.now())
    messages.success(
        request, _("The calendar is out of use. What was promised in its hours is counted in them to the end.")
    )
    return redirect("admin_calendars", workspace=workspace_of(request).key)


def _page(
    request: HttpRequest,
    row: CalendarRow | None,
    form: CalendarForm,
    day_form: DayForm,
    status: int,
    *,
    about: str = "",
    moves: MovesShown | None = None,
    day: date | None = None,
) -> HttpResponse:
    """Show the page. about: the change that would move promises: settings, day, or removal, which is of the day."""
    context = {
        "row": row,
        "form": form,
        "day_form": day_form,
        "about": about,
        "moves": moves,
        "day": day,
        **(_coming(row) if row else {}),
    }
    # Two forms stand on one page, and a field of the one is not a field of the other.
    template = "promises/calendar.html#settings" if request.htmx else "promises/calendar.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _moves(request: HttpRequest, changed: CalendarRow) -> MovesShown | None:
    """Return which open promises a change would move, None where it moves none, or where this was shown already."""
    mark = mark_of(changed)
    if request.POST.get("seen") == mark:
        return None
    viewer, at = actor_of(request), clock.now()
    try:
        found = what_would_move(changed, viewer=viewer, at=at)
    except BadCalendar:
        return None  # the service says what is wrong with it
    return moves_shown(found, seen=mark, viewer=viewer, at=at) if found.moved else None


def _coming(row: CalendarRow) -> dict[str, object]:
    """Return what is different on some days: by decision, past and to come, and by the holidays of a country."""
    at = clock.now()
    today = at.astimezone(ZoneInfo(row.settings.zone)).date()
    return {
        "days": [_day(day) for day in row.days if day.is_yearly or day.date >= today],
        "past_days": [_day(day) for day in reversed(row.days) if day.date < today and not day.is_yearly][
            :MOST_PAST_DAYS
        ],
        "holidays": queries.upcoming_holidays(row, at=at, language=get_language() or "en"),
    }


def _day(day: DayRow) -> tuple[DayRow, str]:
    return day, hours_written(day.spans)


def _shown(row: CalendarRow) -> CalendarShown:
    week = [(str(label), hours_written(spans)) for label, spans in zip(WEEKDAYS, row.settings.weekly, strict=True)]
    country = country_name(row.settings.country) if row.settings.country else ""
    return CalendarShown(row=row, week=week, country=country)


def _show_refusal(form: CalendarForm, refusal: Refusal) -> None:
    """Put a refusal beside its field; what is wrong with the week stands above the form."""
    if "weekly" in refusal.fields:
        form.add_error(None, str(refusal.fields["weekly"]))
    if set(refusal.fields) != {"weekly"}:
        show_refusal_in(form, refusal)


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_change(actor_of(request)):
        raise MayNotChangeCalendars(_("Only an owner or a manager can change the hours of the service."))
