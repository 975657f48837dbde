"""An honest contact center of twenty weeks, drawn from a seed: people differ, chance plays, nobody games."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from tests.insight.kpis.worlds import utc

__all__ = ["END", "START", "Row", "Tables", "honest"]

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Draw = np.random.Generator

START, WEEKS = utc("2026-01-05"), 20
END = START + timedelta(weeks=WEEKS)
AGENTS, TEAMS, CUSTOMERS, CONTACTS = 30, 5, 2500, 2600
REASONS = np.array([0.3, 0.2, 0.2, 0.12, 0.1, 0.08])
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def honest(seed: int) -> Tables:
    """Draw all tables of one world."""
    draw = np.random.default_rng(seed)
    tables: Tables = {}
    for family in (_people, _contacts, _cases, _surveys, _judgments, _grievances, _learning, _customers, _pulse):
        tables |= family(draw, tables)
    return tables


def _moments(draw: Draw, count: int, *, until: datetime = END) -> list[datetime]:
    """Draw moments in working hours, in rising order."""
    days = draw.integers(0, (until - START).days, count)
    return sorted(
        START + int(day) * DAY + float(hour) * HOUR for day, hour in zip(days, draw.uniform(8, 18, count), strict=True)
    )


def _people(draw: Draw, _tables: Tables) -> Tables:
    agents = [f"a{place}" for place in range(AGENTS)]
    days = [START.date() + timedelta(days=day) for day in range(WEEKS * 7) if day % 7 < 5]
    return {
        "agent": [{"agent_id": name, "hire_date": date(2024, 1, 1), "role": "agent"} for name in agents]
        + [
            {
                "agent_id": f"m{place}",
                "hire_date": date(2024, 1, 1),
                "separation_date": date(2026, 3, 2),
                "separation_kind": "transfer",
            }
            for place in range(8)
        ],
        "agent_team": [
            {
                "agent_id": name,
                "team_id": f"t{place % TEAMS}",
                "supervisor_id": f"s{place % TEAMS}",
                "valid_from": utc("2024-01-01"),
            }
            for place, name in enumerate([*agents, *(f"m{place}" for place in range(8))])
        ],
        "paid_time": [
            {
                "agent_id": name,
                "local_date": day,
                "paid_s": 28_800.0,
                "worked_s": 0.0 if absent else 28_800.0,
                "overtime_s": 0.0,
                "absence_s": 28_800.0 if absent else 0.0,
                "is_absence_planned": bool(draw.random() < 0.6),
                "scheduled_s": 28_800.0,
            }
            for name in agents[::2]
            for day in days
            for absent in [draw.random() < 0.15]
        ],
        "schedule_activity": [
            {
                "agent_id": name,
                "activity": "phone",
                "starts_at": START + week * 7 * DAY + 9 * HOUR,
                "ends_at": START + week * 7 * DAY + 17 * HOUR,
                "schedule_version": 1,
                "published_at": START + (week * 7 - 14) * DAY,
            }
            for name in agents
            for week in range(WEEKS)
        ],
    }


def _contacts(draw: Draw, _tables: Tables) -> Tables:
    skill = draw.normal(0, 1, AGENTS)
    contacts: list[Row] = []
    for at in _moments(draw, CONTACTS, until=END - 10 * DAY):
        customer, reason = int(draw.integers(CUSTOMERS)), int(draw.choice(6, p=REASONS))
        agent = int(draw.integers(AGENTS))
        contacts.append(_contact(draw, at, customer, reason, agent))
        unsolved = draw.random() < 0.16 - 0.05 * np.clip(skill[agent], -2, 2)
        contacts[-1]["_skill"] = float(skill[agent])
        if contacts[-1]["outcome"] == "handled" and (unsolved or draw.random() < 0.02):
            again = reason if unsolved else int(draw.choice(6, p=REASONS))
            later = at + float(draw.uniform(1.2, 5)) * DAY
            other = int(draw.integers(AGENTS))
            contacts.append(_contact(draw, later, customer, again, other, outcome="handled"))
            contacts[-1]["_skill"] = float(skill[other])
            contacts[-2]["_again"] = again == reason
            contacts[-1]["_of"] = contacts[-2]
    contacts.sort(key=lambda row: row["arrived_at"])
    tables: Tables = {
        name: []
        for name in ("contact_segment", "agent_state", "message", "abuse_event", "callback", "callback_attempt")
    }
    for place, row in enumerate(contacts):
        row["contact_id"] = f"c{place}"
    noise = draw.gamma(20, 1 / 20, (4, AGENTS))
    for row in contacts:
        _legs(draw, row, tables, noise)
    handled = [row for row in tables["contact_segment"] if row["exit"] == "answered"]
    handle = float(np.mean([row["talk_s"] + row["hold_s"] + row["wrap_s"] for row in handled]))
    days = [START + day * DAY for day in range(WEEKS * 7)]
    tables |= {
        "contact": contacts,
        "blocked_attempt": [
            {
                "bucket_start": day,
                "bucket_s": 86_400.0,
                "entry_point": "main",
                "cause": cause,
                "count": int(draw.poisson(mean)),
            }
            for day in days
            for cause, mean in (("trunk_busy", 0.2), ("out_of_hours", 2.0))
        ],
        "forecast": [
            {
                "queue_id": f"q{queue}",
                "interval_start": day + 10 * HOUR,
                "interval_s": 1800.0,
                "horizon": "1d",
                "forecast_version": "1",
                "issued_at": day - 15 * HOUR,
                "contacts": float(draw.poisson(4)) + 1,
                "handle_s": handle * float(draw.normal(1, 0.05)),
            }
            for day in days
            for queue in range(3)
        ],
        "option_change": [{"change_id": "o", "at": START + DAY, "metric_id": "asa", "option": "q"}],
        "triage_prediction": [
            {
                "object_id": row["contact_id"],
                "aspect": "class",
                "model_version": "1",
                "at": row["arrived_at"],
                "predicted": row["reason_code"] if draw.random() < 0.9 else f"r{draw.integers(6)}",
                "probability": float(draw.uniform(0.6, 1)),
                "final": row["reason_code"],
                "is_final_verified": drawn,
                "inclusion_prob": 0.2 if drawn else None,
            }
            for row in contacts[::3]
            for drawn in [bool(draw.random() < 0.2)]
        ],
    }
    return tables


def _contact(draw: Draw, at: datetime, customer: int, reason: int, agent: int, outcome: str | None = None) -> Row:
    kind = outcome or ("handled" if draw.random() < 0.96 else "abandoned_queue")
    return {
        "channel": "chat" if draw.random() < 0.12 else "voice",
        "direction": "inbound",
        "customer_id": f"k{customer}" if draw.random() < 0.95 else None,
        "contact_point_hash": f"h{customer}",
        "arrived_at": at,
        "ended_at": at + 600 * SECOND,
        "outcome": kind,
        "reason_code": f"r{reason}" if draw.random() < 0.97 else "other",
        "reason_group": f"g{reason}",
        "disposition": "solved",
        "is_ghost": False,
        "_agent": agent,
        "_reason": reason,
        "_again": False,
    }


def _legs(draw: Draw, row: Row, tables: Tables, noise: Any) -> None:
    """Draw the segments of a contact and what agents and customers did in them."""
    queued = row["arrived_at"] + float(draw.uniform(5, 40)) * SECOND
    queue = f"q{draw.integers(3)}"
    if row["outcome"] != "handled":
        wait = float(draw.exponential(60))
        left = queued + wait * SECOND
        row["ended_at"] = left
        tables["contact_segment"].append(
            {
                "segment_id": f"{row['contact_id']}-1",
                "contact_id": row["contact_id"],
                "seq": 1,
                "queue_id": queue,
                "channel": row["channel"],
                "queued_at": queued,
                "left_queue_at": left,
                "wait_s": wait,
                "exit": "abandoned",
            }
        )
        return
    agent = row["_agent"]
    passes = draw.random() < 0.06 * noise[0, agent]
    for seq in (1, 2) if passes else (1,):
        queued = _leg(
            draw, row, tables, noise, seq=seq, agent=agent, queue=queue, queued=queued, passes=passes and seq == 1
        )
        agent = int(draw.integers(AGENTS))
    row["transfer_count"], row["ended_at"] = int(passes), queued
    if row["channel"] == "chat":
        _chat(draw, row, tables)
    if draw.random() < 0.05:
        _callback(draw, row, tables)


def _leg(
    draw: Draw,
    row: Row,
    tables: Tables,
    noise: Any,
    *,
    seq: int,
    agent: int,
    queue: str,
    queued: datetime,
    passes: bool,
) -> datetime:
    wait = float(draw.exponential(15))
    short = draw.random() < 0.02 * noise[1, agent]
    talk = (
        float(draw.uniform(2, 10)) if short else float(draw.lognormal(np.log(60 if row["_reason"] == 5 else 240), 0.5))
    )
    hold = float(draw.uniform(10, 60)) if draw.random() < 0.1 and talk > 90 else 0.0
    wrap = float(draw.lognormal(np.log(40), 0.4))
    answered = queued + wait * SECOND
    released = answered + (talk + hold) * SECOND
    done = released + wrap * SECOND
    name, ident = f"a{agent}", f"{row['contact_id']}-{seq}"
    tables["contact_segment"].append(
        {
            "segment_id": ident,
            "contact_id": row["contact_id"],
            "seq": seq,
            "queue_id": queue,
            "channel": row["channel"],
            "agent_id": name,
            "queued_at": queued,
            "answered_at": answered,
            "left_queue_at": answered,
            "wait_s": wait,
            "exit": "answered",
            "talk_s": talk,
            "hold_s": hold,
            "wrap_s": wrap,
            "released_at": released,
            "wrap_ended_at": done,
            "release_party": "customer" if draw.random() < 0.98 else "agent",
            "transfer_kind": "warm" if passes else "none",
            "is_escalation": bool(draw.random() < 0.03 * noise[2, agent]),
        }
    )
    spans = [("contact", answered, released), ("wrap", released, done)]
    if hold:
        spans = [
            ("contact", answered, answered + 60 * SECOND),
            ("hold", answered + 60 * SECOND, answered + (60 + hold) * SECOND),
            *spans[1:],
        ]
    aux = draw.random() < 0.15 * noise[3, agent]
    spans.append(("aux_productive" if aux else "available", done, done + float(draw.uniform(120, 900)) * SECOND))
    tables["agent_state"] += [
        {
            "agent_state_id": f"{ident}-{state}-{place}",
            "agent_id": name,
            "state": state,
            "started_at": begins,
            "ended_at": ends,
            "contact_id": row["contact_id"] if state in ("contact", "hold", "wrap") else None,
            "task_id": "t" if state == "aux_productive" and draw.random() < 0.95 else None,
        }
        for place, (state, begins, ends) in enumerate(spans)
    ]
    if draw.random() < 0.03:
        tables["abuse_event"].append(
            {
                "abuse_event_id": ident,
                "contact_id": row["contact_id"],
                "agent_id": name,
                "kind": "insult",
                "at": released,
            }
        )
    return released


def _chat(draw: Draw, row: Row, tables: Tables) -> None:
    turns = [
        ("customer", 0.0),
        ("agent", 60.0),
        *([("customer", 200.0)] if draw.random() < 0.25 else []),
        ("agent", 300.0),
    ]
    tables["message"] += [
        {
            "message_id": f"{row['contact_id']}-{place}",
            "conversation_id": row["contact_id"],
            "contact_id": row["contact_id"],
            "sender": sender,
            "at": row["arrived_at"] + after * SECOND,
            "text_hash": f"x{draw.integers(10**9)}",
        }
        for place, (sender, after) in enumerate(turns)
    ]
    row["ended_at"] = row["arrived_at"] + (300 + float(draw.exponential(150))) * SECOND


def _callback(draw: Draw, row: Row, tables: Tables) -> None:
    at, reached = row["ended_at"], draw.random() < 0.85
    tables["callback"].append(
        {
            "callback_id": row["contact_id"],
            "contact_id": row["contact_id"],
            "promised_at": at,
            "window_start": at,
            "window_end": at + DAY,
            "connected_at": at + 3 * HOUR if reached else None,
        }
    )
    tables["callback_attempt"] += [
        {
            "callback_id": row["contact_id"],
            "attempt_no": turn,
            "at": at + turn * HOUR,
            "ring_s": float(draw.uniform(12, 40)),
            "outcome": "connected" if reached and turn == tries else "no_answer",
        }
        for tries in [int(draw.integers(1, 4))]
        for turn in range(1, tries + 1)
    ]


def _cases(draw: Draw, tables: Tables) -> Tables:
    cases: list[Row] = []
    events: list[Row] = []
    for row in tables["contact"]:
        if "_of" in row and row["_of"]["_again"]:
            row["case_id"] = row["_of"].get("case_id")
            continue
        if row["outcome"] != "handled" or draw.random() > 0.55:
            continue
        ident, at = f"{row['contact_id']}", row["arrived_at"]
        row["case_id"] = ident
        urgent = bool(draw.random() < 0.3)
        limit = 24.0 if urgent else 72.0
        took = limit * float(draw.lognormal(np.log(0.3), 0.7))
        moves: list[tuple[datetime, str, str | None, Row]] = [(at, "open", None, {})]
        if draw.random() < 0.2:
            begins, stands = took * 0.3, took * float(draw.uniform(0.1, 0.3))
            moves += [
                (at + begins * HOUR, "waiting", "open", {}),
                (at + (begins + stands) * HOUR, "open", "waiting", {}),
            ]
        moves.append((at + took * HOUR, "solved", "open", {"is_bulk": False}))
        again = draw.random() < 0.05
        if again:
            moves += [
                (at + (took + 24) * HOUR, "open", "solved", {"is_reopening": True}),
                (at + (took + 30) * HOUR, "solved", "open", {"is_bulk": False}),
            ]
        resolved = moves[-1][0]
        cases.append(
            {
                "case_id": ident,
                "customer_id": row["customer_id"],
                "channel": row["channel"],
                "opened_at": at,
                "first_response_at": at + HOUR,
                "resolved_at": resolved,
                "closed_at": resolved,
                "reopen_count": int(again),
                "priority": "high" if urgent else "normal",
                "reason_group": row["reason_group"],
                "owner_team": f"t{draw.integers(TEAMS)}",
                "sla_policy_id": "urgent" if urgent else "normal",
                "resolution_kind": "info",
                "_limit": limit,
            }
        )
        events += [
            {
                "case_event_id": f"{ident}-{place}",
                "case_id": ident,
                "from_state": was,
                "to_state": now,
                "at": moment,
                **more,
            }
            for place, (moment, now, was, more) in enumerate(moves)
        ]
    policies = [
        {
            "sla_policy_id": policy,
            "version": 1,
            "measure": "resolution",
            "kind": "within",
            "priority": priority,
            "limit_s": limit * 3600.0,
            "clock": "elapsed",
            "pause_states": ["waiting"],
            "effective_at": utc("2025-01-01"),
        }
        for policy, priority, limit in (("urgent", "high", 24.0), ("normal", "normal", 72.0))
    ]
    # Nobody's matter comes twice by chance: who has two cases about the same within a month is another customer the second time.
    last: dict[tuple[str, str], datetime] = {}
    for place, case in enumerate(cases):
        key = (case["customer_id"], case["reason_group"])
        if case["customer_id"] is not None and key in last and case["opened_at"] - last[key] < 30 * DAY:
            case["customer_id"] = f"l{place}"
        last[key] = case["opened_at"]
    return {"case": cases, "case_event": events, "sla_policy": policies}


def _surveys(draw: Draw, tables: Tables) -> Tables:
    invites: list[Row] = []
    answers: list[Row] = []
    for row in tables["contact"]:
        if row["outcome"] != "handled" or row["customer_id"] is None or draw.random() > 0.9:
            continue
        sent = bool(draw.random() < 0.6)
        filled = sent and bool(draw.random() < 0.5)
        at = row["ended_at"] + float(draw.uniform(1, 30)) * HOUR
        ident = f"i{row['contact_id']}"
        invites.append(
            {
                "invite_id": ident,
                "programme": "after",
                "customer_id": row["customer_id"],
                "contact_id": row["contact_id"],
                "agent_id": f"a{row['_agent']}",
                "eligible": True,
                "selected_by": "random",
                "inclusion_prob": 0.6,
                "decided_at": row["ended_at"],
                "sent_at": row["ended_at"] + 60 * SECOND if sent else None,
                "delivered": sent,
                "started_at": at if filled else None,
                "completed_at": at if filled else None,
                "consented_to_contact": True,
            }
        )
        if filled:
            answers += _answers(draw, row, ident, at)
    followed = [
        {"invite_id": row["invite_id"], "at": row["answered_at"] + HOUR, "contact_id": "x", "outcome": "explained"}
        for row in answers
        if row["question_key"] == "csat" and row["value"] <= 2
    ]
    visits = [
        {
            "visit_id": f"y{visit}",
            "visited_at": at,
            "contact_id": tables["contact"][visit * 40]["contact_id"],
            "stage": "during",
            "item": f"item{item}",
            "applicable": True,
            "met": bool(draw.random() < 0.9),
        }
        for visit, at in enumerate(_moments(draw, 50))
        for item in range(6)
    ]
    journeys = [
        {"journey_id": f"j{place}", "kind": "join", "definition_version": "1", "started_at": at}
        for place, at in enumerate(_moments(draw, 100))
    ]
    return {
        "survey_invite": invites,
        "survey_answer": answers,
        "follow_up": followed,
        "mystery_item": visits,
        "journey": journeys,
    }


def _answers(draw: Draw, row: Row, ident: str, at: datetime) -> Iterator[Row]:
    mood = 0.5 * row["_skill"] - (1.2 if row["_again"] else 0.0) + float(draw.normal(0, 0.8))

    def point(center: float, low: int, high: int) -> float:
        return float(np.clip(round(center + float(draw.normal(0, 0.6))), low, high))

    given = {
        "csat": (point(4.0 + mood, 1, 5), 1, 5),
        "agent_csat": (point(4.2 + mood, 1, 5), 1, 5),
        "nps": (float(draw.choice([10, 9])) if mood > 0.4 else point(7 + 1.5 * mood, 0, 10), 0, 10),
        "ces": (point(5.2 + mood, 1, 7), 1, 7),
        "solved": (float(not row["_again"] if draw.random() < 0.95 else row["_again"]), 0, 1),
        **{
            f"{name}_1": (point(4.5 + 0.6 * mood + float(draw.normal(0, 0.7)), 1, 7), 1, 7)
            for name in ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
        },
    }
    for key, (value, low, high) in given.items():
        yield {
            "invite_id": ident,
            "question_key": key,
            "wording_id": "w",
            "scale_min": float(low),
            "scale_max": float(high),
            "value": value,
            "answered_at": at,
        }


def _judgments(draw: Draw, tables: Tables) -> Tables:
    applies = draw.uniform(0.85, 0.97, 10)
    evaluations: list[Row] = []
    items: list[Row] = []
    pool = [row for row in tables["contact"] if row["outcome"] == "handled"]
    for place in draw.permutation(len(pool))[:600].tolist():
        row = pool[place]
        first = int(draw.integers(6))
        calibration = draw.random() < 0.15
        critical = False
        at = row["ended_at"] + float(draw.uniform(1, 9)) * DAY
        for turn in range(2 if calibration else 1):
            ident = f"e{place}-{turn}"
            seen = at + turn * float(draw.uniform(2, 30)) * HOUR
            shown = seen + 12 * HOUR
            sees = bool(draw.random() < 0.06)
            evaluations.append(
                {
                    "evaluation_id": ident,
                    "contact_id": row["contact_id"],
                    "agent_id": f"a{row['_agent']}",
                    "evaluator_id": f"v{(first + turn) % 6}",
                    "form_id": "f",
                    "form_version": "1",
                    "sample_kind": "random",
                    "inclusion_prob": 0.2,
                    "blind": True,
                    "evaluated_at": seen,
                    "published_at": shown,
                    "acknowledged_at": shown + float(draw.uniform(0, 70)) * HOUR,
                    "points": 8.0,
                    "max_points": 10.0,
                    "passed": True,
                    "critical_customer": (critical := sees if turn == 0 else critical),
                    "critical_business": False,
                    "critical_compliance": False,
                }
            )
            items += [
                {
                    "evaluation_id": ident,
                    "item_id": f"n{item}",
                    "applicable": bool(draw.random() < applies[item]),
                    "met": bool(draw.random() < 0.88),
                    "severity": "minor",
                }
                for item in range(10)
            ]
            for line in items[-10:]:
                line["deviation_cause"] = None if line["met"] else "did_not_know"
    disputes = [
        {
            "evaluation_id": row["evaluation_id"],
            "raised_at": row["published_at"] + HOUR,
            "decided_at": row["published_at"] + DAY,
            "changed": bool(draw.random() < 0.2),
        }
        for row in evaluations
        if draw.random() < (0.5 if row["critical_customer"] else 0.1)
    ]
    return {"evaluation": evaluations, "evaluation_item": items, "dispute": disputes}


def _grievances(draw: Draw, tables: Tables) -> Tables:
    complaints: list[Row] = []
    for row in tables["contact"]:
        if row["outcome"] != "handled" or draw.random() > (0.12 if row["_again"] else 0.04):
            continue
        at = row["ended_at"] + float(draw.uniform(1, 48)) * HOUR
        outside = draw.random() < 0.15
        complaints.append(
            {
                "complaint_id": f"m{row['contact_id']}",
                "customer_id": f"p{row['contact_id']}",
                "origin_contact_id": row["contact_id"],
                "case_id": (draw.random() < 0.3 and row.get("case_id")) or f"z{row['contact_id']}",
                "received_at": at,
                "channel": "email",
                "reason_group": row["reason_group"],
                "category": "billing",
                "product": "fiber",
                "acknowledged_at": at + HOUR,
                "is_personal_ack": True,
                "resolved_at": at + 5 * DAY,
                "upheld": "upheld" if outside or draw.random() < 0.5 else "not_upheld",
                "external_body": "regulator" if outside else None,
                "liability": str(draw.choice(["agent", "process", "product", "system"], p=[0.2, 0.4, 0.25, 0.15])),
                "root_cause_id": f"u{draw.integers(9)}",
            }
        )
    gone = [
        {
            "case_id": row["case_id"],
            "opened_at": row["received_at"],
            "reopen_count": 0,
            "resolved_at": row["received_at"] + DAY,
            "resolution_kind": "withdrawn",
        }
        for row in complaints
        if row["case_id"].startswith("z")
    ]
    tables["case"] += gone
    moments = _moments(draw, 60)
    problems = [
        {
            "problem_id": f"b{place}",
            "opened_at": at,
            "root_cause_id": f"u{place}",
            "closed_at": at + 10 * DAY,
            "closed_as": "permanent_fix" if place % 2 else "workaround",
        }
        for place, at in enumerate(moments)
    ]
    actions = [
        {
            "action_id": f"x{place}",
            "problem_id": f"b{place}",
            "kind": "permanent_fix",
            "due_at_first": at,
            "due_at": at,
            "verdict": "effective",
            "trigger_from": at - 20 * DAY,
            "trigger_until": at - 10 * DAY,
            "pre_from": at - 90 * DAY,
            "pre_until": at - 20 * DAY,
        }
        for place, at in enumerate(moments)
    ]
    notices = [
        {
            "campaign_id": f"n{issue}",
            "customer_id": f"k{customer}",
            "assigned_at": START + 30 * DAY,
            "arm": "notify" if draw.random() < 0.5 else "holdout",
            "issue_reason_group": f"g{issue}",
        }
        for issue in (4, 5)
        for customer in range(int(CUSTOMERS * 0.9))
    ]
    return {
        "complaint": complaints,
        "problem": problems,
        "recurrence": [{"recurrence_id": "r", "problem_id": "b1", "at": END, "is_confirmed": True}],
        "corrective_action": actions,
        "notice_recipient": notices,
    }


def _learning(draw: Draw, tables: Tables) -> Tables:
    legs = [row for row in tables["contact_segment"] if row["exit"] == "answered"]
    searches: list[Row] = []
    for place in draw.permutation(len(legs))[:400].tolist():
        leg = legs[place]
        linked = draw.random() < 0.5
        inside = draw.random() < 0.85
        at = leg["answered_at"] + 1 * SECOND if inside else leg["released_at"] + 300 * SECOND
        opened = linked or draw.random() < 0.6
        searches.append(
            {
                "session_id": f"d{place}",
                "user_kind": "agent" if place % 4 else "customer",
                "agent_id": leg["agent_id"] if place % 4 else None,
                "at": at,
                "query_hash": "h",
                "results_n": int(draw.integers(1, 9)) if draw.random() < 0.9 else 0,
                "opened_article_id": "a" if opened else None,
                "opened_at": at if opened else None,
                "dwell_s": float(draw.lognormal(np.log(60), 0.6)) if opened else None,
                "reformulation_no": 0,
                "linked_article_id": "a" if linked else None,
            }
        )
    people = [f"a{place}" for place in range(AGENTS)]
    acks, quizzes, courses = [], [], []
    for procedure in range(6):
        due = START + (procedure * 15 + 10) * DAY
        for place, agent in enumerate(people):
            read = due - float(draw.uniform(1, 200)) * HOUR
            acks.append(
                {
                    "agent_id": agent,
                    "procedure_id": f"o{procedure}",
                    "version": 1,
                    "required_by": due,
                    "acked_at": read,
                    "read_s": float(draw.uniform(30, 300)),
                }
            )
            for again in (False, True):
                begins = due + (30 if again else 0) * DAY + float(draw.uniform(0, 400)) * HOUR / 10
                quizzes.append(
                    {
                        "agent_id": agent,
                        "procedure_id": f"o{procedure}",
                        "version": 1,
                        "attempt_no": 2 if again else 1,
                        "score": float(draw.uniform(0.5, 1)),
                        "passed": bool(draw.random() < 0.88),
                        "started_at": begins,
                        "ended_at": begins + float(draw.uniform(90, 600)) * SECOND,
                        "is_retention": again,
                    }
                )
            if procedure == 0:
                courses.append(
                    {
                        "agent_id": agent,
                        "course_id": "c",
                        "assigned_at": START + place * HOUR,
                        "completed_at": due - DAY,
                        "delivered_s": 7200.0,
                    }
                )
                courses.append(
                    {
                        "agent_id": agent,
                        "course_id": "d",
                        "assigned_at": START + place * HOUR,
                        "completed_at": due - DAY,
                        "delivered_s": 3600.0,
                    }
                )
    return {
        "knowledge_search": searches,
        "article": [
            {
                "article_id": f"w{place}",
                "version": 2,
                "state": "published",
                "audience": "all",
                "published_at": START + place * DAY,
                "changed_characters": int(draw.integers(30, 900)),
            }
            for place in range(60)
        ],
        "article_link": [
            {
                "case_id": row["case_id"],
                "article_id": "w1",
                "kind": "reused",
                "linked_at": row["opened_at"],
                "correct": bool(draw.random() < 0.92),
            }
            for row in tables["case"][:150]
        ],
        "article_vote": [
            {
                "vote_id": f"v{place}",
                "article_id": "w1",
                "user_kind": "customer",
                "at": at,
                "is_helpful": True,
                "is_author": False,
            }
            for place, at in enumerate(_moments(draw, 80))
        ],
        "procedure_ack": acks,
        "quiz_attempt": quizzes,
        "training_record": courses,
        "procedure_use": [
            {"use_id": f"u{place}", "procedure_id": "o1", "version": 1, "at": at}
            for place, at in enumerate(_moments(draw, 600))
        ],
        "procedure_issue": [
            {"issue_id": f"q{place}", "procedure_id": "o1", "raised_at": at}
            for place, at in enumerate(_moments(draw, 6))
        ],
        "suggestion": [
            {
                "suggestion_id": f"g{place}",
                "raised_at": START + place * HOUR,
                "answered_at": START + (place + 24) * HOUR,
                "outcome": "adopted",
                "implemented_at": START + 40 * DAY if draw.random() < 0.9 else None,
            }
            for place in range(40)
        ],
    }


def _customers(draw: Draw, tables: Tables) -> Tables:
    first = date(2023, 1, 1)
    contracts: list[Row] = []
    for place in range(500):
        starts = first + timedelta(days=int(draw.integers(0, 900)))
        ends = START.date() + timedelta(days=int(draw.integers(0, 120))) if draw.random() < 0.4 else None
        contracts.append(
            {
                "subscription_id": f"s{place}",
                "customer_id": f"k{place}",
                "start_date": starts,
                "end_date": ends,
                "monthly_amount": "30",
                "monthly_amount_currency": "EUR",
                "is_voluntary": True,
                "cancel_requested_at": datetime(ends.year, ends.month, ends.day, tzinfo=START.tzinfo)
                - int(draw.integers(1, 40)) * DAY
                if ends
                else None,
            }
        )
    return {
        "customer": [
            {"customer_id": f"k{place}", "since": utc("2020-01-01") + int(draw.integers(0, 2000)) * DAY}
            for place in range(CUSTOMERS)
        ],
        "subscription": contracts,
        "purchase": [
            {
                "purchase_id": f"b{place}",
                "customer_id": f"k{draw.integers(300)}",
                "at": at,
                "amount": "10",
                "amount_currency": "EUR",
            }
            for place, at in enumerate(_moments(draw, 300))
        ],
        "customer_link": [
            {
                "contact_point_hash": f"h{place}",
                "customer_id": f"k{place}",
                "confidence": 1.0,
                "valid_from": START + place * HOUR,
            }
            for place in range(200)
        ],
        "self_service_session": [
            {
                "session_id": f"s{place}",
                "customer_id": f"k{draw.integers(CUSTOMERS)}",
                "channel": "bot",
                "intent": f"g{draw.integers(6)}",
                "started_at": at,
                "ended_at": at + 300 * SECOND,
                "task_done": done,
                "entered_contact_flow": bool(draw.random() < 0.2),
                "escalated_contact_id": None if done or draw.random() < 0.3 else "c1",
                "is_automated_dialog": True,
            }
            for place, at in enumerate(_moments(draw, 300))
            for done in [bool(draw.random() < 0.7)]
        ],
    }


def _pulse(draw: Draw, _tables: Tables) -> Tables:
    waves, answers = [], []
    for wave in range(3):
        for team in range(TEAMS):
            waves.append(
                {
                    "wave": f"w{wave}",
                    "team_id": f"t{team}",
                    "opened_at": START + (wave * 40) * DAY,
                    "closed_at": START + (wave * 40 + 7) * DAY,
                    "invited_count": 14,
                }
            )
            for person in range(int(draw.binomial(13, 0.8))):
                mood = float(draw.normal(3.4, 0.6))
                answers += [
                    {
                        "wave": f"w{wave}",
                        "team_id": f"t{team}",
                        "question_key": key,
                        "value": float(np.clip(round(mood + float(draw.normal(0, 0.8))), 1, 5)),
                        "scale_min": 1.0,
                        "scale_max": 5.0,
                        "respondent_token": f"{wave}-{team}-{person}",
                    }
                    for key in ("esat", "qa_standard", "exhaustion", "q4", "q5", "q6")
                ]
    return {"pulse_wave": waves, "pulse_answer": answers}


Family = Callable[[Draw, Tables], Tables]
