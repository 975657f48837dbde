"""Hours and lengths of time as people write them, read strictly: what is not understood is refused, never guessed."""

import re
from collections.abc import Sequence
from datetime import time
from typing import Final

from django.utils.translation import gettext as _

from careloop.kernel.hours import BadCalendar, Span
from careloop.kernel.sentences import Unusable

__all__ = ["Unreadable", "hours_read", "hours_written", "length_read", "length_written"]

MINUTE, HOUR = 60, 3600
_SPAN: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–~]\s*([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
# In the words of every language of the house, whatever the page speaks: a team writes as it speaks.
_LENGTH: Final = re.compile(
    r"(?:(\d{1,4})\s*(?:h|hours?|시간|小时|giờ))?\s*(?:(\d{1,5})\s*(?:min|minutes?|분|分钟?|phút))?"
    r"\s*(?:(\d{1,5})\s*(?:s|sec|seconds?|초|秒|giây))?",
    re.ASCII | re.IGNORECASE,
)


class Unreadable(ValueError):
    """What was written is not understood; the message is a sentence for whoever wrote it."""


def hours_read(text: str) -> tuple[Span, ...]:
    """Read the hours of a day such as "09:00-12:00, 13:00-18:00"; nothing is a closed day, 24:00 is its end.

    Raises Unreadable.
    """
    return tuple(_span(part.strip()) for part in text.split(",")) if text.strip() else ()


def hours_written(spans: Sequence[Span]) -> str:
    """Write the hours of a day as `hours_read` reads them."""
    ordered = sorted(spans, key=lambda span: span.starts_after)
    return ", ".join(f"{span.opens:%H:%M}-{_closing(span)}" for span in ordered)


def length_read(text: str) -> int | None:
    """Read a length of time such as "4 h", "1 h 30 min" or "45 s" in seconds; nothing is None. Raises Unreadable."""
    said = text.strip()
    if not said:
        return None
    found = _LENGTH.fullmatch(said)
    if found is None or not any(found.groups()):
        raise Unreadable(_("Write a time in hours, minutes and seconds, such as 4 h, 1 h 30 min or 45 s."))
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * HOUR + minutes * MINUTE + seconds


def length_written(seconds: int | None) -> str:
    """Write a length of time as `length_read` reads it, in the reader's language; empty for None."""
    if seconds is None:
        return ""
    hours, minutes, rest = seconds // HOUR, seconds % HOUR // MINUTE, seconds % MINUTE
    if rest and not hours and not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    if rest and not hours:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    if rest:
        return _("%(hours)d h %(minutes)d min %(seconds)d s") % {"hours": hours, "minutes": minutes, "seconds": rest}
    if not hours:
        return _("%(count)d min") % {"count": minutes}
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)s min") % {"hours": hours, "minutes": f"{minutes:02}"}


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None or (found[3] == "24" and found[4] != "00"):
        raise Unreadable(_("Write hours such as 09:00-18:00, and several with a comma: 09:00-12:00, 13:00-18:00."))
    closes = time(0) if found[3] == "24" else time(int(found[3]), int(found[4]))
    try:
        return Span(opens=time(int(found[1]), int(found[2])), closes=closes)
    except BadCalendar as problem:
        raise Unreadable(_sentence(problem)) from None


def _closing(span: Span) -> str:
    return "24:00" if span.closes == time(0) else f"{span.closes:%H:%M}"


def _sentence(problem: Unusable) -> str:
    return problem.sentence(_)
