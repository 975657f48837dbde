"""Lines of a queue log, read as columns."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from careloop.insight.imports.events import EVENTS
from careloop.insight.imports.report import LineFault, Rejected, Report

__all__ = ["events_in"]

SEPARATOR = "|"
LEAST_FIELDS = 5
EARLIEST, LATEST = 946_684_800, 4_102_444_800
"""Seconds since 1970: the year 2000 and the year 2100. A clock that stands outside was never set."""


def events_in(body: bytes, *, first_line: int, report: Report) -> pa.Table:
    """Read whole lines of a queue log.

    first_line: number of the first of them in the file, from 1.

    Returns a table as EVENTS says, in the order of the file. Rejects lines with too few fields or without a time, into the report.
    """
    texts = _lines(body)
    report.lines += len(texts)
    fields = pc.split_pattern(texts, SEPARATOR, max_splits=len(EVENTS) - 2)
    starts = np.asarray(fields.offsets)
    lengths = np.diff(starts)
    lines = np.arange(first_line, first_line + len(texts), dtype=np.int64)
    stamps = _field(fields, starts, lengths, 0)
    is_stamp = pc.fill_null(pc.match_substring_regex(stamps, r"^[0-9]{1,12}(\.[0-9]{1,9})?$"), False)
    seconds = pc.cast(pc.if_else(is_stamp, stamps, None), pa.float64())
    is_filled = lengths >= LEAST_FIELDS
    is_time = np.asarray(is_stamp)
    value = np.nan_to_num(np.asarray(seconds.fill_null(0)))
    is_in_range = (value >= EARLIEST) & (value < LATEST)
    is_good = is_filled & is_time & is_in_range
    if not is_good.all():
        _reject(texts, lines, is_filled, is_time, is_in_range, report)
    columns = [
        pa.array(lines),
        pa.array(np.rint(value * 1e6).astype(np.int64)),
        *(_field(fields, starts, lengths, number) for number in range(1, len(EVENTS) - 1)),
    ]
    events = pa.table(columns, schema=EVENTS)
    return events if is_good.all() else events.filter(pa.array(is_good))


def _lines(body: bytes) -> pa.Array:
    """Cut the body into lines without looking at each of them."""
    if not body.endswith(b"\n"):
        body += b"\n"
    try:
        body.decode()
    except UnicodeDecodeError:  # names of agents in an older encoding: keep what can be kept
        body = body.decode(errors="replace").encode()
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
    cuts = np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == ord("\n")).astype(np.int64) + 1
    starts = np.concatenate([np.zeros(1, dtype=np.int64), cuts])
    texts = pa.LargeStringArray.from_buffers(len(cuts), pa.py_buffer(starts), pa.py_buffer(body)).cast(pa.string())
    return (
        pc.utf8_slice_codeunits(texts, 0, -1)
        if not body.isascii()
        else pc.binary_slice(texts.cast(pa.binary()), 0, -1).cast(pa.string())
    )


def _field(fields: Any, starts: NDArray[Any], lengths: NDArray[Any], number: int) -> pa.Array:
    """Return the field of that number of each line; null where a line has fewer."""
    is_there = lengths > number
    places = np.where(is_there, starts[:-1] + number, 0)
    return fields.values.take(pa.array(places, mask=~is_there))


def _reject(texts: Any, lines: Any, is_filled: Any, is_time: Any, is_in_range: Any, report: Report) -> None:
    for place in np.flatnonzero(~(is_filled & is_time & is_in_range)):
        words = texts[place].as_py()
        if not words.strip():
            continue
        reason = LineFault.TIME_OUT_OF_RANGE
        if not is_time[place]:
            reason = LineFault.TIME_NOT_A_NUMBER
        if not is_filled[place]:
            reason = LineFault.TOO_FEW_FIELDS
        report.reject(Rejected(line=int(lines[place]), reason=reason, value=words[:200]))
