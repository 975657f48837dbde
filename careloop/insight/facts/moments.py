"""Days, zones and moments."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from careloop.insight.facts.errors import BadZone

__all__ = ["end_of_day", "micros", "zone_named"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Return a moment in microseconds since 1970, in UTC."""
    return (at - EPOCH) // timedelta(microseconds=1)


def end_of_day(day: date) -> datetime:
    """Return the first moment after a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def zone_named(zone: str) -> ZoneInfo:
    """Return a time zone. Raises BadZone."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as wrong:
        raise BadZone(zone=zone) from wrong
