"""Specifications become pictures that show what was measured, in the colors and letters of the house."""

import re
import struct
import sys

import pytest

from careloop.insight.charts import (
    Bar,
    Bin,
    Limits,
    Point,
    Spot,
    Titled,
    bars,
    distribution,
    heat_map,
    nothing,
    series,
    stacked,
)
from careloop.insight.charts.parts import Spec
from careloop.insight.charts.pictures import PicturesMissing, png_of, svg_of


def line() -> Spec:
    points = [
        Point(at=f"2026-03-{day:02d}", value=float(day), low=day - 0.5, high=day + 0.5, tip="", is_provisional=day == 5)
        for day in range(1, 6)
    ]
    limits = Limits(center=[3.0] * 5, low=[1.5] * 5, high=[4.5] * 5, beyond=[True, False, False, False, True])
    return series(points, unit="%", value_format=",.0f", time_format="%-m/%-d", limits=limits)


def ranked() -> Spec:
    rows = [
        Bar(name="청구", value=0.8, low=0.6, high=0.9, tip=""),
        Bar(name="máy lạnh", value=0.5, low=None, high=None, tip=""),
        Bar(name="报修", value=None, low=None, high=None, tip=""),
    ]
    return bars(rows, unit="%", value_format=",.1f")


def warm() -> Spec:
    spots = [Spot(day="월", time=f"{hour:02d}:00", value=float(hour), tip="") for hour in range(9, 18)]
    return heat_map(spots, days=["월", "화"], times=[spot.time for spot in spots], title="분", value_format=",.0f")


def spread() -> Spec:
    bins = [Bin(start=low, end=low + 5.0, count=count, tip="") for low, count in ((0.0, 9), (5.0, 4), (10.0, 1))]
    marks = {"median 4 s": 4.0, "90 % below 9 s": 14.0}
    return distribution(bins, marks=marks, title="s", count_title="How many", value_format=",.0f")


def words(svg: str) -> set[str]:
    return set(re.findall(r">([^<>]+)</t(?:ext|span)>", svg))


class TestSvg:
    @pytest.mark.parametrize(
        ("spec", "color"), [(line(), "#1d63b0"), (ranked(), "#1d63b0"), (warm(), "rgb(18, 69, 127)")]
    )
    def test_is_drawn_in_the_colors_of_the_house(self, spec: Spec, color: str) -> None:
        svg = svg_of(spec, width=500, language="ko")

        assert color in svg
        assert "#4c78a8" not in svg, "Vega's own blue means that a style was passed over"

    def test_marks_what_lies_outside_of_its_limits(self) -> None:
        svg = svg_of(line(), width=500, language="en")

        assert svg.count('fill="#b0271f"') == 2
        assert "stroke-dasharray" in svg

    def test_names_every_bar_and_draws_one_for_each_value(self) -> None:
        svg = svg_of(ranked(), width=500, language="ko")

        assert {"청구", "máy lạnh", "报修"} <= words(svg)
        assert svg.count('fill="#1d63b0"') == 2
        # One whisker: the other value has no interval.
        assert svg.count('stroke="#211e1a"') == 1

    def test_gives_every_column_its_width_and_every_mark_its_name(self) -> None:
        svg = svg_of(spread(), width=500, language="en")

        columns = re.findall(r'd="M[-.\d]+,[-.\d]+h([.\d]+)v[^"]*" fill="#1d63b0"', svg)
        assert len(columns) == 3
        assert all(float(width) > 100 for width in columns)
        assert {"median 4 s", "90 % below 9 s"} <= words(svg)
        assert 'text-anchor="end"' in svg, "a name near the right edge is written to the left of its line"

    def test_sets_words_in_the_face_of_the_language(self) -> None:
        assert "Noto Sans CJK SC" in svg_of(ranked(), width=500, language="zh-hans")

    def test_stacks_charts_under_their_titles(self) -> None:
        charts = [
            Titled(spec=line(), title="Service level", lines=["service_level v1", "All: 82 %"]),
            Titled(spec=ranked(), title="Wait"),
            Titled(spec=nothing(), title="FCR", lines=["Not measured"]),
        ]

        svg = svg_of(stacked(charts, width=480), width=480, language="en")

        assert {"Service level", "service_level v1", "All: 82 %", "Wait", "FCR", "Not measured"} <= words(svg)


class TestPng:
    @pytest.mark.parametrize("language", ["ko", "zh-hans"])
    def test_has_its_width_twice_over_for_sharp_screens(self, language: str) -> None:
        png = png_of(line(), width=400, language=language)

        assert png.startswith(b"\x89PNG")
        (width,) = struct.unpack(">I", png[16:20])
        assert width == pytest.approx(800, abs=2)


def test_says_that_the_libraries_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)

    with pytest.raises(PicturesMissing):
        svg_of(line(), width=400, language="en")
