"""Handle times adjusted for the mix of work: what somebody took beyond what others take for the same."""

from datetime import timedelta
from typing import Any

import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from tests.insight.kpis.worlds import utc

AT = utc("2026-03-02T09:00")
SECONDS = {"easy": 100.0, "hard": 400.0}
# Who gets which work: a1 hard work only, and everybody as fast as the others on equal work; a4 takes twice as long.
WORK = {"a1": ("hard",) * 20, "a2": ("easy",) * 20, "a3": ("easy", "hard") * 10, "a4": ("easy", "hard") * 10}


def facts(agents: tuple[str, ...] = tuple(WORK)) -> Facts:
    contacts: list[dict[str, Any]] = []
    legs: list[dict[str, Any]] = []
    for agent in agents:
        for kind in WORK[agent]:
            name, at = f"c{len(contacts)}", AT + timedelta(minutes=len(contacts))
            contacts.append(
                {
                    "contact_id": name,
                    "channel": "voice",
                    "direction": "inbound",
                    "reason_group": kind,
                    "arrived_at": at,
                    "ended_at": at,
                    "outcome": "handled",
                }
            )
            legs.append(
                {
                    "segment_id": f"g{name}",
                    "contact_id": name,
                    "seq": 1,
                    "queue_id": "q",
                    "agent_id": agent,
                    "queued_at": at,
                    "left_queue_at": at,
                    "answered_at": at,
                    "exit": "answered",
                    "talk_s": SECONDS[kind] * (2 if agent == "a4" else 1),
                    "hold_s": 0.0,
                    "wrap_s": 0.0,
                }
            )
    present = [
        {
            "agent_state_id": f"s{agent}",
            "agent_id": agent,
            "state": "available",
            "started_at": AT,
            "ended_at": AT + timedelta(hours=8),
        }
        for agent in agents
    ]
    return Facts.of(
        {"contact": contacts, "contact_segment": legs, "agent_state": present},
        watermarks={"memory": AT + timedelta(days=1)},
    )


def by_agent(name: str, **options: bool) -> dict[object, float]:
    rows = kpis.measure(facts(), name, by=["agent"], options=options).rows
    return {row.dimensions["agent"]: row.value or 0.0 for row in rows}


class TestHandleTime:
    def test_of_hard_work_looks_slow_until_it_is_adjusted(self) -> None:
        plain, fair = by_agent("aht"), by_agent("aht", mix_adjusted=True)

        assert plain["a1"] == 4 * plain["a2"]
        # a3 and a4 take 600 s for such work on average, and everybody 312.5 s for any.
        assert fair["a1"] == pytest.approx(400 - 600 + 312.5)
        assert fair["a4"] == max(fair.values())

    def test_compares_with_others_alone(self) -> None:
        # Others took 10·100 + 10·200 for the easy work of a3 and a2 (30 segments of a2 and a4), and so on.
        easy = (20 * 100 + 10 * 200) / 30
        hard = (20 * 400 + 10 * 800) / 30
        usual = (20 * 400 + 20 * 100 + 10 * 500 + 10 * 1000) / 80

        fair = by_agent("aht", mix_adjusted=True)

        assert fair["a3"] == pytest.approx((100 - easy + 400 - hard) / 2 + usual)


class TestContactsPerShift:
    def test_count_hard_work_for_more(self) -> None:
        plain, fair = by_agent("contacts_per_8h"), by_agent("contacts_per_8h", mix_adjusted=True)

        assert plain["a1"] == plain["a2"] == 20
        assert fair["a1"] > 20 > fair["a2"]


def test_who_works_alone_is_compared_with_nobody() -> None:
    total = kpis.measure(facts(agents=("a1",)), "aht", options={"mix_adjusted": True}).total

    assert total is not None
    assert total.value is None
