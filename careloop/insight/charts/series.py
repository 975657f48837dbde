"""A number over time, with its interval and its control limits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careloop.insight.charts.parts import TIP, Spec, chart

__all__ = ["Limits", "Point", "series"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One bucket of time. at: its local start in ISO 8601 without a zone. value, low, high: None where not defined."""

    at: str
    value: float | None
    low: float | None
    high: float | None
    tip: str
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Control limits of each point; None where there are none. center: what is usual. beyond: which points lie outside."""

    center: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    beyond: Sequence[bool]


def series(
    points: Sequence[Point],
    *,
    unit: str,
    value_format: str,
    time_format: str,
    limits: Limits | None = None,
    goal: float | None = None,
    height: int = 220,
) -> Spec:
    """Draw a line through points, oldest first.

    unit: of the values, printed right behind each tick. value_format, time_format: of the axes, as d3 writes them.
    goal: a line to hold the points against.

    Local times are drawn as they are, so the reader's own zone changes nothing.
    """
    values: list[dict[str, Any]] = []
    for place, point in enumerate(points):
        row: dict[str, Any] = {
            "at": f"{point.at}T00:00:00Z" if len(point.at) == 10 else f"{point.at[:19]}Z",
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "tip": point.tip,
            "provisional": point.is_provisional,
            "beyond": bool(limits and limits.beyond[place]),
        }
        if limits:
            row |= {"center": limits.center[place], "least": limits.low[place], "most": limits.high[place]}
        values.append(row)
    x: Spec = {
        "field": "at",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {"title": None, "format": time_format, "labelOverlap": True, "tickCount": {"expr": "ceil(width / 90)"}},
    }
    y: Spec = {"type": "quantitative", "scale": {"zero": False, "nice": True}, "title": None}
    axis = {
        "format": value_format,
        "tickCount": 5,
        "labelExpr": f"datum.label + {json.dumps(unit)}",
    }
    layers: list[Spec] = []
    if any(point.low is not None for point in points):
        layers.append(
            {
                "mark": {"type": "area", "style": "interval", "interpolate": "linear"},
                "encoding": {"y": {**y, "field": "low", "axis": axis}, "y2": {"field": "high"}},
            }
        )
    if limits:
        layers += [
            {"mark": {"type": "line", "style": style}, "encoding": {"y": {**y, "field": field, "axis": axis}}}
            for field, style in (("center", "center"), ("least", "limit"), ("most", "limit"))
        ]
    if goal is not None:
        layers.append({"mark": {"type": "rule", "style": "goal"}, "encoding": {"x": None, "y": {"datum": goal}}})
    layers += [
        {"mark": {"type": "line", "style": "line"}, "encoding": {"y": {**y, "field": "value", "axis": axis}}},
        {
            "transform": [{"filter": "datum.value !== null"}],
            "mark": {"type": "point", "style": "dot"},
            "encoding": {
                "y": {**y, "field": "value", "axis": axis},
                "tooltip": TIP,
                "fillOpacity": {"condition": {"test": "datum.provisional", "value": 0}, "value": 1},
            },
        },
        {
            "transform": [{"filter": "datum.beyond"}],
            "mark": {"type": "point", "style": "beyond"},
            "encoding": {"y": {**y, "field": "value", "axis": axis}, "tooltip": TIP},
        },
    ]
    return chart(values=values, height=height, encoding={"x": x}, layer=layers)
