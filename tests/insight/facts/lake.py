"""Rows for tests of the lake."""

from datetime import UTC, datetime, timedelta
from typing import Any

from careloop.insight.facts import Facts

__all__ = ["NINE", "NOW", "contact", "rows_of", "segment"]

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def contact(key: str, **more: Any) -> dict[str, Any]:
    """A contact that keeps every rule."""
    own = {"contact_id": key, "channel": "voice", "direction": "inbound", "arrived_at": NINE, "outcome": "handled"}
    return own | more


def segment(key: str, of: str, **more: Any) -> dict[str, Any]:
    """A call answered after ten seconds, of two minutes and half a minute of work afterwards."""
    start = more.get("queued_at", NINE)
    own = {
        "segment_id": key,
        "contact_id": of,
        "seq": 1,
        "queue_id": "sales",
        "channel": "voice",
        "agent_id": "ada",
        "queued_at": start,
        "answered_at": start + timedelta(seconds=10),
        "exit": "answered",
        "talk_s": 120.0,
        "hold_s": 0.0,
        "wrap_s": 30.0,
        "released_at": start + timedelta(seconds=130),
        "wrap_ended_at": start + timedelta(seconds=160),
    }
    return own | more


def rows_of(facts: Facts, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table as tuples, sorted."""
    found = facts[table].select(*columns).to_pyarrow().to_pylist()
    return sorted(tuple(row[name] for name in columns) for row in found)
