"""Worlds with complaints, problems, corrective actions and notices."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.strategies import REASONS, moments
from tests.insight.kpis.worlds import World, utc
from tests.insight.kpis.worlds_of.base import Rows, later, maybe, often, world_of

__all__ = ["grievances"]

WATERMARKS = (utc("2026-06-01"), utc("2026-03-30T12:00"), utc("2026-04-30"))
CUSTOMERS = ("k1", "k2")


def _complaint(draw: st.DrawFn, number: int) -> dict[str, Any]:
    at = draw(moments())
    return {
        "complaint_id": f"m{number}",
        "customer_id": draw(maybe(st.sampled_from(CUSTOMERS))),
        "origin_contact_id": draw(maybe(st.sampled_from(("c0", "c1")))),
        "received_at": at,
        "channel": draw(st.sampled_from(("email", "voice"))),
        "reason_group": draw(REASONS),
        "product": draw(maybe(st.sampled_from(("fiber", "mobile")))),
        "acknowledged_at": later(draw, at, 1, 24, 24.1, None),
        "is_personal_ack": draw(often()),
        "due_at": later(draw, at, 24, 24 * 30, None),
        "resolved_at": later(draw, at, 0, 5, 24, 24 * 40, None),
        "upheld": draw(st.sampled_from((None, "upheld", "partly_upheld", "not_upheld"))),
        "liability": draw(st.sampled_from((None, "agent", "agent", "process", "system"))),
        "external_body": draw(st.sampled_from((None, None, "delivery", "regulator"))),
        "root_cause_id": draw(st.sampled_from((None, "r1", "r2"))),
        "root_cause_verified_at": later(draw, at, 48, None),
    }


def _problem(draw: st.DrawFn, number: int) -> dict[str, Any]:
    at = draw(moments())
    return {
        "problem_id": f"p{number}",
        "opened_at": at,
        "root_cause_id": draw(st.sampled_from((None, "r1", "r2"))),
        "is_human_error_only": draw(st.sampled_from((None, False, True))),
        "verified_by": draw(maybe(st.just("a2"))),
        "verified_at": None,
        "closed_at": draw(maybe(moments())),
        "closed_as": draw(st.sampled_from((None, "permanent_fix", "permanent_fix", "workaround"))),
    }


def _action(draw: st.DrawFn, number: int) -> dict[str, Any]:
    due, decided = draw(moments()), draw(maybe(moments()))
    verdicts = ("effective", "effective", "not_effective", "not_yet_known", "not_shown")
    return {
        "action_id": f"x{number}",
        "problem_id": draw(st.sampled_from(("p0", "p1", "p2"))),
        "kind": draw(st.sampled_from(("permanent_fix", "workaround"))),
        "due_at_first": due,
        "due_at": due + timedelta(days=9),
        "implemented_at": later(draw, due, -20, 0, 20, None),
        "verdict": draw(st.sampled_from(verdicts)) if decided else None,
        "verdict_at": decided,
    }


def _notices(draw: st.DrawFn) -> Rows:
    rows: Rows = []
    for campaign in ("n1", "n2"):
        for customer in ("k1", "k2", "k3"):
            at: datetime = draw(moments())
            arm = draw(st.sampled_from(("notify", "notify", "holdout")))
            rows.append(
                {
                    "campaign_id": campaign,
                    "customer_id": customer,
                    "assigned_at": at,
                    "arm": arm,
                    "delivered_at": later(draw, at, 0, 10, None) if arm == "notify" else None,
                    "issue_reason_group": draw(st.sampled_from(("billing", "delivery", "other"))),
                }
            )
    return rows


@st.composite
def grievances(draw: st.DrawFn) -> World:
    problems = [_problem(draw, number) for number in range(draw(st.integers(0, 4)))]
    recurrences = [
        {
            "recurrence_id": f"y{number}",
            "problem_id": draw(st.sampled_from(("p0", "p1", "p2"))),
            "at": later(draw, draw(moments()), 0, 24 * 10, 24 * 45),
            "is_confirmed": draw(st.sampled_from((True, True, False))),
        }
        for number in range(draw(st.integers(0, 4)))
    ]
    customers = [
        {"customer_id": name, "since": utc("2026-01-01"), "until": draw(maybe(st.just(utc("2026-03-29T10:20"))))}
        for name in CUSTOMERS
    ]
    return world_of(
        draw,
        {
            "complaint": [_complaint(draw, number) for number in range(draw(st.integers(0, 9)))],
            "problem": problems,
            "recurrence": recurrences,
            "corrective_action": [_action(draw, number) for number in range(draw(st.integers(0, 5)))],
            "notice_recipient": _notices(draw),
            "customer": customers,
        },
        watermark=draw(st.sampled_from(WATERMARKS)),
    )
