"""The catalogue as data: whole in four languages, current as a page, and honest about what it lacks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.facts.tables import TABLES
from careloop.insight.kpis.checks import CHECKS
from careloop.insight.kpis.lacks import alternatives, by_default
from careloop.insight.kpis.words import Words
from tests.insight.kpis.test_twins import BY_LEVEL, TWINS
from tools.metrics import page

ROOT = Path(__file__).resolve().parents[3]


def words(metric: kpis.Metric) -> Iterator[Words]:
    yield from (metric.name, metric.numerator, metric.gaming)
    if metric.denominator is not None:
        yield metric.denominator
    yield from (option.meaning for option in metric.options)
    yield from (CHECKS[name].sentence for name in metric.checks)


class TestCatalogue:
    def test_has_its_page(self) -> None:
        assert (ROOT / "docs/reference/metrics.md").read_text() == page()

    def test_has_a_twin_for_every_metric(self) -> None:
        assert kpis.METRICS.keys() - BY_LEVEL == TWINS.keys()

    @pytest.mark.parametrize("metric", kpis.METRICS.values(), ids=kpis.METRICS)
    def test_speaks_four_languages(self, metric: kpis.Metric) -> None:
        for phrase in words(metric):
            said = {phrase.en, phrase.ko, phrase.zh_hans, phrase.vi}
            assert all(text.strip() for text in said)
            assert len(said) == 4, said

    @pytest.mark.parametrize("metric", kpis.METRICS.values(), ids=kpis.METRICS)
    def test_speaks_to_people(self, metric: kpis.Metric) -> None:
        # Keys of survey questions are what somebody has to type.
        codes = {found for phrase in words(metric) for found in re.findall(r"[a-z]+_[a-z0-9_]+", str(phrase))}

        assert {code for code in codes if not code.startswith(("servperf_", "zh_hans"))} == set()

    @pytest.mark.parametrize("metric", kpis.METRICS.values(), ids=kpis.METRICS)
    def test_needs_only_facts_that_are_described(self, metric: kpis.Metric) -> None:
        needs = by_default(metric)

        assert needs
        for table, columns in needs.items():
            for need in columns:
                for other, column in alternatives(table, need):
                    assert TABLES[other].column(column)

    def test_knows_metrics_by_name_and_by_code(self) -> None:
        assert kpis.metric("service_level") is kpis.metric("a01")

    def test_refuses_an_unknown_metric(self) -> None:
        with pytest.raises(kpis.UnknownMetric, match="There is no metric “speed”"):
            kpis.metric("speed")


class TestNotMeasured:
    @pytest.mark.parametrize("name", kpis.METRICS)
    def test_says_what_it_would_need(self, name: str) -> None:
        result = kpis.measure(Facts.of({}), name)

        assert result.total is None
        assert result.rows == ()
        assert result.not_measured

    def test_is_not_zero(self) -> None:
        result = kpis.measure(Facts.of({"contact_segment": []}), "service_level")

        assert result.not_measured == ()
        assert result.total is not None
        assert result.total.value is None
        assert (result.total.numerator, result.total.denominator) == (0, 0)


class TestRefusals:
    FACTS = Facts.of({"contact_segment": []})

    @pytest.mark.parametrize(
        ("question", "sentence"),
        [
            ({"by": ["moon"]}, "Nothing can be split by “moon”"),
            ({"by": ["queue", "queue"]}, "Name each dimension once"),
            ({"by": ["category"]}, "cannot be split or narrowed by “category”"),
        ],
    )
    def test_say_why(self, question: dict[str, list[str]], sentence: str) -> None:
        with pytest.raises(kpis.BadQuestion, match=sentence):
            kpis.measure(self.FACTS, "service_level", by=question["by"])

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("target_s", "soon", "is a number"),
            ("target_s", -1, "lies between"),
            ("denominator", "all", "is one of"),
            ("include_flow_out", "maybe", "is on or off"),
            ("patience", 1, "has no option"),
        ],
    )
    def test_name_the_option(self, name: str, value: str, sentence: str) -> None:
        with pytest.raises(kpis.BadOption, match=sentence):
            kpis.measure(self.FACTS, "service_level", options={name: value})
