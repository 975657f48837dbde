"""What others took for the same kind of work, one segment after the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.insight.kpis.worlds import Fact, World

__all__ = ["adjusted", "compared", "took"]

FEWEST = (10, 10, 1)


def took(row: Fact) -> float | None:
    parts = (row["talk_s"], row["hold_s"], row["wrap_s"])
    return None if row["exit"] != "answered" or None in parts else sum(parts)


def kinds(world: World, row: Fact) -> tuple[tuple[object, ...], ...]:
    weeks = (row["queued_at"] - datetime(1970, 1, 5, tzinfo=UTC)) // timedelta(weeks=4)
    contact = world.find("contact", contact_id=row["contact_id"])
    mix = (contact.get("channel"), contact.get("reason_group"), contact.get("language"))
    return ((weeks, row["queue_id"], *mix), (weeks, row["queue_id"]), (weeks,))


def compared(world: World) -> Iterator[tuple[Fact, float | None, float | None]]:
    """Yield each answered segment, what it would have taken others, and what all took for any."""
    rows = [row for row in world.counted("contact_segment") if row["exit"] == "answered"]
    known = [(row, kinds(world, row), took(row)) for row in rows]
    for row in rows:
        expected = None
        for place, kind in enumerate(kinds(world, row)):
            others = [
                seconds
                for other, own, seconds in known
                if own[place] == kind and seconds is not None and other["agent_id"] != row["agent_id"]
            ]
            if expected is None and len(others) >= FEWEST[place]:
                expected = sum(others) / len(others)
        all_ = [seconds for _other, own, seconds in known if own[2] == kinds(world, row)[2] and seconds is not None]
        yield row, expected, sum(all_) / len(all_) if all_ else None


def adjusted(world: World) -> dict[str, float | None]:
    """Seconds of each answered segment as if everybody had the same mix; None where nothing is known."""
    found: dict[str, float | None] = {}
    for row, expected, usual in compared(world):
        own = took(row)
        is_known = own is not None and expected is not None and usual is not None
        found[row["segment_id"]] = own - expected + usual if is_known else None  # type: ignore[operator]
    return found
