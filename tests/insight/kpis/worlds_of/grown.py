"""Worlds of weeks and teams: too many rows to draw one by one, so a seed draws them."""

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.worlds import World, utc

__all__ = ["grown", "grown_of"]

BEGIN = utc("2026-01-05")
WEEKS = 8


def grown() -> st.SearchStrategy[World]:
    """Eight weeks of seven agents in six teams, some of them new, with contacts, evaluations and paid days."""
    return st.integers(0, 10**6).map(grown_of)


def grown_of(seed: int) -> World:
    draw = Random(seed)
    agents = [f"a{place}" for place in range(7)]
    hired = {agent: date(2025, 6, 1) if place < 4 else date(2026, 1, 5 + place) for place, agent in enumerate(agents)}
    skill = {agent: draw.random() for agent in agents}
    tables: dict[str, list[dict[str, Any]]] = {
        "agent": [{"agent_id": agent, "hire_date": day} for agent, day in hired.items()],
        "agent_team": [
            {"agent_id": agent, "team_id": f"t{min(place, 5)}", "valid_from": utc("2025-01-01")}
            for place, agent in enumerate(agents)
        ],
        "contact": [],
        "contact_segment": [],
        "evaluation": [],
        "paid_time": [],
    }
    for week in range(WEEKS):
        for agent in agents:
            monday = BEGIN + timedelta(weeks=week)
            if (monday + timedelta(days=6)).date() < hired[agent] or draw.random() < 0.1:
                continue
            tables["paid_time"].append(
                {
                    "agent_id": agent,
                    "local_date": monday.date() + timedelta(days=2),
                    "paid_s": draw.choice((3_600.0, 7_200.0)),
                    "worked_s": 0.0,
                    "overtime_s": 0.0,
                    "absence_s": 0.0,
                }
            )
            for _contact in range(draw.randrange(4)):
                _add_contact(draw, tables, agent, monday + timedelta(hours=draw.randrange(24, 160)))
            for _evaluation in range(draw.randrange(3)):
                _add_evaluation(draw, tables, agent, monday + timedelta(hours=draw.randrange(24, 160)), skill[agent])
    return World(
        tables=tables,
        zone=draw.choice(("UTC", "Asia/Seoul", "America/St_Johns")),
        watermark=BEGIN + timedelta(weeks=WEEKS + 1),
    )


def _add_contact(draw: Random, tables: dict[str, list[dict[str, Any]]], agent: str, at: Any) -> None:
    name = f"c{len(tables['contact'])}"
    end = at + timedelta(minutes=5)
    tables["contact"].append(
        {
            "contact_id": name,
            "channel": "voice",
            "direction": "inbound",
            "customer_id": f"k{draw.randrange(12)}",
            "reason_code": "billing",
            "reason_group": "billing",
            "disposition": None,
            "case_id": None,
            "arrived_at": at,
            "ended_at": end,
            "outcome": "handled",
            "transfer_count": 0,
        }
    )
    tables["contact_segment"].append(
        {
            "segment_id": f"s{name}",
            "contact_id": name,
            "seq": 1,
            "queue_id": "q1",
            "channel": "voice",
            "agent_id": agent,
            "queued_at": at,
            "answered_at": at,
            "left_queue_at": at,
            "wait_s": 0.0,
            "exit": "answered",
            "released_at": end,
        }
    )


def _add_evaluation(draw: Random, tables: dict[str, list[dict[str, Any]]], agent: str, at: Any, skill: float) -> None:
    number = len(tables["evaluation"])
    tables["evaluation"].append(
        {
            "evaluation_id": f"e{number}",
            "contact_id": f"x{number}",
            "agent_id": agent,
            "evaluator_id": "v1",
            "form_id": "f",
            "form_version": "1",
            "sample_kind": draw.choice(("random", "risk", "requested")),
            "inclusion_prob": 0.5,
            "evaluated_at": at,
            "points": 1.0,
            "max_points": 1.0,
            "passed": draw.random() < skill,
            "critical_customer": draw.random() > skill,
            "critical_business": False,
            "critical_compliance": False,
            "is_automatic": draw.random() < 0.1,
        }
    )
