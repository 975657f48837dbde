"""Contacts of one issue, one after the other: which was followed by another about the same (metrics.md §3.1).

Everything is one pass of windows over contacts sorted by key and arrival, so that it stays one query.
"""

from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
from ibis.expr.builders import WindowBuilder

from careloop.insight.kpis.asking.columns import is_true, text, whole
from careloop.insight.kpis.asking.sources import Facts, complete_until, contacts, micros
from careloop.insight.kpis.catalogue.episode_options import OPTIONS
from careloop.insight.kpis.catalogue.fixed_windows import with_fixed_windows
from careloop.insight.kpis.options import Options

__all__ = ["DAY_US", "NEEDS", "OPTIONS", "eligible", "episode_needs", "episodes"]

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"contact": ("customer_id", "reason_group", "arrived_at", "ended_at", "outcome", "direction")}
)
DAY_US = 86_400_000_000
WITHIN_ATTEMPT_US = 30 * 60 * 1_000_000
NEVER = 2**62
CARRIED = (
    "contact_id",
    "customer_id",
    "case_id",
    "channel",
    "reason_code",
    "reason_group",
    "site_id",
    "entry_point",
    "language",
)


def episode_needs(options: Options) -> dict[str, tuple[str, ...]]:
    """Return the columns without which nobody can say what was about the same."""
    key = {"customer": ("customer_id",), "case": ("case_id",)}
    needed = key.get(options.choice("match"), ("customer_id", "reason_group"))
    if options.on("transfer_fails"):
        needed = (*needed, "transfer_count")
    if options.codes("net"):
        needed = (*needed, "reason_code")
    return {"contact": needed}


def eligible(facts: Facts, options: Options) -> ir.Table:
    """Return contacts that are judged, known customer or not: begun by customers, handled, no wrong numbers."""
    rows = contacts(facts)
    outcomes = ("handled", "contained") if options.on("include_bot") else ("handled",)
    rows = rows.filter(
        rows.direction == "inbound",
        rows.outcome.isin(outcomes),
        ~is_true(text(rows, "disposition").isin(("wrong_number", "test"))),
        rows.ended_at_us.notnull(),
    )
    if options.codes("net"):
        rows = rows.filter(~is_true(text(rows, "reason_code").isin(options.codes("net"))))
    return rows


def episodes(facts: Facts, options: Options) -> ir.Table:
    """Return one row per contact, parallel ones of the same issue merged into the first.

    Columns: CARRIED of the first, `arrived_at_us` and `_slot`, `end_us`; `is_followed`: another about the same came within N days;
    `is_anchor`: none came before it within N days; `is_matured`: N days have passed; `is_known`: the data go back N days before it,
    or before the first contact that it hangs together with; `has_transfer`.
    """
    span = int(options.number("days") * DAY_US)
    rows = _with_callbacks(facts, eligible(facts, options))
    rows = rows.select(
        *CARRIED,
        "arrived_at_us",
        "arrived_at_slot",
        start_us=whole(rows, "arrived_at_us"),
        ended_us=whole(rows, "end_us"),
        transfers=is_true(whole(rows, "transfer_count") > 0).ifelse(1, 0),
    )
    if options.on("count_abandons"):
        rows = _with_earlier_start(rows, _attempts(facts))
    rows = rows.filter(rows.case_id.notnull() if options.choice("match") == "case" else rows.customer_id.notnull())
    rows = _merged(rows, span, options)
    rows = rows.mutate(run_us=rows.end_us, begin_us=rows.start_us)
    if options.choice("window") == "fixed":
        rows = with_fixed_windows(rows, key=_key(rows, options), span=span)
        rows = rows.mutate(is_followed=is_true(rows.is_repeat.lead().over(_window(rows, options))))
    if options.choice("unknown_reason") == "everything" and options.choice("match") == "customer_reason":
        rows = _unknown_matches_all(rows, span, options)
    if options.on("count_abandons"):
        rows = _followed_by_attempt(facts, rows, span)
    known = complete_until(facts, ("contact",))
    # Where no source says how complete it is, the last that was seen stands for it.
    limit = (
        facts["contact"].ended_at_us.max().as_scalar() if known is None else ibis.literal(micros(known), type="int64")
    )
    first = facts["contact"].arrived_at_us.min().as_scalar()
    return rows.mutate(
        is_anchor=~rows.is_repeat,
        is_matured=whole(rows, "end_us") + span <= limit,
        is_known=whole(rows, "begin_us") - span >= first,
        has_transfer=rows.transfers > 0,
    )


