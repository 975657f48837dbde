"""Twins of family I."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from tests.insight.kpis.twins.base import Options, Part, Twin, quantile
from tests.insight.kpis.twins.complaints import scaled
from tests.insight.kpis.twins.quality import pulse, pulse_share
from tests.insight.kpis.worlds import World

__all__ = ["TWINS"]

YEAR_S = 365.2425 * 86_400


def esat(world: World, options: Options) -> Iterator[Part]:
    for row, at in pulse(world, "esat"):
        if row["scale_max"] == options["scale_max"] and row["scale_min"] <= row["value"] <= row["scale_max"]:
            yield Part(row=row, at=at, x=row["value"], n=1)


def enps(world: World, _options: Options) -> Iterator[Part]:
    for row, at in pulse(world, "enps"):
        if row["scale_max"] == 10 and 0 <= row["value"] <= 10:
            yield Part(row=row, at=at, x=100 * ((row["value"] >= 9) - (row["value"] <= 6)), n=1)


def pulse_participation(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("pulse_wave"):
        answered = {
            answer["respondent_token"]
            for answer in world.rows("pulse_answer")
            if (answer["wave"], answer["team_id"]) == (row["wave"], row["team_id"])
        }
        yield Part(row=row, at=row["closed_at"], x=len(answered), n=row["invited_count"])


def abuse_exposure(world: World, _options: Options) -> Iterator[Part]:
    events = world.counted("abuse_event")
    legs = [row for row in world.counted("contact_segment") if row["exit"] == "answered"]
    for contact, agent in sorted({(row["contact_id"], row["agent_id"]) for row in events}):
        first = min(row["at"] for row in events if (row["contact_id"], row["agent_id"]) == (contact, agent))
        yield Part(row={"contact_id": contact, "agent_id": agent}, at=first, x=1)
    for contact, agent in sorted({(row["contact_id"], row["agent_id"]) for row in legs}):
        first = min(row["queued_at"] for row in legs if (row["contact_id"], row["agent_id"]) == (contact, agent))
        yield Part(row={"contact_id": contact, "agent_id": agent}, at=first, n=1)


def abuse_protection(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("abuse_event"):
        yield Part(row=row, at=row["at"], x=row["protective_action"] is not None, n=1)


def overtime_share(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("paid_time"):
        yield Part(row=row, at=row["local_date"], x=row["overtime_s"], n=row["paid_s"])


def weekly_hours_p90(world: World, _options: Options) -> Iterator[Part]:
    weeks: dict[tuple[str, date], float] = {}
    for row in world.rows("paid_time"):
        key = (row["agent_id"], row["local_date"] - timedelta(days=row["local_date"].weekday()))
        weeks[key] = weeks.get(key, 0.0) + row["worked_s"] / 3600
    for (agent, monday), hours in weeks.items():
        yield Part(row={"agent_id": agent}, at=monday, value=hours)


def training_hours(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("training_record"):
        meant = options["who"] == "all" or row["is_new_hire"] == (options["who"] == "new_hire")
        if meant and row["completed_at"]:
            yield Part(row=row, at=row["completed_at"], x=row["delivered_s"] / 3600)
    for row in world.rows("agent"):
        first = datetime.combine(row["hire_date"], time(), UTC)
        last = row["separation_date"] and datetime.combine(row["separation_date"], time(), UTC) + timedelta(days=1)
        # Time that nobody has lived yet is no employment, whatever is planned.
        lived = min(last or world.watermark, world.watermark) if world.until is None else last
        for at, seconds in world.pieces(first, lived):
            yield Part(row=row, at=at, n=seconds / YEAR_S)


def training_completion(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("training_record"):
        meant = options["who"] == "all" or row["is_new_hire"] == (options["who"] == "new_hire")
        if meant and row["due_at"] and row["due_at"] <= world.watermark:
            kept = row["completed_at"] is not None and row["completed_at"] <= row["due_at"]
            yield Part(row=row, at=row["due_at"], x=kept, n=1)


TWINS: dict[str, Twin] = {
    "esat": Twin(parts=esat),
    "esat_top2": pulse_share("esat"),
    "enps": Twin(parts=enps),
    "pulse_participation": Twin(parts=pulse_participation),
    "abuse_exposure": Twin(parts=abuse_exposure, finish=lambda _options: scaled(1000)),
    "abuse_protection": Twin(parts=abuse_protection),
    "overtime_share": Twin(parts=overtime_share),
    "weekly_hours_p90": Twin(parts=weekly_hours_p90, finish=lambda _options: quantile(0.9)),
    "training_hours": Twin(parts=training_hours),
    "training_completion": Twin(parts=training_completion),
}
