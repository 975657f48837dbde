"""What a client of an outsourced service is billed for, row by row: contacts, handled time, commitments.

A statement of a month holds the rows of that month and, for months before it, only what has changed since they were stated. So the
rows of all statements together always say what is true now, and no statement that was given out ever changes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.kpis.lacks import missing

__all__ = [
    "COMMITMENTS",
    "SCHEMA",
    "Totals",
    "batches_in",
    "corrections",
    "month_rows",
    "rows_in",
    "rows_of",
    "totals",
    "write",
]

SCHEMA: Final = pa.schema(
    [
        ("month", pa.string()),  # YYYY-MM, the month in which it happened on the clock of the workspace
        ("kind", pa.string()),  # contact, or what was promised: resolution, first_response, callback
        ("item_id", pa.string()),
        ("contact_id", pa.string()),
        ("case_id", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("channel", pa.string()),
        ("basis", pa.string()),  # where the handled time comes from: call, shared, answer_to_release; empty for none
        ("contacts", pa.int64()),
        ("unmeasured", pa.int64()),
        ("handled_s", pa.float64()),
        ("kept", pa.int64()),
        ("made", pa.int64()),
    ]
)
COMMITMENTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "resolution": ("sla_attainment", {"measure": "resolution", "level": "item"}),
    "first_response": ("sla_attainment", {"measure": "first_response", "level": "item"}),
    "callback": ("callback_kept_rate", {}),
}
"""Kinds of promises: the metric, with its options, whose rows they are; so an invoice and a board say the same."""
AMOUNTS: Final = ("contacts", "unmeasured", "handled_s", "kept", "made")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ITEMS: Final = ("callback_id", "commitment_id", "case_id", "contact_id")
LIVE: Final = ("voice", "video", "chat", "in_person")
# Two sums of the same seconds may differ in their last bits.
SAME_SECONDS: Final = 1e-6

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What rows come to. unmeasured: contacts whose handled time no source gives; they add no seconds, and are told apart."""

    contacts: int = 0
    unmeasured: int = 0
    handled_s: float = 0.0
    kept: int = 0
    made: int = 0


def month_rows(facts: Facts, *, month: str, since: datetime, until: datetime) -> list[Row]:
    """Return what happened in a month: contacts that a human handled, and promises that fell due or were kept.

    month: YYYY-MM. since, until: its first instant and the first one after it.

    Handled time of a contact is the sum over its answered segments of talk, hold and wrap; of the agent's share of a chat
    where that is given instead; else, where both sides are there at the same time, from the first human answer to the release.
    """
    return [
        *_contacts(facts, month, since, until),
        *(row for kind in COMMITMENTS for row in _promises(facts, kind, month, since, until)),
    ]


def corrections(now: Iterable[Row], *, stated: Iterable[Row]) -> list[Row]:
    """Return what has changed in a month: rows that, added to what was stated of it so far, give what is true now.

    now: the month's rows today. stated: all its rows and corrections in earlier statements.
    """
    before: dict[tuple[str, str], Row] = {}
    for row in stated:
        key = (row["kind"], row["item_id"])
        known = before.get(key)
        before[key] = dict(row) if known is None else {**known, **{one: known[one] + row[one] for one in AMOUNTS}}
    found = []
    for row in now:
        was = before.pop((row["kind"], row["item_id"]), None)
        changed = row if was is None else {**row, **{one: row[one] - was[one] for one in AMOUNTS}}
        if _counts(changed):
            found.append(changed)
    gone = [{**row, **{one: -row[one] for one in AMOUNTS}} for row in before.values()]
    return [*found, *(row for row in gone if _counts(row))]


def totals(rows: Iterable[Row]) -> Totals:
    """Add rows up."""
    sums: dict[str, Any] = dict.fromkeys(AMOUNTS, 0)
    for row in rows:
        for one in AMOUNTS:
            sums[one] += row[one]
    return Totals(**{**sums, "handled_s": float(sums["handled_s"])})


def write(rows: Iterable[Row], file: BinaryIO) -> None:
    """Write rows as Parquet of SCHEMA, ordered by month, kind and time."""
    ordered = sorted(rows, key=lambda row: (row["month"], row["kind"], row["at"] or EPOCH, row["item_id"]))
    pq.write_table(pa.Table.from_pylist(ordered, schema=SCHEMA), file, compression="zstd")


