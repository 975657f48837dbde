"""The answer of a pandas script over the same Parquet files: only the columns it needs, words as categories."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bench.determinants.question import FCR, MATURED, answer

SEGMENT = ["contact_id", "queue_id", "channel", "queued_at_slot", "seq", "exit", "wait_s", "talk_s", "wrap_s"]
CONTACT = [
    *("contact_id", "customer_id", "parent_contact_id", "reason_group", "reason_code", "arrived_at", "ended_at"),
    *("direction", "outcome", "disposition", "is_test", "is_ghost", "is_duplicate_dial"),
]
KEY = ["customer_id", "reason_group"]
WEEK = np.timedelta64(168, "h")


def _ask(root: str) -> tuple[pa.Table, pa.Table]:
    contacts = _read(Path(root) / "contact", CONTACT, words=("reason_group", "reason_code", "direction", "outcome"))
    left_out = contacts.is_test | contacts.is_ghost | contacts.is_duplicate_dial
    by_queue = _by_queue(Path(root), contacts.loc[left_out, "contact_id"])
    return pa.Table.from_pandas(by_queue), pa.Table.from_pandas(_fcr(contacts[~left_out]))


def _read(folder: Path, columns: list[str], *, words: tuple[str, ...]) -> pd.DataFrame:
    files = sorted(folder.glob("*/*.parquet"))
    tables = [pq.read_table(file, columns=columns, read_dictionary=list(words), partitioning=None) for file in files]
    table = pa.concat_tables(tables).unify_dictionaries()
    return table.to_pandas(self_destruct=True, split_blocks=True)


def _by_queue(root: Path, left_out: pd.Series) -> pd.DataFrame:
    rows = _read(root / "contact_segment", SEGMENT, words=("queue_id", "channel", "exit"))
    rows = rows[~rows.contact_id.isin(left_out)]
    answered = rows.exit == "answered"
    spoken = answered & (rows.channel == "voice")
    lost = (rows.exit == "abandoned") & (rows.wait_s >= 5)
    counted = answered | lost
    parts = pd.DataFrame(
        {
            "queue": rows.queue_id,
            "half_hour": rows.queued_at_slot,
            "asa_x": rows.wait_s.where(answered),
            "asa_n": answered & rows.wait_s.notna(),
            "avg_queue_time_x": rows.wait_s.where(rows.exit.notna()),
            "avg_queue_time_n": rows.wait_s.notna() & rows.exit.notna(),
            "abandonment_rate_x": lost,
            "abandonment_rate_n": counted,
            "att_x": rows.talk_s.where(spoken),
            "att_n": spoken & rows.talk_s.notna(),
            "acw_x": rows.wrap_s.where(answered),
            "acw_n": answered & rows.wrap_s.notna(),
            "avg_time_to_abandon_x": rows.wait_s.where(lost),
            "avg_time_to_abandon_n": lost,
            "contact_volume_x": rows.seq == 1,
            "service_level_x": answered & (rows.wait_s <= 20),
            "service_level_n": counted,
        }
    )
    return parts.groupby(["queue", "half_hour"], observed=True).sum().reset_index()


def _fcr(contacts: pd.DataFrame) -> pd.DataFrame:
    is_callback = (contacts.direction == "outbound") & contacts.parent_contact_id.notna()
    called_back = contacts[is_callback].groupby("parent_contact_id").ended_at.max()
    is_eligible = (
        (contacts.direction == "inbound")
        & (contacts.outcome == "handled")
        & contacts.customer_id.notna()
        & contacts.ended_at.notna()
        & ~contacts.disposition.isin(["wrong_number", "test"])
    )
    rows = contacts.loc[is_eligible, [*KEY, "arrived_at", "contact_id", "ended_at", "reason_code"]]
    if not called_back.empty:
        rows["ended_at"] = rows.ended_at.combine(rows.contact_id.map(called_back), max)
    if rows.reason_group.isna().any():
        rows["reason_group"] = rows.reason_group.astype(object).fillna("?" + rows.contact_id)
    rows = rows.sort_values([*KEY, "arrived_at", "contact_id"], ignore_index=True)
    ended_before = rows.groupby(KEY, observed=True).ended_at.cummax().shift()
    is_first = ~rows.duplicated(KEY)
    is_parallel = ~is_first & (rows.arrived_at < ended_before)
    merged = rows[~is_parallel].copy()
    merged["ended_at"] = rows.groupby((~is_parallel).cumsum()).ended_at.max().to_numpy()
    is_next_alike = merged.duplicated(KEY).shift(-1, fill_value=False)
    following = merged.arrived_at.shift(-1).where(is_next_alike)
    merged["solved"] = ~(following <= merged.ended_at + WEEK)
    matured = merged[merged.ended_at <= pd.Timestamp(MATURED)]
    by_reason = matured.groupby("reason_code", observed=True).solved.agg(["sum", "count"]).reset_index()
    return by_reason.set_axis(["reason", f"{FCR}_x", f"{FCR}_n"], axis=1)


if __name__ == "__main__":
    answer(_ask)
