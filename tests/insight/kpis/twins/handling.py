"""Twins of family B: second by second where it matters."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.insight.kpis.twins.base import Finish, Options, Part, Twin, inner, ratio
from tests.insight.kpis.twins.mix import adjusted, compared, took
from tests.insight.kpis.twins.resolution import episodes
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS"]

BUSY = ("contact", "hold", "wrap")
READY = ("available", "ringing")
WORK = ("aux_productive", "training", "coaching", "meeting")


def att(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact_segment"):
        if row["exit"] == "answered" and (row["channel"] == "voice" or not options["voice_only"]):
            yield Part(row=row, at=row["queued_at"], x=row["talk_s"] + row["hold_s"] * options["include_hold"], n=1)


def hold_time(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact_segment"):
        if row["exit"] != "answered":
            continue
        match options["statistic"]:
            case "holds":
                yield Part(row=row, at=row["queued_at"], x=row["hold_count"], n=1)
            case "share_held":
                yield Part(row=row, at=row["queued_at"], x=row["hold_s"] > 0, n=1)
            case "seconds_if_held":
                yield Part(row=row, at=row["queued_at"], x=row["hold_s"], n=row["hold_s"] > 0)
            case _:
                yield Part(row=row, at=row["queued_at"], x=row["hold_s"], n=1)


def acw(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact_segment"):
        if row["exit"] == "answered" and row["wrap_s"] is not None:
            yield Part(row=row, at=row["queued_at"], x=row["wrap_s"], n=1)
    if options["include_later"]:
        for row in world.rows("agent_state"):
            if row["state"] == "aux_productive" and row["contact_id"]:
                for at, seconds in world.pieces(row["started_at"], ended(world, row)):
                    yield Part(row=row, at=at, x=seconds)


def aht(world: World, options: Options) -> Iterator[Part]:
    legs = [row for row in world.counted("contact_segment") if row["exit"] == "answered"]
    seconds = adjusted(world) if options["mix_adjusted"] else {leg["segment_id"]: took(leg) for leg in legs}
    if options["view"] == "segment":
        for row in legs:
            spent = seconds[row["segment_id"]]
            if spent is not None:
                yield Part(row=row, at=row["queued_at"], x=spent, n=1)
        return
    for row in world.counted("contact"):
        own = [seconds[leg["segment_id"]] for leg in legs if leg["contact_id"] == row["contact_id"]]
        known = [spent for spent in own if spent is not None]
        if own and len(known) == len(own):
            yield Part(row=row, at=row["arrived_at"], x=sum(known), n=1)


def transfer_rate(world: World, options: Options) -> Iterator[Part]:
    kinds = ("warm", "cold") if options["kind"] == "any" else (options["kind"],)
    legs = [row for row in world.counted("contact_segment") if row["exit"] == "answered"]

    def passed(leg: Fact) -> bool:
        return leg["transfer_kind"] in kinds and not (options["exclude_by_design"] and leg["is_routed_by_design"])

    if options["view"] == "agent":
        for row in legs:
            yield Part(row=row, at=row["queued_at"], x=passed(row), n=1)
        return
    for row in world.counted("contact"):
        own = [leg for leg in legs if leg["contact_id"] == row["contact_id"]]
        handled = row["outcome"] == "handled"
        yield Part(row=row, at=row["arrived_at"], x=handled and any(map(passed, own)), n=handled)


def ended(world: World, row: Fact) -> datetime:
    end = row["ended_at"] or world.until or world.watermark
    assert isinstance(end, datetime)
    return end


def united(world: World, states: Sequence[str]) -> Iterator[tuple[Fact, datetime, datetime]]:
    """Time of each agent in any of these states, overlaps counted once."""
    for agent in sorted({row["agent_id"] for row in world.rows("agent_state")}):
        spans = sorted(
            (row["started_at"], ended(world, row))
            for row in world.rows("agent_state")
            if row["agent_id"] == agent and row["state"] in states
        )
        reached: datetime | None = None
        for start, end in spans:
            low = start if reached is None else max(start, reached)
            if low < end:
                yield {"agent_id": agent}, low, end
            reached = end if reached is None else max(end, reached)


def spent(world: World, states: Sequence[str], *, x: float = 0.0, n: float = 0.0) -> Iterator[Part]:
    for row, start, end in united(world, states):
        for at, seconds in world.pieces(start, end):
            yield Part(row=row, at=at, x=x * seconds, n=n * seconds)


def single(
    world: World, states: Sequence[str], *, x: float = 0.0, n: float = 0.0, tagged: bool = False
) -> Iterator[Part]:
    for row in world.rows("agent_state"):
        if row["state"] in states and (row.get("task_id") or not tagged):
            for at, seconds in world.pieces(row["started_at"], ended(world, row)):
                yield Part(row=row, at=at, x=x * seconds, n=n * seconds)


def paid(world: World, name: str, *, x: float = 0.0, n: float = 0.0, planned: bool | None = None) -> Iterator[Part]:
    for row in world.rows("paid_time"):
        counts = planned is None or bool(row.get("is_absence_planned")) == planned
        yield Part(row=row, at=row["local_date"], x=x * row[name] * counts, n=n * row[name] * counts)


def aht_concurrent(world: World, _options: Options) -> Iterator[Part]:
    held = [
        row for row in world.rows("agent_state") if row["state"] == "contact" and row["ended_at"] and row["contact_id"]
    ]
    for row in held:
        own = [other for other in held if other["agent_id"] == row["agent_id"]]
        edges = sorted({edge for other in own for edge in (other["started_at"], other["ended_at"])})
        for low, high in itertools.pairwise(edges):
            if row["started_at"] <= low and high <= row["ended_at"]:
                together = sum(other["started_at"] <= low and high <= other["ended_at"] for other in own)
                for at, seconds in world.pieces(low, high):
                    yield Part(row=row, at=at, x=seconds / together)
    for contact in sorted({row["contact_id"] for row in held}):
        own = [row for row in held if row["contact_id"] == contact and row["started_at"] < row["ended_at"]]
        if own:
            first = min(own, key=lambda row: (row["started_at"], row["agent_id"]))
            yield Part(row=first, at=first["started_at"], n=1)


def contacts_per_8h(world: World, options: Options) -> Iterator[Part]:
    worths = {row["segment_id"]: expected / usual for row, expected, usual in compared(world) if expected and usual}
    for row in world.counted("contact_segment"):
        if world.find("contact", contact_id=row["contact_id"])["direction"] == "inbound":
            worth = worths.get(row["segment_id"], 1.0) if options["mix_adjusted"] else 1.0
            yield Part(row=row, at=row["queued_at"], x=worth * (row["exit"] == "answered"))
    match options["hours"]:
        case "paid":
            yield from paid(world, "paid_s", n=1)
        case "scheduled":
            yield from paid(world, "scheduled_s", n=1)
        case _:
            yield from spent(world, BUSY, n=1)
            yield from single(world, (*READY, *WORK, "break", "system_issue"), n=1)


def occupancy(world: World, _options: Options) -> Iterator[Part]:
    yield from spent(world, BUSY, x=1, n=1)
    yield from single(world, READY, n=1)


def occupied(options: Options) -> Finish:
    """The share of the time, or of the days on which it reached the band."""
    if options["statistic"] == "time":
        return ratio

    def finish(world: World, parts: Sequence[Part], _options: Options) -> float | None:
        days = [(x, n) for x, n in inner(world, parts, ("day",)) if n > 0]
        return sum(x >= (options["band"] - 1e-9) * n for x, n in days) / len(days) if days else None

    return finish


def utilisation(world: World, options: Options) -> Iterator[Part]:
    yield from spent(world, BUSY, x=1)
    yield from single(world, () if options["contact_only"] else WORK, x=1)
    yield from paid(world, "paid_s", n=1)


def productive(world: World, weight: float) -> Iterator[Part]:
    yield from spent(world, BUSY, x=weight)
    yield from single(world, READY, x=weight)
    yield from single(world, ("aux_productive",), x=weight, tagged=True)


def productive_ratio(world: World, _options: Options) -> Iterator[Part]:
    yield from productive(world, 1)
    yield from paid(world, "worked_s", n=1)


def shrinkage(world: World, options: Options) -> Iterator[Part]:
    away = ("training", "coaching", "meeting", "break")
    yield from paid(world, "paid_s", n=1)
    if options["kind"] == "out_of_office":
        yield from paid(world, "absence_s", x=1)
        return
    if options["kind"] == "planned":
        yield from paid(world, "absence_s", x=1, planned=True)
        yield from spent(world, away, x=1)
        return
    yield from paid(world, "paid_s", x=1)
    yield from productive(world, -1)
    if options["kind"] == "in_office":
        yield from paid(world, "absence_s", x=-1)
    if options["kind"] == "unplanned":
        yield from paid(world, "absence_s", x=-1, planned=True)
        yield from spent(world, away, x=-1)


def absence_rate(world: World, _options: Options) -> Iterator[Part]:
    yield from paid(world, "absence_s", x=1, planned=False)
    yield from paid(world, "scheduled_s", n=1)


def plan(world: World, *, with_edits: bool = False) -> list[Fact]:
    known = [row for row in world.rows("schedule_activity") if with_edits or row["published_at"] <= row["starts_at"]]
    return [
        row
        for row in known
        if not any(
            other["agent_id"] == row["agent_id"]
            and other["starts_at"] < row["ends_at"]
            and other["ends_at"] > row["starts_at"]
            and other["schedule_version"] > row["schedule_version"]
            for other in known
        )
    ]


def is_protected(state: Mapping[str, Any]) -> bool:
    return state["state"] == "break" and state.get("reason") == "protection"


def adherence(world: World, options: Options) -> Iterator[Part]:
    grace = timedelta(seconds=options["tolerance_s"])
    for row in plan(world, with_edits=options["schedule"] == "edited"):
        allowed = world.find("activity_state_map", activity=row["activity"]).get("allowed_states", ())
        for at, seconds in world.pieces(row["starts_at"], row["ends_at"]):
            yield Part(row=row, at=at, n=seconds)
        low = min(row["starts_at"] + grace, row["ends_at"])
        high = max(row["ends_at"] - grace, low)
        if grace:
            for start, end in ((row["starts_at"], low), (high, row["ends_at"])):
                for at, seconds in world.pieces(start, end):
                    yield Part(row=row, at=at, x=seconds)
        reached = low
        spans = sorted(
            (state["started_at"], state["ended_at"] or world.watermark)
            for state in world.rows("agent_state")
            if state["agent_id"] == row["agent_id"] and (state["state"] in allowed or is_protected(state))
        )
        for start, end in spans:
            first, last = max(start, reached), min(end, high)
            for at, seconds in world.pieces(first, last) if first < last else ():
                yield Part(row=row, at=at, x=seconds)
            reached = max(reached, last)


def conformance(world: World, _options: Options) -> Iterator[Part]:
    yield from spent(world, BUSY, x=1)
    yield from single(world, (*READY, *WORK, "system_issue"), x=1)
    for row in world.rows("agent_state"):
        if is_protected(row):
            for at, seconds in world.pieces(row["started_at"], ended(world, row)):
                yield Part(row=row, at=at, x=seconds)
    for row in plan(world):
        if world.find("activity_state_map", activity=row["activity"]).get("is_work"):
            for at, seconds in world.pieces(row["starts_at"], row["ends_at"]):
                yield Part(row=row, at=at, n=seconds)


def midnight(world: World, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(world.zone)).astimezone(world.watermark.tzinfo)


def cost_per_contact(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("cost_entry"):
        if options["currency"] and row["amount_currency"] not in options["currency"]:
            continue
        start, end = midnight(world, row["period_start"]), midnight(world, row["period_end"])
        for at, seconds in world.pieces(start, end):
            yield Part(row=row, at=at, x=float(row["amount"]) * seconds / (end - start).total_seconds())
    if options["per"] == "resolution":
        defaults = {
            "days": 7,
            "window": "rolling",
            "match": "customer_reason",
            "channels": "any",
            "unknown_reason": "nothing",
            "count_abandons": False,
            "include_bot": False,
            "transfer_fails": False,
            "net": (),
        }
        for visit in episodes(world, defaults):
            matured = visit.end + timedelta(days=7) <= world.watermark
            yield Part(
                row=visit.row, at=visit.row["arrived_at"], n=matured and not (visit.is_repeat or visit.is_followed)
            )
        return
    for row in world.counted("contact"):
        yield Part(row=row, at=row["arrived_at"], n=row["outcome"] == "handled")


TWINS: dict[str, Twin] = {
    "att": Twin(parts=att),
    "hold_time": Twin(parts=hold_time),
    "acw": Twin(parts=acw),
    "aht": Twin(parts=aht),
    "aht_concurrent": Twin(parts=aht_concurrent),
    "contacts_per_8h": Twin(parts=contacts_per_8h, scale=8 * 3600),
    "occupancy": Twin(parts=occupancy, finish=occupied),
    "utilisation": Twin(parts=utilisation),
    "productive_ratio": Twin(parts=productive_ratio),
    "shrinkage": Twin(parts=shrinkage),
    "adherence": Twin(parts=adherence),
    "conformance": Twin(parts=conformance),
    "transfer_rate": Twin(parts=transfer_rate),
    "cost_per_contact": Twin(parts=cost_per_contact),
    "absence_rate": Twin(parts=absence_rate),
}
