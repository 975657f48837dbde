"""The staffing table: the answer, its neighbors, and how much of it rests on what nobody knows exactly."""

from dataclasses import dataclass

import numpy as np

from careloop.faces.cli.staffing.wishes import Wishes
from careloop.insight import queueing
from careloop.insight.queueing import PATIENCE_SPREAD, Caution, Outcome, cautions
from careloop.insight.queueing.inputs import Floats

__all__ = ["Plan", "Range", "Row", "plan"]

ROWS_BELOW, ROWS_ABOVE = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A figure as it is with the given patience, and its least and most while patience is shorter or longer."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What so many agents come to.

    expected_service_level, expected_abandon_share: over the forecast distribution; None where there is none.
    """

    agents: int
    heads: int
    is_enough: bool
    service_level: Range
    abandon_share: Range
    answer_seconds: Range
    occupancy: Range
    expected_service_level: float | None
    expected_abandon_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """agents, heads: the answer, the uncertainty of the forecast counted where it is known. agents_at_mean: without it."""

    model: str
    agents: int
    heads: int
    agents_at_mean: int
    rows: list[Row]
    cautions: list[Caution]


def plan(wishes: Wishes) -> Plan:
    """Work out the table around the fewest agents that keep every goal."""
    patience = _patience(wishes)
    by_patience = queueing.staff(
        calls_per_hour=wishes.calls_per_hour,
        handle_seconds=wishes.handle_seconds,
        patience_seconds=patience,
        goals=wishes.goals,
        slots=wishes.slots,
    ).agents
    shorter, at_mean, longer = (int(agents) for agents in np.broadcast_to(by_patience, 3))
    demand = None
    agents = at_mean
    if wishes.calls_sd is not None and wishes.calls_per_hour > 0:
        demand = queueing.uncertain_demand(calls_per_hour=wishes.calls_per_hour, sd=wishes.calls_sd)
        agents = queueing.staff_for_demand(
            demand=demand,
            handle_seconds=wishes.handle_seconds,
            patience_seconds=wishes.patience_seconds,
            goals=wishes.goals,
            slots=wishes.slots,
        )
    return Plan(
        model="erlang_c" if patience is None else "erlang_a",
        agents=agents,
        heads=_heads(agents, wishes),
        agents_at_mean=at_mean,
        rows=_rows(wishes, around=agents, patience=patience, demand=demand),
        cautions=cautions(
            interval_seconds=wishes.interval_seconds,
            handle_seconds=wishes.handle_seconds,
            has_patience=patience is not None,
            has_demand_spread=demand is not None,
            slots=wishes.slots,
            has_several_skills=wishes.has_several_skills,
            has_back_office_work=wishes.has_back_office_work,
            agents_by_patience=None if patience is None else (shorter, at_mean, longer),
        ),
    )


def _patience(wishes: Wishes) -> list[float] | None:
    """Return shorter, given and longer patience; None where nobody hangs up."""
    if wishes.patience_seconds is None:
        return None
    return [wishes.patience_seconds * factor for factor in (1 - PATIENCE_SPREAD, 1, 1 + PATIENCE_SPREAD)]


def _heads(agents: int, wishes: Wishes) -> int:
    return int(queueing.heads(agents=agents, shrinkage=wishes.shrinkage))


def _rows(wishes: Wishes, *, around: int, patience: list[float] | None, demand: queueing.Demand | None) -> list[Row]:
    if around == 0:
        return []
    crews = np.arange(max(1, around - ROWS_BELOW), around + ROWS_ABOVE + 1, dtype=np.float64)
    servers = crews[:, None] * wishes.slots
    outcome = _outcome(wishes, servers, patience)
    level = outcome.service_level(wishes.goals.variant)
    expected = _expected(wishes, servers[:, 0], demand)
    return [
        Row(
            agents=int(crew),
            heads=_heads(int(crew), wishes),
            is_enough=bool(crew >= around),
            service_level=_range(level[index]),
            abandon_share=_range(outcome.abandon_share[index]),
            answer_seconds=_range(outcome.answer_seconds[index]),
            occupancy=_range(outcome.occupancy[index]),
            expected_service_level=expected[index][0],
            expected_abandon_share=expected[index][1],
        )
        for index, crew in enumerate(crews)
    ]


def _outcome(wishes: Wishes, servers: Floats, patience: list[float] | None) -> Outcome:
    """Return an outcome with a row for each number of agents and a column for each patience."""
    if patience is None:
        return queueing.erlang_c(
            calls_per_hour=wishes.calls_per_hour,
            handle_seconds=wishes.handle_seconds,
            agents=servers,
            target_seconds=wishes.goals.target_seconds,
        )
    return queueing.erlang_a(
        calls_per_hour=wishes.calls_per_hour,
        handle_seconds=wishes.handle_seconds,
        patience_seconds=patience,
        agents=servers,
        target_seconds=wishes.goals.target_seconds,
        short_abandon_seconds=wishes.goals.short_abandon_seconds,
    )


def _expected(
    wishes: Wishes, servers: Floats, demand: queueing.Demand | None
) -> list[tuple[float | None, float | None]]:
    """Return service level and share of abandons to expect, for each number of servers."""
    if demand is None:
        return [(None, None)] * len(servers)
    expected = queueing.expected_outcome(
        demand=demand,
        handle_seconds=wishes.handle_seconds,
        agents=servers,
        patience_seconds=wishes.patience_seconds,
        target_seconds=wishes.goals.target_seconds,
        variant=wishes.goals.variant,
        short_abandon_seconds=wishes.goals.short_abandon_seconds,
    )
    levels, losses = expected.service_level.tolist(), expected.abandon_share.tolist()
    return [
        (level, None if wishes.patience_seconds is None else loss) for level, loss in zip(levels, losses, strict=True)
    ]


def _range(values: Floats) -> Range:
    """Return the middle one of the values with their least and most; None where nothing is defined."""
    if np.isnan(values).any():
        return Range(value=None, low=None, high=None)
    return Range(value=float(values[len(values) // 2]), low=float(values.min()), high=float(values.max()))