def rows_in(file: BinaryIO, *, month: str = "", kind: str = "", start: int = 0, count: int | None = None) -> list[Row]:
    """Read rows that `write` wrote.

    month: that the file states. kind: "contact" or "commitment" of that month, or "correction" for rows of earlier months; empty
    for everything. start, count: which of them.
    """
    table = pq.read_table(file)
    if kind:
        is_own, is_contact = pc.equal(table["month"], month), pc.equal(table["kind"], "contact")
        match kind:
            case "contact":
                table = table.filter(pc.and_(is_own, is_contact))
            case "commitment":
                table = table.filter(pc.and_(is_own, pc.invert(is_contact)))
            case _:
                table = table.filter(pc.invert(is_own))
    rows: list[Row] = table.slice(start, count).to_pylist()
    return rows


def rows_of(file: BinaryIO, *, month: str) -> list[Row]:
    """Read what a file says of one month."""
    rows: list[Row] = pq.read_table(file, filters=[("month", "=", month)]).to_pylist()
    return rows


def batches_in(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Read the same bit by bit, and close the file behind the last."""
    with file:
        yield from pq.ParquetFile(file).iter_batches(batch_size=20_000)


def _counts(row: Row) -> bool:
    return abs(row["handled_s"]) > SAME_SECONDS or any(row[one] for one in AMOUNTS if one != "handled_s")


def _contacts(facts: Facts, month: str, since: datetime, until: datetime) -> Iterator[Row]:
    contacts = facts.counted("contact")
    arrived = contacts["arrived_at_us"]
    contacts = contacts.filter(
        arrived >= _micros(since), arrived < _micros(until), contacts["outcome"] == "handled"
    ).select("contact_id", "case_id", "channel", "arrived_at_us")
    joined = contacts.left_join(_handled(facts), "contact_id").drop("contact_id_right")
    for row in joined.to_pyarrow().to_pylist():
        seconds = row["handled_s"]
        yield _row(
            month=month,
            kind="contact",
            item_id=row["contact_id"],
            contact_id=row["contact_id"],
            case_id=row["case_id"],
            at=_moment(row["arrived_at_us"]),
            channel=row["channel"],
            basis=row["basis"] or "",
            contacts=1,
            unmeasured=int(seconds is None),
            handled_s=float(seconds or 0.0),
        )


def _handled(facts: Facts) -> ir.Table:
    """Return the handled seconds of each contact, null where no segment says, and where they come from."""
    segments = facts.counted("contact_segment")
    held = facts.counted("contact")
    held = held.select("contact_id", held_on=held["channel"])
    segments = (
        segments.filter(segments["answered_at_us"].notnull()).left_join(held, "contact_id").drop("contact_id_right")
    )
    # A segment that says one part of it and not another had none of the other.
    spoken = [segments[name].cast("float64") for name in ("talk_s", "hold_s", "wrap_s")]
    is_call = segments["talk_s"].notnull()
    call = is_call.ifelse(sum((part.fill_null(0.0) for part in spoken), ibis.literal(0.0)), ibis.null("float64"))
    shared = segments["concurrent_share_s"].cast("float64")
    # Between the answer to a mail and its last word nobody works on it all the time; there the clock says nothing.
    elapsed = (segments["released_at_us"] - segments["answered_at_us"]).cast("float64") / 1e6
    released = segments["held_on"].isin(LIVE).fill_null(False).ifelse(elapsed, ibis.null("float64"))
    segments = segments.mutate(
        seconds=ibis.coalesce(call, shared, released),
        source=is_call.ifelse("call", shared.notnull().ifelse("shared", "answer_to_release")),
    )
    return segments.group_by("contact_id").aggregate(
        # A contact of which one leg is not measured is not measured: half a time would look like a whole one.
        handled_s=segments["seconds"].isnull().any().ifelse(ibis.null("float64"), segments["seconds"].sum()),
        basis=segments["seconds"].isnull().any().ifelse("", segments["source"].min()),
    )


def _promises(facts: Facts, kind: str, month: str, since: datetime, until: datetime) -> Iterator[Row]:
    metric, options = COMMITMENTS[kind]
    known = kpis.metric(metric)
    if missing(facts, known.needs):
        return
    found = kpis.behind(facts, metric, since=since, until=until, options=options)
    for row in found.to_pylist():
        yield _row(
            month=month,
            kind=kind,
            item_id=str(next(row[name] for name in ITEMS if row.get(name))),
            contact_id=row.get("contact_id"),
            case_id=row.get("case_id"),
            at=_moment(row["at_us"]),
            channel=row.get("channel"),
            kept=round(row.get("numerator") or 0),
            made=round(row.get("denominator") or 0),
        )


def _row(**given: Any) -> Row:
    empty = dict.fromkeys(SCHEMA.names) | {"basis": ""} | dict.fromkeys(AMOUNTS, 0) | {"handled_s": 0.0}
    return {**empty, **given}


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else EPOCH + timedelta(microseconds=micros)


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1e6)