def _key(rows: ir.Table, options: Options) -> list[ir.Value]:
    match options.choice("match"):
        case "customer":
            keys: list[ir.Value] = [rows.customer_id]
        case "case":
            keys = [rows.case_id]
        case _:
            # A contact whose reason nobody knows is an issue of its own.
            alone = ibis.literal("?").concat(text(rows, "contact_id"))
            keys = [rows.customer_id, text(rows, "reason_group").fill_null(alone)]
    return [*keys, rows.channel] if options.choice("channels") == "same" else keys


def _window(rows: ir.Table, options: Options, frame: tuple[int | None, int | None] | None = None) -> WindowBuilder:
    """Return the contacts of one key in order. frame: from which row to which, counted from the present one."""
    return ibis.window(group_by=_key(rows, options), order_by=[rows.start_us, rows.contact_id], rows=frame)


def _with_callbacks(facts: Facts, rows: ir.Table) -> ir.Table:
    """Move the end of a contact to the end of the callback that was promised in it."""
    every = contacts(facts)
    callbacks = every.filter(every.direction == "outbound", every.parent_contact_id.notnull())
    ends = callbacks.group_by(parent_id=callbacks.parent_contact_id).aggregate(back_us=callbacks.ended_at_us.max())
    rows = rows.left_join(ends, rows.contact_id == ends.parent_id)
    # Null is not the least of two in every database.
    later = ibis.greatest(whole(rows, "ended_at_us"), whole(rows, "back_us").fill_null(0))
    return rows.mutate(end_us=later).drop("parent_id", "back_us")


def _merged(rows: ir.Table, span: int, options: Options) -> ir.Table:
    """Keep the first of contacts of one key that overlap. `before_us`: when all earlier ones had ended; `end_us`: of the merged.

    Most contacts are the only one of their key. They are told apart by a hash, which costs less than sorting them with the others;
    two keys of one hash are sorted for nothing.
    """
    first, *others = [key.cast("string").fill_null("") for key in _key(rows, options)]
    rows = rows.mutate(key_hash=reduce(lambda one, other: one.concat("/", other), others, first).hash())
    counted = rows.group_by("key_hash").aggregate(contacts=rows.count())
    # Looked at as tables: half joins would become one chain, which PostgreSQL and ClickHouse cannot read.
    alone = rows.anti_join(counted.filter(counted.contacts > 1), "key_hash").view()
    alone = alone.mutate(
        before_us=ibis.null("int64"), last_us=alone.ended_us, is_repeat=False, end_us=alone.ended_us, is_followed=False
    )
    # Said in other words: what two joins have in common would be asked twice, what two filters have in common is asked once.
    lined = _lined(rows.semi_join(counted.filter(counted.contacts >= 2), "key_hash").view(), span, options)
    return lined.union(alone.select(lined.columns)).drop("key_hash")


def _lined(rows: ir.Table, span: int, options: Options) -> ir.Table:
    """Judge contacts of which some have the same key; see `_merged`."""
    rows = rows.mutate(
        before_us=rows.ended_us.max().over(_window(rows, options, (None, -1))),
        last_us=rows.ended_us.max().over(_window(rows, options, (None, None))),
    )
    rows = rows.filter(rows.before_us.isnull() | (rows.start_us >= rows.before_us))
    rows = rows.mutate(is_repeat=is_true(whole(rows, "start_us") - whole(rows, "before_us") <= span))
    following = _window(rows, options)
    # Side by side in one mutate: windows over rows that were made one after the other would be sorted once each.
    return rows.mutate(
        # All that ended before the next begins are this one and what was merged into it.
        end_us=rows.before_us.lead().over(following).fill_null(rows.last_us),
        is_followed=is_true(rows.is_repeat.lead().over(following)),
    )


