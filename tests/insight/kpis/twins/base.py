"""What a twin is: each row's part in a metric, worked out in plain Python, one row at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.insight.kpis.worlds import Fact, World

__all__ = ["Options", "Part", "Twin", "answer", "distinct", "extreme", "inner", "median_until", "quantile", "ratio"]

Options = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one row brings, placed by its instant: to numerator and denominator; or a value, an event, a key."""

    row: Fact
    at: datetime | date
    x: float = 0.0
    n: float = 0.0
    value: float | None = None
    happened: bool = False
    key: object = None


Finish = Callable[[World, Sequence[Part], Options], float | None]


def ratio(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    n = sum(part.n for part in parts)
    return sum(part.x for part in parts) / n if n else None


def count(_world: World, parts: Sequence[Part], _options: Options) -> float:
    return sum(part.x for part in parts)


def distinct(_world: World, parts: Sequence[Part], _options: Options) -> float:
    return len({part.key for part in parts if part.key is not None})


def quantile(share: float) -> Finish:
    """The smallest value that at least this share of values does not exceed."""

    def finish(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
        values = sorted(part.value for part in parts if part.value is not None)
        return next((v for place, v in enumerate(values, 1) if place >= share * len(values) - 1e-9), None)

    return finish


def median_until(_world: World, parts: Sequence[Part], _options: Options, share: float = 0.5) -> float | None:
    """When a share has had the event, by Kaplan and Meier, one time after the other."""
    rows = [(part.value, part.happened) for part in parts if part.value is not None]
    alive = 1.0
    for time in sorted({value for value, happened in rows if happened}):
        at_risk = sum(value >= time for value, _ in rows)
        alive *= 1 - sum(happened and value == time for value, happened in rows) / at_risk
        if alive <= 1 - share + 1e-9:
            return time
    return None


def inner(world: World, parts: Sequence[Part], per: Iterable[str]) -> list[tuple[float, float]]:
    """Add parts up per inner cell: numerators and denominators."""
    names = tuple(per)
    cells: dict[tuple[object, ...], tuple[float, float]] = {}
    for part in parts:
        key = tuple(world.dimension(part.row, name, part.at) for name in names)
        x, n = cells.get(key, (0.0, 0.0))
        cells[key] = (x + part.x, n + part.n)
    return list(cells.values())


def extreme(options: Options) -> Finish:
    """The share of all, or the lowest or highest of agents who have enough."""
    if options["of"] == "all":
        return ratio

    def finish(world: World, parts: Sequence[Part], _options: Options) -> float | None:
        sums: dict[object, tuple[float, float]] = {}
        for part in parts:
            agent = world.dimension(part.row, "agent", part.at)
            x, n = sums.get(agent, (0.0, 0.0))
            sums[agent] = (x + part.x, n + part.n)
        shares = [x / n for agent, (x, n) in sums.items() if agent is not None and n >= options["fewest"]]
        if not shares:
            return None
        return min(shares) if options["of"] == "lowest_agent" else max(shares)

    return finish


@dataclass(frozen=True, kw_only=True)
class Twin:
    """parts: of all rows, whatever the period. finish: what the parts of a cell come to. scale: of the value."""

    parts: Callable[[World, Options], Iterable[Part]]
    finish: Callable[[Options], Finish] = lambda _options: ratio
    scale: float = 1.0


def answer(
    world: World, twin: Twin, options: Options, by: Iterable[str]
) -> dict[tuple[object, ...], tuple[float | None, float, float, float]]:
    """Work out every cell: value, numerator, denominator, and how large the terms are that the numerator is added up from."""
    names = tuple(by)
    cells: dict[tuple[object, ...], list[Part]] = {}
    for part in twin.parts(world, options):
        if world.is_within(part.at):
            # Both hours of a repeated one are equal to Python; as texts they are two.
            places = (world.dimension(part.row, name, part.at) for name in names)
            key = tuple(place.isoformat() if isinstance(place, datetime) else place for place in places)
            cells.setdefault(key, []).append(part)
    finish = twin.finish(options)

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * twin.scale

    return {
        key: (
            scaled(finish(world, parts, options)),
            sum(p.x for p in parts),
            sum(p.n for p in parts),
            sum(abs(p.x) for p in parts),
        )
        for key, parts in cells.items()
    }
