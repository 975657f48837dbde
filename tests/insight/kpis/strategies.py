"""Random worlds: few things, many oddities. Nulls, open contacts, transfers, tests and ghosts, days of 23 and 25 hours."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.worlds import World, utc

__all__ = ["worlds"]

# Days on which clocks change in one of the zones, the day before, and an ordinary one.
DAYS = tuple(utc(day) for day in ("2026-03-28", "2026-03-29", "2026-03-30", "2026-04-05", "2026-10-25", "2026-07-01"))
ZONES = ("UTC", "Asia/Seoul", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns")
SECONDS = st.sampled_from((0.0, 0.5, 1.0, 4.0, 5.0, 9.5, 20.0, 20.5, 60.0, 600.0, 7200.0))
QUEUES = st.sampled_from(("q1", "q2", None))
AGENTS = st.sampled_from(("a1", "a2", "a3"))
CUSTOMERS = st.sampled_from(("k1", "k2", "k3", None))
REASONS = st.sampled_from(("billing", "delivery", "other", None))
STATES = (
    "available",
    "ringing",
    "contact",
    "contact",
    "wrap",
    "aux_productive",
    "training",
    "break",
    "offline",
    "system_issue",
)
LEAVINGS: tuple[dict[str, Any], ...] = (
    {"separation_date": None, "separation_kind": None},
    {"separation_date": DAYS[0].date(), "separation_kind": "voluntary"},
    {"separation_date": DAYS[1].date(), "separation_kind": "transfer"},
    {"separation_date": DAYS[1].date(), "separation_kind": None},
)
RARELY = st.sampled_from((False, False, False, False, True))


def moments() -> st.SearchStrategy[datetime]:
    """Moments within three days, often on the half hour or the hour."""
    return st.builds(
        lambda day, minutes, more: day + timedelta(minutes=minutes, seconds=more),
        st.sampled_from(DAYS[:3]),
        st.one_of(st.integers(0, 47).map(lambda slot: slot * 30), st.integers(0, 1439)),
        st.sampled_from((0, 0, 1, 59, 1799)),
    )


@st.composite
def _segment(draw: st.DrawFn, contact: dict[str, Any], seq: int, at: datetime) -> dict[str, Any]:
    exit_ = draw(
        st.sampled_from(
            ("answered", "answered", "answered", "abandoned", "abandoned", "flow_out_queue", "system_disconnect", None)
        )
    )
    wait = draw(SECONDS)
    row: dict[str, Any] = {
        "segment_id": f"{contact['contact_id']}s{seq}",
        "contact_id": contact["contact_id"],
        "seq": seq,
        "queue_id": draw(QUEUES),
        "channel": contact["channel"],
        "queued_at": at,
        "exit": exit_,
    }
    if exit_ is None:
        return row
    row["left_queue_at"], row["wait_s"] = at + timedelta(seconds=wait), wait
    if exit_ == "answered":
        talk, hold, wrap = (
            draw(SECONDS),
            draw(st.sampled_from((0.0, 0.0, 30.0))),
            draw(st.sampled_from((0.0, 15.0, None))),
        )
        released = row["left_queue_at"] + timedelta(seconds=talk + hold)
        row |= {
            "agent_id": draw(AGENTS),
            "answered_at": row["left_queue_at"],
            "talk_s": talk,
            "hold_s": hold,
            "hold_count": int(hold > 0),
            "wrap_s": wrap,
            "released_at": released,
            "wrap_ended_at": None if wrap is None else released + timedelta(seconds=wrap),
            "release_party": draw(st.sampled_from(("customer", "agent", None))),
            "transfer_kind": draw(st.sampled_from(("none", "warm", "cold", None))),
            "is_routed_by_design": draw(st.sampled_from((True, False, None))),
            "is_escalation": draw(st.sampled_from((True, False, None))),
            "concurrent_share_s": draw(st.sampled_from((None, talk / 2))),
        }
    return row


@st.composite
def _contact(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    at = draw(moments())
    contact: dict[str, Any] = {
        "contact_id": f"c{number}",
        "channel": draw(st.sampled_from(("voice", "voice", "chat", "email"))),
        "direction": draw(st.sampled_from(("inbound", "inbound", "inbound", "outbound"))),
        "customer_id": draw(CUSTOMERS),
        "arrived_at": at,
        "reason_code": draw(REASONS),
        "entry_point": draw(st.sampled_from(("e1", None))),
        "disposition": draw(st.sampled_from(("solved", "escalated", "wrong_number", None))),
        "case_id": draw(st.sampled_from(("k-1", "k-2", None))),
        "is_test": draw(RARELY),
        "is_ghost": draw(RARELY),
    }
    contact["reason_group"] = contact["reason_code"]
    if contact["direction"] == "outbound":
        contact["parent_contact_id"] = draw(st.sampled_from(("c0", "c1", None)))
    segments: list[dict[str, Any]] = []
    entered = at + timedelta(seconds=draw(st.sampled_from((0, 3, 40))))
    for seq in range(1, draw(st.sampled_from((0, 1, 1, 1, 2, 3))) + 1):
        segments.append(draw(_segment(contact, seq, entered)))
        entered = (
            segments[-1].get("released_at") or segments[-1].get("left_queue_at") or entered + timedelta(seconds=60)
        )
    answered = [segment for segment in segments if segment["exit"] == "answered"]
    contact["transfer_count"] = sum(s.get("transfer_kind") in ("warm", "cold") for s in answered)
    contact["agent_legs"] = len(answered)
    if answered:
        contact["outcome"] = "handled"
    elif segments:
        contact["outcome"] = draw(st.sampled_from(("abandoned_queue", "flow_out", "open")))
    else:
        contact["outcome"] = draw(
            st.sampled_from(("contained", "abandoned_ivr", "blocked", "out_of_hours", "handled", "open"))
        )
    contact["ended_at"] = None if contact["outcome"] == "open" else entered
    return contact, segments


@st.composite
def _case(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    opened = draw(moments())
    first, resolved = (
        None if hours is None else opened + timedelta(hours=hours)
        for hours in (draw(st.sampled_from((None, 0.1, 2, 30))), draw(st.sampled_from((None, 1, 26, 200, 900))))
    )
    case: dict[str, Any] = {
        "case_id": f"k-{number}",
        "customer_id": draw(CUSTOMERS),
        "channel": draw(st.sampled_from(("email", "voice"))),
        "opened_at": opened,
        "first_response_at": first,
        "resolved_at": resolved,
        "reopen_count": 0,
        "priority": draw(st.sampled_from(("high", None))),
        "reason_code": draw(REASONS),
        "sla_policy_id": draw(st.sampled_from(("gold", "plain", None))),
        "is_spam": draw(RARELY),
    }
    case["reason_group"] = case["reason_code"]
    events: list[dict[str, Any]] = []
    state, at = "new", opened
    for place in range(draw(st.integers(1, 5))):
        following = draw(st.sampled_from(("open", "waiting", "solved", "closed")))
        tells = bool(place) and draw(st.sampled_from((True, True, False)))
        events.append(
            {
                "case_event_id": f"{case['case_id']}e{place}",
                "case_id": case["case_id"],
                "from_state": state if tells else None,
                "to_state": following if place else "new",
                "at": at,
                "is_reopening": tells and state in ("solved", "closed") and following in ("open", "waiting"),
                "is_rework": draw(st.sampled_from((True, False, None, None))),
                "is_escalation": draw(st.sampled_from((True, False, None, None))),
            }
        )
        state, at = events[-1]["to_state"], at + timedelta(hours=draw(st.sampled_from((0, 1, 30, 400))))
    return case, events


@st.composite
def _callback(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    promised = draw(moments())
    callback = {
        "callback_id": f"b{number}",
        "contact_id": draw(st.sampled_from(("c0", "c1"))),
        "queue_id": draw(QUEUES),
        "promised_at": promised,
        "window_start": promised + timedelta(hours=1),
        "window_end": promised + timedelta(hours=draw(st.sampled_from((3, 6, 3000)))),
        "connected_at": draw(st.sampled_from((None, promised, promised + timedelta(hours=2)))),
    }
    attempts = [
        {
            "callback_id": f"b{number}",
            "attempt_no": place,
            "at": promised + timedelta(minutes=draw(st.sampled_from((60, 70, 130, 190, 500)))),
            "outcome": "no_answer",
        }
        for place in range(1, draw(st.integers(0, 4)) + 1)
    ]
    return callback, attempts


@st.composite
def _agent_day(draw: st.DrawFn, agent: str) -> list[dict[str, Any]]:
    """States of an agent one after the other, with contacts that overlap others."""
    at = draw(moments())
    rows: list[dict[str, Any]] = []
    for place in range(draw(st.integers(1, 6))):
        state = draw(st.sampled_from(STATES))
        end = at + timedelta(seconds=draw(st.sampled_from((60, 900, 1800, 5400, 30_000))))
        rows.append(_state(agent, len(rows), state, at, end, f"c{place % 3}" if state == "contact" else None))
        if state == "contact" and draw(st.booleans()):
            late = draw(st.sampled_from((timedelta(seconds=30), timedelta(minutes=10))))
            rows.append(_state(agent, len(rows), state, at + late, end + late, f"c{place % 3 + 3}"))
            end = end + late
        at = end
    if draw(RARELY):
        rows.append(_state(agent, len(rows), "available", at, None, None))
    return rows


def _state(
    agent: str, number: int, state: str, start: datetime, end: datetime | None, contact: str | None
) -> dict[str, Any]:
    return {
        "agent_state_id": f"{agent}-{number}",
        "agent_id": agent,
        "state": state,
        "started_at": start,
        "ended_at": end,
        "contact_id": "c1" if state == "aux_productive" and number % 2 else contact,
        "task_id": "t1" if number % 2 else None,
    }


@st.composite
def _schedule(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for version in range(1, draw(st.integers(0, 3)) + 1):
        start = draw(moments())
        rows.append(
            {
                "agent_id": draw(AGENTS),
                "activity": draw(st.sampled_from(("phone", "lunch"))),
                "starts_at": start,
                "ends_at": start + timedelta(minutes=draw(st.sampled_from((1, 90, 480)))),
                "schedule_version": version,
                "published_at": start + timedelta(hours=draw(st.sampled_from((-24, 0, 1)))),
            }
        )
    return rows


@st.composite
def people(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Agents, what they did, what they were to do, what they are paid for, what it costs."""
    days = [DAYS[0].date(), DAYS[1].date()]
    return {
        "agent_state": [row for agent in ("a1", "a2") for row in draw(_agent_day(agent))],
        "schedule_activity": draw(_schedule()),
        "activity_state_map": [
            {
                "activity": "phone",
                "allowed_states": ["available", "ringing", "contact", "hold", "wrap"],
                "is_work": True,
            },
            {"activity": "lunch", "allowed_states": ["break"], "is_work": False},
        ],
        "paid_time": [
            {
                "agent_id": agent,
                "local_date": day,
                "paid_s": 28_800.0,
                "worked_s": 25_200.0,
                "overtime_s": 0.0,
                "absence_s": draw(st.sampled_from((0.0, 3_600.0))),
                "is_absence_planned": draw(st.sampled_from((True, False, None))),
                "scheduled_s": 28_800.0,
            }
            for agent in ("a1", "a2")
            for day in days
        ],
        "cost_entry": [
            {
                "cost_entry_id": f"e{number}",
                "period_start": days[0],
                "period_end": days[0] + timedelta(days=draw(st.sampled_from((1, 3)))),
                "cost_centre": "service",
                "kind": "wages",
                "amount": Decimal(draw(st.integers(0, 500))),
                "amount_currency": draw(st.sampled_from(("KRW", "VND"))),
            }
            for number in range(draw(st.integers(0, 2)))
        ],
        "forecast": [
            {
                "queue_id": queue,
                "interval_start": DAYS[1] + timedelta(minutes=30 * slot),
                "interval_s": 1800.0,
                "horizon": "1d",
                "forecast_version": str(version),
                "issued_at": DAYS[1] + timedelta(hours=hours),
                "contacts": float(draw(st.integers(0, 3))),
                "handle_s": draw(st.sampled_from((None, 300.0))),
                "required_agents": float(draw(st.integers(0, 2))),
            }
            for queue in ("q1", "q2")
            for slot in range(draw(st.integers(0, 3)))
            for version, hours in enumerate((-24, -12, 2))
        ],
        "agent": [
            {
                "agent_id": f"a{number}",
                "hire_date": draw(st.sampled_from((days[0] - timedelta(days=40), days[0], days[1]))),
                **draw(st.sampled_from(LEAVINGS)),
            }
            for number in range(draw(st.integers(0, 4)))
        ],
    }


