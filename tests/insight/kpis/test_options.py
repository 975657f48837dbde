"""Options of metrics: every choice has a name in four languages, and a metric is measured in the unit of what is asked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import ibis.expr.types as ir
import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.facts.tables import TABLES
from careloop.insight.kpis import Asked, Metric
from careloop.insight.kpis.choices import CHOICES, SWITCHED
from careloop.insight.kpis.definitions import EARLIER
from careloop.insight.kpis.measures.kinds import Count, Distinct, Level, Mean, Measure, Ratio, Sum, Survival, SurvivalAt
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Unit
from careloop.insight.kpis.options import Choice, names_of
from careloop.insight.kpis.words import LANGUAGES, Words

EVERY = (*kpis.METRICS.values(), *(edition.metric for editions in EARLIER.values() for edition in editions))
IDS = [f"{metric.id} v{metric.version}" for metric in EVERY]
NOTHING = Facts.of({table: [] for table in TABLES})

DURATIONS = {Unit.SECONDS, Unit.HOURS, Unit.DAYS, Unit.MONTHS}
# One count of rows over another is never a duration, money or points.
OF_COUNTS = {Unit.SHARE, Unit.CONTACTS, Unit.PER_THOUSAND, Unit.PER_MILLION}


def all_asked(metric: Metric) -> Iterator[Asked]:
    """Ask for a metric as usual, and with every choice of every option."""
    yield Asked.of(metric)
    for option in metric.options:
        for choice in names_of(option):
            yield Asked.of(metric, {option.name: choice})


def units_of(measure: Measure) -> set[Unit]:
    """Say in which units what a measure returns can be."""
    match measure:
        case Ratio(numerator=above, denominator=below) if all(map(counts_rows, (*several(above), *several(below)))):
            return OF_COUNTS
        case Mean():
            return {*DURATIONS, Unit.POINTS, Unit.RATIO}
        case Survival():
            return DURATIONS
        case SurvivalAt():
            return {Unit.SHARE}
        case Count() | Distinct():
            return {Unit.COUNT}
        case Level():
            return {*DURATIONS, Unit.COUNT, Unit.POINTS}
    return set(Unit)


def several(part: object) -> tuple[object, ...]:
    return part if isinstance(part, tuple) else (part,)


def counts_rows(part: object) -> bool:
    return isinstance(part, Sum) and isinstance(part.value, ir.BooleanValue)


class TestChoices:
    @pytest.mark.parametrize("metric", EVERY, ids=IDS)
    def test_are_called_something_in_every_language(self, metric: Metric) -> None:
        for option in metric.options:
            names = names_of(option)
            if isinstance(option, Choice):
                assert tuple(names) == option.choices
            for language in LANGUAGES:
                said = [words.spoken(language) for words in names.values()]
                assert all(text.strip() for text in said)
                assert len(set(said)) == len(said), "two choices of one option have the same name"

    def test_are_translated(self) -> None:
        same_everywhere = {words.en for names in CHOICES.values() for words in names.values() if is_untranslated(words)}

        assert same_everywhere == set()
        assert not any(map(is_untranslated, SWITCHED.values()))

    def test_are_choices_of_some_metric(self) -> None:
        known = {
            (option.name, choice)
            for metric in EVERY
            for option in metric.options
            if isinstance(option, Choice)
            for choice in option.choices
        }

        assert {(name, choice) for name, names in CHOICES.items() for choice in names} == known


def is_untranslated(words: Words) -> bool:
    return words.en in {words.ko, words.zh_hans, words.vi}


class TestUnits:
    @pytest.mark.parametrize("metric", EVERY, ids=IDS)
    def test_fit_what_is_measured(self, metric: Metric) -> None:
        for asked in all_asked(metric):
            measure = asked.metric.measure(NOTHING, asked.options)

            assert asked.metric.unit in units_of(measure), str(asked.options)

    @pytest.mark.parametrize("metric", EVERY, ids=IDS)
    def test_go_with_an_aggregation(self, metric: Metric) -> None:
        for asked in all_asked(metric):
            measure = asked.metric.measure(NOTHING, asked.options)

            assert isinstance(measure, Survival | SurvivalAt) <= (asked.metric.aggregation is Aggregation.SURVIVAL)
            assert isinstance(measure, Mean) <= (asked.metric.aggregation is Aggregation.MEAN)

    @pytest.mark.parametrize("metric", EVERY, ids=IDS)
    def test_vary_by_choices_that_exist(self, metric: Metric) -> None:
        names = {option.name: names_of(option) for option in metric.options}

        for variant in metric.variants:
            assert variant.setting in names[variant.option]
            assert metric.settled(Asked.of(metric, {variant.option: variant.setting}).options) != metric

    @pytest.mark.parametrize("metric", EVERY, ids=IDS)
    def test_are_the_usual_ones_by_default(self, metric: Metric) -> None:
        assert Asked.of(metric).metric is metric

    @pytest.mark.parametrize(
        ("name", "options", "unit", "direction"),
        [
            ("first_response_time", {"statistic": "within_target"}, Unit.SHARE, Direction.HIGHER),
            ("first_response_time", {"statistic": "km_median"}, Unit.SECONDS, Direction.LOWER),
            ("hold_time", {"statistic": "share_held"}, Unit.SHARE, Direction.LOWER),
            ("hold_time", {"statistic": "holds"}, Unit.RATIO, Direction.LOWER),
            ("pareto_share", {"statistic": "gini"}, Unit.INDEX, Direction.CONTEXT),
            ("churn_rate", {"per_year": True}, Unit.PER_YEAR, Direction.LOWER),
            ("integrity_flags", {"weighted": True}, Unit.POINTS, Direction.LOWER),
            ("forecast_wape", {"statistic": "bias"}, Unit.RATIO, Direction.BAND),
            ("containment_rate", {"part": "gave_up"}, Unit.SHARE, Direction.LOWER),
            ("permanent_fix_share", {"closed_as": "workaround"}, Unit.SHARE, Direction.CONTEXT),
        ],
    )
    def test_are_of_what_is_asked(
        self, name: str, options: dict[str, str | bool], unit: Unit, direction: Direction
    ) -> None:
        since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
        result = kpis.measure(NOTHING, name, options=options, since=since, until=until)

        assert (result.metric.unit, result.metric.direction) == (unit, direction)

    def test_bring_their_interval(self) -> None:
        opened = datetime(2026, 3, 2, 9, tzinfo=UTC)
        case = {"opened_at": opened, "first_response_at": opened + timedelta(minutes=30)}
        facts = Facts.of({"case": [{**case, "case_id": str(place)} for place in range(40)]})

        total = kpis.measure(facts, "first_response_time", options={"statistic": "within_target"}).total

        assert total is not None
        assert (total.value, total.high, total.method) == (1.0, 1.0, IntervalMethod.WILSON.value)
        assert total.low == pytest.approx(0.9124, abs=1e-4)
