"""Worlds with surveys, follow-ups, mystery visits and journeys."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.strategies import AGENTS, moments
from tests.insight.kpis.worlds import World
from tests.insight.kpis.worlds_of.base import Rows, later, maybe, often, world_of

__all__ = ["voices"]

ITEMS = [f"servperf_{part}_1" for part in ("tangibles", "reliability", "responsiveness", "assurance", "empathy")]
EXPECTED = [item.replace("servperf_", "servperf_expected_") for item in ITEMS]
SCALES = {"csat": (1.0, 5.0), "agent_csat": (1.0, 5.0), "ces": (1.0, 7.0), "nps": (0.0, 10.0), "solved": (0.0, 1.0)}


def _answers(draw: st.DrawFn, invite: str, at: datetime) -> Rows:
    asked = draw(st.lists(st.sampled_from((*SCALES, "csat")), max_size=3, unique=True))
    if draw(st.booleans()):
        asked += ITEMS if draw(st.sampled_from((True, True, False))) else ITEMS[:3]
        asked += EXPECTED if draw(st.booleans()) else []
    rows: Rows = []
    for key in asked:
        low, high = SCALES.get(key, (1.0, 7.0))
        if draw(st.sampled_from((False, False, False, False, True))):
            high += 2
        rows.append(
            {
                "invite_id": invite,
                "question_key": key,
                "wording_id": draw(st.sampled_from(("w1", "delivery", "ces_1.0"))),
                "scale_min": low,
                "scale_max": high,
                "value": float(draw(st.integers(int(low), int(high) + 1))),
                "answered_at": at,
            }
        )
    return rows


def _invite(draw: st.DrawFn, number: int) -> dict[str, Any]:
    decided = draw(moments())
    sent = later(draw, decided, 0, 1, None)
    started = None if sent is None else later(draw, sent, 0.5, 20, None)
    return {
        "invite_id": f"i{number}",
        "programme": draw(st.sampled_from(("after", "yearly"))),
        "customer_id": draw(st.sampled_from(("k1", "k2", "k3"))),
        "contact_id": draw(maybe(st.sampled_from(("c0", "c1", "c2", "c3")))),
        "case_id": draw(st.sampled_from((None, "s0", "s1"))),
        "agent_id": draw(maybe(AGENTS)),
        "eligible": draw(st.sampled_from((True, True, False))),
        "selected_by": "random",
        "inclusion_prob": draw(st.sampled_from((None, 0.1, 0.5, 1.0))),
        "decided_at": decided,
        "sent_at": sent,
        "delivered": None if sent is None else draw(often()),
        "suppressed_reason": None
        if sent
        else draw(st.sampled_from((None, "opted_out", "recent_invitation", "not_drawn"))),
        "started_at": started,
        "completed_at": None if started is None else later(draw, started, 0.1, None),
        "is_transactional": draw(st.booleans()),
        "consented_to_contact": draw(often()),
    }


@st.composite
def voices(draw: st.DrawFn) -> World:
    invites = [_invite(draw, number) for number in range(draw(st.integers(0, 8)))]
    answers: Rows = []
    calls: Rows = []
    for invite in invites:
        at = draw(moments())
        answers += _answers(draw, invite["invite_id"], at)
        called = later(draw, at, -1, 0, 30, 48, 48.1, None)
        if called is not None:
            calls.append(
                {
                    "invite_id": invite["invite_id"],
                    "at": called,
                    "contact_id": draw(st.sampled_from(("c1", "c1", None))),
                    "outcome": draw(st.sampled_from(("explained", "explained", None))),
                }
            )
    visits = [(f"v{number}", draw(moments())) for number in range(draw(st.integers(0, 3)))]
    mystery = [
        {
            "visit_id": visit,
            "visited_at": at,
            "stage": draw(st.sampled_from(("before", "delivery"))),
            "item": item,
            "applicable": draw(st.sampled_from((True, True, False))),
            "met": draw(often()),
        }
        for visit, at in visits
        for item in ("x", "y", "z")
    ]
    journeys: Rows = []
    for number in range(draw(st.integers(0, 4))):
        started = draw(moments())
        journeys.append(
            {
                "journey_id": f"j{number}",
                "customer_id": "k1",
                "kind": draw(st.sampled_from(("join", "delivery"))),
                "last_step": draw(st.sampled_from((None, "delivery", "other"))),
                "definition_version": "1",
                "started_at": started,
                "goal_reached_at": later(draw, started, 1, 24, 24 * 20, 24 * 21, 24 * 30, 24 * 31, None),
                "is_rescued": draw(st.booleans()),
            }
        )
    complaints: Rows = []
    for number in range(draw(st.integers(0, 2))):
        at = draw(moments())
        complaints.append(
            {
                "complaint_id": f"p{number}",
                "customer_id": draw(st.sampled_from(("k1", "k2", None))),
                "case_id": draw(st.sampled_from((None, "s0", "s0"))),
                "received_at": at,
                "channel": "voice",
                "resolved_at": later(draw, at, 1, 24, None),
            }
        )
    return world_of(
        draw,
        {
            "complaint": complaints,
            "survey_invite": invites,
            "survey_answer": answers,
            "follow_up": calls,
            "mystery_item": mystery,
            "journey": journeys,
        },
    )