def _policies() -> list[dict[str, Any]]:
    plain = {
        "version": 1,
        "kind": "within",
        "clock": "elapsed",
        "pause_states": ["waiting"],
        "effective_at": utc("2026-01-01"),
    }
    return [
        {**plain, "sla_policy_id": "gold", "measure": "resolution", "limit_s": 7200.0},
        {
            **plain,
            "sla_policy_id": "gold",
            "measure": "resolution",
            "limit_s": 1800.0,
            "version": 2,
            "priority": "high",
        },
        {**plain, "sla_policy_id": "gold", "measure": "first_response", "limit_s": 3600.0, "pause_states": []},
        {
            **plain,
            "sla_policy_id": "plain",
            "measure": "resolution",
            "limit_s": 93_600.0,
            "kind": "share",
            "share": 0.5,
        },
        {**plain, "sla_policy_id": "plain", "measure": "first_response", "limit_s": 7200.0, "clock": "business"},
    ]


def _calendar() -> list[dict[str, Any]]:
    days = [(DAYS[0] + timedelta(days=number)).date() for number in range(4)]
    return [
        {
            "calendar_id": "main",
            "version": 1,
            "zone": "UTC",
            "local_date": day,
            "day_kind": "work",
            "opens_s": opens,
            "closes_s": closes,
        }
        for day in days
        for opens, closes in ((32_400.0, 43_200.0), (46_800.0, 64_800.0))
    ]


