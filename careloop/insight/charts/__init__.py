"""Charts as Vega-Lite specifications, made of plain values: the page draws them, and so does whatever needs a picture.

A specification names no color: marks carry a style (`line`, `limit`, `beyond`, …) to which the page, or a picture's theme, gives
one for day or night. What a reader points at is said by the field `tip`, in words that the caller has made.
"""

from careloop.insight.charts.bars import Bar, bars
from careloop.insight.charts.distribution import Bin, distribution
from careloop.insight.charts.heat_map import Spot, heat_map
from careloop.insight.charts.parts import nothing
from careloop.insight.charts.series import Limits, Point, series
from careloop.insight.charts.stacked import Titled, stacked

__all__ = [
    "Bar",
    "Bin",
    "Limits",
    "Point",
    "Spot",
    "Titled",
    "bars",
    "distribution",
    "heat_map",
    "nothing",
    "series",
    "stacked",
]
