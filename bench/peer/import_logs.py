"""The peer's part of the benchmark of imports: what an analyst writes with pandas to get the same tables into Parquet."""

import hashlib
import json
import resource
import sys
import time

import numpy as np
import pandas as pd

__all__: list[str] = []

ENDS = ("COMPLETECALLER", "COMPLETEAGENT", "BLINDTRANSFER", "ATTENDEDTRANSFER")
GONE = ("ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY", "WITHDRAW")


def main() -> None:
    """Read a file of a kind into Parquet files of a folder; print rows, seconds and peak memory."""
    kind, path, folder = sys.argv[1:]
    started = time.perf_counter()
    rows = (queue_log if kind == "queue_log" else call_table)(path, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": time.perf_counter() - started, "peak_mb": peak}))


def queue_log(path: str, folder: str) -> int:
    """Make contact, contact_segment and agent_state of a queue log."""
    names = ["at", "call", "queue", "agent", "verb", "d1", "d2", "d3", "d4", "d5"]
    lines = pd.read_csv(path, sep="|", header=None, names=names, dtype=str, quoting=3, keep_default_na=False)
    count = len(lines)
    lines["at"] = pd.to_numeric(lines["at"], errors="coerce")
    lines = lines.dropna(subset=["at"]).drop_duplicates()
    lines["line"] = np.arange(len(lines))
    calls = lines[lines.verb.isin(["ENTERQUEUE", "CONNECT", *ENDS, *GONE])].sort_values(["call", "at", "line"])
    calls["stay"] = (calls.verb == "ENTERQUEUE").groupby(calls.call).cumsum()
    key = ["call", "stay"]
    legs = calls[calls.verb == "ENTERQUEUE"][[*key, "queue", "at", "d2"]].rename(
        columns={"at": "entered", "d2": "number"}
    )
    connect = calls[calls.verb == "CONNECT"][[*key, "agent", "at", "d3"]].rename(
        columns={"at": "connected", "d3": "ring"}
    )
    rank = {"ATTENDEDTRANSFER": 0, "BLINDTRANSFER": 1, "COMPLETECALLER": 2, "COMPLETEAGENT": 2}
    ends = calls[calls.verb.isin(ENDS)].assign(rank=lambda rows: rows.verb.map(rank)).sort_values([*key, "rank"])
    ends = ends.drop_duplicates(key)[[*key, "at", "verb", "d1"]].rename(
        columns={"at": "ended", "verb": "end", "d1": "to"}
    )
    gone = (
        calls[calls.verb.isin(GONE)]
        .drop_duplicates(key)[[*key, "at", "verb"]]
        .rename(columns={"at": "left", "verb": "gone"})
    )
    legs = legs.merge(connect, on=key, how="left").merge(ends, on=key, how="left").merge(gone, on=key, how="left")
    legs["next"] = legs.groupby("call").queue.shift(-1)
    legs["left_queue"] = legs.connected.fillna(legs.left)
    legs["wait_s"] = legs.left_queue - legs.entered
    legs["talk_s"] = legs.ended - legs.connected
    legs["exit"] = np.select(
        [
            legs.connected.notna(),
            legs.next.notna(),
            legs.gone == "ABANDON",
            legs.gone == "EXITWITHKEY",
            legs.gone.notna(),
        ],
        ["answered", "flow_out_queue", "abandoned", "flow_out_queue", "system_disconnect"],
        default=None,
    )
    legs["release_party"] = legs.end.map({"COMPLETECALLER": "customer", "COMPLETEAGENT": "agent"}).fillna("unknown")
    legs["transfer_kind"] = legs.end.map({"ATTENDEDTRANSFER": "warm", "BLINDTRANSFER": "cold"}).fillna("none")
    legs["transfer_to"] = legs.next.where(legs.transfer_kind != "none")
    legs["ring_s"] = pd.to_numeric(legs.ring, errors="coerce")
    legs["segment_id"] = "pbx:" + legs.call + "/" + legs.stay.astype(str)
    legs["contact_id"] = "pbx:" + legs.call
    for name in ("entered", "connected", "left_queue", "ended"):
        legs[f"{name}_at"] = pd.to_datetime(legs[name], unit="s", utc=True)
    legs["is_transfer"] = legs.transfer_kind != "none"
    contacts = legs.groupby("contact_id", sort=False).agg(
        arrived_at=("entered_at", "min"),
        ended_at=("ended_at", "max"),
        left_at=("left_queue_at", "max"),
        number=("number", "first"),
        agent_legs=("connected", "count"),
        exit=("exit", "last"),
        transfer_count=("is_transfer", "sum"),
    )
    contacts["outcome"] = np.select(
        [contacts.agent_legs > 0, contacts.exit == "abandoned", contacts.exit == "flow_out_queue"],
        ["handled", "abandoned_queue", "flow_out"],
        default="system_failure",
    )
    contacts["contact_point_hash"] = [
        hashlib.sha256(f"key{number}".encode()).hexdigest()[:32] for number in contacts.number
    ]
    contacts["ended_at"] = contacts.ended_at.fillna(contacts.left_at)
    states = agent_states(lines, legs)
    legs.drop(
        columns=["call", "entered", "connected", "left", "ended", "number", "ring", "to", "is_transfer"]
    ).to_parquet(f"{folder}/contact_segment.parquet")
    contacts.drop(columns=["number", "left_at", "exit"]).to_parquet(f"{folder}/contact.parquet")
    states.to_parquet(f"{folder}/agent_state.parquet")
    return count


def agent_states(lines: pd.DataFrame, legs: pd.DataFrame) -> pd.DataFrame:
    """What agents did from when to when: memberships, pauses, ringing and talk, counted up."""
    moves = lines[lines.verb.isin(["ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE"])].copy()
    moves["member"] = (moves.verb != "REMOVEMEMBER").astype(int)
    moves["ready"] = moves.verb.isin(["ADDMEMBER", "UNPAUSE"]).astype(int)
    moves = moves.sort_values(["agent", "queue", "at", "line"])
    for name in ("member", "ready"):
        moves[f"d_{name}"] = moves[name] - moves.groupby(["agent", "queue"])[name].shift(fill_value=0)
    moves["reason"] = moves.d1.where(moves.verb == "PAUSE")
    answered = legs[legs.connected.notna()]
    begun = answered[["agent", "connected", "contact_id"]].rename(columns={"connected": "at"}).assign(d_call=1)
    ended = answered[["agent", "ended"]].rename(columns={"ended": "at"}).dropna().assign(d_call=-1)
    rung = answered[answered.ring_s > 0]
    rings = rung[["agent"]].assign(at=rung.connected - rung.ring_s, d_ring=1)
    stopped = rung[["agent", "connected"]].rename(columns={"connected": "at"}).assign(d_ring=-1)
    points = pd.concat(
        [moves[["agent", "at", "d_member", "d_ready", "reason"]], begun, ended, rings, stopped], ignore_index=True
    )
    points = points.sort_values(["agent", "at"], kind="stable")
    deltas = ["d_member", "d_ready", "d_call", "d_ring"]
    points[deltas] = points[deltas].fillna(0)
    points[deltas] = points.groupby("agent")[deltas].cumsum()
    points[["reason", "contact_id"]] = points.groupby("agent")[["reason", "contact_id"]].ffill()
    points = points.drop_duplicates(["agent", "at"], keep="last")
    points["state"] = np.select(
        [points.d_call > 0, points.d_ring > 0, points.d_member <= 0, points.d_ready > 0],
        ["contact", "ringing", "offline", "available"],
        default="break",
    )
    points["contact_id"] = points.contact_id.where(points.state == "contact")
    points["reason"] = points.reason.where(points.state == "break")
    face = points[["agent", "state", "contact_id", "reason"]].fillna("")
    points = points[(face != face.shift()).any(axis=1)]
    points["until"] = points.groupby("agent")["at"].shift(-1)
    states = points[(points.state != "offline") & points.until.notna()].copy()
    states["agent_state_id"] = states.agent + "@" + states["at"].astype("int64").astype(str)
    states["started_at"] = pd.to_datetime(states["at"], unit="s", utc=True)
    states["ended_at"] = pd.to_datetime(states.until, unit="s", utc=True)
    return states[["agent_state_id", "agent", "state", "reason", "started_at", "ended_at", "contact_id"]]


def call_table(path: str, folder: str) -> int:
    """Make contact_segment of a CSV of calls, as bench.stage.logs.CALL_MAP says."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    count = len(rows)
    rows = rows[rows.queue != "test"]
    local = pd.to_datetime(rows.queued_at, format="%m/%d/%Y %H:%M:%S", errors="coerce")
    queued = local.dt.tz_localize(
        "America/New_York", ambiguous=np.ones(len(local), dtype=bool), nonexistent="NaT"
    ).dt.tz_convert("UTC")
    wait = pd.to_timedelta(pd.to_numeric(rows.wait, errors="coerce"), unit="s")
    talk = pd.to_numeric(rows.talk.replace("0", np.nan), errors="coerce")
    left = queued + wait
    is_answered = rows.result == "A"
    segments = pd.DataFrame(
        {
            "segment_id": rows.call_id + "/1",
            "contact_id": rows.call_id,
            "seq": 1,
            "queue_id": rows.queue,
            "channel": "voice",
            "agent_id": rows.agent,
            "queued_at": queued,
            "answered_at": left.where(is_answered),
            "left_queue_at": left,
            "wait_s": wait.dt.total_seconds(),
            "exit": rows.result.map({"A": "answered", "H": "abandoned", "T": "system_disconnect"}),
            "talk_s": talk,
            "released_at": (left + pd.to_timedelta(talk, unit="s")).where(is_answered),
        }
    )
    segments[segments.queued_at.notna() & segments.exit.notna()].to_parquet(f"{folder}/contact_segment.parquet")
    return count


if __name__ == "__main__":
    main()
