"""Calls for reports to be about: two queues, three weeks, some given up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from careloop.insight.facts import FactStore

__all__ = ["FIRST_DAY", "bring_calls", "call"]

FIRST_DAY = datetime(2026, 10, 26, 0, 0, tzinfo=UTC)
DAYS = 21


def bring_calls(root: Path, *, days: int = DAYS, per_day: int = 24) -> None:
    """Fill a lake with calls from FIRST_DAY on."""
    store = FactStore(root)
    calls = [call(day, place) for day in range(days) for place in range(per_day)]
    until = FIRST_DAY + timedelta(days=days)
    contacts = [contact for contact, _segment in calls]
    segments = [segment for _contact, segment in calls]
    store.append("contact", contacts, source="phone", at=until, complete_through=until)
    store.append("contact_segment", segments, source="phone", at=until, complete_through=until)


def call(day: int, place: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """One call: every eighth is given up after 40 seconds, every fifth is answered too late."""
    key = f"{day}-{place}"
    at = FIRST_DAY + timedelta(days=day, hours=1, minutes=20 * place)
    is_lost = place % 8 == 7
    wait = 40.0 if is_lost else 45.0 if place % 5 == 4 else 8.0
    contact = {
        "contact_id": key,
        "channel": "voice",
        "direction": "inbound",
        "arrived_at": at,
        "outcome": "abandoned_queue" if is_lost else "handled",
    }
    segment: dict[str, Any] = {
        "segment_id": key,
        "contact_id": key,
        "seq": 1,
        "queue_id": "해외 배송" if place % 2 else "国内订单",
        "channel": "voice",
        "queued_at": at,
        "left_queue_at": at + timedelta(seconds=wait),
        "exit": "abandoned" if is_lost else "answered",
    }
    if not is_lost:
        answered = at + timedelta(seconds=wait)
        segment |= {
            "agent_id": "1",
            "answered_at": answered,
            "talk_s": 100.0,
            "hold_s": 20.0,
            "wrap_s": 30.0,
            "released_at": answered + timedelta(seconds=120),
            "wrap_ended_at": answered + timedelta(seconds=150),
        }
    return contact, segment
