"""Twins of family F."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from tests.insight.kpis.twins.base import Finish, Options, Part, Twin, count, median_until, quantile, ratio
from tests.insight.kpis.twins.loyalty import MONTH
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS", "event_share", "scaled"]


def complaints(world: World) -> list[Fact]:
    return [{**row, "contact_id": row["origin_contact_id"]} for row in world.counted("complaint")]


def scaled(scale: float) -> Finish:
    def finish(world: World, parts: Sequence[Part], options: Options) -> float | None:
        value = ratio(world, parts, options)
        return None if value is None else scale * value

    return finish


def event_share(after: float, parts: Sequence[Part], *, happened: bool = True) -> float | None:
    """The share with an event (or without) until a time, by Kaplan and Meier, one time after the other."""
    rows = [(part.value or 0.0, part.happened) for part in parts]
    alive = 1.0
    for time in sorted({value for value, event in rows if event and value <= after}):
        alive *= 1 - sum(e and v == time for v, e in rows) / sum(v >= time for v, _e in rows)
    if max((value for value, _event in rows), default=-1.0) < after and alive > 1e-12:
        return None
    return 1 - alive if happened else alive


def customer_months(world: World) -> Iterator[Part]:
    for row in world.rows("customer"):
        for at, seconds in world.pieces(row["since"], row["until"]):
            yield Part(row=row, at=at, n=seconds / MONTH.total_seconds())


def complaint_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in complaints(world):
        yield Part(row=row, at=row["received_at"], x=1)
    for row in world.counted("contact"):
        yield Part(row=row, at=row["arrived_at"], n=row["outcome"] == "handled")


def complaints_per_customer(world: World, _options: Options) -> Iterator[Part]:
    yield from customer_months(world)
    for row in complaints(world):
        yield Part(row=row, at=row["received_at"], x=1)


def repeat_complaint_rate(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["days"])
    rows = complaints(world)
    for row in rows:
        end = row["resolved_at"]
        if end and row["customer_id"] and row["reason_group"] and end + span <= world.watermark:
            again = any(
                other["customer_id"] == row["customer_id"]
                and other["reason_group"] == row["reason_group"]
                and other is not row
                and end <= other["received_at"] <= end + span
                for other in rows
            )
            yield Part(row=row, at=end, x=again, n=1)


def complaint_ack_time(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(hours=options["target_h"])
    for row in complaints(world):
        kept = row["acknowledged_at"] is not None and row["acknowledged_at"] - row["received_at"] <= span
        kept = kept and (not options["personal_only"] or bool(row["is_personal_ack"]))
        yield Part(row=row, at=row["received_at"], x=kept, n=kept or row["received_at"] + span <= world.watermark)


def complaint_resolution_time(world: World, _options: Options) -> Iterator[Part]:
    for row in complaints(world):
        done = row["resolved_at"] is not None and row["resolved_at"] <= world.watermark
        lasted = (row["resolved_at"] if done else world.watermark) - row["received_at"]
        if lasted >= timedelta():
            yield Part(row=row, at=row["received_at"], value=lasted / timedelta(days=1), happened=done)


def complaint_resolved_in_time(world: World, _options: Options) -> Iterator[Part]:
    for row in complaints(world):
        if row["due_at"]:
            kept = row["resolved_at"] is not None and row["resolved_at"] <= row["due_at"]
            yield Part(row=row, at=row["received_at"], x=kept, n=kept or row["due_at"] <= world.watermark)


def upheld_rate(world: World, options: Options) -> Iterator[Part]:
    for row in complaints(world):
        if row["upheld"] and (not options["liability"] or row["liability"] in options["liability"]):
            yield Part(row=row, at=row["received_at"], x=row["upheld"] != "not_upheld", n=1)


def agent_liable_share(world: World, options: Options) -> Iterator[Part]:
    for row in complaints(world):
        if options["liable"] == "undecided":
            yield Part(row=row, at=row["received_at"], x=row["liability"] is None, n=1)
        elif row["liability"]:
            yield Part(row=row, at=row["received_at"], x=row["liability"] == options["liable"], n=1)


def external_escalation(world: World, options: Options) -> Iterator[Part]:
    yield from customer_months(world)
    for row in complaints(world):
        body = row["external_body"]
        yield Part(
            row=row, at=row["received_at"], x=body in options["bodies"] if options["bodies"] else body is not None
        )


def by_cell(world: World, _options: Options) -> Iterator[Part]:
    for row in complaints(world):
        yield Part(row=row, at=row["received_at"], key=(row["reason_group"], row["product"]))


def covering(parts: Sequence[Part], cover: float) -> tuple[int, int]:
    filled = 0
    for place, (_cell, many) in enumerate(Counter(part.key for part in parts).most_common(), 1):
        filled += many
        if filled >= cover * len(parts) - 1e-9:
            return place, filled
    return 0, 0


def pareto_share(_world: World, parts: Sequence[Part], options: Options) -> float | None:
    if not parts:
        return None
    if options["statistic"] == "share":
        return covering(parts, options["cover"])[1] / len(parts)
    counts = list(Counter(part.key for part in parts).values())
    return sum(abs(a - b) for a in counts for b in counts) / (2 * len(counts) * sum(counts))


def pareto_cells(_world: World, parts: Sequence[Part], options: Options) -> float | None:
    return covering(parts, options["cover"])[0] if parts else None


def root_cause_rate(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["target_days"])
    if options["of"] == "problems":
        for row in world.rows("problem"):
            found = bool(row["root_cause_id"] and row["verified_by"] and not row["is_human_error_only"])
            old = row["opened_at"] + span <= world.watermark
            yield Part(row=row, at=row["opened_at"], x=found and old, n=old)
        return
    blamed = {row["root_cause_id"] for row in world.rows("problem") if row["is_human_error_only"]} - {None}
    for row in complaints(world):
        cause = row["root_cause_id"]
        found = cause is not None and cause not in blamed and row["root_cause_verified_at"] is not None
        old = row["received_at"] + span <= world.watermark
        yield Part(row=row, at=row["received_at"], x=found and old, n=old)


def action_on_time(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("corrective_action"):
        kept = row["implemented_at"] is not None and row["implemented_at"] <= row["due_at_first"]
        yield Part(row=row, at=row["due_at_first"], x=kept, n=kept or row["due_at_first"] <= world.watermark)


def action_effective_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("corrective_action"):
        if row["verdict"] in ("effective", "not_effective"):
            yield Part(row=row, at=row["verdict_at"], x=row["verdict"] == "effective", n=1)


def actions_undecided(world: World, _options: Options) -> Iterator[Part]:
    moment = world.until or world.watermark
    for row in world.rows("corrective_action"):
        settled = row["verdict_at"] if row["verdict"] in ("effective", "not_effective", "not_shown") else None
        if row["implemented_at"] and row["implemented_at"] < moment and (settled is None or settled >= moment):
            yield Part(row=row, at=moment - timedelta(microseconds=1), x=1)


def actions_undecided_age(world: World, options: Options) -> Iterator[Part]:
    moment = world.until or world.watermark
    for part in actions_undecided(world, options):
        yield replace(part, value=(moment - part.row["implemented_at"]) / timedelta(days=1))


def proactive_lead_time(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("notice_recipient"):
        came = first_contact(world, row)
        if row["arm"] == "notify" and row["delivered_at"] and came is not None:
            ahead = (row["assigned_at"] + came - row["delivered_at"]) / timedelta(hours=1)
            if ahead >= 0:
                yield Part(row=row, at=row["assigned_at"], x=ahead, n=1)


def returns(world: World, problem: Fact) -> list[timedelta]:
    return sorted(
        row["at"] - problem["closed_at"]
        for row in world.rows("recurrence")
        if row["problem_id"] == problem["problem_id"] and row["is_confirmed"] and row["at"] >= problem["closed_at"]
    )


def recurrence_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("problem"):
        if row["closed_at"] and row["closed_at"] <= world.watermark:
            known = [span for span in returns(world, row) if row["closed_at"] + span <= world.watermark]
            lasted = known[0] if known else world.watermark - row["closed_at"]
            yield Part(row=row, at=row["closed_at"], value=lasted / timedelta(days=1), happened=bool(known))


def recurrence_rate_matured(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["days"])
    for row in world.rows("problem"):
        if row["closed_at"] and row["closed_at"] + span <= world.watermark:
            yield Part(row=row, at=row["closed_at"], x=any(back <= span for back in returns(world, row)), n=1)


def permanent_fix_share(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("problem"):
        if row["closed_at"]:
            way = options["closed_as"]
            meant = row["closed_as"] == (None if way == "accepted_risk" else way)
            if way == "permanent_fix":
                proven = world.find(
                    "corrective_action", problem_id=row["problem_id"], kind="permanent_fix", verdict="effective"
                )
                meant = meant and bool(proven)
            yield Part(row=row, at=row["closed_at"], x=meant, n=1)


def first_contact(world: World, row: Fact) -> timedelta | None:
    came = [
        contact["arrived_at"] - row["assigned_at"]
        for contact in world.counted("contact")
        if contact["direction"] == "inbound"
        and contact["customer_id"] == row["customer_id"]
        and contact["reason_group"] == row["issue_reason_group"]
        and contact["arrived_at"] >= row["assigned_at"]
    ]
    return min(came, default=None)


def proactive_reach(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("notice_recipient"):
        if row["arm"] == "notify":
            came, told = first_contact(world, row), row["delivered_at"]
            reached = told is not None and (came is None or told <= row["assigned_at"] + came)
            yield Part(row=row, at=row["assigned_at"], x=reached, n=1)


def proactive_deflection(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("notice_recipient"):
        came = first_contact(world, row)
        yield Part(
            row=row,
            at=row["assigned_at"],
            key=row["arm"],
            happened=came is not None and came <= timedelta(days=int(options["days"])),
        )


def risk_reduction(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    told, held = ([part.happened for part in parts if part.key == arm] for arm in ("notify", "holdout"))
    if not told or not any(held):
        return None
    return 1 - sum(told) / len(told) / (sum(held) / len(held))


TWINS: dict[str, Twin] = {
    "complaint_rate": Twin(parts=complaint_rate),
    "complaints_per_thousand_customers": Twin(parts=complaints_per_customer, finish=lambda _options: scaled(1000)),
    "repeat_complaint_rate": Twin(parts=repeat_complaint_rate),
    "complaint_ack_time": Twin(parts=complaint_ack_time),
    "complaint_resolution_time": Twin(parts=complaint_resolution_time, finish=lambda _options: median_until),
    "complaint_resolved_in_time": Twin(parts=complaint_resolved_in_time),
    "upheld_rate": Twin(parts=upheld_rate),
    "agent_liable_share": Twin(parts=agent_liable_share),
    "external_escalation": Twin(parts=external_escalation, finish=lambda _options: scaled(1_000_000)),
    "pareto_share": Twin(parts=by_cell, finish=lambda _options: pareto_share),
    "pareto_cells": Twin(parts=by_cell, finish=lambda _options: pareto_cells),
    "root_cause_rate": Twin(parts=root_cause_rate),
    "action_on_time": Twin(parts=action_on_time),
    "action_effective_rate": Twin(parts=action_effective_rate),
    "actions_undecided": Twin(parts=actions_undecided, finish=lambda _options: count),
    "actions_undecided_age": Twin(parts=actions_undecided_age, finish=lambda _options: quantile(0.5)),
    "proactive_lead_time": Twin(parts=proactive_lead_time),
    "recurrence_rate": Twin(
        parts=recurrence_rate,
        finish=lambda options: lambda _world, parts, _options: event_share(options["days"], parts),
    ),
    "recurrence_rate_matured": Twin(parts=recurrence_rate_matured),
    "permanent_fix_share": Twin(parts=permanent_fix_share),
    "proactive_reach": Twin(parts=proactive_reach),
    "proactive_deflection": Twin(parts=proactive_deflection, finish=lambda _options: risk_reduction),
}
