"""Every metric equals its slow twin: on random facts, with random options, however it is split."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.kpis import Asked, BadQuestion
from careloop.insight.kpis.lacks import alternatives
from careloop.insight.kpis.measures.kinds import Cohort, Level, LevelShare, Mean, Measure, Ratio, Repeated, Revenue, Sum
from careloop.insight.kpis.metric import Subject, Unit
from careloop.insight.kpis.options import Choice, Codes, Number, Setting, Switch
from careloop.insight.kpis.results import Need
from tests.insight.kpis.strategies import worlds
from tests.insight.kpis.twins import (
    access,
    complaints,
    guidance,
    handling,
    health,
    loyalty,
    people,
    planning,
    quality,
    resolution,
    voice,
)
from tests.insight.kpis.twins.base import Twin, answer
from tests.insight.kpis.worlds import World
from tests.insight.kpis.worlds_of.complaints import grievances
from tests.insight.kpis.worlds_of.grown import grown
from tests.insight.kpis.worlds_of.guidance import guidances
from tests.insight.kpis.worlds_of.loyalty import loyalties
from tests.insight.kpis.worlds_of.people import staffs
from tests.insight.kpis.worlds_of.quality import qualities
from tests.insight.kpis.worlds_of.voice import voices

FAMILIES: tuple[tuple[dict[str, Twin], st.SearchStrategy[World]], ...] = (
    (access.TWINS, worlds()),
    (handling.TWINS, worlds()),
    (planning.TWINS, worlds()),
    (planning.GROWN, grown()),
    (resolution.TWINS, worlds()),
    (voice.TWINS, voices()),
    (loyalty.TWINS, loyalties()),
    (complaints.TWINS, grievances()),
    (quality.TWINS, qualities()),
    (guidance.TWINS, guidances()),
    (people.TWINS, staffs()),
    (health.TWINS, worlds()),
)
TWINS: dict[str, Twin] = {name: twin for twins, _worlds in FAMILIES for name, twin in twins.items()}
WORLDS = {name: strategy for twins, strategy in FAMILIES for name in twins}
# Levels are read at instants, not summed over rows: test_levels.py. The burnout signal needs weeks: test_family_vectors.py.
BY_LEVEL = {"backlog", "backlog_age", "burnout_risk", "clean_kpi_share", "integrity_flags"}
SPLITS = (
    (),
    ("queue",),
    ("queue", "half_hour"),
    ("agent", "day"),
    ("team", "hour"),
    ("channel", "weekday"),
    ("reason", "time_of_day"),
    ("week", "team"),
    ("month",),
    ("day",),
)


def batched(names: list[str], most: int) -> list[list[str]]:
    """Cut names into as few runs as need be, none longer than `most`, all about as long."""
    runs = -(-len(names) // most)
    return [names[len(names) * run // runs : len(names) * (run + 1) // runs] for run in range(runs)]


# Who has just come is followed through all later weeks: cells are of cohorts, not of places.
COHORTS = {"time_to_proficiency"}
SPLITS_OF_COHORTS: tuple[tuple[str, ...], ...] = ((), ("week",), ("month",), ("day",))
MOST_OF_A_CHUNK = 12
CHUNKS = {
    f"{twins[0]}-{twins[-1]}": tuple(twins)
    for family, _worlds in FAMILIES
    for twins in batched([name for name in family if name not in BY_LEVEL], MOST_OF_A_CHUNK)
}


def chosen(draw: Any, metric: kpis.Metric) -> dict[str, Setting]:
    """Draw options: defaults, ends and what lies between."""
    settled: dict[str, Setting] = {}
    for option in metric.options:
        match option:
            case Number(default=default, least=least, most=most):
                values = [value for value in (default, least, 1.0, 20.0) if least <= value <= most]
                settled[option.name] = draw(st.sampled_from(values))
            case Switch():
                settled[option.name] = draw(st.booleans())
            case Choice(choices=choices):
                settled[option.name] = draw(st.sampled_from(choices))
            case Codes(default=default):
                settled[option.name] = draw(st.sampled_from((default, ("delivery", "other"))))
    return settled


def fits(unit: Unit, value: float | None, *, is_part: bool, is_adjusted: bool) -> bool:
    """Say whether a value can be one of its unit.

    is_part: what is counted above is among what is counted below. is_adjusted: for the mix of work, which may take off more than
    there was.
    """
    if value is None:
        return True
    match unit:
        case Unit.SHARE:
            # What is worked may be more than what is paid, in a world that is drawn.
            return not is_part or -1e-9 <= value <= 1 + 1e-9
        case Unit.INDEX:
            return value >= -1 - 1e-9
        case Unit.COUNT:
            return value >= 0 and float(value).is_integer()
        case Unit.RATIO | Unit.POINTS:
            return True
    return is_adjusted or value >= -1e-9


def is_part_of_itself(measure: Measure) -> bool:
    """Say whether both sums of a ratio are over the same rows; complaints are no part of contacts."""
    if not isinstance(measure, Ratio):
        return True
    sums = [
        one
        for side in (measure.numerator, measure.denominator)
        for one in (side if isinstance(side, tuple) else (side,))
    ]
    return all(isinstance(one, Sum) and one.rows.equals(sums[0].rows) for one in sums)


def is_untold(world: World, need: Need) -> bool:
    """Say whether really no row tells any of what a number lacks."""
    names = [one for column in need.columns for one in alternatives(need.table, column)]
    return not any(row.get(column) is not None for table, column in names for row in world.rows(table))


def told(value: object) -> object:
    """Moments of one instant are one key, whatever their zone object; both of a repeated hour are two."""
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("names", CHUNKS.values(), ids=CHUNKS)
@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    # Worlds are small as they are drawn; making them smaller would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_equal_their_twins(names: tuple[str, ...], data: st.DataObject) -> None:
    """Metrics of a family share a world: drawing and loading it takes as long as measuring."""
    world = data.draw(WORLDS[names[0]])
    facts = world.facts
    for name in names:
        options = chosen(data.draw, kpis.METRICS[name])
        by = data.draw(st.sampled_from(SPLITS if name not in COHORTS else SPLITS_OF_COHORTS))
        day_begins_s = data.draw(st.sampled_from((0, 0, 18_000)))
        equals_its_twin(name, replace(world, day_begins_s=day_begins_s), facts, options, by)


def equals_its_twin(name: str, world: World, facts: Facts, options: dict[str, Setting], by: tuple[str, ...]) -> None:
    # Hiding small numbers is another promise, tested elsewhere.
    metric = replace(kpis.METRICS[name], subject=Subject.OPERATION)
    asked = Asked.of(metric, options)
    measure = metric.measure(facts, asked.options)
    if isinstance(measure, Cohort | Level | LevelShare | Repeated | Revenue):
        # Twins know who was there at one instant; the instants of buckets are tested beside the engine.
        by = ()

    def measured(by: tuple[str, ...]) -> kpis.Result:
        (result,) = kpis.measure_all(
            facts, [asked], by=by, since=world.since, until=world.until, day_begins_s=world.day_begins_s
        )
        return result

    try:
        result = measured(by)
    except BadQuestion:
        # Not everything can be split by everything, but everything can be asked for as a whole.
        by = ()
        result = measured(by)

    if result.not_measured:
        assert all(is_untold(world, need) for need in result.not_measured), (name, result.not_measured)
        return
    expected = answer(world, TWINS[name], options, by)
    cells = {tuple(map(told, row.dimensions.values())): row for row in result.rows or (result.total,) if row}
    said = (name, options, by, world.day_begins_s)
    for key, (value, x, n, size) in expected.items():
        row = cells.pop(tuple(map(told, key)), None)
        assert row is not None or value in (None, 0), (said, key, value)
        if row is not None:
            assert row.value == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)), (said, key)
            if isinstance(measure, Ratio | Mean):
                # Where terms cancel, what is left is as exact as the terms were, and no more: 28 800 - 28 800 s is 0 to 1e-11.
                assert row.numerator == pytest.approx(x, abs=1e-12 * max(1.0, size)), (said, key)
                assert row.denominator == pytest.approx(n), (said, key)
    kind = {"is_part": is_part_of_itself(measure), "is_adjusted": bool(options.get("mix_adjusted"))}
    assert all(fits(result.metric.unit, row.value, **kind) for row in (*result.rows, result.total) if row), said
    # What the twin does not know, nobody brought anything to.
    assert {row.value for row in cells.values()} <= {None, 0.0}, said
