"""The period that somebody chose for a page, and the addresses that keep it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from careloop.domains.boards.periods import PERIODS, Span, days_between, span_of
from careloop.domains.workspaces.types import WorkspaceFacts

__all__ = ["Chosen", "chosen_period", "days_query", "period_or", "span_words", "zone_words"]

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A period for a whole page. name: of PERIODS; empty for days of one's own. query: says the same in an address."""

    name: str
    span: Span
    query: Mapping[str, str]

    @property
    def encoded(self) -> str:
        return urlencode(self.query)


def chosen_period(given: QueryDict, *, now: datetime, workspace: WorkspaceFacts) -> Chosen | None:
    """Read `period`, or `since` and `until` (days, both included); None where neither says anything that is a period."""
    name, since, until = given.get("period", ""), _day(given.get("since", "")), _day(given.get("until", ""))
    if name in PERIODS:
        return _named(name, now, workspace)
    if since is None or until is None or since > until:
        return None
    query = {"since": since.isoformat(), "until": until.isoformat()}
    zone = ZoneInfo(workspace.time_zone)
    span = days_between(since, until, zone=zone, day_begins_s=workspace.day_begins_s)
    return Chosen(name="", span=span, query=query)


def period_or(usual: str, given: QueryDict, *, now: datetime, workspace: WorkspaceFacts) -> Chosen:
    """Read the same; the usual period, a name of PERIODS, where nothing was chosen."""
    found = chosen_period(given, now=now, workspace=workspace)
    if found is None and "period" in given:
        # "Days of your own": offered with those of the usual period to begin with.
        span = _named(usual, now, workspace).span
        return Chosen(name="", span=span, query=days_query(span))
    return found or _named(usual, now, workspace)


def span_words(span: Span) -> str:
    """Say a span as days, the last included."""
    first, end = (formats.date_format(day, "SHORT_DATE_FORMAT") for day in span.days)
    return first if first == end else _("%(first)s – %(last)s") % {"first": first, "last": end}


def days_query(span: Span) -> dict[str, str]:
    """Say a span as days in an address, where they mean tomorrow what they mean today."""
    first, last = span.days
    return {"since": first.isoformat(), "until": last.isoformat()}


def zone_words(workspace: WorkspaceFacts) -> str:
    """Say in which time zone days begin, and when, where that is not at midnight."""
    if not workspace.day_begins_s:
        return workspace.time_zone
    places = {"zone": workspace.time_zone, "time": workspace.settings.day_begins}
    return _("%(zone)s, days from %(time)s") % places


def _named(name: str, now: datetime, workspace: WorkspaceFacts) -> Chosen:
    zone = ZoneInfo(workspace.time_zone)
    span = span_of(name, now=now, zone=zone, day_begins_s=workspace.day_begins_s)
    return Chosen(name=name, span=span, query={"period": name})


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
