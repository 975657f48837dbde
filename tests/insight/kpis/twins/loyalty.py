"""Twins of family E. Who was there at the start of a stretch is known only of a stretch, so these also split by time themselves."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from tests.insight.kpis.twins.base import Options, Part, Twin, median_until, ratio
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS"]

MONTH = timedelta(days=365.2425 / 12)


def spells(world: World) -> Iterator[tuple[str, date, date | None, bool]]:
    """Walk the days of each customer: a spell is a run of days with a contract."""
    contracts = [
        row for row in world.rows("subscription") if row["end_date"] is None or row["end_date"] > row["start_date"]
    ]
    for customer in sorted({row["customer_id"] for row in contracts}):
        own = [row for row in contracts if row["customer_id"] == customer]
        spells_of: list[list[Fact]] = []
        for row in sorted(own, key=lambda row: (row["start_date"], row["subscription_id"])):
            joined = spells_of and any(
                other["end_date"] is None or other["end_date"] >= row["start_date"] for other in spells_of[-1]
            )
            if joined:
                spells_of[-1].append(row)
            else:
                spells_of.append([row])
        for spell in spells_of:
            ends = [row["end_date"] for row in spell]
            last = None if None in ends else max(end for end in ends if end)
            left = any(row["end_date"] == last and row["is_voluntary"] for row in spell)
            yield customer, min(row["start_date"] for row in spell), last, left


def buying_spells(world: World, gaps: float) -> Iterator[tuple[str, datetime, datetime, bool]]:
    for customer in sorted({row["customer_id"] for row in world.rows("purchase")}):
        times = sorted(row["at"] for row in world.rows("purchase") if row["customer_id"] == customer)
        between = [later - earlier for earlier, later in pairwise(times)]
        if not between:
            continue
        allowed = median(between) * gaps
        start = times[0]
        for place, at in enumerate(times):
            if place == len(times) - 1 or times[place + 1] - at > allowed:
                yield customer, start, at + allowed, True
                start = times[place + 1] if place + 1 < len(times) else at


def edges(world: World) -> tuple[datetime, datetime]:
    assert world.since
    assert world.until
    return world.since, world.until


def cohort(world: World, options: Options, *, stayed: bool) -> Iterator[Part]:
    starts, ends = edges(world)
    first: date = starts
    last: date = ends
    found: list[tuple[str, date, date | None, bool]]
    if options["basis"] == "purchase":
        found = list(buying_spells(world, options["gaps"]))
    else:
        zone = ZoneInfo(world.zone)
        first, last = starts.astimezone(zone).date(), ends.astimezone(zone).date()
        found = list(spells(world))
    for _customer, start, end, voluntary in found:
        if start < first and (end is None or end > first):
            left = end is not None and end <= last
            if options.get("kind", "all") != "all":
                left = left and voluntary == (options["kind"] == "voluntary")
            yield Part(row={}, at=starts, x=not left if stayed else left, n=1)


def churn(world: World, options: Options) -> Iterator[Part]:
    return cohort(world, options, stayed=False)


def retention(world: World, options: Options) -> Iterator[Part]:
    return cohort(world, options, stayed=True)


def a_year(world: World, parts: Sequence[Part], options: Options) -> float | None:
    value = ratio(world, parts, options)
    starts, ends = edges(world)
    if value is None or not options["per_year"]:
        return value
    return float(1 - (1 - value) ** (365.2425 / ((ends - starts) / timedelta(days=1))))


def lifetimes(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("customer"):
        gone = row["until"] is not None and row["until"] <= world.watermark
        end = row["until"] if gone else world.watermark
        if end >= row["since"]:
            yield Part(row=row, at=row["since"], value=(end - row["since"]) / MONTH, happened=gone)


def still_there(_world: World, parts: Sequence[Part], options: Options) -> float | None:
    rows = [(part.value or 0.0, part.happened) for part in parts]
    alive = 1.0
    for time in sorted({value for value, happened in rows if happened and value <= options["months"]}):
        alive *= 1 - sum(h and v == time for v, h in rows) / sum(v >= time for v, _h in rows)
    longest = max((value for value, _happened in rows), default=-1.0)
    return alive if longest >= options["months"] or alive < 1e-12 else None


def money(world: World, options: Options) -> Iterator[tuple[Fact, float, float, str]]:
    """For each contract: what it brought at the start, what at the end, and in which currency."""
    zone = ZoneInfo(world.zone)
    first, last = (moment.astimezone(zone).date() for moment in edges(world))
    for row in world.rows("subscription"):
        currency = row["monthly_amount_currency"]
        if not options["currency"] or currency in options["currency"]:

            def at(day: date, row: Fact = row) -> float:
                holds = row["start_date"] < day and (row["end_date"] is None or row["end_date"] > day)
                return float(row["monthly_amount"]) if holds else 0.0

            yield row, at(first), at(last), currency


def revenue(world: World, options: Options, *, is_net: bool) -> Iterator[Part]:
    sums: dict[str, tuple[float, float]] = {}
    currencies: dict[str, set[str]] = {}
    for row, before, after, currency in money(world, options):
        had = sums.get(row["customer_id"], (0.0, 0.0))
        sums[row["customer_id"]] = (had[0] + before, had[1] + after)
        currencies.setdefault(row["customer_id"], set()).add(currency)
    for customer, (before, after) in sums.items():
        if before > 0:
            x = after if is_net else max(0.0, before - after)
            yield Part(row={}, at=edges(world)[0], x=x, n=before, key=frozenset(currencies[customer]))


def in_one_currency(world: World, parts: Sequence[Part], options: Options) -> float | None:
    used = {currency for part in parts if isinstance(part.key, frozenset) for currency in part.key}
    return ratio(world, parts, options) if len(used) <= 1 else None


def repeat_purchase(world: World, _options: Options) -> Iterator[Part]:
    starts, ends = edges(world)
    for customer in world.rows("customer"):
        watched = customer["since"] <= starts and (customer["until"] is None or customer["until"] >= ends)
        times = sum(
            starts <= row["at"] < ends
            for row in world.rows("purchase")
            if row["customer_id"] == customer["customer_id"]
        )
        if watched and times and world.watermark >= ends:
            yield Part(row={}, at=starts, x=times >= 2, n=1)


def began(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("contact"):
        meant = not options["reason_groups"] or row["reason_group"] in options["reason_groups"]
        if row["direction"] == "inbound" and row["outcome"] != "blocked" and meant:
            yield Part(row=row, at=row["arrived_at"], x=1)


def contact_propensity(world: World, options: Options) -> Iterator[Part]:
    yield from began(world, options)
    for row in world.rows("customer"):
        for at, seconds in world.pieces(row["since"], row["until"]):
            yield Part(row=row, at=at, n=seconds / MONTH.total_seconds())


def per_thousand(world: World, parts: Sequence[Part], options: Options) -> float | None:
    value = ratio(world, parts, options)
    return None if value is None else 1000 * value


def contacts_per_order(world: World, options: Options) -> Iterator[Part]:
    yield from began(world, options)
    for row in world.rows("purchase"):
        yield Part(row=row, at=row["at"], n=1)


def judged(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=int(options["days"]))
    bad: dict[str, bool] = {}
    invites = {row["invite_id"]: row["contact_id"] for row in world.counted("survey_invite")}
    for row in world.rows("survey_answer"):
        if row["invite_id"] in invites:
            low = row["value"] == 0 if row["question_key"] == "solved" else row["value"] <= options["low"]
            contact = invites[row["invite_id"]]
            bad[contact] = bad.get(contact, False) or low
    marks = [
        row for row in world.counted("contact") if row["contact_id"] in bad and row["customer_id"] and row["ended_at"]
    ]
    marks.sort(key=lambda row: (row["arrived_at"], row["contact_id"]))
    for place, row in enumerate(marks):
        before = [other for other in marks[:place] if other["customer_id"] == row["customer_id"]]
        if (before and row["arrived_at"] - before[-1]["arrived_at"] <= span) or row[
            "ended_at"
        ] + span > world.watermark:
            continue
        day = row["ended_at"].date()
        for customer, start, end, _left in spells(world):
            if customer == row["customer_id"] and start <= day and (end is None or end > day):
                age = (day - start).days
                tenure = "a" if age < 90 else "b" if age < 365 else "c" if age < 1095 else "d"
                kind = world.find("customer", customer_id=customer).get("segment")
                left = end is not None and end <= day + span
                key = (tenure, kind, bad[row["contact_id"]])
                yield Part(row=row, at=row["arrived_at"], x=left, n=1, key=key)


def matched(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    groups: dict[object, tuple[list[Part], list[Part]]] = {}
    for part in parts:
        assert isinstance(part.key, tuple)
        groups.setdefault(part.key[:2], ([], []))[part.key[2]].append(part)
    both = [(good, bad) for good, bad in groups.values() if good and bad]
    whole = sum(len(bad) for _good, bad in both)
    if not both:
        return None
    lost = sum(part.x for _good, bad in both for part in bad) / whole
    expected = sum(len(bad) / whole * sum(part.x for part in good) / len(good) for good, bad in both)
    return lost - expected


TWINS: dict[str, Twin] = {
    "churn_rate": Twin(parts=churn, finish=lambda _options: a_year),
    "retention_rate": Twin(parts=retention),
    "survival_median": Twin(parts=lifetimes, finish=lambda _options: median_until),
    "survival_12": Twin(parts=lifetimes, finish=lambda _options: still_there),
    "revenue_churn": Twin(parts=lambda w, o: revenue(w, o, is_net=False), finish=lambda _options: in_one_currency),
    "net_revenue_retention": Twin(
        parts=lambda w, o: revenue(w, o, is_net=True), finish=lambda _options: in_one_currency
    ),
    "repeat_purchase": Twin(parts=repeat_purchase),
    "contact_propensity": Twin(parts=contact_propensity, finish=lambda _options: per_thousand),
    "contacts_per_order": Twin(parts=contacts_per_order, finish=lambda _options: per_thousand),
    "post_contact_churn": Twin(parts=judged, finish=lambda _options: matched),
}
