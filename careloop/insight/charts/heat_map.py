"""A number by weekday and time of day."""

from collections.abc import Sequence
from dataclasses import dataclass

from careloop.insight.charts.parts import TIP, Spec, chart

__all__ = ["Spot", "heat_map"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One cell. day: the weekday in words. time: HH:MM. value: None where not defined."""

    day: str
    time: str
    value: float | None
    tip: str


def heat_map(
    spots: Sequence[Spot],
    *,
    days: Sequence[str],
    times: Sequence[str],
    title: str,
    value_format: str,
    height: int = 220,
) -> Spec:
    """Draw cells in the color of their values, with room for those without one.

    days: the weekdays in the order of the rows. times: of the columns, in their order. title: of the values.
    """
    values = [
        {"day": spot.day, "time": spot.time, "value": spot.value, "tip": spot.tip}
        for spot in spots
        if spot.value is not None
    ]
    return chart(
        values=values,
        height=height,
        mark={"type": "rect", "style": "cell"},
        encoding={
            "x": {
                "field": "time",
                "type": "ordinal",
                "scale": {"domain": list(times)},
                "axis": {
                    "title": None,
                    "labelAngle": 0,
                    "labelOverlap": True,
                    # Whole hours only: a half hour between two of them needs no word.
                    "values": [time for time in times if time.endswith(":00")],
                },
            },
            "y": {"field": "day", "type": "ordinal", "scale": {"domain": list(days)}, "axis": {"title": None}},
            "color": {
                "field": "value",
                "type": "quantitative",
                "legend": {
                    "title": title,
                    "format": value_format,
                    "orient": "bottom",
                    "direction": "horizontal",
                    "gradientLength": 160,
                },
            },
            "tooltip": TIP,
        },
    )
