"""Twins of the planning part of family B: forecasts, staffing, people who come and go."""

import itertools
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from careloop.insight.queueing import Goals, erlang_a, erlang_c
from tests.insight.kpis.twins.base import Finish, Options, Part, Twin, median_until
from tests.insight.kpis.twins.handling import BUSY, READY, single, spent
from tests.insight.kpis.twins.resolution import episodes
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS", "shrunken"]

FCR = {
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


def frozen(world: World, horizon: str) -> list[Fact]:
    found: dict[tuple[object, object], Fact] = {}
    for row in world.rows("forecast"):
        key = (row["queue_id"], row["interval_start"])
        if row["horizon"] != horizon or row["issued_at"] > row["interval_start"]:
            continue
        if key not in found or row["issued_at"] > found[key]["issued_at"]:
            found[key] = row
    return list(found.values())


def came(world: World, queue: object, start: datetime, end: datetime) -> int:
    """How many entered a queue in an interval."""
    return sum(leg["queue_id"] == queue and start <= leg["queued_at"] < end for leg in world.counted("contact_segment"))


def forecast_wape(world: World, options: Options) -> Iterator[Part]:
    days: dict[object, list[tuple[Fact, float, float]]] = {}
    for row in frozen(world, options["horizon"]):
        start = row["interval_start"]
        actual = came(world, row["queue_id"], start, start + timedelta(seconds=row["interval_s"]))
        local = start.astimezone(ZoneInfo(world.zone)).date()
        key = (row["queue_id"], local) if options["level"] == "day" else (row["queue_id"], start)
        days.setdefault(key, []).append((row, row["contacts"], actual))
    for several in days.values():
        first = min((row for row, _f, _a in several), key=lambda row: row["interval_start"])
        came_in_all = sum(float(a) for _row, _f, a in several)
        miss = sum(f for _row, f, _a in several) - came_in_all
        x = miss if options["statistic"] == "bias" else abs(miss)
        yield Part(row={"queue_id": first["queue_id"]}, at=first["interval_start"], x=x, n=came_in_all)


def forecast_mase(world: World, options: Options) -> Iterator[Part]:
    legs = [leg for leg in world.counted("contact_segment") if leg["queue_id"]]
    for row in frozen(world, options["horizon"]):
        length = timedelta(seconds=row["interval_s"])
        begins = [leg["queued_at"] for leg in legs if leg["queue_id"] == row["queue_id"]]
        if not begins:
            continue
        start = row["interval_start"]
        while start > min(begins):
            start -= length
        while start + length <= min(begins):
            start += length
        back = int(timedelta(days=options["season_days"]) / length)
        misses = []
        for place in itertools.count():
            low = start + place * length
            if low + length > row["issued_at"]:
                break
            if place >= back:
                then = low - back * length
                misses.append(
                    abs(
                        came(world, row["queue_id"], low, low + length)
                        - came(world, row["queue_id"], then, then + length)
                    )
                )
        scale = sum(misses) / len(misses) if misses else 0.0
        if scale > 0:
            first = row["interval_start"]
            miss = abs(row["contacts"] - came(world, row["queue_id"], first, first + length))
            yield Part(row=row, at=first, x=miss / scale, n=1)


def staffing_gap(world: World, options: Options) -> Iterator[Part]:
    for leg in world.counted("contact_segment"):
        if leg["queue_id"]:
            known = leg["exit"] == "answered" and leg["wrap_s"] is not None
            handle = leg["talk_s"] + leg["hold_s"] + leg["wrap_s"] if known else 0.0
            key: tuple[Any, ...] = (
                "leg",
                leg["queue_id"],
                known,
                handle,
                leg.get("wait_s") or 0.0,
                leg["exit"] == "abandoned",
            )
            yield Part(row=leg, at=leg["queued_at"], key=key)
    for row in frozen(world, options["horizon"]) if options["required"] != "actual" else ():
        for offset in range(0, int(row["interval_s"]), 1800):
            piece = min(1800, row["interval_s"] - offset)
            calls = row["contacts"] * piece / row["interval_s"]
            key = ("plan", row["queue_id"], calls, row.get("handle_s"), row["required_agents"] * piece)
            yield Part(row=row, at=row["interval_start"] + timedelta(seconds=offset), key=key)
    for part in (*spent(world, BUSY, n=1), *single(world, READY, n=1)):
        yield Part(row=part.row, at=part.at, n=part.n, key=("present",))


def people(calls: float, handle: float, patience: float | None, options: Options) -> int:
    """Count up until every goal is kept."""
    goals = Goals(
        service_level=options["service_level"],
        target_seconds=options["target_s"],
        abandon_share_max=options["max_abandon"],
    )
    given = {"calls_per_hour": calls * 2, "handle_seconds": handle, "target_seconds": options["target_s"]}
    for agents in itertools.count(1):
        found = (
            erlang_c(**given, agents=agents)
            if patience is None
            else erlang_a(**given, agents=agents, patience_seconds=patience)
        )
        if goals.kept(found):
            return agents
    raise AssertionError


def gap(options: Options) -> Finish:
    def finish(world: World, parts: Sequence[Part], _options: Options) -> float | None:
        present: dict[object, float] = {}
        cells: dict[tuple[object, object], list[tuple[float, float | None, float]]] = {}
        usual: dict[object, list[float]] = {}
        waits: dict[object, list[float]] = {}
        for part in parts:
            slot = world.dimension({}, "half_hour", part.at)
            slot = slot.isoformat() if isinstance(slot, datetime) else slot
            assert isinstance(part.key, tuple)
            match part.key:
                case ("present",):
                    present[slot] = present.get(slot, 0.0) + part.n / 1800
                case ("leg", queue, known, handle, wait, has_left):
                    usual.setdefault(queue, []).extend([handle] if known else [])
                    waits.setdefault(queue, []).append(wait)
                    waits.setdefault((queue, "left"), []).extend([1.0] if has_left else [])
                    if options["required"] == "actual":
                        cells.setdefault((slot, queue), []).append((1.0, handle if known else None, 0.0))
                case ("plan", queue, calls, handle, asked):
                    cells.setdefault((slot, queue), []).append((calls, handle, asked))
        needed: dict[object, float] = {}
        for (slot, queue), rows in cells.items():
            if options["required"] == "plan":
                need = sum(asked for _calls, _handle, asked in rows) / 1800
            else:
                known = [(calls, handle) for calls, handle, _asked in rows if handle is not None and calls > 0]
                handle = (
                    sum(calls * each for calls, each in known) / sum(calls for calls, _each in known)
                    if known
                    else sum(usual.get(queue, ())) / len(usual[queue])
                    if usual.get(queue)
                    else 0.0
                )
                left = len(waits.get((queue, "left"), ()))
                patience = options["patience_s"] or (sum(waits[queue]) / left if left else None)
                calls = sum(calls for calls, _handle, _asked in rows)
                can_tell = calls > 0 and round(handle) > 0
                need = (
                    people(calls, round(handle), None if patience is None else round(patience), options)
                    if can_tell
                    else 0
                )
            if need > 0:
                needed[slot] = needed.get(slot, 0.0) + need
        sign = 1 if options["side"] == "short" else -1
        gaps = [max(0.0, sign * (need - present.get(slot, 0.0))) for slot, need in needed.items()]
        return sum(gaps) / len(gaps) if gaps else None

    return finish


def agent_turnover(world: World, options: Options) -> Iterator[Part]:
    kinds = {"all": ("voluntary", "involuntary", None), "with_transfers": ("voluntary", "involuntary", "transfer")}.get(
        options["kind"], (options["kind"],)
    )
    for row in world.rows("agent"):
        last = row.get("separation_date")
        if last is not None:
            yield Part(row=row, at=last, x=row.get("separation_kind") in kinds)
        day = row["hire_date"]
        while day <= (last or world.watermark.date()):
            yield Part(row=row, at=day, n=1 / monthrange(day.year, day.month)[1])
            day += timedelta(days=1)


def early_attrition(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("agent"):
        counts = (world.watermark.date() - row["hire_date"]).days >= options["days"]
        last = row["separation_date"]
        left = last is not None and (last - row["hire_date"]).days <= options["days"]
        yield Part(row=row, at=row["hire_date"], x=counts and left and row["separation_kind"] != "transfer", n=counts)


def tenure_median(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("agent"):
        last = row["separation_date"]
        days = ((last or world.watermark.date()) - row["hire_date"]).days
        if days >= 0:
            left = last is not None and row["separation_kind"] != "transfer"
            yield Part(row=row, at=row["hire_date"], value=float(days), happened=left)


def shrunken(rows: dict[object, tuple[float, float]]) -> dict[object, float]:
    """Shares pulled towards what they have in common: τ² found by halving, not by Brent."""
    total, many = sum(x for x, _n in rows.values()), sum(n for _x, n in rows.values())
    share = total / many
    if share in (0.0, 1.0):
        return dict.fromkeys(rows, share)
    spread = {key: share * (1 - share) / n for key, (_x, n) in rows.items()}

    def center(between: float) -> float:
        weights = {key: 1 / (v + between) for key, v in spread.items()}
        return sum(weights[key] * x / n for key, (x, n) in rows.items()) / sum(weights.values())

    def excess(between: float) -> float:
        middle = center(between)
        return sum((x / n - middle) ** 2 / (spread[key] + between) for key, (x, n) in rows.items()) - (len(rows) - 1)

    low, high = 0.0, 1e6
    if len(rows) == 1 or excess(0.0) <= 0:
        high = 0.0
    for _turn in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    between = (low + high) / 2
    middle = center(between)
    return {key: middle + between / (between + spread[key]) * (x / n - middle) for key, (x, n) in rows.items()}


def newcomers(world: World, _options: Options) -> Iterator[Part]:
    answered = [leg for leg in world.counted("contact_segment") if leg["exit"] == "answered" and leg["agent_id"]]
    begin = min((leg["queued_at"] for leg in world.rows("contact_segment")), default=world.watermark).date()
    for row in world.rows("agent"):
        own = [leg["queued_at"] for leg in answered if leg["agent_id"] == row["agent_id"]]
        if own and row["hire_date"] >= begin and min(own).date() >= row["hire_date"] - timedelta(days=1):
            yield Part(row={"agent_id": row["agent_id"]}, at=min(own), key=row["agent_id"])


def proficient(options: Options) -> Finish:
    """Follow each newcomer week by week. Only whole worlds and cohorts are asked for, so all work counts."""

    def finish(world: World, parts: Sequence[Part], _options: Options) -> float | None:
        zone = ZoneInfo(world.zone)
        begins = {part.key: part.at.astimezone(zone).date() for part in parts if isinstance(part.at, datetime)}
        work: dict[str, list[tuple[object, date, float]]] = {"solved": [], "passed": []}
        for visit in episodes(world, FCR):
            if visit.end + timedelta(days=7) <= world.watermark:
                legs = [
                    leg
                    for leg in world.rows("contact_segment")
                    if leg["contact_id"] == visit.row["contact_id"] and leg["exit"] == "answered"
                ]
                agent = max(legs, key=lambda leg: leg["seq"])["agent_id"] if legs else None
                work["solved"].append((agent, visit.row["arrived_at"].astimezone(zone).date(), not visit.is_followed))
        for row in world.counted("evaluation"):
            if row["sample_kind"] in ("random", "risk") and row["inclusion_prob"] and not row["is_automatic"]:
                work["passed"].append((row["agent_id"], row["evaluated_at"].astimezone(zone).date(), row["passed"]))
        fewest = {"solved": options["fewest_contacts"], "passed": options["fewest_evaluations"]}
        rows: list[tuple[float, bool]] = []
        for agent, begin in begins.items():
            last = world.watermark.astimezone(zone).date() - timedelta(days=7)
            start, reached, found = begin, None, False
            while start + timedelta(days=28) <= last and not found:
                reached = (start - begin).days
                found = all(within_band(begins, work[name], agent, start, fewest[name], options) for name in work)
                start += timedelta(days=7)
            if reached is not None:
                rows.append((reached, found))
        return median_until(world, [Part(row={}, at=world.watermark, value=v, happened=h) for v, h in rows], options)

    return finish


def within_band(
    begins: Mapping[object, Any],
    work: list[tuple[object, date, float]],
    agent: object,
    start: date,
    fewest: float,
    options: Options,
) -> bool:
    sums: dict[object, tuple[float, float]] = {}
    for who, day, x in work:
        if start <= day < start + timedelta(days=28):
            before = sums.get(who, (0.0, 0.0))
            sums[who] = (before[0] + x, before[1] + 1)
    peers = [
        who
        for who in sums
        if who != agent and (who not in begins or (start - begins[who]).days >= options["experienced_days"])
    ]
    if agent not in sums or sums[agent][1] < fewest or not peers:
        return False
    found = shrunken(sums)
    values = sorted(found[who] for who in peers)
    edge = next(v for place, v in enumerate(values, 1) if place >= options["band"] * len(values) - 1e-9)
    return found[agent] >= edge - 1e-9


def balance(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("paid_time"):
        yield Part(row=row, at=row["local_date"], key="paid", x=row["paid_s"])
    for visit in episodes(world, FCR):
        counts = not visit.is_repeat and visit.end + timedelta(days=7) <= world.watermark
        if counts:
            yield Part(row=visit.row, at=visit.row["arrived_at"], key="solved", x=not visit.is_followed)
            if options["quality"] == "fcr":
                yield Part(row=visit.row, at=visit.row["arrived_at"], key="judged", x=not visit.is_followed, n=1)
    if options["quality"] != "fcr":
        for row in world.counted("evaluation"):
            if row["sample_kind"] in ("random", "risk") and row["inclusion_prob"] and not row["is_automatic"]:
                error = row["critical_customer"] or row["critical_business"] or row["critical_compliance"]
                yield Part(row=row, at=row["evaluated_at"], key="judged", x=not error, n=1)


def slope(world: World, parts: Sequence[Part], options: Options) -> float | None:
    cells: dict[tuple[object, object], dict[object, tuple[float, float]]] = {}
    for part in parts:
        place = (world.dimension(part.row, "team", part.at), world.dimension(part.row, "week", part.at))
        if place[0] is not None:
            own = cells.setdefault(place, {})
            before = own.get(part.key, (0.0, 0.0))
            own[part.key] = (before[0] + part.x, before[1] + part.n)
    known = {
        place: own
        for place, own in cells.items()
        if own.get("paid", (0, 0))[0] > 0 and own.get("judged", (0, 0))[1] > 0
    }
    teams, weeks = sorted({team for team, _ in known}, key=str), sorted({week for _, week in known}, key=str)
    if len(teams) < 5 or len(known) < options["fewest"]:
        return None
    quality = shrunken({place: own["judged"] for place, own in known.items()})
    efficiency = {place: own.get("solved", (0.0, 0.0))[0] * 3600 / own["paid"][0] for place, own in known.items()}
    design = np.array(
        [
            [efficiency[place], *(place[0] == team for team in teams), *(place[1] == week for week in weeks)]
            for place in known
        ],
        dtype=float,
    )
    if np.linalg.matrix_rank(design) == np.linalg.matrix_rank(design[:, 1:]):
        return None
    return float(np.linalg.lstsq(design, np.array([quality[place] for place in known]), rcond=None)[0][0])


TWINS: dict[str, Twin] = {
    "forecast_wape": Twin(parts=forecast_wape),
    "forecast_mase": Twin(parts=forecast_mase),
    "staffing_gap": Twin(parts=staffing_gap, finish=gap),
    "agent_turnover": Twin(parts=agent_turnover, scale=12),
    "early_attrition": Twin(parts=early_attrition),
    "tenure_median": Twin(parts=tenure_median, finish=lambda _options: median_until),
}
GROWN: dict[str, Twin] = {
    "time_to_proficiency": Twin(parts=newcomers, finish=proficient),
    "balance_index": Twin(parts=balance, finish=lambda _options: slope),
}
