"""Business hours: how much of a span lies within the open hours of a calendar (metrics.md §0.5)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import number, total, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.asking.zones import local_time

__all__ = ["CALENDAR", "business_seconds"]

CALENDAR = {"calendar": ("local_date", "opens_s", "closes_s")}
MICROS = 1_000_000


def opening_spans(facts: Facts) -> ir.Table:
    """Return the open hours of the first calendar by its id, in its newest version, as `opens_us` until before `closes_us`.

    Its local times are read with the zone of the workspace.
    """
    days = facts["calendar"]
    days = days.filter(days.calendar_id == days.calendar_id.min())
    days = days.filter(whole(days, "version") == whole(days, "version").max())
    clock = local_time(facts.zone)
    midnight = days.local_date.epoch_days().cast("int64") * 86_400
    opens = midnight + number(days, "opens_s").cast("int64")
    closes = midnight + number(days, "closes_s").cast("int64")
    spans = days.select(opens_us=clock.utc(opens) * MICROS, closes_us=clock.utc(closes) * MICROS)
    return spans.filter(spans.closes_us > spans.opens_us)


def business_seconds(facts: Facts, rows: ir.Table, *, key: str, starts: str, ends: str) -> ir.Table:
    """Add `business_s`: the seconds from starts to ends (columns in microseconds) within open hours; null where an end is."""
    spans = opening_spans(facts)
    asked = rows.select(span_key=rows[key], span_from=rows[starts], span_to=rows[ends])
    met = asked.join(spans, [asked.span_from < spans.closes_us, asked.span_to > spans.opens_us])
    low = ibis.greatest(whole(met, "span_from"), whole(met, "opens_us"))
    high = ibis.least(whole(met, "span_to"), whole(met, "closes_us"))
    met = met.mutate(open_us=(high - low).cast("float64"))
    sums = met.group_by("span_key").aggregate(open_us=total(met.open_us))
    joined = rows.left_join(sums, rows[key] == sums.span_key).drop("span_key")
    seconds = joined["open_us"].fill_null(0.0) / MICROS
    is_known = joined[starts].notnull() & joined[ends].notnull()
    return joined.mutate(business_s=is_known.ifelse(seconds, ibis.null("float64"))).drop("open_us")
