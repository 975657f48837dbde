"""A number by what it is of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from careloop.insight.charts.parts import TIP, Spec, chart

__all__ = ["Bar", "bars"]

ROW_HEIGHT = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One value and its interval. name: what it is of, in words. value, low, high: None where not defined."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    tip: str


def bars(rows: Sequence[Bar], *, unit: str, value_format: str) -> Spec:
    """Draw a bar for each row, from the top in their order, with a line from one end of its interval to the other.

    unit: of the values, printed right behind each tick. value_format: of the values, as d3 writes it.

    A row without a value keeps its place and has no bar.
    """
    values = [{"name": row.name, "value": row.value, "low": row.low, "high": row.high, "tip": row.tip} for row in rows]
    axis = {
        "title": None,
        "format": value_format,
        "tickCount": 5,
        "grid": True,
        "domain": False,
        "labelExpr": f"datum.label + {json.dumps(unit)}",
    }
    x = {"type": "quantitative", "axis": axis}
    return chart(
        values=values,
        height=max(1, len(rows)) * ROW_HEIGHT,
        encoding={
            "y": {
                "field": "name",
                "type": "nominal",
                "scale": {"domain": [row.name for row in rows]},
                "axis": {"title": None, "labelLimit": 240, "domain": False},
            }
        },
        layer=[
            {
                "mark": {"type": "bar", "style": "column", "height": {"band": 0.62}},
                "encoding": {"x": {**x, "field": "value"}, "tooltip": TIP},
            },
            {
                "transform": [{"filter": "datum.low !== null && datum.high !== null"}],
                "mark": {"type": "rule", "style": "whisker"},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
        ],
    )
