"""Months on the clock of a workspace."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["issuable_months", "span_of_month"]

OFFERED = 12


def span_of_month(month: date, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant of a month and the first one after it. month: its first day."""
    following = (month + timedelta(days=32)).replace(day=1)
    return datetime.combine(month, time.min, tzinfo=zone), datetime.combine(following, time.min, tzinfo=zone)


def issuable_months(*, oldest: date | None, newest: date | None, now: datetime, zone: ZoneInfo) -> list[date]:
    """Return the months that are over and can still be issued, the newest first, at most twelve.

    oldest: the first day of which there are facts; None where there are none, and nothing to bill.
    newest: the newest month that was issued, behind which others come.
    """
    if oldest is None:
        return []
    month = now.astimezone(zone).date().replace(day=1)
    found: list[date] = []
    while len(found) < OFFERED:
        month = (month - timedelta(days=1)).replace(day=1)
        if month < oldest.replace(day=1) or (newest is not None and month <= newest):
            break
        found.append(month)
    return found
