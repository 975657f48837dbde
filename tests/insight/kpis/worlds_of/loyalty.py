"""Worlds with customers, contracts and purchases."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.strategies import ZONES, moments
from tests.insight.kpis.worlds import World, utc
from tests.insight.kpis.worlds_of.base import Rows, people

__all__ = ["loyalties"]

CUSTOMERS = ("k1", "k2", "k3", "k4")
STARTS = ("2025-06-01", "2026-03-01", "2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30")


def _contract(draw: st.DrawFn, number: int) -> dict[str, Any]:
    start = date.fromisoformat(draw(st.sampled_from(STARTS)))
    ends = draw(st.sampled_from((None, None, 0, 1, 2, 27, 60, 120, 300)))
    return {
        "subscription_id": f"s{number}",
        "customer_id": draw(st.sampled_from(CUSTOMERS)),
        "start_date": start,
        "end_date": None if ends is None else start + timedelta(days=ends),
        "monthly_amount": draw(st.sampled_from((10, 25, 40))),
        "monthly_amount_currency": draw(st.sampled_from(("KRW", "KRW", "KRW", "KRW", "delivery"))),
        "is_voluntary": draw(st.sampled_from((True, False, None))),
    }


@st.composite
def loyalties(draw: st.DrawFn) -> World:
    contracts = [_contract(draw, number) for number in range(draw(st.integers(0, 8)))]
    customers: Rows = []
    for name in draw(st.lists(st.sampled_from(CUSTOMERS), unique=True)):
        since = draw(st.sampled_from((utc("2023-01-01"), utc("2026-01-15"), utc("2026-03-29T05:00"))))
        gone = draw(st.sampled_from((None, None, 0, 12, 24 * 60, 24 * 400)))
        until = None if gone is None else since + timedelta(hours=gone)
        customers.append(
            {"customer_id": name, "since": since, "until": until, "segment": draw(st.sampled_from(("a", "b")))}
        )
    purchases = [
        {
            "purchase_id": f"p{number}",
            "customer_id": draw(st.sampled_from(CUSTOMERS)),
            "at": draw(moments()),
            "amount": 1,
            "amount_currency": "KRW",
        }
        for number in range(draw(st.integers(0, 10)))
    ]
    invites = [
        {
            "invite_id": f"i{number}",
            "programme": "after",
            "customer_id": "k1",
            "contact_id": f"c{number}",
            "eligible": True,
            "selected_by": "random",
            "decided_at": utc("2026-03-29"),
        }
        for number in range(4)
    ]
    answers = [
        {
            "invite_id": invite["invite_id"],
            "question_key": key,
            "wording_id": "w",
            "scale_min": low,
            "scale_max": high,
            "value": float(draw(st.integers(int(low), int(high)))),
            "answered_at": utc("2026-03-30"),
        }
        for invite in invites
        for key, low, high in (("solved", 0.0, 1.0), ("csat", 1.0, 5.0))
        if draw(st.booleans())
    ]
    first, last = draw(st.sampled_from((("2026-03-27", "2026-03-30T06:00"), ("2026-02-27T12:00", "2026-04-03"))))
    return World(
        tables=draw(people())
        | {
            "subscription": contracts,
            "customer": customers,
            "purchase": purchases,
            "survey_invite": invites,
            "survey_answer": answers,
        },
        zone=draw(st.sampled_from(ZONES)),
        since=utc(first),
        until=utc(last),
        watermark=draw(st.sampled_from((utc("2026-06-01"), utc("2026-10-01"), utc("2026-03-29T18:00")))),
    )
