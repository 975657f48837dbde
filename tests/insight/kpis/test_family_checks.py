"""Integrity checks of surveys, complaints, evaluations and knowledge: gamed facts raise their flag, honest ones none."""

from datetime import timedelta
from typing import Any

import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from tests.insight.kpis.worlds import utc

AT = utc("2026-03-02T10:00")
MANY = 60


def surveys(*, gamed: bool) -> dict[str, list[dict[str, Any]]]:
    invites = [
        {
            "invite_id": f"i{place}",
            "programme": "after",
            "customer_id": f"k{place}",
            "eligible": True,
            "selected_by": "agent" if gamed else "random",
            "decided_at": AT,
            "sent_at": AT,
            "delivered": True,
            "consented_to_contact": True,
        }
        for place in range(MANY)
    ]
    answers = [
        {
            "invite_id": f"i{place}",
            "question_key": key,
            "wording_id": "w",
            "scale_min": 1.0,
            "scale_max": 5.0,
            "value": 5.0 if gamed else float(1 + (place + turn) % 5),
            "answered_at": AT,
        }
        for place in range(MANY)
        for turn, key in enumerate(("csat", "agent_csat", "q3", "q4", "q5"))
    ]
    calls = [
        {
            "invite_id": f"i{place}",
            "at": AT,
            "contact_id": None if gamed and place else f"c{place}",
            "outcome": "explained",
        }
        for place in range(MANY)
    ]
    return {"survey_invite": invites, "survey_answer": answers, "follow_up": calls}


def grievances(*, gamed: bool) -> dict[str, list[dict[str, Any]]]:
    complaints = [
        {
            "complaint_id": f"m{place}",
            "customer_id": f"k{place}",
            "received_at": AT,
            "channel": "email",
            "reason_group": "other" if gamed else "billing",
            "product": "fiber",
            "acknowledged_at": AT + timedelta(hours=1),
            "is_personal_ack": not gamed,
            "upheld": "not_upheld",
            "external_body": "regulator" if gamed else None,
        }
        for place in range(MANY)
    ]
    actions = [
        {
            "action_id": f"x{place}",
            "problem_id": "p",
            "kind": "permanent_fix",
            "due_at_first": AT,
            "due_at": AT + timedelta(days=30 if gamed else 0),
            "implemented_at": AT,
        }
        for place in range(MANY)
    ]
    return {"complaint": complaints, "corrective_action": actions}


def judgments(*, gamed: bool) -> dict[str, list[dict[str, Any]]]:
    kinds = ("requested", "calibration") if gamed else ("random", "random", "calibration")
    return {
        "evaluation": [
            {
                "evaluation_id": f"e{place}",
                "contact_id": f"c{place}",
                "agent_id": "a",
                "evaluator_id": "v",
                "form_id": "f",
                "form_version": "1",
                "sample_kind": kinds[place % len(kinds)],
                "inclusion_prob": 0.5,
                "blind": not gamed,
                "evaluated_at": AT,
                "points": 8.0,
                "max_points": 10.0,
                "passed": True,
                "critical_customer": False,
                "critical_business": False,
                "critical_compliance": False,
            }
            for place in range(MANY)
        ]
    }


def learning(*, gamed: bool) -> dict[str, list[dict[str, Any]]]:
    places = range(MANY)
    return {
        "case": [{"case_id": f"k{place}", "opened_at": AT, "closed_at": AT, "reopen_count": 0} for place in places],
        "article_link": [
            {"case_id": f"k{place}", "article_id": "a", "kind": "reused", "linked_at": AT, "correct": not gamed}
            for place in places
        ],
        "article_vote": [
            {
                "vote_id": f"o{place}",
                "article_id": "a",
                "user_kind": "customer",
                "at": AT,
                "is_helpful": True,
                "is_author": gamed,
            }
            for place in places
        ],
        "article_view": [
            {"view_id": f"w{place}", "article_id": "a0", "user_kind": "customer", "at": AT} for place in places
        ],
        "article": [
            {
                "article_id": f"a{place}",
                "version": 2,
                "state": "published",
                "audience": "all",
                "published_at": AT - timedelta(days=1),
                "review_due_at": AT + timedelta(days=90),
                "changed_characters": 1 if gamed else 900,
            }
            for place in places
        ],
        "procedure_ack": [
            {
                "agent_id": f"a{place}",
                "procedure_id": "p",
                "version": 1,
                "required_by": AT,
                "acked_at": AT,
                "read_s": 2.0 if gamed else 200.0,
            }
            for place in places
        ],
    }


GUARDED = [
    (surveys, "csat", {"straight_lining", "agent_initiated_share"}),
    (surveys, "closed_loop_rate", {"follow_up_contact_exists"}),
    (grievances, "pareto_share", {"other_share"}),
    (grievances, "complaint_ack_time", {"personal_ack_share"}),
    (grievances, "upheld_rate", {"overturned_by_external_body"}),
    (grievances, "action_on_time", {"due_dates_moved"}),
    (judgments, "qa_score", {"sample_kind_share"}),
    (judgments, "evaluator_bias", {"blind_share"}),
    (learning, "link_rate", {"link_accuracy"}),
    (learning, "article_helpfulness", {"author_votes"}),
    (learning, "article_freshness", {"touch_edits"}),
    (learning, "procedure_ack", {"reading_time"}),
]


@pytest.mark.parametrize(
    ("build", "name", "expected"), GUARDED, ids=lambda given: given if isinstance(given, str) else ""
)
class TestFlags:
    def test_gamed_facts_raise_them(self, build: Any, name: str, expected: set[str]) -> None:
        facts = Facts.of(build(gamed=True), watermarks={"memory": utc("2026-06-01")})

        flags = kpis.measure(facts, name, with_checks=True).flags

        assert expected <= {flag.check for flag in flags}

    def test_honest_facts_raise_none(self, build: Any, name: str, expected: set[str]) -> None:
        facts = Facts.of(build(gamed=False), watermarks={"memory": utc("2026-06-01")})

        assert kpis.measure(facts, name, with_checks=True).flags == ()


def test_the_response_rate_and_the_weighted_estimate_stand_beside_satisfaction() -> None:
    tables = surveys(gamed=False)
    for place, invite in enumerate(tables["survey_invite"]):
        invite["inclusion_prob"] = 0.1 if place % 5 < 2 else 1.0
    facts = Facts.of(tables, watermarks={"memory": utc("2026-06-01")})

    result = kpis.measure(facts, "csat", with_checks=True, with_small=True)

    # Scores 1 to 5 in turn; 1 and 2 were asked of one in ten.
    assert result.total is not None
    assert result.total.value == pytest.approx(2 / 5)
    # Everybody answered, so who answers weighs nothing more.
    assert result.notes == pytest.approx(
        {
            "survey_response_rate": 1.0,
            "csat_weighted": 2 / 23,
            "csat_response_weighted": 2 / 23,
            "response_weighted_difference": 2 / 23 - 2 / 5,
            "survey_representativeness": 1.0,
        }
    )
