"""Hours as they are kept in rows and written in events."""

from collections.abc import Iterable, Sequence
from datetime import time

from careloop.kernel.hours import Span

__all__ = ["kept", "spans_of", "written"]


def spans_of(kept: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    """Read pairs such as ["09:00", "18:00"]."""
    return tuple(Span(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)) for opens, closes in kept)


def kept(spans: Iterable[Span]) -> list[list[str]]:
    """Turn spans into pairs for a row, the earliest first."""
    ordered = sorted(spans, key=lambda span: span.starts_after)
    return [[f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for span in ordered]


def written(spans: Iterable[Span]) -> str:
    """Write spans for people: "09:00-12:00, 13:00-18:00", empty when there are none."""
    return ", ".join("-".join(pair) for pair in kept(spans))
