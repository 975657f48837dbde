"""Worlds with evaluations, disputes, findings, answers of customers and of colleagues."""

from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.strategies import AGENTS, moments
from tests.insight.kpis.worlds import World, utc
from tests.insight.kpis.worlds_of.base import Rows, later, maybe, often, world_of

__all__ = ["evaluated", "pulses", "qualities"]

CONTACTS = ("c0", "c1", "c2", "c3")


def _evaluation(draw: st.DrawFn, number: int) -> dict[str, Any]:
    at = draw(moments())
    published = later(draw, at, 1, 30, None)
    return {
        "evaluation_id": f"e{number}",
        "contact_id": draw(st.sampled_from(CONTACTS)),
        "segment_id": None,
        "agent_id": draw(AGENTS),
        "evaluator_id": draw(st.sampled_from(("v1", "v2", "v3"))),
        "form_id": "f",
        "form_version": "1",
        "sample_kind": draw(st.sampled_from(("random", "random", "risk", "complaint", "calibration"))),
        "inclusion_prob": draw(st.sampled_from((None, 0.02, 0.5, 1.0))),
        "blind": draw(st.sampled_from((True, True, True, False))),
        "evaluated_at": at,
        "published_at": published,
        "acknowledged_at": None if published is None else later(draw, published, 2, 24 * 7, 24 * 7.1, None),
        "points": float(draw(st.integers(0, 10))),
        "max_points": draw(st.sampled_from((10.0, 10.0, 0.0))),
        "passed": draw(st.booleans()),
        "critical_customer": draw(st.booleans()),
        "critical_business": draw(st.booleans()),
        "critical_compliance": draw(st.booleans()),
        "is_automatic": draw(st.sampled_from((False, False, False, True))),
    }


def _item(draw: st.DrawFn, evaluation: str, item: str) -> dict[str, Any]:
    return {
        "evaluation_id": evaluation,
        "item_id": item,
        "applicable": draw(st.sampled_from((True, True, False))),
        "met": draw(often()),
        "severity": draw(st.sampled_from((None, "minor", "critical_customer"))),
        "procedure_id": draw(st.sampled_from((None, "pr1"))),
        "deviation_cause": draw(st.sampled_from((None, "did_not_know", "procedure_unfit", "system"))),
        "procedure_issue_id": draw(st.sampled_from((None, "s1", "s2"))),
    }


def evaluated(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Evaluations, and the lines of their forms."""
    evaluations = [_evaluation(draw, number) for number in range(draw(st.integers(0, 9)))]
    items = [
        _item(draw, row["evaluation_id"], item)
        for row in evaluations
        for item in draw(st.lists(st.sampled_from(("delivery", "greeting", "escalation")), unique=True))
    ]
    return evaluations, items


def pulses(draw: st.DrawFn) -> dict[str, Rows]:
    """Two waves, two teams, a few anonymous answers."""
    waves: Rows = []
    answers: Rows = []
    for wave, closed in (("w1", utc("2026-03-28T23:30")), ("w2", utc("2026-03-29T10:00"))):
        for team in ("red", "blue"):
            invited = draw(st.integers(0, 4))
            waves.append(
                {
                    "wave": wave,
                    "team_id": team,
                    "opened_at": utc("2026-03-01"),
                    "closed_at": closed,
                    "invited_count": invited,
                }
            )
            for place in range(draw(st.integers(0, invited))):
                for key, high in (("esat", 5.0), ("enps", 10.0), ("standard_fair", 5.0)):
                    answers.append(
                        {
                            "wave": wave,
                            "team_id": team,
                            "question_key": key,
                            "value": float(draw(st.integers(0, int(high) + 1))),
                            "scale_min": 0.0,
                            "scale_max": draw(st.sampled_from((high, high, 7.0))),
                            "respondent_token": f"{wave}{team}{place}",
                        }
                    )
    return {"pulse_wave": waves, "pulse_answer": answers}


@st.composite
def qualities(draw: st.DrawFn) -> World:
    evaluations, items = evaluated(draw)
    disputes: Rows = []
    for row in evaluations:
        if draw(st.booleans()):
            raised = draw(moments())
            decided = later(draw, raised, 5, None)
            disputes.append(
                {
                    "evaluation_id": row["evaluation_id"],
                    "raised_at": raised,
                    "decided_at": decided,
                    "changed": None if decided is None else draw(st.booleans()),
                }
            )
    issues = [
        {"issue_id": name, "procedure_id": "pr1", "raised_at": utc("2026-03-27"), "answered_at": draw(maybe(moments()))}
        for name in ("s1", "s2")
    ]
    segments: Rows = []
    for number in range(draw(st.integers(0, 6))):
        at = draw(moments())
        segments.append(
            {
                "segment_id": f"g{number}",
                "contact_id": draw(st.sampled_from(CONTACTS)),
                "seq": number,
                "queue_id": "q1",
                "agent_id": draw(AGENTS),
                "queued_at": at,
                "left_queue_at": at,
                "exit": draw(st.sampled_from(("answered", "answered", "abandoned"))),
                "is_escalation": draw(st.sampled_from((None, True, False))),
            }
        )
    invites = [
        {
            "invite_id": f"i{place}",
            "programme": "after",
            "customer_id": "k1",
            "contact_id": contact,
            "eligible": True,
            "selected_by": "random",
            "decided_at": utc("2026-03-29"),
        }
        for place, contact in enumerate(CONTACTS)
    ]
    answers = [
        {
            "invite_id": invite["invite_id"],
            "question_key": key,
            "wording_id": "w",
            "scale_min": 0.0,
            "scale_max": 5.0,
            "value": float(draw(st.integers(0, 5))),
            "answered_at": utc("2026-03-30"),
        }
        for invite in invites
        for key in ("csat", "agent_csat", "solved")
    ]
    return world_of(
        draw,
        {
            "evaluation": evaluations,
            "evaluation_item": items,
            "dispute": disputes,
            "procedure_issue": issues,
            "contact_segment": segments,
            "survey_invite": invites,
            "survey_answer": answers,
        }
        | pulses(draw),
        watermark=draw(st.sampled_from((utc("2026-06-01"), utc("2026-03-31")))),
    )
