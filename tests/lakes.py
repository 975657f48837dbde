"""A small call center's facts, the same every time, for pages and tests that need a lake."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from careloop.insight.facts import FactStore

__all__ = ["fill_lake"]

SOURCE = "test switch"
# Contacts by hour of a working day, from 9 o'clock.
SHAPE = (6, 10, 12, 9, 7, 9, 11, 10, 7)


def fill_lake(
    root: Path,
    *,
    until: datetime,
    days: int = 40,
    zone: str = "Asia/Seoul",
    queues: Sequence[str] = ("billing", "repairs"),
    agents: Sequence[str] = ("kim", "lee", "park"),
    cases: Mapping[int, str] | None = None,
    seed: int = 20,
    scale: float = 1.0,
) -> int:
    """Write contacts and segments of so many days before a moment and return how many contacts there are.

    cases: the case of some contacts, by their place from the newest. scale: how busy it is.
    """
    dice = random.Random(seed)
    contacts: list[dict[str, Any]] = []
    segments: list[dict[str, Any]] = []
    first = (until - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(days + 1):
        morning = first + timedelta(days=day)
        weekend = morning.weekday() >= 5
        for hour, usual in enumerate(SHAPE):
            for _ in range(round(usual * scale * (0.3 if weekend else 1.0) * dice.uniform(0.8, 1.2))):
                at = morning + timedelta(hours=hour, seconds=dice.uniform(0, 3600))
                if at < until:
                    _contact(contacts, segments, at=at, queues=queues, agents=agents, dice=dice, is_bad=day == days - 9)
    newest = sorted(contacts, key=lambda one: one["arrived_at"], reverse=True)
    for place, case_id in (cases or {}).items():
        newest[place]["case_id"] = case_id
    store = FactStore(root)
    store.settle_zone(zone)
    store.append("contact", contacts, source=SOURCE, at=until)
    store.append("contact_segment", segments, source=SOURCE, at=until)
    store.complete(source=SOURCE, through=until - timedelta(minutes=20))
    return len(contacts)


def _contact(
    contacts: list[dict[str, Any]],
    segments: list[dict[str, Any]],
    *,
    at: datetime,
    queues: Sequence[str],
    agents: Sequence[str],
    dice: random.Random,
    is_bad: bool,
) -> None:
    number = len(contacts) + 1
    wait = dice.expovariate(1 / (90 if is_bad else 14))
    is_lost = wait > dice.expovariate(1 / 140)
    queue, talk, wrap = dice.choice(queues), dice.lognormvariate(5.3, 0.5), dice.expovariate(1 / 40)
    left = at + timedelta(seconds=wait)
    released = left + timedelta(seconds=talk)
    contacts.append(
        {
            "contact_id": f"c{number}",
            "channel": dice.choice(("voice", "voice", "chat")),
            "direction": "inbound",
            "customer_id": f"k{dice.randrange(1, 400)}",
            "arrived_at": at,
            "ended_at": left if is_lost else released,
            "outcome": "abandoned_queue" if is_lost else "handled",
            "reason_code": dice.choice(("late", "broken", "price")),
            "transfer_count": 0,
        }
    )
    segment = {
        "segment_id": f"s{number}",
        "contact_id": f"c{number}",
        "seq": 1,
        "queue_id": queue,
        "channel": contacts[-1]["channel"],
        "queued_at": at,
        "left_queue_at": left,
        "exit": "abandoned" if is_lost else "answered",
    }
    if not is_lost:
        segment |= {
            "agent_id": dice.choice(agents),
            "answered_at": left,
            "talk_s": talk,
            "hold_s": 0.0,
            "wrap_s": wrap,
            "released_at": released,
            "wrap_ended_at": released + timedelta(seconds=wrap),
            "release_party": "customer",
            "transfer_kind": "none",
        }
    segments.append(segment)
