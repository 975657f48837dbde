"""Worlds with searches, articles, self-service, procedures, suggestions and evaluations."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.strategies import AGENTS, moments
from tests.insight.kpis.worlds import World, utc
from tests.insight.kpis.worlds_of.base import Rows, later, maybe, often, world_of
from tests.insight.kpis.worlds_of.quality import evaluated

__all__ = ["guidances"]

ARTICLES = ("a1", "a2", "a3")
REASONS = ("billing", "delivery", "other")


def _searches(draw: st.DrawFn) -> Rows:
    rows: Rows = []
    for number in range(draw(st.integers(0, 4))):
        at = draw(moments())
        ended = later(draw, at, 1, None)
        user, intent = draw(st.sampled_from(("agent", "agent", "customer"))), draw(st.sampled_from((True, True, False)))
        agent = draw(AGENTS) if user == "agent" else None
        for place in range(draw(st.integers(1, 3))):
            asked = at + timedelta(seconds=20 * place)
            opened = draw(maybe(st.sampled_from(ARTICLES)))
            rows.append(
                {
                    "session_id": f"s{number}",
                    "user_kind": user,
                    "agent_id": agent,
                    "at": asked,
                    "query_hash": "h",
                    "results_n": draw(st.integers(0, 2)),
                    "opened_article_id": opened,
                    "opened_at": asked + timedelta(seconds=draw(st.sampled_from((1, 7)))) if opened else None,
                    "dwell_s": draw(st.sampled_from((None, 0.5, 30.0))) if opened else None,
                    "reformulation_no": place,
                    "session_ended_at": ended,
                    "linked_case_id": draw(st.sampled_from((None, "k-1"))),
                    "linked_article_id": draw(maybe(st.sampled_from(ARTICLES))),
                    "rated_useful": draw(often()),
                    "has_solving_intent": intent,
                }
            )
    return rows


def _articles(draw: st.DrawFn) -> dict[str, Rows]:
    versions: Rows = []
    for article in ARTICLES:
        at = utc("2026-03-27")
        for version in range(1, draw(st.integers(1, 3)) + 1):
            published = draw(st.sampled_from((at, None)))
            versions.append(
                {
                    "article_id": article,
                    "version": version,
                    "state": draw(st.sampled_from(("published", "published", "retired"))),
                    "audience": "all",
                    "published_at": published,
                    "review_due_at": draw(st.sampled_from((None, at + timedelta(hours=30), at + timedelta(days=90)))),
                    "is_flagged_wrong": draw(st.sampled_from((False, False, True))),
                }
            )
            at += timedelta(hours=draw(st.sampled_from((12, 40))))
    kinds = st.sampled_from(("customer", "agent"))
    return {
        "article": versions,
        "article_view": [
            {
                "view_id": f"w{number}",
                "article_id": draw(st.sampled_from(ARTICLES)),
                "user_kind": draw(kinds),
                "at": draw(moments()),
            }
            for number in range(draw(st.integers(0, 6)))
        ],
        "article_vote": [
            {
                "vote_id": f"o{number}",
                "article_id": draw(st.sampled_from(ARTICLES)),
                "user_kind": draw(kinds),
                "at": draw(moments()),
                "is_helpful": draw(st.booleans()),
                "is_author": draw(st.sampled_from((False, False, True))),
            }
            for number in range(draw(st.integers(0, 6)))
        ],
        "article_link": [
            {
                "case_id": f"k-{number}",
                "article_id": "a1",
                "kind": draw(st.sampled_from(("reused", "created", "cited"))),
                "linked_at": draw(moments()),
            }
            for number in range(draw(st.integers(0, 3)))
        ],
        "case": [
            {
                "case_id": f"k-{number}",
                "opened_at": utc("2026-03-20"),
                "closed_at": draw(maybe(moments())),
                "reopen_count": 0,
            }
            for number in range(4)
        ],
    }


def _session(draw: st.DrawFn, number: int) -> dict[str, Any]:
    at = draw(moments())
    return {
        "session_id": f"z{number}",
        "customer_id": draw(maybe(st.sampled_from(("k1", "k2")))),
        "channel": draw(st.sampled_from(("bot", "ivr"))),
        "intent": draw(maybe(st.sampled_from(REASONS))),
        "started_at": at,
        "ended_at": at + timedelta(minutes=5),
        "task_done": draw(often()),
        "confirmed_solved": draw(often()),
        "entered_contact_flow": draw(st.booleans()),
        "escalated_contact_id": draw(st.sampled_from((None, None, "c1"))),
        "is_automated_dialog": draw(st.sampled_from((True, True, False))),
    }


def _procedures(draw: st.DrawFn) -> dict[str, Rows]:
    acks: Rows = []
    tries: Rows = []
    for agent in ("a1", "a2", "a3"):
        for version in (1, 2):
            due = draw(moments())
            key = {"agent_id": agent, "procedure_id": "pr1", "version": version}
            if draw(st.sampled_from((True, True, False))):
                acks.append({**key, "required_by": due, "acked_at": later(draw, due, -3, 0, 3, None)})
            for attempt in range(1, draw(st.integers(0, 2)) + 1):
                at = draw(moments())
                tries.append(
                    {
                        **key,
                        "attempt_no": attempt,
                        "score": 0.5,
                        "passed": draw(st.booleans()),
                        "started_at": at,
                        "ended_at": at,
                        "is_retention": draw(st.booleans()),
                    }
                )
    return {"procedure_ack": acks, "quiz_attempt": tries}


def _raised(draw: st.DrawFn, prefix: str, outcomes: tuple[str, ...]) -> Rows:
    rows: Rows = []
    for number in range(draw(st.integers(0, 4))):
        at = draw(moments())
        answered = later(draw, at, 0, 30, 24 * 50, None)
        rows.append(
            {
                f"{prefix}_id": f"q{number}",
                "raised_by": draw(maybe(AGENTS)),
                "raised_at": at,
                "answered_at": answered,
                "outcome": draw(st.sampled_from((None, *outcomes))) if answered else None,
                "implemented_at": draw(maybe(moments())),
            }
        )
    return rows


@st.composite
def guidances(draw: st.DrawFn) -> World:
    uses = [
        {
            "use_id": f"u{number}",
            "procedure_id": "pr1",
            "version": 1,
            "at": draw(moments()),
            "agent_id": draw(maybe(AGENTS)),
            "contact_id": draw(st.sampled_from(("c0", "c1"))),
        }
        for number in range(draw(st.integers(0, 6)))
    ]
    issues = [{**row, "procedure_id": "pr1"} for row in _raised(draw, "issue", ("accepted", "refused"))]
    paid = [
        {
            "agent_id": agent,
            "local_date": date(2026, 3, 28) + timedelta(days=place),
            "paid_s": 1.0,
            "worked_s": 1.0,
            "overtime_s": 0.0,
            "absence_s": 0.0,
        }
        for agent in ("a1", "a2", "a3")
        for place in range(3)
        if draw(st.booleans())
    ]
    evaluations, items = evaluated(draw)
    return world_of(
        draw,
        {
            "knowledge_search": _searches(draw),
            "self_service_session": [_session(draw, number) for number in range(draw(st.integers(0, 7)))],
            "procedure_use": uses,
            "procedure_issue": issues,
            "suggestion": _raised(draw, "suggestion", ("adopted", "refused")),
            "paid_time": paid,
            "evaluation": evaluations,
            "evaluation_item": items,
        }
        | _articles(draw)
        | _procedures(draw),
        watermark=draw(st.sampled_from((utc("2026-06-01"), utc("2026-03-29T06:00")))),
    )
