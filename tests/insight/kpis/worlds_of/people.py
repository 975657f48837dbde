"""Worlds with pulse answers, abuse, paid time and training."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.insight.kpis.strategies import AGENTS, moments
from tests.insight.kpis.worlds import World, utc
from tests.insight.kpis.worlds_of.base import Rows, later, maybe, world_of
from tests.insight.kpis.worlds_of.quality import pulses

__all__ = ["staffs"]


@st.composite
def staffs(draw: st.DrawFn) -> World:
    segments: Rows = []
    for number in range(draw(st.integers(0, 6))):
        at = draw(moments())
        segments.append(
            {
                "segment_id": f"g{number}",
                "contact_id": draw(st.sampled_from(("c0", "c1"))),
                "seq": number,
                "agent_id": draw(AGENTS),
                "queued_at": at,
                "left_queue_at": at,
                "exit": draw(st.sampled_from(("answered", "answered", "abandoned"))),
            }
        )
    abuse = [
        {
            "abuse_event_id": f"b{number}",
            "contact_id": draw(st.sampled_from(("c0", "c1"))),
            "agent_id": draw(AGENTS),
            "kind": "insult",
            "at": draw(moments()),
            "protective_action": draw(st.sampled_from((None, "break"))),
        }
        for number in range(draw(st.integers(0, 5)))
    ]
    paid = [
        {
            "agent_id": agent,
            "local_date": date(2026, 3, 27) + timedelta(days=place),
            "paid_s": 28_800.0,
            "worked_s": draw(st.sampled_from((0.0, 28_800.0, 36_000.0))),
            "overtime_s": draw(st.sampled_from((0.0, 3600.0))),
            "absence_s": 0.0,
        }
        for agent in ("a1", "a2")
        for place in range(5)
        if draw(st.booleans())
    ]
    courses: Rows = []
    for number in range(draw(st.integers(0, 6))):
        due = draw(maybe(moments()))
        courses.append(
            {
                "agent_id": draw(AGENTS),
                "course_id": f"t{number}",
                "assigned_at": utc("2026-03-01"),
                "due_at": due,
                "completed_at": later(draw, due or utc("2026-03-29"), -5, 0, 5, None),
                "delivered_s": draw(st.sampled_from((1800.0, 7200.0))),
                "is_new_hire": draw(st.booleans()),
            }
        )
    agents = [
        {"agent_id": "a1", "hire_date": date(2026, 3, 29), "separation_date": None},
        {"agent_id": "a2", "hire_date": date(2025, 1, 1), "separation_date": draw(maybe(st.just(date(2026, 3, 28))))},
    ]
    return world_of(
        draw,
        {
            "contact_segment": segments,
            "abuse_event": abuse,
            "paid_time": paid,
            "training_record": courses,
            "agent": agents,
        }
        | pulses(draw),
        watermark=draw(st.sampled_from((utc("2026-06-01"), utc("2026-03-29T06:00")))),
    )
