"""What is asked, and the SQL of it: one text for DuckDB and PostgreSQL, with the definitions and exclusions of metrics.md."""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather

__all__ = ["FCR", "FCR_SQL", "QUEUE_METRICS", "QUEUE_SQL", "answer"]

QUEUE_METRICS: Mapping[str, Mapping[str, str]] = {
    "asa": {},
    "avg_queue_time": {},
    "abandonment_rate": {},
    "att": {},
    "acw": {},
    "avg_time_to_abandon": {},
    "contact_volume": {"series": "offered"},
    "service_level": {},
}
"""Metric to the options that are not at their default. Adherence, blocked attempts, shifts and turnover have no queue."""

FCR = "fcr_contact"
MATURED = "2026-05-24T00:00:00+00:00"
"""The end of the lake less the seven days within which a repeat counts."""

QUEUE_SQL = """
SELECT queue_id AS queue, queued_at_slot AS half_hour,
       sum(wait_s) FILTER (WHERE exit = 'answered') AS asa_x,
       count(wait_s) FILTER (WHERE exit = 'answered') AS asa_n,
       sum(wait_s) FILTER (WHERE exit IS NOT NULL) AS avg_queue_time_x,
       count(wait_s) FILTER (WHERE exit IS NOT NULL) AS avg_queue_time_n,
       count(*) FILTER (WHERE exit = 'abandoned' AND wait_s >= 5) AS abandonment_rate_x,
       count(*) FILTER (WHERE exit = 'answered' OR (exit = 'abandoned' AND wait_s >= 5)) AS abandonment_rate_n,
       sum(talk_s) FILTER (WHERE exit = 'answered' AND channel = 'voice') AS att_x,
       count(talk_s) FILTER (WHERE exit = 'answered' AND channel = 'voice') AS att_n,
       sum(wrap_s) FILTER (WHERE exit = 'answered') AS acw_x,
       count(wrap_s) FILTER (WHERE exit = 'answered') AS acw_n,
       sum(wait_s) FILTER (WHERE exit = 'abandoned' AND wait_s >= 5) AS avg_time_to_abandon_x,
       count(*) FILTER (WHERE exit = 'abandoned' AND wait_s >= 5) AS avg_time_to_abandon_n,
       count(*) FILTER (WHERE seq = 1) AS contact_volume_x,
       count(*) FILTER (WHERE exit = 'answered' AND wait_s <= 20) AS service_level_x,
       count(*) FILTER (WHERE exit = 'answered' OR (exit = 'abandoned' AND wait_s >= 5)) AS service_level_n
FROM contact_segment
WHERE contact_id NOT IN (SELECT contact_id FROM contact WHERE is_test OR is_ghost OR is_duplicate_dial)
GROUP BY queue_id, queued_at_slot
"""

FCR_SQL = f"""
WITH counted AS (
    SELECT * FROM contact WHERE NOT (is_test OR is_ghost OR is_duplicate_dial)
), callbacks AS (
    SELECT parent_contact_id, max(ended_at) AS ended_at FROM counted
    WHERE direction = 'outbound' AND parent_contact_id IS NOT NULL GROUP BY parent_contact_id
), eligible AS (
    SELECT c.contact_id, c.customer_id, coalesce(c.reason_group, '?' || c.contact_id) AS reason_group, c.reason_code,
           c.arrived_at, greatest(c.ended_at, coalesce(b.ended_at, c.ended_at)) AS ended_at
    FROM counted AS c LEFT JOIN callbacks AS b ON b.parent_contact_id = c.contact_id
    WHERE c.direction = 'inbound' AND c.outcome = 'handled' AND c.customer_id IS NOT NULL AND c.ended_at IS NOT NULL
      AND coalesce(c.disposition NOT IN ('wrong_number', 'test'), TRUE)
), lined AS (
    SELECT *, max(ended_at) OVER (PARTITION BY customer_id, reason_group ORDER BY arrived_at, contact_id
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
           max(ended_at) OVER (PARTITION BY customer_id, reason_group) AS last
    FROM eligible
), merged AS (
    SELECT reason_code, coalesce(lead(before) OVER following, last) AS ended_at, lead(arrived_at) OVER following AS next_at
    FROM lined WHERE before IS NULL OR arrived_at >= before
    WINDOW following AS (PARTITION BY customer_id, reason_group ORDER BY arrived_at, contact_id)
), judged AS (
    SELECT reason_code, ended_at, next_at <= ended_at + INTERVAL '168 hours' AS is_followed FROM merged
)
SELECT reason_code AS reason, count(*) FILTER (WHERE is_followed IS NOT TRUE) AS {FCR}_x, count(*) AS {FCR}_n
FROM judged WHERE ended_at <= TIMESTAMPTZ '{MATURED}'
GROUP BY reason_code
"""


def answer(ask: Callable[[str], tuple[pa.Table, pa.Table]]) -> None:
    """Run one of the programs: ask, keep the answer, print what asking took.

    ask: from the address of the facts to the answers by queue and half hour, and by reason.
    """
    source, target = sys.argv[1:3]
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    by_queue, by_reason = ask(source)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = time.perf_counter() - begun
    feather.write_feather(by_queue, str(Path(target) / "queue.arrow"), compression="uncompressed")
    feather.write_feather(by_reason, str(Path(target) / "reason.arrow"), compression="uncompressed")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}))
