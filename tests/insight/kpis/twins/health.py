"""Twins of family J."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from careloop.insight.kpis import METRICS
from careloop.insight.kpis.options import chosen
from tests.insight.kpis.twins import access
from tests.insight.kpis.twins.base import Options, Part, Twin, answer
from tests.insight.kpis.worlds import World

__all__ = ["TWINS"]


def data_completeness(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact"):
        for field in ("customer_id", "reason_code", "disposition", "case_id"):
            if row["outcome"] == "handled" and options["field"] in ("all", field):
                yield Part(row=row, at=row["arrived_at"], x=bool(row[field]), n=1)
    for row in world.counted("contact_segment"):
        if row["exit"] == "answered" and options["field"] in ("all", "release_party"):
            yield Part(row=row, at=row["queued_at"], x=row["release_party"] not in (None, "unknown"), n=1)


def reason_other_share(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("contact"):
        if row["outcome"] == "handled":
            yield Part(row=row, at=row["arrived_at"], x=row["reason_code"] in (None, "other", "unknown"), n=1)


def short_contact_share(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact_segment"):
        if row["exit"] == "answered" and row["channel"] == "voice":
            short = row["talk_s"] < options["below_s"]
            if options["agent_released"]:
                short = short and row["release_party"] == "agent"
            yield Part(row=row, at=row["queued_at"], x=short, n=1)


def goals(world: World, _options: Options) -> Iterator[Part]:
    """How far each goal that runs in the period has come, placed within it."""
    for row in world.rows("target"):
        metric = (row["metric_id"], row["metric_version"])
        if metric not in GOALS or not row["owner"]:
            continue
        if (world.until and row["starts_at"] >= world.until) or (world.since and row["due_at"] <= world.since):
            continue
        own = replace(world, since=row["starts_at"], until=min(row["due_at"], world.watermark))
        defaults = dict(chosen(METRICS[metric[0]].options, {}).settings)
        if row["scope"]:
            legs = [leg for leg in world.rows("contact_segment") if leg["queue_id"] == "q1"]
            own = replace(own, tables={**own.tables, "contact_segment": legs})
        value = answer(own, access.TWINS[metric[0]], defaults, ()).get((), (None, 0, 0, 0))[0]
        if value is not None and row["baseline"] != row["goal"]:
            at = world.since or (world.until - timedelta(microseconds=1) if world.until else row["starts_at"])
            yield Part(row={}, at=at, value=(row["baseline"] - value) / (row["baseline"] - row["goal"]))


def least(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    return min((part.value for part in parts if part.value is not None), default=None)


GOALS = {("abandonment_rate", 1), ("answer_rate", 1)}
TWINS: dict[str, Twin] = {
    "data_completeness": Twin(parts=data_completeness),
    "reason_other_share": Twin(parts=reason_other_share),
    "short_contact_share": Twin(parts=short_contact_share),
    "target_attainment": Twin(parts=goals, finish=lambda _options: least),
}
