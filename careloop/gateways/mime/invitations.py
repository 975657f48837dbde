"""Calendar parts: enough of iCalendar (RFC 5545) to say what, when and by whom."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from careloop.gateways.mime.charsets import clean_line
from careloop.gateways.mime.types import Invitation

__all__ = ["read_invitations"]

LINE = re.compile(
    r'([A-Za-z-]{1,60})((?:;[^=;:"]{1,60}=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.DOTALL
)
TIME_ZONE = re.compile(r'TZID="?([^";]+)', re.IGNORECASE)
COMMON_NAME = re.compile(r'CN="?([^";]+)', re.IGNORECASE)
ESCAPED = re.compile(r"\\([nN,;\\])")
WINDOWS_ZONES = {
    "korea standard time": "Asia/Seoul",
    "china standard time": "Asia/Shanghai",
    "se asia standard time": "Asia/Bangkok",
    "tokyo standard time": "Asia/Tokyo",
    "taipei standard time": "Asia/Taipei",
    "singapore standard time": "Asia/Singapore",
    "gmt standard time": "Europe/London",
    "w. europe standard time": "Europe/Berlin",
    "romance standard time": "Europe/Paris",
    "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "pacific standard time": "America/Los_Angeles",
    "india standard time": "Asia/Kolkata",
    "aus eastern standard time": "Australia/Sydney",
    "utc": "UTC",
}
MOST_EVENTS = 20


def read_invitations(text: str) -> tuple[Invitation, ...]:
    """Read the events of one calendar part.

    text: decoded. Returns at most 20, none when it is no calendar. Never raises.
    """
    found: list[Invitation] = []
    method = ""
    event: dict[str, tuple[str, str]] | None = None
    inner = 0
    for name, parameters, value in content_lines(text):
        match name, value.strip().upper():
            case "BEGIN", "VEVENT":
                event, inner = {}, 0
            case "END", "VEVENT":
                if event is not None and len(found) < MOST_EVENTS:
                    found.append(invitation(event, method=method))
                event = None
            case "BEGIN", _:
                inner += 1  # an alarm inside an event has a summary of its own
            case "END", _:
                inner -= 1
            case "METHOD", _ if event is None:
                method = clean_line(value).upper()[:20]
            case _ if event is not None and inner == 0:
                event.setdefault(name, (parameters, value))
            case _:
                pass
    return tuple(found)


def content_lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Unfold and split into upper-case name, parameters and value."""
    for line in re.sub(r"\n[ \t]", "", text[:200_000]).split("\n"):
        if found := LINE.fullmatch(line[:5000]):
            yield found[1].upper(), found[2], found[3]


def invitation(event: dict[str, tuple[str, str]], *, method: str) -> Invitation:
    parameters, organizer = event.get("ORGANIZER", ("", ""))
    name = COMMON_NAME.search(parameters)
    address = re.sub("^mailto:", "", organizer.strip(), flags=re.IGNORECASE)
    return Invitation(
        summary=clean_line(
            ESCAPED.sub(lambda mark: " " if mark[1] in "nN" else mark[1], event.get("SUMMARY", ("", ""))[1])
        ),
        start=start_of(*event.get("DTSTART", ("", ""))),
        organizer=clean_line(f"{name[1]} <{address}>" if name and address else address),
        method=method,
    )


def start_of(parameters: str, value: str) -> datetime | None:
    """Read DTSTART as aware UTC. A whole day starts at midnight UTC; a local time without a zone we know is None."""
    value = value.strip()
    zone = TIME_ZONE.search(parameters)
    with suppress(ValueError, KeyError, OSError, OverflowError):
        if len(value) == 8:
            return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC)
        if value.endswith("Z"):
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if zone:
            name = WINDOWS_ZONES.get(zone[1].strip().lower(), zone[1].strip())
            return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(name)).astimezone(UTC)
    return None
