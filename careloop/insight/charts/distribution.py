"""How many lie where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from careloop.insight.charts.parts import TIP, Spec, chart

__all__ = ["Bin", "distribution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """How many values lie from `start` until before `end`."""

    start: float
    end: float
    count: int
    tip: str


def distribution(
    bins: Sequence[Bin],
    *,
    marks: Mapping[str, float],
    title: str,
    count_title: str,
    value_format: str,
    height: int = 220,
) -> Spec:
    """Draw bins as columns, and marked values such as the median as lines with their names.

    title: of the values, with their unit. count_title: of the counts. value_format: of the values, as d3 writes it.
    """
    # The names of marked values stand above the columns, not on them.
    headroom = 1.3 if marks else 1.05
    found = chart(
        values=[{"start": one.start, "end": one.end, "count": one.count, "tip": one.tip} for one in bins],
        height=height,
        layer=[
            {
                "mark": {"type": "rect", "style": ["column", "cell"]},
                "encoding": {
                    "x": {
                        "field": "start",
                        "type": "quantitative",
                        "axis": {"title": title, "format": value_format, "tickCount": 6},
                    },
                    "x2": {"field": "end"},
                    "y": {
                        "field": "count",
                        "type": "quantitative",
                        "scale": {"domainMax": headroom * max((one.count for one in bins), default=1)},
                        "axis": {"title": count_title, "tickCount": 4},
                    },
                    "y2": {"datum": 0},
                    "tooltip": TIP,
                },
            }
        ],
    )
    if marks:
        rows = [{"name": name, "place": place} for name, place in marks.items()]
        turn = 0.7 * max((one.end for one in bins), default=0.0)
        at = {"field": "place", "type": "quantitative"}
        found["layer"] += [
            {"data": {"values": rows}, "mark": {"type": "rule", "style": "whisker"}, "encoding": {"x": at}},
            *(
                {
                    "data": {"values": [{"name": name, "place": place}]},
                    "mark": {
                        "type": "text",
                        "style": "note",
                        "align": "right" if place > turn else "left",
                        "dx": -4 if place > turn else 4,
                        "dy": 4 + 14 * line,
                        "baseline": "top",
                    },
                    "encoding": {"x": at, "y": {"value": 0}, "text": {"field": "name", "type": "nominal"}},
                }
                for line, (name, place) in enumerate(marks.items())
            ),
        ]
    return found
