"""Times as people say them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

__all__ = ["Moment", "moment"]

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One time, three ways.

    iso: for machines, with offset. relative: "5 min. ago". exact: date, time and zone as the reader keeps them.
    """

    iso: str
    relative: str
    exact: str


def moment(*, at: datetime, now: datetime) -> Moment:
    """Word a time for the reader, in the active zone and language.

    at: the time to word, timezone-aware. now: the moment of reading, timezone-aware.

    Returns all three forms. A time more than a week away is worded as its date.
    """
    local = timezone.localtime(at)
    exact = f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname() or ''}".strip()
    return Moment(iso=at.isoformat(), relative=_relative(at=local, now=now), exact=exact)


def _relative(*, at: datetime, now: datetime) -> str:
    seconds = int((at - now).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return _("now")
    if size >= WEEK:
        same_year = at.year == timezone.localtime(now).year
        return date_format(at, "MONTH_DAY_FORMAT" if same_year else "DATE_FORMAT")
    if size < HOUR:
        count = size // MINUTE
        ago = ngettext("%(count)d min. ago", "%(count)d min. ago", count)
        ahead = ngettext("in %(count)d min.", "in %(count)d min.", count)
    elif size < DAY:
        count = size // HOUR
        ago = ngettext("%(count)d hr. ago", "%(count)d hr. ago", count)
        ahead = ngettext("in %(count)d hr.", "in %(count)d hr.", count)
    else:
        count = size // DAY
        ago = ngettext("yesterday", "%(count)d days ago", count)
        ahead = ngettext("tomorrow", "in %(count)d days", count)
    return (ahead if seconds > 0 else ago) % {"count": count}
