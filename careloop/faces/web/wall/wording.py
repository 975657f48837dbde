"""How live figures are said."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from careloop.domains.wallboards.measures import measure_of
from careloop.domains.wallboards.reckoning import Share
from careloop.domains.wallboards.types import Figure, Measure

__all__ = ["at_least", "clock_time", "lasting", "percent", "said", "share_said", "so_many_of", "source_name"]

MINUTE, HOUR, DAY = 60, 3600, 86_400


def lasting(seconds: float) -> str:
    """Say how long something lasts, with as much as one takes in at a glance: "45 s", "12 min", "2 h 05 min", "3 d 4 h"."""
    whole = int(seconds)
    if whole < MINUTE:
        return _("%(count)d s") % {"count": whole}
    if whole < HOUR:
        return _("%(count)d min") % {"count": whole // MINUTE}
    if whole < DAY:
        hours, minutes = whole // HOUR, whole % HOUR // MINUTE
        if not minutes:
            return _("%(hours)d h") % {"hours": hours}
        return _("%(hours)d h %(minutes)s min") % {"hours": hours, "minutes": f"{minutes:02}"}
    return _("%(days)d d %(hours)d h") % {"days": whole // DAY, "hours": whole % DAY // HOUR}


def percent(value: float) -> str:
    """Say a share, never rounded up to everything nor down to nothing: 999 of 1000 are 99%."""
    whole = round(value * 100)
    if whole == 100 and value < 1:
        whole = 99
    if whole == 0 and value > 0:
        whole = 1
    return _("%(number)d%%") % {"number": whole}


def so_many_of(share: Share) -> str:
    """Say what a share is a share of."""
    return _("%(kept)s of %(of)s") % {"kept": number_format(share.kept), "of": number_format(share.of)}


def share_said(share: Share) -> str:
    """Say a share, or that there is none yet."""
    return "–" if share.value is None else percent(share.value)


def at_least(count: int | None, *, is_known: bool) -> str:
    """Say how many; where there may be more of whom nothing is known, at least how many, or "?" instead of 0."""
    if count is not None and is_known:
        return number_format(count)
    return f"≥ {number_format(count)}" if count else "?"


def source_name(source: str) -> str:
    """Return a source of facts as people call it: an imported table by its own name."""
    return source.removeprefix("import:")


def clock_time(at: datetime) -> str:
    """Say a time of day, in the active zone."""
    return date_format(timezone.localtime(at), "TIME_FORMAT")


def said(figure: Figure, value: float) -> str:
    """Say a value of a figure in its measure."""
    match measure_of(figure):
        case Measure.SECONDS:
            return lasting(value)
        case Measure.SHARE:
            return percent(value)
        case Measure.COUNT:
            return number_format(value, decimal_pos=0)
