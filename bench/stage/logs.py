"""Queue logs and call tables of any size, made in blocks so that memory stays small."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["CALL_MAP", "write_call_table", "write_queue_log"]

QUEUES, AGENTS = 40, 1_500
BLOCK_CALLS = 100_000
START = 1_704_067_200
CALLS_PER_SECOND = 8.0

CALL_MAP = """\
mapping: 1
source: bench
zone: America/New_York
values:
  queued: {column: queued_at, as: time, format: "%m/%d/%Y %H:%M:%S"}
  waited: {column: wait, as: seconds}
  talked: {column: talk, as: seconds, nothing: ["0"]}
  left: queued + waited
tables:
  - table: contact_segment
    where: queue != "test"
    row:
      segment_id: concat(call_id, "/1")
      contact_id: call_id
      seq: 1
      queue_id: queue
      channel: {is: voice}
      agent_id: agent
      queued_at: queued
      answered_at: left if result == "A" else none
      left_queue_at: left
      exit: {column: result, codes: {A: answered, H: abandoned, T: system_disconnect}}
      talk_s: talked
      released_at: left + talked if result == "A" else none
"""


def write_queue_log(path: Path, *, bytes_wanted: int) -> int:
    """Write a queue log of at least so many bytes: 40 queues, 1 500 agents, four calls in five answered. Return its lines."""
    lines, block = 0, 0
    with path.open("wb") as file:
        while file.tell() < bytes_wanted:
            calls = min(BLOCK_CALLS, max(2_000, (bytes_wanted - file.tell()) // 180))
            texts = _queue_log_block(block, calls)
            file.write("\n".join(texts.to_pylist()).encode() + b"\n")
            lines += len(texts)
            block += 1
    return lines


def _queue_log_block(block: int, calls: int) -> pa.Array:
    random = np.random.default_rng(block)
    start = START + int(block * BLOCK_CALLS / CALLS_PER_SECOND)
    entered = start + np.sort(random.uniform(0, calls / CALLS_PER_SECOND, calls)).astype(np.int64)
    wait = random.exponential(25, calls).astype(np.int64)
    ring = np.minimum(wait, random.integers(0, 12, calls))
    talk = random.exponential(180, calls).astype(np.int64)
    is_answered = random.random(calls) < 0.8
    names = pc.binary_join_element_wise(_text(entered), _text(np.arange(calls) + block * BLOCK_CALLS), ".")
    queue = pc.binary_join_element_wise(pa.array(["queue"] * calls), _text(random.integers(0, QUEUES, calls)), "-")
    agent = pc.binary_join_element_wise(pa.array(["Agent"] * calls), _text(random.integers(0, AGENTS, calls)), "/")
    number = _text(15_550_000_000 + random.integers(0, 400_000, calls))
    parts = [
        (entered, _joined(entered, names, queue, "NONE", "ENTERQUEUE", "", number, "1")),
        (
            (entered + wait)[is_answered],
            _joined(entered + wait, names, queue, agent, "CONNECT", _text(wait), names, _text(ring)).filter(
                pa.array(is_answered)
            ),
        ),
        (
            (entered + wait + talk)[is_answered],
            _joined(entered + wait + talk, names, queue, agent, "COMPLETECALLER", _text(wait), _text(talk), "1").filter(
                pa.array(is_answered)
            ),
        ),
        (
            (entered + wait)[~is_answered],
            _joined(entered + wait, names, queue, "NONE", "ABANDON", "1", "1", _text(wait)).filter(
                pa.array(~is_answered)
            ),
        ),
    ]
    if block == 0:
        everybody = np.arange(AGENTS)
        who = pc.binary_join_element_wise(pa.array(["Agent"] * AGENTS), _text(everybody), "/")
        home = pc.binary_join_element_wise(pa.array(["queue"] * AGENTS), _text(everybody % QUEUES), "-")
        at = np.full(AGENTS, start - 60)
        parts.append((at, _joined(at, "MANAGER", home, who, "ADDMEMBER", "", "", "")))
    pauses = calls // 10
    at = start + random.integers(0, max(1, int(calls / CALLS_PER_SECOND)), pauses)
    who = random.integers(0, AGENTS, pauses)
    names_of = pc.binary_join_element_wise(pa.array(["Agent"] * pauses), _text(who), "/")
    homes = pc.binary_join_element_wise(pa.array(["queue"] * pauses), _text(who % QUEUES), "-")
    parts.append((at, _joined(at, "NONE", homes, names_of, "PAUSE", "Break", "", "")))
    parts.append((at + 300, _joined(at + 300, "NONE", homes, names_of, "UNPAUSE", "", "", "")))
    order = np.argsort(np.concatenate([at for at, _texts in parts]), kind="stable")
    return pa.concat_arrays([texts for _at, texts in parts]).take(pa.array(order))


def _joined(at: np.ndarray, *fields: pa.Array | str) -> pa.Array:
    columns = [pa.array([field] * len(at)) if isinstance(field, str) else field for field in fields]
    return pc.binary_join_element_wise(_text(at), *columns, "|")


def _text(values: np.ndarray) -> pa.Array:
    return pc.cast(pa.array(values), pa.string())


def write_call_table(path: Path, *, bytes_wanted: int) -> int:
    """Write a CSV of calls of at least so many bytes, as CALL_MAP reads it. Return its rows."""
    rows, block = 0, 0
    with path.open("wb") as file:
        file.write(b"call_id,queue,agent,customer,queued_at,wait,talk,result,note\n")
        while file.tell() < bytes_wanted:
            count = min(BLOCK_CALLS, max(2_000, (bytes_wanted - file.tell()) // 95))
            texts = _call_block(block, count)
            file.write("\n".join(texts.to_pylist()).encode() + b"\n")
            rows += count
            block += 1
    return rows


def _call_block(block: int, count: int) -> pa.Array:
    random = np.random.default_rng(block)
    seconds = START + block * 12_500 + np.sort(random.integers(0, 12_500, count))
    at = pc.strftime(pa.array(seconds * 1_000_000, type=pa.timestamp("us")), format="%m/%d/%Y %H:%M:%S")
    at = pc.replace_substring_regex(at, r"\.0+$", "")
    wait = random.exponential(25, count).astype(np.int64)
    talk = random.exponential(180, count).astype(np.int64)
    result = random.choice(["A", "H", "T"], count, p=[0.8, 0.18, 0.02])
    return pc.binary_join_element_wise(
        pc.binary_join_element_wise(_text(np.full(count, block)), _text(np.arange(count)), "-"),
        pc.binary_join_element_wise(pa.array(["queue"] * count), _text(random.integers(0, QUEUES, count)), "-"),
        pc.binary_join_element_wise(pa.array(["agent"] * count), _text(random.integers(0, AGENTS, count)), "-"),
        _text(random.integers(0, 400_000, count)),
        at,
        _text(wait),
        _text(np.where(result == "A", talk, 0)),
        pa.array(result),
        pa.array(["nothing of interest"] * count),
        ",",
    )
