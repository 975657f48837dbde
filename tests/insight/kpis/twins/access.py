"""Twins of family A."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tests.insight.kpis.twins.base import (
    Finish,
    Options,
    Part,
    Twin,
    count,
    distinct,
    inner,
    median_until,
    quantile,
    ratio,
)
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS", "business", "seconds"]


def seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def service_level(world: World, options: Options) -> Iterator[Part]:
    limit, short, denominator = options["target_s"], options["short_abandon_s"], options["denominator"]
    for row in world.counted("contact_segment"):
        wait = row.get("wait_s")
        if options["clock"] == "arrived_at" and row.get("left_queue_at"):
            arrival = world.find("contact", contact_id=row["contact_id"])
            wait = seconds(arrival["arrived_at"], row["left_queue_at"])
        answered, abandoned = row["exit"] == "answered", row["exit"] == "abandoned"
        in_time = wait is not None and wait <= limit
        counts = answered or abandoned
        if denominator == "offered_ex_short" and abandoned and wait < short:
            counts = False
        if denominator == "ex_abandon_within_target" and abandoned and in_time:
            counts = False
        if denominator == "answered" and abandoned:
            counts = False
        if options["include_flow_out"] and (row["exit"] or "").startswith("flow_out"):
            counts = True
        credited = denominator == "credit_abandon_within_target" and abandoned and in_time
        yield Part(row=row, at=row["queued_at"], x=(answered and in_time) or credited, n=counts)


def attained(options: Options) -> Finish:
    def finish(world: World, parts: Sequence[Part], _options: Options) -> float | None:
        length = "quarter_hour" if options["interval_min"] == "15" else "half_hour"
        cells = [(x, n) for x, n in inner(world, parts, ("queue", length)) if n >= options["min_offered"]]
        weights = [n if options["weight"] == "offered" else 1.0 for _x, n in cells]
        met = [w for (x, n), w in zip(cells, weights, strict=True) if x / n >= options["target"] - 1e-9]
        return sum(met) / sum(weights) if weights else None

    return finish


def abandonment_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact_segment"):
        lost = row["exit"] == "abandoned" and row["wait_s"] >= options["short_abandon_s"]
        flowed = bool(options["include_flow_out"]) and (row["exit"] or "").startswith("flow_out")
        yield Part(row=row, at=row["queued_at"], x=lost, n=lost or row["exit"] == "answered" or flowed)
    if options["scope"] == "queue_and_ivr":
        for row in world.counted("contact"):
            in_menu = row["outcome"] == "abandoned_ivr"
            yield Part(row=row, at=row["arrived_at"], x=in_menu, n=in_menu)


def waits_of_contacts(world: World) -> Iterator[tuple[Fact, list[Fact], float]]:
    """Contacts that have left all queues, with their segments and what these waited together."""
    for row in world.counted("contact"):
        legs = [leg for leg in world.counted("contact_segment") if leg["contact_id"] == row["contact_id"]]
        if legs and all(leg["exit"] is not None and leg["wait_s"] is not None for leg in legs):
            yield row, legs, sum(leg["wait_s"] for leg in legs)


def was_answered(legs: Sequence[Fact]) -> bool:
    return any(leg["exit"] == "answered" for leg in legs)


def asa(world: World, options: Options) -> Iterator[Part]:
    if options["view"] == "contact":
        for row, legs, spent in waits_of_contacts(world):
            if was_answered(legs):
                yield Part(row=row, at=row["arrived_at"], x=spent, n=1)
        return
    for row in world.counted("contact_segment"):
        if row["exit"] == "answered":
            yield Part(row=row, at=row["queued_at"], x=row["wait_s"], n=1)


def avg_queue_time(world: World, options: Options) -> Iterator[Part]:
    if options["view"] != "segment":
        for row, legs, spent in waits_of_contacts(world):
            first = min(leg["queued_at"] for leg in legs)
            before = max(0.0, seconds(row["arrived_at"], first)) if options["view"] == "contact_total" else 0.0
            yield Part(row=row, at=row["arrived_at"], x=spent + before, n=1)
        return
    for row in world.counted("contact_segment"):
        if row["exit"] is not None:
            yield Part(row=row, at=row["queued_at"], x=row["wait_s"], n=1)


def wait_p90(world: World, options: Options) -> Iterator[Part]:
    if options["view"] == "contact":
        for row, legs, spent in waits_of_contacts(world):
            if options["population"] == "all" or was_answered(legs):
                yield Part(row=row, at=row["arrived_at"], value=spent)
        return
    for row in world.counted("contact_segment"):
        if row["exit"] is not None and (options["population"] == "all" or row["exit"] == "answered"):
            yield Part(row=row, at=row["queued_at"], value=row["wait_s"])


def avg_time_to_abandon(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact_segment"):
        if row["exit"] is None:
            continue
        lost = row["exit"] == "abandoned"
        match options["statistic"]:
            case "patience_km_median":
                yield Part(row=row, at=row["queued_at"], value=row["wait_s"], happened=lost)
            case "patience_mean_exp":
                yield Part(row=row, at=row["queued_at"], x=row["wait_s"], n=lost)
            case _ if lost and row["wait_s"] >= options["short_abandon_s"]:
                yield Part(row=row, at=row["queued_at"], x=row["wait_s"], n=1)


def answer_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact_segment"):
        short = row["exit"] == "abandoned" and row["wait_s"] < options["short_abandon_s"]
        counts = not (options["ex_short_abandons"] and short)
        yield Part(row=row, at=row["queued_at"], x=row["exit"] == "answered", n=counts)


def _attempts(world: World) -> Iterator[tuple[Fact, datetime, str, float]]:
    for row in world.counted("contact"):
        if row["direction"] == "inbound":
            yield row, row["arrived_at"], row["outcome"], 1
    for row in world.rows("blocked_attempt"):
        outcome = "out_of_hours" if row["cause"] == "out_of_hours" else "blocked"
        yield {"entry_point": row["entry_point"]}, row["bucket_start"], outcome, row["count"]


def blocked_rate(world: World, options: Options) -> Iterator[Part]:
    for row, at, outcome, many in _attempts(world):
        counts = options["include_out_of_hours"] or outcome != "out_of_hours"
        yield Part(row=row, at=at, x=many * (outcome == "blocked"), n=many * counts)


def access_coverage(world: World, _options: Options) -> Iterator[Part]:
    for row, at, outcome, many in _attempts(world):
        yield Part(row=row, at=at, x=many * (outcome not in ("blocked", "out_of_hours", "system_failure")), n=many)


def contact_volume(world: World, options: Options) -> Iterator[Part]:
    series = options["series"]
    if series == "attempts":
        for row, at, _outcome, many in _attempts(world):
            yield Part(row=row, at=at, x=many)
        return
    if series == "offered":
        for row in world.counted("contact_segment"):
            yield Part(row=row, at=row["queued_at"], x=row["seq"] == 1)
        return
    if series == "demand":
        firsts = sorted(
            (row for row in world.counted("contact_segment") if row["seq"] == 1),
            key=lambda row: (row["queued_at"], row["segment_id"]),
        )
        seen: dict[object, datetime] = {}
        for row in firsts:
            caller = world.find("contact", contact_id=row["contact_id"])["customer_id"]
            is_redial = caller in seen and row["queued_at"] - seen[caller] <= timedelta(minutes=10)
            if caller:
                seen[caller] = row["queued_at"]
            yield Part(row=row, at=row["queued_at"], x=not is_redial)
        return
    for row in world.counted("contact"):
        if row["direction"] != "inbound":
            continue
        arrived = row["outcome"] != "blocked"
        customer = row["customer_id"] if arrived else None
        issue = (customer, row["reason_group"]) if customer and series == "unique_issues" else None
        key = customer if series == "unique_customers" else issue
        yield Part(
            row=row, at=row["arrived_at"], x=row["outcome"] == "handled" if series == "handled" else arrived, key=key
        )


def business(world: World, start: datetime, end: datetime) -> float:
    """Seconds within the open hours of the calendar, counted span by span."""
    open_seconds = 0.0
    for row in world.rows("calendar"):
        opens = datetime.combine(row["local_date"], datetime.min.time(), start.tzinfo) - world.offset(row["local_date"])
        low = max(start, opens + timedelta(seconds=row["opens_s"]))
        high = min(end, opens + timedelta(seconds=row["closes_s"]))
        open_seconds += max(0.0, seconds(low, high))
    return open_seconds


def first_response_time(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("case"):
        start, end = row["opened_at"], row.get("first_response_at") or world.watermark
        spent = business(world, start, end) if options["clock"] == "business" else seconds(start, end)
        done = row.get("first_response_at") is not None
        match options["statistic"]:
            case "km_median":
                yield Part(row=row, at=start, value=spent, happened=done)
            case "within_target":
                in_time = spent <= options["target_s"]
                yield Part(row=row, at=start, x=done and in_time, n=done or not in_time)
            case _ if done:
                yield Part(row=row, at=start, x=spent, n=1)


def _policy(world: World, case: Fact, what: str) -> Fact | None:
    fitting = [
        row
        for row in world.rows("sla_policy")
        if row["sla_policy_id"] == case.get("sla_policy_id")
        and row["measure"] == what
        and row["effective_at"] <= case["opened_at"]
        and row.get("priority") in (None, case.get("priority"))
    ]
    return max(fitting, key=lambda row: (row["version"], row.get("priority") is not None), default=None)


def paused(world: World, case: Fact, states: Sequence[str], end: datetime) -> float:
    events = sorted(
        (row for row in world.rows("case_event") if row["case_id"] == case["case_id"]),
        key=lambda row: (row["at"], row["case_event_id"]),
    )
    stood = 0.0
    for place, event in enumerate(events):
        until = events[place + 1]["at"] if place + 1 < len(events) else end
        if event["to_state"] in states:
            stood += max(0.0, seconds(max(event["at"], case["opened_at"]), min(until, end)))
    return stood


def sla_attainment(world: World, options: Options) -> Iterator[Part]:
    yield from _told(world, options)
    if options["measure"] in {"next_response", "wait", "task"}:
        return
    others = {"callback", "wait", "task"}
    clocked = {row["case_id"] for row in world.rows("commitment") if row["measure"] not in others}
    for row in world.counted("case"):
        if row["case_id"] in clocked:
            continue
        policy = _policy(world, row, options["measure"])
        if policy is None:
            continue
        done = row.get("first_response_at" if options["measure"] == "first_response" else "resolved_at")
        end = done or world.watermark
        spent = (
            business(world, row["opened_at"], end) if policy["clock"] == "business" else seconds(row["opened_at"], end)
        )
        spent -= paused(world, row, policy["pause_states"], end)
        late = spent > policy["limit_s"]
        kept = done is not None and not late
        if done is not None or late:
            yield Part(
                row=row,
                at=row["opened_at"],
                x=kept,
                n=1,
                key=((policy["sla_policy_id"], policy["version"]), policy["kind"], policy.get("share")),
            )


def _told(world: World, options: Options) -> Iterator[Part]:
    """What clocks said themselves: over and kept, over and missed, or running beyond its time."""
    for row in world.counted("commitment"):
        running = row["outcome"] == "running"
        overdue = row["missed_at"] is not None or (row["due_at"] is not None and row["due_at"] < world.watermark)
        if row["measure"] == options["measure"] and (row["outcome"] in ("kept", "missed") or (running and overdue)):
            key = ((row["sla_policy_id"], row["version"]), row["kind"], row["share"])
            yield Part(row=row, at=row["started_at"], x=row["outcome"] == "kept", n=1, key=key)


def commitments(options: Options) -> Finish:
    def finish(world: World, parts: Sequence[Part], _options: Options) -> float | None:
        if options["level"] == "item":
            return ratio(world, parts, options)
        policies: dict[object, list[Part]] = {}
        for part in parts:
            assert isinstance(part.key, tuple)
            policies.setdefault(part.key[0], []).append(part)
        kept = 0
        for several in policies.values():
            assert isinstance(several[0].key, tuple)
            _policy_id, kind, share = several[0].key
            needed = share if kind == "share" else 1.0
            kept += sum(part.x for part in several) >= needed * len(several) - 1e-9
        return kept / len(policies) if policies else None

    return finish


def lost_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("contact"):
        if row["direction"] == "inbound":
            is_lost = row["outcome"] in ("blocked", "abandoned_queue", "abandoned_ivr")
            yield Part(row=row, at=row["arrived_at"], x=is_lost, n=row["outcome"] != "out_of_hours")
    for row in world.rows("blocked_attempt"):
        is_blocked = row["cause"] != "out_of_hours"
        yield Part(row=row, at=row["bucket_start"], x=row["count"] * is_blocked, n=row["count"] * is_blocked)


def callback_kept_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("callback"):
        start, end, connected = row["window_start"], row["window_end"], row.get("connected_at")
        hours = {
            attempt["at"].replace(minute=0, second=0, microsecond=0)
            for attempt in world.rows("callback_attempt")
            if attempt["callback_id"] == row["callback_id"] and start <= attempt["at"] <= end
        }
        kept = (connected is not None and start <= connected <= end) or len(hours) >= options["k"]
        due = end <= world.watermark
        yield Part(row=row, at=end, x=kept and due, n=due)


def _by_statistic(options: Options) -> Finish:
    return median_until if options["statistic"] in ("km_median", "patience_km_median") else ratio


def _of_volume(options: Options) -> Finish:
    return distinct if options["series"].startswith("unique") else count


TWINS: dict[str, Twin] = {
    "service_level": Twin(parts=service_level),
    "interval_attainment": Twin(parts=service_level, finish=attained),
    "asa": Twin(parts=asa),
    "avg_queue_time": Twin(parts=avg_queue_time),
    "wait_p90": Twin(parts=wait_p90, finish=lambda options: quantile(float(options["q"]))),
    "abandonment_rate": Twin(parts=abandonment_rate),
    "avg_time_to_abandon": Twin(parts=avg_time_to_abandon, finish=_by_statistic),
    "blocked_rate": Twin(parts=blocked_rate),
    "lost_rate": Twin(parts=lost_rate),
    "answer_rate": Twin(parts=answer_rate),
    "contact_volume": Twin(parts=contact_volume, finish=_of_volume),
    "first_response_time": Twin(parts=first_response_time, finish=_by_statistic),
    "sla_attainment": Twin(parts=sla_attainment, finish=commitments),
    "callback_kept_rate": Twin(parts=callback_kept_rate),
    "access_coverage": Twin(parts=access_coverage),
}