def _unknown_matches_all(rows: ir.Table, span: int, options: Options) -> ir.Table:
    """Let contacts without a reason match every contact of the customer, in both directions of time."""
    key = [rows.customer_id, rows.channel] if options.choice("channels") == "same" else [rows.customer_id]
    order = [rows.start_us, rows.contact_id]
    before = ibis.window(group_by=key, order_by=order, rows=(None, -1))
    after = ibis.window(group_by=key, order_by=order, rows=(1, None))
    is_unknown = rows.reason_group.isnull()
    unknown_start = is_unknown.ifelse(rows.start_us, ibis.null("int64"))
    unknown_end = is_unknown.ifelse(rows.end_us, ibis.null("int64"))
    rows = rows.mutate(
        next_any=rows.start_us.min().over(after),
        next_unknown=unknown_start.min().over(after),
        past_any=rows.end_us.max().over(before),
        past_unknown=unknown_end.max().over(before),
    )
    is_unknown = rows.reason_group.isnull()
    following = is_unknown.ifelse(rows.next_any, rows.next_unknown)
    past = is_unknown.ifelse(rows.past_any, rows.past_unknown)
    return rows.mutate(
        is_followed=rows.is_followed | is_true(following - rows.end_us <= span),
        is_repeat=rows.is_repeat | is_true(rows.start_us - past <= span),
    )


def _attempts(facts: Facts) -> ir.Table:
    """Return abandoned attempts of known customers, with the handled contact that each is part of, if any.

    `served_us`: when the customer's next handled contact arrived, where that was within 30 minutes of the attempt's end.
    """
    rows = contacts(facts)
    rows = rows.filter(rows.direction == "inbound", rows.customer_id.notnull(), rows.ended_at_us.notnull())
    is_handled = rows.outcome == "handled"
    later = ibis.window(group_by=rows.customer_id, order_by=[rows.arrived_at_us, rows.contact_id], rows=(1, None))
    arrival = is_handled.ifelse(rows.arrived_at_us, ibis.null("int64"))
    rows = rows.mutate(next_us=arrival.min().over(later))
    rows = rows.filter(rows.outcome.isin(("abandoned_queue", "abandoned_ivr")))
    is_part = is_true(rows.next_us - rows.ended_at_us <= WITHIN_ATTEMPT_US)
    return rows.select(
        attempt_customer=rows.customer_id,
        attempt_us=rows.arrived_at_us,
        served_us=is_part.ifelse(rows.next_us, ibis.null("int64")),
    )


def _with_earlier_start(rows: ir.Table, attempts: ir.Table) -> ir.Table:
    """Let a handled contact start with the attempt that is part of it."""
    parts = attempts.filter(attempts.served_us.notnull())
    parts = parts.group_by("attempt_customer", "served_us").aggregate(first_us=parts.attempt_us.min())
    joined = rows.left_join(parts, [rows.customer_id == parts.attempt_customer, rows.arrived_at_us == parts.served_us])
    start = ibis.least(whole(joined, "start_us"), whole(joined, "first_us").fill_null(NEVER))
    return joined.mutate(start_us=start).drop("attempt_customer", "served_us", "first_us")


def _followed_by_attempt(facts: Facts, rows: ir.Table, span: int) -> ir.Table:
    """Count an attempt that led to nothing as a repeat of every contact that ended within N days before it."""
    attempts = _attempts(facts)
    lone = attempts.filter(attempts.served_us.isnull())
    met = rows.select("contact_id", "customer_id", "end_us", "run_us").join(
        lone, [lone.attempt_customer == rows.customer_id, lone.attempt_us >= rows.end_us]
    )
    met = met.filter(met.attempt_us - met.run_us <= span)
    ids = met.select(met_id=met.contact_id).distinct()
    joined = rows.left_join(ids, rows.contact_id == ids.met_id)
    return joined.mutate(is_followed=joined.is_followed | joined.met_id.notnull()).drop("met_id")
