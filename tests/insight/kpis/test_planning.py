"""Forecasts, staffing, goals and triage: the vectors of metrics.md, and what each promises at its edges."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.kpis.catalogue.health.balance import Balance, balance_of
from careloop.insight.kpis.classes.goals import GoalStatus, goal_status, goal_statuses
from careloop.insight.queueing import Goals, staff
from tests.insight.kpis.worlds import utc
from tests.insight.kpis.worlds_of.grown import grown_of

HALF_WEEK = 302_400
# A moment at which half weeks since 1970 begin, so that two of them make the season of a week.
ORIGIN = utc("1970-01-01") + timedelta(seconds=HALF_WEEK * 5_860)


def total(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], name: str, *, watermark: datetime, **more: Any
) -> kpis.Row:
    facts = Facts.of(tables, watermarks={"memory": watermark}, as_of=more.pop("as_of", None))
    row = kpis.measure(facts, name, with_small=True, **more).total
    assert row is not None
    return row


def calls(counts: list[int], *, start: datetime = ORIGIN, seconds: int = HALF_WEEK) -> list[dict[str, Any]]:
    """So many calls in each interval, one a second from its start on."""
    return [
        {
            "segment_id": f"s{place}-{number}",
            "contact_id": f"c{place}-{number}",
            "seq": 1,
            "queue_id": "q",
            "queued_at": start + timedelta(seconds=place * seconds + number),
            "exit": "answered",
        }
        for place, count in enumerate(counts)
        for number in range(count)
    ]


def forecast(values: list[float], *, after: int) -> list[dict[str, Any]]:
    begin = ORIGIN + timedelta(seconds=after * HALF_WEEK)
    return [
        {
            "queue_id": "q",
            "interval_start": begin + timedelta(seconds=place * HALF_WEEK),
            "interval_s": float(HALF_WEEK),
            "horizon": "1d",
            "forecast_version": "1",
            "issued_at": begin,
            "contacts": value,
        }
        for place, value in enumerate(values)
    ]


class TestForecast:
    """metrics.md §3.4: train 100 120 80 110, m = 2, test 130 90 105 125, forecast 102 115 85 108."""

    TABLES = {
        "contact_segment": calls([100, 120, 80, 110, 130, 90, 105, 125]),
        "forecast": forecast([102, 115, 85, 108], after=4),
    }
    AFTER = ORIGIN + timedelta(days=60)

    def test_wape_bias_and_mase_are_those_of_the_vector(self) -> None:
        wape = total(self.TABLES, "forecast_wape", watermark=self.AFTER)
        bias = total(self.TABLES, "forecast_wape", watermark=self.AFTER, options={"statistic": "bias"})
        mase = total(self.TABLES, "forecast_mase", watermark=self.AFTER)

        assert wape.value == pytest.approx(0.2)
        assert bias.value == pytest.approx(-0.088889, abs=1e-6)
        assert mase.value == pytest.approx(1.5)
        assert mase.denominator == 4

    def test_has_no_scale_before_two_seasons(self) -> None:
        early = {**self.TABLES, "forecast": forecast([90.0], after=2)}

        assert total(early, "forecast_mase", watermark=self.AFTER).value is None

    def test_adds_intervals_up_to_days(self) -> None:
        start = utc("2026-03-02T09:00")
        plan = [
            {
                **forecast([2.0], after=0)[0],
                "interval_start": start + timedelta(minutes=30 * place),
                "interval_s": 1800.0,
            }
            | {"issued_at": start - timedelta(days=1), "contacts": value}
            for place, value in enumerate((3.0, 0.0))
        ]
        tables = {"contact_segment": calls([1, 2], start=start, seconds=1800), "forecast": plan}

        single = total(tables, "forecast_wape", watermark=utc("2026-04-01"))
        daily = total(tables, "forecast_wape", watermark=utc("2026-04-01"), options={"level": "day"})

        assert (single.numerator, daily.numerator) == (4, 0)


def floor(counts: list[int], *, present: int) -> dict[str, list[dict[str, Any]]]:
    """Half hours with so many calls of five minutes each, answered at once, and so many people there all the time."""
    start = utc("2026-03-02T09:00")
    legs = calls(counts, start=start, seconds=1800)
    for leg in legs:
        leg |= {"wait_s": 0.0, "talk_s": 240.0, "hold_s": 0.0, "wrap_s": 60.0, "left_queue_at": leg["queued_at"]}
    states = [
        {
            "agent_state_id": f"t{place}",
            "agent_id": f"a{place}",
            "state": "available",
            "started_at": start,
            "ended_at": start + timedelta(minutes=30 * len(counts)),
        }
        for place in range(present)
    ]
    return {"contact_segment": legs, "agent_state": states}


class TestStaffing:
    AFTER = utc("2026-04-01")

    def test_asks_for_what_erlang_says_of_the_calls_that_came(self) -> None:
        needed = staff(calls_per_hour=[60, 20], handle_seconds=300, patience_seconds=None, goals=Goals()).agents

        short = total(floor([30, 10], present=4), "staffing_gap", watermark=self.AFTER)
        over = total(floor([30, 10], present=4), "staffing_gap", watermark=self.AFTER, options={"side": "over"})

        assert short.numerator == sum(max(0, int(n) - 4) for n in needed)
        assert over.numerator == sum(max(0, 4 - int(n)) for n in needed)
        assert short.denominator == 2

    def test_patience_asks_for_fewer(self) -> None:
        patient = total(floor([100], present=0), "staffing_gap", watermark=self.AFTER)
        leaving = total(floor([100], present=0), "staffing_gap", watermark=self.AFTER, options={"patience_s": 120})

        assert (leaving.value or 0) < (patient.value or 0)

    def test_needs_no_forecast_for_what_came_and_one_for_what_was_planned(self) -> None:
        facts = Facts.of(floor([30], present=1), watermarks={"memory": self.AFTER})

        planned = kpis.measure(facts, "staffing_gap", options={"required": "plan"})

        assert [need.table for need in planned.not_measured] == ["forecast"]

    def test_is_worked_out_for_an_earlier_day_as_it_was_defined_then(self) -> None:
        start = utc("2026-03-02T09:00")
        plan = {**forecast([2.0], after=0)[0], "interval_start": start, "interval_s": 1800.0, "required_agents": 7.0}
        tables = {**floor([30], present=4), "forecast": [plan | {"issued_at": start - timedelta(days=1)}]}

        then = kpis.measure(Facts.of(tables, as_of=date(2026, 11, 1)), "staffing_gap")
        now = kpis.measure(Facts.of(tables), "staffing_gap")

        assert (then.metric.version, now.metric.version) == (1, 2)
        assert then.total is not None
        assert then.total.value == 3
        assert kpis.replaced_by(then.metric) is now.metric
        assert kpis.replaced_by(now.metric) is None


class TestLeaving:
    AGENTS = [
        {
            "agent_id": "a",
            "hire_date": date(2026, 1, 1),
            "separation_date": date(2026, 4, 1),
            "separation_kind": "voluntary",
        },
        {
            "agent_id": "b",
            "hire_date": date(2026, 1, 1),
            "separation_date": date(2026, 4, 2),
            "separation_kind": "voluntary",
        },
        {
            "agent_id": "c",
            "hire_date": date(2026, 1, 1),
            "separation_date": date(2026, 1, 9),
            "separation_kind": "transfer",
        },
        {"agent_id": "d", "hire_date": date(2026, 5, 1), "separation_date": None, "separation_kind": None},
    ]

    def test_early_is_within_ninety_days_of_who_came_that_long_ago(self) -> None:
        found = total({"agent": self.AGENTS}, "early_attrition", watermark=utc("2026-06-01"))

        assert (found.numerator, found.denominator) == (1, 3)

    def test_tenure_counts_who_is_still_here_as_censored(self) -> None:
        assert total({"agent": self.AGENTS}, "tenure_median", watermark=utc("2026-06-01")).value == 90


class TestGoal:
    START = utc("2026-01-05")

    def tables(self, complaints: int, **more: Any) -> dict[str, list[dict[str, Any]]]:
        goal = {
            "target_id": "g",
            "metric_id": "complaint_rate",
            "metric_version": 1,
            "metric_options": "",
            "direction": "lower",
            "baseline": 0.05,
            "goal": 0.03,
            "starts_at": self.START,
            "due_at": self.START + timedelta(days=30),
            "owner": "mina",
            "why_attainable": "others do",
            "relevance": "people are angry",
        }
        return {
            "target": [{**goal, **more}],
            "contact": [
                {
                    "contact_id": f"c{place}",
                    "channel": "voice",
                    "direction": "inbound",
                    "arrived_at": self.START + timedelta(minutes=place),
                    "outcome": "handled",
                }
                for place in range(2_000)
            ],
            "complaint": [
                {"complaint_id": f"p{place}", "received_at": self.START + timedelta(minutes=place), "channel": "email"}
                for place in range(complaints)
            ],
        }

    def status(self, tables: dict[str, Any], days: int = 31) -> GoalStatus | None:
        facts = Facts.of(tables, watermarks={"memory": self.START + timedelta(days=days)})
        return goal_statuses(facts, kpis.measure(facts, "target_attainment", by=["goal"]))["g"]

    def test_of_metrics_md_is_met_and_uncertain(self) -> None:
        """5 % to 3 %, n = 2000: 56 complaints are 2.8 %, Wilson up to 3.62 %."""
        found = total(self.tables(56), "target_attainment", watermark=self.START + timedelta(days=31))

        assert found.value == pytest.approx((0.05 - 0.028) / 0.02)
        assert found.low == pytest.approx((0.05 - 0.0362) / 0.02, abs=5e-3)
        assert self.status(self.tables(56)) is GoalStatus.MET_UNCERTAIN

    @pytest.mark.parametrize(("complaints", "status"), [(20, GoalStatus.MET), (90, GoalStatus.NOT_MET)])
    def test_is_met_where_the_whole_interval_meets_it(self, complaints: int, status: GoalStatus) -> None:
        assert self.status(self.tables(complaints)) is status

    def test_is_too_early_before_it_is_due(self) -> None:
        assert self.status(self.tables(20), days=20) is GoalStatus.TOO_EARLY

    def test_is_blocked_by_an_open_severe_flag(self) -> None:
        flag = {
            "flag_id": "f",
            "metric_id": "complaint_rate",
            "check_id": "x",
            "severity": "severe",
            "opened_at": self.START,
            "answered_at": None,
        }

        assert self.status({**self.tables(20), "integrity_flag": [flag]}) is GoalStatus.BLOCKED
        assert (
            self.status({**self.tables(20), "integrity_flag": [flag | {"answered_at": self.START}]}) is GoalStatus.MET
        )

    @pytest.mark.parametrize("more", [{"owner": ""}, {"relevance": " "}, {"metric_version": 9}, {"metric_id": "speed"}])
    def test_is_none_without_its_five_parts_or_a_known_definition(self, more: dict[str, Any]) -> None:
        found = total(self.tables(56, **more), "target_attainment", watermark=self.START + timedelta(days=31))

        assert found.value is None

    def test_is_split_by_goal_alone(self) -> None:
        with pytest.raises(kpis.BadQuestion, match="Goals are split by goal"):
            total(self.tables(1), "target_attainment", watermark=self.START + timedelta(days=31), by=["queue"])

    def test_says_nothing_of_what_was_not_measured(self) -> None:
        assert goal_status(attained=None, low=None, is_due=True) is None


def audited(rows: list[tuple[str, str, float]]) -> dict[str, list[dict[str, Any]]]:
    return {
        "triage_prediction": [
            {
                "object_id": f"o{place}",
                "aspect": "class",
                "model_version": "1",
                "at": utc("2026-03-02"),
                "predicted": predicted,
                "final": final,
                "probability": probability,
                "is_final_verified": True,
                "inclusion_prob": 0.5,
            }
            for place, (predicted, final, probability) in enumerate(rows)
        ]
    }


class TestTriage:
    ROWS = [("a", "a", 0.9)] * 8 + [("a", "b", 0.9)] * 2 + [("b", "b", 0.6)] * 2
    AFTER = utc("2026-04-01")

    def test_macro_f1_counts_a_rare_class_like_any_other(self) -> None:
        found = total(audited(self.ROWS), "triage_macro_f1", watermark=self.AFTER)

        # a: 8 right of 10 predicted and 8 final; b: 2 right of 2 predicted and 4 final.
        assert found.value == pytest.approx((16 / 18 + 4 / 6) / 2)
        assert found.low is not None
        assert found.low < (found.value or 0)

    def test_recall_is_of_the_classes_asked_for(self) -> None:
        found = total(audited(self.ROWS), "triage_recall", watermark=self.AFTER, options={"classes": ("b",)})

        assert found.value == pytest.approx(0.5)

    def test_calibration_holds_chance_against_what_was_right(self) -> None:
        found = total(audited(self.ROWS), "triage_calibration_error", watermark=self.AFTER)

        assert found.value == pytest.approx((10 * abs(0.8 - 0.9) + 2 * abs(1 - 0.6)) / 12)

    def test_nothing_audited_is_no_number(self) -> None:
        assert total({"triage_prediction": []}, "triage_macro_f1", watermark=self.AFTER).value is None


class TestBalance:
    BY_ERRORS = {"fewest": 6, "quality": "no_critical_error"}

    def test_is_told_from_the_interval(self) -> None:
        world = grown_of(7)
        row = total(world.tables, "balance_index", watermark=world.watermark, options=self.BY_ERRORS)

        assert row.value is not None
        assert row.low is not None
        assert row.low < row.value
        assert balance_of(row) in set(Balance)

    def test_has_no_number_for_few_teams(self) -> None:
        world = grown_of(7)
        one = [{**row, "team_id": "t0"} for row in world.tables["agent_team"]]

        row = total({**world.tables, "agent_team": one}, "balance_index", watermark=world.watermark)

        assert row.value is None
        assert balance_of(row) is None


def test_time_not_yet_lived_is_no_employment_of_a_team() -> None:
    """A move to another team that is planned already gives the first team no hours beyond what facts tell."""
    moves = [("red", utc("2026-01-01"), utc("2026-03-29T12:00")), ("blue", utc("2026-03-29T12:00"), None)]
    tables = {
        "agent": [{"agent_id": "a", "hire_date": date(2026, 3, 29), "separation_date": None}],
        "agent_team": [
            {"agent_id": "a", "team_id": team, "valid_from": start, "valid_to": end} for team, start, end in moves
        ],
        "training_record": [],
    }
    facts = Facts.of(tables, watermarks={"memory": utc("2026-03-29T06:00")})

    rows = kpis.measure(facts, "training_hours", by=["team"], with_small=True).rows
    hours = {row.dimensions["team"]: (row.denominator or 0) * 365.2425 * 24 for row in rows}

    assert hours["red"] == pytest.approx(6)
    assert hours[None] == pytest.approx(0)
