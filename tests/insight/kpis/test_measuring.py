"""The engine: vectors of metrics.md, roll-ups, clocks that change, intervals, small numbers, flags."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.kpis import Asked, intervals
from careloop.insight.stats.bootstrap import BootstrapMethod, cluster_bootstrap_sums
from careloop.insight.stats.intervals import design_effect, poisson_exact
from careloop.insight.stats.intervals import wilson as wilson_one
from tests.insight.kpis.worlds import utc

START = utc("2026-03-02T09:00")


def leg(number: int, exit_: str, wait: float, at: datetime = START, **more: Any) -> dict[str, Any]:
    return {
        "segment_id": f"s{number}",
        "contact_id": f"c{number}",
        "seq": 1,
        "queue_id": "q",
        "queued_at": at,
        "left_queue_at": at + timedelta(seconds=wait),
        "wait_s": wait,
        "exit": exit_,
        **more,
    }


def legs(*groups: tuple[int, str, float]) -> list[dict[str, Any]]:
    spread = [(exit_, wait) for count, exit_, wait in groups for _ in range(count)]
    return [leg(number, exit_, wait) for number, (exit_, wait) in enumerate(spread)]


VECTOR = legs(
    (860, "answered", 20.0),
    (140, "answered", 20.5),
    (10, "abandoned", 4.9),
    (10, "abandoned", 20.0),
    (40, "abandoned", 90.0),
)


class TestServiceLevel:
    @pytest.mark.parametrize(
        ("denominator", "level"),
        [
            ("offered_ex_short", 0.819048),
            ("offered", 0.811321),
            ("ex_abandon_within_target", 0.826923),
            ("answered", 0.860000),
            ("credit_abandon_within_target", 0.830189),
        ],
    )
    def test_has_five_denominators(self, denominator: str, level: float) -> None:
        facts = Facts.of({"contact_segment": VECTOR})

        total = kpis.measure(facts, "service_level", options={"denominator": denominator}).total

        assert total is not None
        assert total.value == pytest.approx(level, abs=5e-7)

    def test_prints_its_variant(self) -> None:
        result = kpis.measure(Facts.of({"contact_segment": VECTOR}), "A01", options={"denominator": "offered"})

        assert "denominator=offered" in result.identity

    def test_flags_five_ways_that_differ(self) -> None:
        result = kpis.measure(Facts.of({"contact_segment": VECTOR}), "A01", with_checks=True)

        assert {flag.check for flag in result.flags} == {"service_level_spread", "wait_heaping"}


class TestRollUps:
    def test_divide_sums_and_never_average(self) -> None:
        cells = {"a": (10, 10), "b": (120, 200), "c": (5, 5)}
        rows = [
            leg(len(queue) + 1000 * place + number, "answered", 5.0 if number < met else 60.0, queue_id=queue)
            for place, (queue, (met, count)) in enumerate(cells.items())
            for number in range(count)
        ]

        total = kpis.measure(Facts.of({"contact_segment": rows}), "service_level", by=["queue"]).total

        assert total is not None
        assert total.value == pytest.approx(0.627907, abs=5e-7)

    def test_one_scan_serves_several_metrics(self) -> None:
        scans: list[Any] = []

        def fetch(expression: Any) -> Any:
            scans.append(expression)
            return expression.to_pyarrow()

        asked = [Asked.of(kpis.metric(name)) for name in ("service_level", "asa", "abandonment_rate", "acw", "att")]
        kpis.measure_all(Facts.of({"contact_segment": VECTOR}), asked, by=["queue"], fetch=fetch)

        assert len(scans) == 1


class TestColumns:
    def test_are_the_same_in_arrow_and_in_lists(self) -> None:
        waits = [leg(number, "answered", 10.0 + number, START + timedelta(hours=number)) for number in range(3)]
        facts = Facts.of({"contact_segment": [*waits, leg(9, "abandoned", 1.0, queue_id=None)]}, zone="Asia/Seoul")

        result = kpis.measure(facts, "asa", by=("queue", "half_hour"))

        assert result.cells is not None
        table = result.cells.arrow()
        assert table.to_pydict() == result.cells.lists()
        assert (table["n"].type, table["low"].type, table["low"].null_count) == ("int64", "double", 4)


class TestClocks:
    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Europe/London", date(2026, 3, 29), 23),
            ("Europe/London", date(2026, 10, 25), 25),
            ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
            ("Asia/Kathmandu", date(2026, 3, 29), 24),
        ],
    )
    def test_a_local_day_is_as_long_as_it_is(self, zone: str, day: date, hours: float) -> None:
        start = utc(day.isoformat()) - timedelta(days=1)
        states = [
            {
                "agent_state_id": "x",
                "agent_id": "a",
                "state": "contact",
                "started_at": start,
                "ended_at": start + timedelta(days=3),
            }
        ]
        facts = Facts.of({"agent_state": states}, zone=zone)

        rows = {row.dimensions["day"]: row for row in kpis.measure(facts, "occupancy", by=["day"]).rows}
        halves = kpis.measure(facts, "occupancy", by=["day", "half_hour"]).rows

        assert rows[day].denominator == pytest.approx(hours * 3600)
        assert sum(row.dimensions["day"] == day for row in halves) == hours * 2
        assert sum(row.denominator or 0 for row in rows.values()) == pytest.approx(3 * 86_400)

    def test_an_hour_that_comes_twice_stays_two(self) -> None:
        rows = [leg(1, "answered", 1.0, utc("2026-10-25T00:30")), leg(2, "answered", 1.0, utc("2026-10-25T01:30"))]
        facts = Facts.of({"contact_segment": rows}, zone="Europe/London")

        cells = kpis.measure(facts, "service_level", by=["hour"]).rows

        hours = [row.dimensions["hour"] for row in cells]
        assert [f"{hour:%H:%M %z}" for hour in hours] == ["01:00 +0100", "01:00 +0000"]

    def test_a_clock_that_moves_half_an_hour_starts_a_bucket(self) -> None:
        forth = [utc("2026-10-03T15:10"), utc("2026-10-03T15:40"), utc("2026-10-03T16:10")]
        back = [utc("2026-04-04T14:40"), utc("2026-04-04T15:10"), utc("2026-04-04T15:40")]
        rows = [leg(number, "answered", 1.0, at) for number, at in enumerate([*back, *forth])]
        facts = Facts.of({"contact_segment": rows}, zone="Australia/Lord_Howe")

        cells = kpis.measure(facts, "service_level", by=["hour"]).rows

        assert [f"{row.dimensions['hour']:%d %H:%M %z}: {row.denominator:.0f}" for row in cells] == [
            *("05 01:00 +1100: 1", "05 01:30 +1030: 1", "05 02:00 +1030: 1"),
            *("04 01:00 +1030: 1", "04 02:30 +1100: 1", "04 03:00 +1100: 1"),
        ]

    def test_time_counts_for_the_team_in_which_it_was_spent(self) -> None:
        at = utc("2026-03-02T08:00")
        day = {"agent_state_id": "x", "agent_id": "a", "state": "contact", "started_at": at}
        teams = [
            {"agent_id": "a", "team_id": team, "valid_from": at + timedelta(hours=start), "valid_to": end}
            for team, start, end in (("red", 1, at + timedelta(hours=3)), ("blue", 4, None))
        ]
        facts = Facts.of({"agent_state": [{**day, "ended_at": at + timedelta(hours=8)}], "agent_team": teams})

        rows = kpis.measure(facts, "occupancy", by=["team"]).rows
        narrowed = kpis.measure(facts, "occupancy", where={"field": "team", "operator": "is", "value": "red"}).total

        # Before the first team and between the two, nobody's.
        assert {row.dimensions["team"]: row.denominator for row in rows} == {"red": 7200, "blue": 14_400, None: 7200}
        assert narrowed is not None
        assert narrowed.denominator == 7200

    def test_concurrent_contacts_share_an_agent(self) -> None:
        at = utc("2026-03-02T10:00")
        spans = ((0, 10), (5, 20))
        states = [
            {
                "agent_state_id": f"x{number}",
                "agent_id": "a",
                "state": "contact",
                "contact_id": f"c{number}",
                "started_at": at + timedelta(minutes=start),
                "ended_at": at + timedelta(minutes=end),
            }
            for number, (start, end) in enumerate(spans)
        ]
        facts = Facts.of({"agent_state": states})

        shares = {row["contact_id"]: 0.0 for row in states}
        for row in kpis.behind(facts, "aht_concurrent").to_pylist():
            shares[row["contact_id"]] += row["numerator"] or 0.0

        assert shares == {"c0": pytest.approx(7.5 * 60), "c1": pytest.approx(12.5 * 60)}

    def test_half_an_hour_out_of_eight_is_adherence_of_0_9375(self) -> None:
        at = utc("2026-03-02T09:00")
        facts = Facts.of(
            {
                "schedule_activity": [
                    {
                        "agent_id": "a",
                        "activity": "phone",
                        "starts_at": at,
                        "ends_at": at + timedelta(hours=8),
                        "schedule_version": 1,
                        "published_at": at - timedelta(days=1),
                    }
                ],
                "activity_state_map": [{"activity": "phone", "allowed_states": ["available"], "is_work": True}],
                "agent_state": [
                    {
                        "agent_state_id": "x",
                        "agent_id": "a",
                        "state": "available",
                        "started_at": at + timedelta(minutes=30),
                        "ended_at": at + timedelta(hours=8),
                    }
                ],
            }
        )

        total = kpis.measure(facts, "adherence").total

        assert total is not None
        assert total.value == pytest.approx(0.9375)

    def test_six_leavers_of_a_hundred_in_three_months_are_0_24_a_year(self) -> None:
        staff = [{"agent_id": f"a{n}", "hire_date": date(2025, 1, 1)} for n in range(97)]
        leavers = [
            {
                "agent_id": f"l{n}",
                "hire_date": date(2025, 1, 1),
                "separation_date": date(2026, 2, 14),
                "separation_kind": "voluntary",
            }
            for n in range(6)
        ]
        facts = Facts.of({"agent": staff + leavers}, watermarks={"memory": utc("2026-06-01")})

        total = kpis.measure(facts, "agent_turnover", since=utc("2026-01-01"), until=utc("2026-04-01")).total

        assert total is not None
        assert total.numerator == 6
        # 45 days of 90 with six people more: a hundred on average, and 0.24 but for the months' lengths.
        assert total.value == pytest.approx(0.24, abs=2e-4)


class TestIntervals:
    def test_are_those_of_one_cell(self) -> None:
        x, n = np.array([0.0, 1, 45, 10, 0]), np.array([10.0, 10, 60, 10, 0])

        bounds = intervals.wilson(successes=x, trials=n)

        for place in range(4):
            one = wilson_one(successes=x[place], trials=n[place])
            assert one is not None
            assert (bounds.low[place], bounds.high[place]) == pytest.approx((one.low, one.high))
        assert np.isnan(bounds.low[4])

    def test_count_exactly(self) -> None:
        bounds = intervals.poisson(events=np.array([18.0, 0.0]))

        for place, events in enumerate((18, 0)):
            one = poisson_exact(events=events)
            assert one is not None
            assert (bounds.low[place], bounds.high[place]) == pytest.approx((one.low, one.high))

    @pytest.mark.parametrize("clusters", [2, 12, 60])
    def test_draw_the_same_days_as_the_bootstrap_of_one_cell(self, clusters: int) -> None:
        random = np.random.default_rng(7)
        n = random.integers(1, 40, size=(3, clusters)).astype(float)
        x = n * random.uniform(5, 9, size=n.shape)

        bounds = intervals.bootstrap_ratio(
            codes=np.repeat(np.arange(3), clusters), cells=3, numerators=x.ravel(), denominators=n.ravel()
        )

        for place in range(3):
            one = cluster_bootstrap_sums(
                sums=np.stack([x[place], n[place]], axis=1),
                statistic=lambda sums: sums[:, 0] / sums[:, 1],
                seed=intervals.SEED,
                method=BootstrapMethod.BCA,
            )
            assert one is not None
            assert (bounds.low[place], bounds.high[place]) == pytest.approx((one.low, one.high))

    def test_of_a_duration_do_not_reach_below_nothing(self) -> None:
        facts = Facts.of({"contact_segment": legs((2, "answered", 1.0), (1, "answered", 60.0))})

        row = kpis.measure(facts, "asa", with_small=True).total

        assert row is not None
        assert (row.method, row.low) == ("t", 0.0)

    def test_widen_with_customers_who_come_often(self) -> None:
        contacts = [
            {
                "contact_id": f"c{customer}-{number}",
                "channel": "voice",
                "direction": "inbound",
                "customer_id": f"k{customer}",
                "reason_group": "x" if customer % 2 else f"r{number}",
                "arrived_at": START + timedelta(days=number),
                "ended_at": START + timedelta(days=number, minutes=5),
                "outcome": "handled",
            }
            for customer in range(20)
            for number in range(5)
        ]
        facts = Facts.of({"contact": contacts}, watermarks={"memory": utc("2026-06-01")})

        total = kpis.measure(facts, "fcr_contact").total

        effect = design_effect(successes=[1, 5] * 10, trials=[5, 5] * 10)
        one = wilson_one(successes=60, trials=100, design_effect=effect or 1)
        assert total is not None
        assert one is not None
        assert (total.value, total.low, total.high) == pytest.approx((0.6, one.low, one.high))

    def test_of_answers_count_customers_and_not_answers(self) -> None:
        """Ten customers who each say the same five times are ten answers, and no fifty."""
        scores = [1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 4.0, 5.0, 5.0]
        invites = [
            {
                "invite_id": f"i{place}-{turn}",
                "programme": "after",
                "customer_id": f"k{place}",
                "eligible": True,
                "selected_by": "random",
                "decided_at": utc("2026-03-02"),
            }
            for place in range(10)
            for turn in range(5)
        ]
        answers = [
            {
                "invite_id": invite["invite_id"],
                "question_key": "csat",
                "wording_id": "w",
                "scale_min": 1.0,
                "scale_max": 5.0,
                "value": scores[place // 5],
                "answered_at": utc("2026-03-02") + timedelta(days=place % 7),
            }
            for place, invite in enumerate(invites)
        ]

        total = kpis.measure(Facts.of({"survey_invite": invites, "survey_answer": answers}), "csat_mean").total

        assert total is not None
        half = 2.2621571627 * float(np.std(scores, ddof=1)) / 10**0.5
        assert total.value == pytest.approx(3.3)
        assert total.method == "linearized"
        assert (total.low, total.high) == pytest.approx((3.3 - half, 3.3 + half))


class TestSmallNumbers:
    def test_of_customers_are_hidden_below_ten(self) -> None:
        contacts = [
            {
                "contact_id": f"c{number}",
                "channel": "voice" if number < 9 else "chat",
                "direction": "inbound",
                "customer_id": f"k{number}",
                "reason_group": "billing",
                "arrived_at": START,
                "ended_at": START,
                "outcome": "handled",
            }
            for number in range(40)
        ]
        facts = Facts.of({"contact": contacts}, watermarks={"memory": utc("2026-06-01")})

        chat, voice = kpis.measure(facts, "fcr_contact", by=["channel"]).rows

        assert (voice.standing, voice.value, voice.n) == ("hidden", None, None)
        assert (chat.standing, chat.value) == ("shown", 1.0)

    def test_of_people_are_hidden_below_five_and_cannot_be_worked_out(self) -> None:
        teams = {"red": 8, "blue": 3, "green": 9}
        rows = [(f"{team}{n}", team) for team, count in teams.items() for n in range(count)]
        facts = Facts.of(
            {
                "paid_time": [
                    {
                        "agent_id": agent,
                        "local_date": date(2026, 3, 2),
                        "paid_s": 28_800.0,
                        "worked_s": 25_000.0,
                        "overtime_s": 0.0,
                        "absence_s": 600.0,
                        "is_absence_planned": False,
                        "scheduled_s": 28_800.0,
                    }
                    for agent, _team in rows
                ],
                "agent_team": [
                    {"agent_id": agent, "team_id": team, "valid_from": utc("2025-01-01")} for agent, team in rows
                ],
            }
        )

        result = kpis.measure(facts, "absence_rate", by=["team"])

        hidden = {row.dimensions["team"] for row in result.rows if row.standing == "hidden"}
        assert "blue" in hidden
        assert len(hidden) >= 2
        assert result.total is not None
        assert result.total.value is not None


class TestLevels:
    def test_count_what_is_open_at_the_end_of_each_day(self) -> None:
        cases = [
            {
                "case_id": "a",
                "opened_at": utc("2026-03-01T10:00"),
                "resolved_at": utc("2026-03-03T10:00"),
                "reopen_count": 0,
            },
            {"case_id": "b", "opened_at": utc("2026-03-02T10:00"), "resolved_at": None, "reopen_count": 0},
        ]
        facts = Facts.of({"case": cases}, watermarks={"memory": utc("2026-03-05")})

        rows = kpis.measure(facts, "backlog", by=["day"], since=utc("2026-03-01"), until=utc("2026-03-04")).rows

        assert [(row.dimensions["day"], row.value) for row in rows] == [
            (date(2026, 3, 1), 1),
            (date(2026, 3, 2), 2),
            (date(2026, 3, 3), 1),
        ]
        total = kpis.measure(facts, "backlog").total
        assert total is not None
        assert total.value == 1
        oldest = kpis.measure(facts, "backlog_age", options={"q": "1"}).total
        assert oldest is not None
        assert oldest.value == pytest.approx(62)


class TestProvisional:
    def test_until_the_watermark_has_passed_the_end_and_the_lag(self) -> None:
        facts = Facts.of({"contact_segment": VECTOR}, watermarks={"memory": utc("2026-03-02T12:00")})

        cells = kpis.measure(facts, "service_level", by=["day"], until=utc("2026-03-10")).rows
        hours = kpis.measure(facts, "service_level", by=["hour"]).rows

        assert [row.is_provisional for row in cells] == [True]
        assert [row.is_provisional for row in hours] == [False]


class TestIntegrityFlags:
    def test_count_until_somebody_answers(self) -> None:
        flags = [
            {
                "flag_id": name,
                "metric_id": "asa",
                "check_id": "short_talk_share",
                "severity": severity,
                "opened_at": utc("2026-03-01"),
                "answered_at": answered,
            }
            for name, severity, answered in (
                ("a", "severe", None),
                ("b", "note", None),
                ("c", "severe", utc("2026-03-02")),
            )
        ]
        facts = Facts.of({"integrity_flag": flags})

        values = [
            kpis.measure(facts, "integrity_flags", until=utc(day), options={"severity": severity}).total
            for day, severity in (("2026-03-02", "all"), ("2026-03-03", "all"), ("2026-03-03", "severe"))
        ]

        assert [row.value if row else None for row in values] == [3, 2, 1]

    def test_weigh_by_severity_where_asked(self) -> None:
        facts = Facts.of({"integrity_flag": [flag("a", "severe"), flag("b", "note"), flag("c", "warning")]})

        weighed = kpis.measure(facts, "integrity_flags", until=utc("2026-03-03"), options={"weighted": True}).total

        assert weighed is not None
        assert weighed.value == 4 + 1 + 2


def flag(name: str, severity: str, metric: str = "asa", answered: str | None = None) -> dict[str, Any]:
    return {
        "flag_id": name,
        "metric_id": metric,
        "check_id": "short_talk_share",
        "severity": severity,
        "opened_at": utc("2026-03-01"),
        "answered_at": None if answered is None else utc(answered),
    }


class TestCleanMetrics:
    FLAGS = (
        flag("a", "severe"),
        flag("b", "note"),
        flag("c", "note", "service_level", answered="2026-03-02T12:00"),
        flag("d", "severe", "no_longer_a_metric"),
    )

    def clean(self, day: str, **options: str) -> kpis.Row | None:
        facts = Facts.of({"integrity_flag": self.FLAGS, "contact_segment": [], "contact": []})
        return kpis.measure(facts, "clean_kpi_share", until=utc(day), options=options).total

    def test_are_those_without_an_open_flag_among_those_that_can_be_measured(self) -> None:
        before, after = self.clean("2026-03-02"), self.clean("2026-03-03")

        assert before is not None
        assert after is not None
        guarded = after.denominator
        # Those whose facts are calls and contacts, and not those of surveys or staff.
        assert guarded is not None
        assert 10 < guarded < 60
        assert before.value == pytest.approx(1 - 2 / guarded)
        assert after.value == pytest.approx(1 - 1 / guarded)

    def test_may_overlook_what_is_not_grave(self) -> None:
        grave, any_ = self.clean("2026-03-02", from_severity="severe"), self.clean("2026-03-02")

        assert grave is not None
        assert any_ is not None
        assert any_.value is not None
        assert any_.value < (grave.value or 0)

    def test_are_all_where_nobody_opened_a_flag(self) -> None:
        facts = Facts.of({"integrity_flag": [], "contact_segment": []})
        total = kpis.measure(facts, "clean_kpi_share", until=utc("2026-03-02")).total

        assert total is not None
        assert total.value == 1