@st.composite
def _commitments(draw: st.DrawFn, case: dict[str, Any]) -> list[dict[str, Any]]:
    """What the clocks of a case say; of some cases nothing, which are worked out."""
    rows: list[dict[str, Any]] = []
    for number in range(draw(st.sampled_from((0, 0, 1, 3)))):
        outcome = draw(st.sampled_from(("running", "kept", "missed", "called_off")))
        started = case["opened_at"] + timedelta(hours=draw(st.sampled_from((0, 1, 20))))
        ended = None if outcome == "running" else started + timedelta(hours=draw(st.sampled_from((0, 2, 50))))
        kind = draw(st.sampled_from(("within", "share", "max")))
        rows.append(
            {
                "commitment_id": f"{case['case_id']}p{number}",
                "case_id": case["case_id"],
                "measure": draw(st.sampled_from(("first_response", "next_response", "resolution", "wait"))),
                "policy_id": "clocked",
                "sla_policy_id": draw(st.sampled_from(("clocked", "clocked:4"))),
                "version": draw(st.sampled_from((1, 2))),
                "kind": kind,
                "share": draw(st.sampled_from((0.5, 0.9))) if kind == "share" else None,
                "priority": draw(st.sampled_from(("2", "4"))),
                "limit_s": 7200.0,
                "started_at": started,
                "due_at": draw(st.sampled_from((None, started + timedelta(hours=2), utc("2026-07-01")))),
                "missed_at": draw(st.sampled_from((None, started + timedelta(hours=2)))),
                "ended_at": ended,
                "outcome": outcome,
                "spent_s": None if ended is None else draw(st.sampled_from((60.0, 7000.0, 9000.0))),
                "paused_s": None if ended is None else draw(st.sampled_from((0.0, 3600.0))),
            }
        )
    return rows


