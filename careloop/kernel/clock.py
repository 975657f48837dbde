"""The one place that reads the clock; everybody else is told the time."""

from datetime import UTC, datetime

__all__ = ["now"]


def now() -> datetime:
    """Return the present moment in UTC, timezone-aware, with microseconds."""
    return datetime.now(UTC)
