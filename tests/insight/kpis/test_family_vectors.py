"""The vectors of metrics.md for families D to I, and what these families promise beside their numbers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.kpis.behind import rows_behind
from careloop.insight.kpis.catalogue.complaints.notices import deflection
from careloop.insight.kpis.catalogue.loyalty.after_contact import matched_difference
from careloop.insight.kpis.catalogue.voice.promoters import promoter_score, score_and_error
from careloop.insight.kpis.engine import question_of
from careloop.insight.kpis.words import LANGUAGES
from tests.insight.kpis.worlds import utc

WATERMARK = utc("2026-06-01")


def measured(tables: dict[str, list[dict[str, Any]]], name: str, **how: Any) -> kpis.Result:
    facts = Facts.of(tables, watermarks={"memory": WATERMARK})
    return kpis.measure(facts, name, **{"with_small": True, **how})


def row_of(result: kpis.Result) -> kpis.Row:
    assert result.total is not None
    return result.total


class TestVectors:
    def test_net_promoter_score(self) -> None:
        found = promoter_score(promoters=50, passives=30, detractors=20)

        assert (found.value, found.low, found.high) == pytest.approx((30, 14.051, 44.201), abs=5e-4)
        assert ((found.low or 0) + (found.high or 0)) / 2 == pytest.approx(29.126, abs=5e-4)

    def test_net_promoter_score_without_the_adjustment(self) -> None:
        score, error = score_and_error(promoters=50, detractors=20, n=100)

        assert (score, error) == pytest.approx((30, 7.810250), abs=5e-7)
        z = 1.959963984540054
        assert (score - z * error, score + z * error) == pytest.approx((14.692, 45.308), abs=5e-4)

    def test_proactive_deflection(self) -> None:
        found = deflection(contacted=90, notified=1000, contacted_held_out=150, held_out=1000)

        assert (found.value, found.low, found.high) == pytest.approx((0.40, 0.2325, 0.5309), abs=5e-5)

    def test_proactive_deflection_refuses_a_number_without_a_comparison(self) -> None:
        assert deflection(contacted=90, notified=1000, contacted_held_out=0, held_out=0).value is None

    def test_churn_after_bad_contact_in_one_group_is_newcombe(self) -> None:
        values: dict[str, list[object]] = {
            "bad": [1, 1, 0, 0],
            "left": [True, False, True, False],
            "tenure": ["x"] * 4,
            "kind": [None] * 4,
        }

        found = matched_difference(values, np.array([56.0, 14.0, 48.0, 32.0]))

        assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.052431, 0.333873), abs=5e-7)

    def test_drawn_evaluations_weigh_by_their_chance(self) -> None:
        drawn = [("risk", 40 / 200, 12, 40), ("random", 60 / 1800, 3, 60)]
        rows = [
            {
                "evaluation_id": f"{kind}{place}",
                "contact_id": f"c-{kind}{place}",
                "agent_id": "a",
                "evaluator_id": "v",
                "form_id": "f",
                "form_version": "1",
                "sample_kind": kind,
                "inclusion_prob": chance,
                "evaluated_at": utc("2026-03-01"),
                "points": 1.0,
                "max_points": 1.0,
                "passed": place >= errors,
                "critical_customer": place < errors,
                "critical_business": False,
                "critical_compliance": False,
            }
            for kind, chance, errors, judged in drawn
            for place in range(judged)
        ]

        found = row_of(measured({"evaluation": rows}, "critical_error_rate"))

        assert found.value == pytest.approx(0.075)
        # Kish: (200 + 1800)² / (40 · 5² + 60 · 30²) rows count.
        effective = 2000**2 / (40 * 25 + 60 * 900)
        z, p = 1.959963984540054, 0.075
        center = (p + z * z / (2 * effective)) / (1 + z * z / effective)
        half = z / (1 + z * z / effective) * (p * (1 - p) / effective + z * z / (4 * effective**2)) ** 0.5
        assert (found.low, found.high) == pytest.approx((center - half, center + half))

    def test_recurrence_by_kaplan_and_meier(self) -> None:
        durations, events = (1, 2, 2, 3, 4, 5, 6, 7), (1, 1, 1, 0, 1, 0, 1, 0)
        problems = []
        recurrences = []
        for place, (days, happened) in enumerate(zip(durations, events, strict=True)):
            # Who did not come back was closed so many days before watching ended.
            closed = WATERMARK - timedelta(days=days)
            problems.append({"problem_id": f"p{place}", "opened_at": utc("2026-01-01"), "closed_at": closed})
            if happened:
                problems[-1]["closed_at"] = utc("2026-03-01")
                back = utc("2026-03-01") + timedelta(days=days)
                recurrences.append(
                    {"recurrence_id": f"r{place}", "problem_id": f"p{place}", "at": back, "is_confirmed": True}
                )

        found = row_of(
            measured({"problem": problems, "recurrence": recurrences}, "recurrence_rate", options={"days": 2})
        )

        assert (found.value, found.low, found.high) == pytest.approx((1 - 0.625, 1 - 0.860698, 1 - 0.229333), abs=5e-7)


def contract(number: int, customer: str, start: str, end: str | None, amount: int = 10) -> dict[str, Any]:
    return {
        "subscription_id": f"s{number}",
        "customer_id": customer,
        "start_date": date.fromisoformat(start),
        "end_date": None if end is None else date.fromisoformat(end),
        "monthly_amount": amount,
        "monthly_amount_currency": "KRW",
    }


CONTRACTS = [
    contract(1, "stays", "2025-01-01", None),
    contract(2, "leaves in January", "2025-01-01", "2026-02-01"),
    contract(3, "leaves in February", "2025-01-01", "2026-02-11"),
    contract(4, "comes in January", "2026-01-05", None),
    contract(5, "comes and goes in January", "2026-01-05", "2026-01-20"),
    contract(6, "changes contract", "2025-01-01", "2026-01-15"),
    contract(7, "changes contract", "2026-01-15", None, amount=4),
    contract(8, "leaves and returns", "2025-01-01", "2026-01-10"),
    contract(9, "leaves and returns", "2026-01-25", None),
]
PERIOD = {"since": utc("2026-01-01"), "until": utc("2026-03-01")}


class TestChurn:
    def test_new_customers_are_in_neither_and_a_return_cancels_nothing(self) -> None:
        result = measured({"subscription": CONTRACTS}, "churn_rate", by=["month"], **PERIOD)

        cells = [(row.dimensions["month"], row.numerator, row.denominator) for row in result.rows]

        # January: two of five left, one of them only for a while. February: one of five, who came in January among them.
        assert cells == [(date(2026, 1, 1), 2, 5), (date(2026, 2, 1), 1, 5)]

    def test_the_whole_period_is_a_question_of_its_own(self) -> None:
        found = row_of(measured({"subscription": CONTRACTS}, "churn_rate", **PERIOD))

        assert (found.numerator, found.denominator) == (3, 5)

    def test_is_what_retention_leaves(self) -> None:
        lost, kept = (
            measured({"subscription": CONTRACTS}, name, by=["month"], **PERIOD).rows
            for name in ("churn_rate", "retention_rate")
        )

        assert [(one.value or 0) + (two.value or 0) for one, two in zip(lost, kept, strict=True)] == pytest.approx(
            [1, 1]
        )

    def test_a_month_makes_a_year_of_twelve(self) -> None:
        result = measured({"subscription": CONTRACTS}, "churn_rate", by=["month"], options={"per_year": True}, **PERIOD)

        assert [row.value for row in result.rows] == pytest.approx([1 - (1 - 0.4) ** 12, 1 - (1 - 0.2) ** 12])

    def test_needs_to_know_from_when(self) -> None:
        with pytest.raises(kpis.BadQuestion):
            measured({"subscription": CONTRACTS}, "churn_rate", until=utc("2026-03-01"))


class TestRevenue:
    def test_gross_counts_losses_and_net_counts_growth_too(self) -> None:
        january = {"since": utc("2026-01-01"), "until": utc("2026-02-01")}

        gross, net = (
            row_of(measured({"subscription": CONTRACTS}, name, **january))
            for name in ("revenue_churn", "net_revenue_retention")
        )

        # Of 50: one left with 10, one changed from 10 to 4; the one who returned pays as before.
        assert (gross.numerator, gross.denominator) == (16, 50)
        assert (net.numerator, net.denominator) == (34, 50)

    def test_two_currencies_are_not_added_up(self) -> None:
        foreign = {**contract(10, "abroad", "2025-01-01", None), "monthly_amount_currency": "USD"}

        found = row_of(measured({"subscription": [*CONTRACTS, foreign]}, "revenue_churn", **PERIOD))

        assert found.value is None


def pulse(teams: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    answers = [
        {
            "wave": "w1",
            "team_id": team,
            "question_key": "esat",
            "value": 4.0,
            "scale_min": 1.0,
            "scale_max": 5.0,
            "respondent_token": f"{team}{place}",
        }
        for team, many in teams.items()
        for place in range(many)
    ]
    waves = [
        {
            "wave": "w1",
            "team_id": team,
            "opened_at": utc("2026-03-01"),
            "closed_at": utc("2026-03-08"),
            "invited_count": many,
        }
        for team, many in teams.items()
    ]
    return {"pulse_answer": answers, "pulse_wave": waves}


class TestPulse:
    @pytest.mark.parametrize("with_small", [True, False])
    def test_hides_teams_under_five_and_what_would_tell_of_them(self, with_small: bool) -> None:
        result = measured(pulse({"large": 9, "other": 8, "tiny": 3}), "esat", by=["team"], with_small=with_small)

        shown = {row.dimensions["team"]: row.value for row in result.rows}

        assert shown["tiny"] is None
        assert sum(value is None for value in [*shown.values(), row_of(result).value]) >= 2

    def test_shows_no_single_answer_to_anybody(self) -> None:
        facts = Facts.of(pulse({"large": 9}), watermarks={"memory": WATERMARK})

        with pytest.raises(kpis.BadQuestion):
            rows_behind(kpis.Asked.of(kpis.METRICS["esat"]), question_of(facts))


def weeks_of_a_team(weeks: int, *, busy_from: int) -> dict[str, list[dict[str, Any]]]:
    """Six people who are on contacts for half of each day, and from one week on for nearly all of it, with overtime."""
    states: list[dict[str, Any]] = []
    paid: list[dict[str, Any]] = []
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    for week in range(weeks):
        for day in range(5):
            morning = monday + timedelta(weeks=week, days=day, hours=9)
            for place in range(6):
                agent, is_busy = f"a{place}", week >= busy_from
                turn = morning + timedelta(hours=7.5 if is_busy else 4)
                for state, start, end in (
                    ("contact", morning, turn),
                    ("available", turn, morning + timedelta(hours=8)),
                ):
                    states.append(
                        {
                            "agent_state_id": f"{agent}{start.isoformat()}",
                            "agent_id": agent,
                            "state": state,
                            "started_at": start,
                            "ended_at": end,
                            "contact_id": None if state == "available" else f"c{len(states)}",
                        }
                    )
                paid.append(
                    {
                        "agent_id": agent,
                        "local_date": morning.date(),
                        "paid_s": 28_800.0,
                        "worked_s": 28_800.0,
                        "overtime_s": 7200.0 if is_busy else 0.0,
                        "absence_s": 0.0,
                        "scheduled_s": 28_800.0,
                    }
                )
    teams = [{"agent_id": f"a{place}", "team_id": "red", "valid_from": utc("2025-01-01")} for place in range(6)]
    return {"agent_state": states, "paid_time": paid, "agent_team": teams}


def with_schedules(tables: dict[str, list[dict[str, Any]]], *, hurried_from: int) -> dict[str, list[dict[str, Any]]]:
    """Shifts from 9 to 17 with a break at noon, taken until a week; from then on missed, and every other day ends at ten."""
    plan: list[dict[str, Any]] = []
    for shift in [row for row in tables["agent_state"] if row["state"] == "contact"]:
        agent, morning = shift["agent_id"], shift["started_at"]
        noon, number = morning + timedelta(hours=3), (morning - datetime(2026, 1, 5, tzinfo=UTC)).days
        is_hurried = number // 7 >= hurried_from
        for activity, starts, ends in (
            ("phone", morning, noon),
            ("pause", noon, noon + timedelta(minutes=15)),
            ("phone", noon + timedelta(minutes=15), morning + timedelta(hours=8)),
        ):
            plan.append(
                {
                    "agent_id": agent,
                    "activity": activity,
                    "starts_at": starts,
                    "ends_at": ends,
                    "schedule_version": 1,
                    "published_at": morning - timedelta(days=7),
                }
            )
        if not is_hurried:
            rest = {"state": "break", "started_at": noon, "ended_at": noon + timedelta(minutes=15), "contact_id": None}
            tables["agent_state"].append({**shift, **rest, "agent_state_id": f"rest{shift['agent_state_id']}"})
        elif number % 2:
            short = morning + timedelta(hours=1)
            for row in tables["agent_state"]:
                if row["agent_id"] == agent and row["started_at"].date() == morning.date():
                    row["started_at"], row["ended_at"] = min(row["started_at"], short), min(row["ended_at"], short)
    states = [
        {"activity": "phone", "allowed_states": ["contact", "available"], "is_work": True, "is_paid": True},
        {"activity": "pause", "allowed_states": ["break"], "is_work": False, "is_paid": True},
    ]
    return {**tables, "schedule_activity": plan, "activity_state_map": states}


class TestBurnout:
    def test_missed_breaks_and_days_unlike_each_other_count(self) -> None:
        calm, hurried = (with_schedules(weeks_of_a_team(12, busy_from=99), hurried_from=week) for week in (99, 10))

        levels = [row_of(measured(one, "burnout_risk", until=utc("2026-03-30"))).value for one in (calm, hurried)]

        assert levels == [0, 1]

    def test_two_adverse_inputs_two_weeks_running_are_amber(self) -> None:
        result = measured(weeks_of_a_team(12, busy_from=10), "burnout_risk", by=["team"], until=utc("2026-03-30"))

        assert [(row.dimensions["team"], row.value, row.n) for row in result.rows] == [("red", 1.0, 6)]

    def test_a_calm_team_is_green(self) -> None:
        found = row_of(measured(weeks_of_a_team(12, busy_from=99), "burnout_risk", until=utc("2026-03-30")))

        assert found.value == 0

    def test_says_nothing_before_ten_weeks(self) -> None:
        found = row_of(measured(weeks_of_a_team(9, busy_from=0), "burnout_risk", until=utc("2026-03-09")))

        assert found.value is None

    def test_is_asked_of_teams_and_weeks_only(self) -> None:
        with pytest.raises(kpis.BadQuestion):
            measured(weeks_of_a_team(2, busy_from=0), "burnout_risk", by=["agent"])


FAMILIES = [metric for metric in kpis.METRICS.values() if metric.code[0] in "DEFGHI"]


@pytest.mark.parametrize("metric", FAMILIES, ids=lambda metric: metric.id)
class TestCards:
    def test_says_what_is_missing_where_no_source_gives_the_facts(self, metric: kpis.Metric) -> None:
        result = kpis.measure(Facts.of({}), metric.id)

        assert result.total is None
        assert result.not_measured

    def test_speaks_every_language(self, metric: kpis.Metric) -> None:
        for words in (metric.name, metric.numerator, metric.gaming, *(option.meaning for option in metric.options)):
            spoken = [words.spoken(language) for language in LANGUAGES]
            assert all(spoken)
            assert len(set(spoken)) == len(LANGUAGES)

    def test_is_not_used_alone(self, metric: kpis.Metric) -> None:
        assert metric.pairs


def test_every_entry_of_the_families_is_there() -> None:
    entries = {"D": 12, "E": 7, "F": 15, "G": 11, "H": 14, "I": 6}

    codes = {metric.code for metric in FAMILIES}

    assert {f"{family}{place:02d}" for family, last in entries.items() for place in range(1, last + 1)} <= codes