@st.composite
def _to_callers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What the clocks of callers say, who stand in a queue and have no case."""
    rows = draw(_commitments({"case_id": "caller", "opened_at": utc("2026-03-29T01:00")}))
    return [
        row
        | {
            "case_id": None,
            "contact_id": f"call{number}",
            "channel": "voice",
            "queue_id": draw(st.sampled_from(("q1", "q2"))),
            "measure": "wait",
            "priority": None,
        }
        for number, row in enumerate(rows)
    ]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world with up to a dozen contacts and all that hangs on them."""
    built = [draw(_contact(number)) for number in range(draw(st.integers(0, 12)))]
    tables: dict[str, list[dict[str, Any]]] = {
        "contact": [contact for contact, _segments in built],
        "contact_segment": [segment for _contact, segments in built for segment in segments],
        "agent_team": [
            {"agent_id": "a1", "team_id": "red", "valid_from": utc("2026-01-01"), "valid_to": utc("2026-03-29T12:00")},
            {"agent_id": "a1", "team_id": "blue", "valid_from": utc("2026-03-29T12:00"), "valid_to": None},
            {"agent_id": "a2", "team_id": "red", "valid_from": utc("2026-01-01"), "valid_to": None},
        ],
    }
    cases = [draw(_case(number)) for number in range(draw(st.integers(0, 5)))]
    invites = [
        {
            "invite_id": f"i{n}",
            "programme": "after_call",
            "customer_id": "k1",
            "contact_id": draw(st.sampled_from(("c0", None))),
            "eligible": draw(st.sampled_from((True, True, False))),
            "selected_by": "random",
            "inclusion_prob": draw(st.sampled_from((None, 0.05, 0.5, 1.0))),
            "decided_at": DAYS[0],
            "sent_at": draw(st.sampled_from((DAYS[0], None))),
        }
        for n in range(draw(st.integers(0, 3)))
    ]
    callbacks = [draw(_callback(number)) for number in range(draw(st.integers(0, 3)))]
    tables |= {
        "case": [case for case, _events in cases],
        "case_event": [event for _case_row, events in cases for event in events],
        "callback": [callback for callback, _attempts in callbacks],
        "callback_attempt": [attempt for _row, attempts in callbacks for attempt in attempts],
        "blocked_attempt": [
            {
                "bucket_start": day,
                "bucket_s": 1800.0,
                "entry_point": "e1",
                "cause": cause,
                "count": draw(st.integers(0, 3)),
            }
            for day in DAYS[:2]
            for cause in ("queue_full", "out_of_hours")
        ],
        "complaint": [
            {
                "complaint_id": f"p{n}",
                "case_id": draw(st.sampled_from(("k-1", None))),
                "received_at": draw(moments()),
                "channel": "email",
            }
            for n in range(draw(st.integers(0, 2)))
        ],
        "survey_invite": invites,
        "survey_answer": [
            {
                "invite_id": invite["invite_id"],
                "question_key": question,
                "wording_id": "w",
                "scale_min": 0.0,
                "scale_max": 1.0,
                "value": draw(st.sampled_from((0.0, 1.0))),
                "answered_at": draw(moments()),
            }
            for invite in invites
            for question in draw(st.sampled_from((("solved",), ("solved", "first_time"), ())))
        ],
        "triage_prediction": [
            {
                "object_id": draw(st.sampled_from((f"c{n}", f"c{n}", f"o{n}"))),
                "aspect": draw(st.sampled_from(("class", "queue"))),
                "model_version": "1",
                "at": draw(moments()),
                "predicted": draw(st.sampled_from(("delivery", "other"))),
                "probability": draw(st.sampled_from((0.5, 0.95, 1.0))),
                "final": draw(st.sampled_from(("delivery", "other", "billing", None))),
                "is_final_verified": draw(st.booleans()),
                "inclusion_prob": draw(st.sampled_from((None, 0.5, 0.25))),
            }
            for n in range(draw(st.integers(0, 4)))
        ],
        "target": [
            {
                "target_id": f"g{n}",
                "metric_id": draw(st.sampled_from(("abandonment_rate", "answer_rate"))),
                "metric_version": draw(st.sampled_from((1, 1, 2))),
                "metric_options": "",
                "scope": draw(
                    st.sampled_from((None, None, '{"field": "queue", "operator": "any_of", "value": ["q1"]}'))
                ),
                "direction": "lower",
                "baseline": draw(st.sampled_from((0.9, 0.5))),
                "goal": draw(st.sampled_from((0.5, 0.1))),
                "starts_at": DAYS[0],
                "due_at": draw(st.sampled_from((DAYS[1], DAYS[2], utc("2026-07-01")))),
                "owner": draw(st.sampled_from(("mina", "mina", ""))),
                "why_attainable": "others do",
                "relevance": "people wait",
            }
            for n in range(draw(st.integers(0, 3)))
        ],
        "sla_policy": _policies(),
        "calendar": _calendar(),
    }
    if draw(st.booleans()):
        told = [row for case, _events in cases for row in draw(_commitments(case))] + draw(_to_callers())
        # One version of a promise says one thing.
        said = {(row["sla_policy_id"], row["version"]): (row["kind"], row["share"]) for row in told}
        tables["commitment"] = [
            row | dict(zip(("kind", "share"), said[row["sla_policy_id"], row["version"]], strict=True)) for row in told
        ]
    tables |= draw(people())
    since = draw(st.sampled_from((None, utc("2026-03-28T12:00"), utc("2026-03-29T00:10:01"))))
    until = draw(st.sampled_from((None, utc("2026-03-30"), utc("2026-03-29T23:59:59.5"))))
    return World(tables=tables, zone=draw(st.sampled_from(ZONES)), since=since, until=until)
