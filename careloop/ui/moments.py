"""Times as people say them."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

__all__ = ["Moment", "length", "length_to_second", "moment"]

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
    zone, language = timezone.get_current_timezone_name(), get_language() or ""
    exact = f"{_formatted(at, 'DATETIME_FORMAT', zone, language)} {timezone.localtime(at).tzname() or ''}".strip()
    return Moment(iso=at.isoformat(), relative=_relative(at=at, now=now, zone=zone, language=language), exact=exact)


def length(seconds: float) -> str:
    """Say how long something takes, in hours and minutes: days would not say whether they are days of work.

    seconds: at least 0; what is short of a minute is left out.
    """
    hours, minutes = divmod(int(seconds) // MINUTE, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def length_to_second(seconds: float) -> str:
    """Say how long something takes where seconds count: "45 s", "1 min 30 s"; from an hour on as `length` does.

    seconds: at least 0; parts of a second are left out.
    """
    minutes, rest = divmod(int(seconds), MINUTE)
    if minutes >= HOUR // MINUTE or (minutes and not rest):
        return length(seconds)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


def _relative(*, at: datetime, now: datetime, zone: str, language: str) -> str:
    seconds = int((at - now).total_seconds())
    size, is_ahead = abs(seconds), seconds > 0
    if size < MINUTE:
        return _("now")
    if size >= WEEK:
        same_year = timezone.localtime(at).year == timezone.localtime(now).year
        return _formatted(at, "MONTH_DAY_FORMAT" if same_year else "DATE_FORMAT", zone, language)
    if size < HOUR:
        count = size // MINUTE
        words = (
            ngettext("in %(count)d min.", "in %(count)d min.", count)
            if is_ahead
            else ngettext("%(count)d min. ago", "%(count)d min. ago", count)
        )
    elif size < DAY:
        count = size // HOUR
        words = (
            ngettext("in %(count)d hr.", "in %(count)d hr.", count)
            if is_ahead
            else ngettext("%(count)d hr. ago", "%(count)d hr. ago", count)
        )
    else:
        count = size // DAY
        words = (
            ngettext("tomorrow", "in %(count)d days", count)
            if is_ahead
            else ngettext("yesterday", "%(count)d days ago", count)
        )
    return words % {"count": count}


@lru_cache(maxsize=20_000)
def _formatted(at: datetime, form: str, zone: str, language: str) -> str:
    # Lists show the same times again and again. The zone and the language are the active ones; they stand in the key only.
    return date_format(timezone.localtime(at), form)
