"""What the values of a column look like."""

import re
from collections.abc import Sequence
from datetime import datetime

__all__ = ["TIME_FORMATS", "fitting_formats", "is_clock", "is_date", "is_number"]

TIME_FORMATS = (
    "",  # ISO 8601, which needs no format
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%Y%m%d%H%M%S",
    "%Y년 %m월 %d일 %H:%M:%S",
    "%Y년 %m월 %d일 %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "epoch",
    "epoch_ms",
)
DATE_FORMATS = ("", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d")
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?")


def fitting_formats(values: Sequence[str]) -> list[str]:
    """Return the formats in which all values are times; none where there are no values."""
    return [pattern for pattern in TIME_FORMATS if values and all(_is_time(value, pattern) for value in values)]


def is_clock(values: Sequence[str]) -> bool:
    """Say whether all are times of a day or durations with colons."""
    return bool(values) and all(re.fullmatch(r"\d{1,3}:[0-5]\d(:[0-5]\d)?", value) for value in values)


def is_date(values: Sequence[str]) -> list[str]:
    """Return the formats in which all values are days without a time."""
    return [pattern for pattern in DATE_FORMATS if values and all(_is_day(value, pattern) for value in values)]


def is_number(values: Sequence[str]) -> bool:
    """Say whether all are numbers."""
    return bool(values) and all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in values)


def _is_time(value: str, pattern: str) -> bool:
    match pattern:
        case "":
            return ISO_TIME.fullmatch(value) is not None
        case "epoch":
            return re.fullmatch(r"1\d{9}(\.\d+)?", value) is not None
        case "epoch_ms":
            return re.fullmatch(r"1\d{12}", value) is not None
    return _parses(value, pattern)


def _is_day(value: str, pattern: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None if not pattern else _parses(value, pattern)


def _parses(value: str, pattern: str) -> bool:
    try:
        return datetime.strptime(value, pattern).year > 1900  # noqa: DTZ007 - only its shape is asked for
    except ValueError:
        return False
