"""Measured numbers as a picture: which one, the dimensions decide."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careloop.faces.cli.kpi.answering import Unanswered
from careloop.faces.cli.kpi.numbers import NOTHING, as_facts, caveats, choices_words, language, spoken
from careloop.faces.cli.kpi.questions import QuestionMakesNoSense
from careloop.faces.web.boards.charting import Drawn, drawn_bars, drawn_heat_map, drawn_series
from careloop.faces.web.boards.figures import count_words, interval_words, scale_of
from careloop.faces.web.boards.keys import key_words
from careloop.insight.charts import Titled, nothing, stacked
from careloop.insight.charts.pictures import png_of, svg_of
from careloop.insight.kpis import TIMES, Result
from careloop.processes.measuring.catalogue import MetricCard, card
from careloop.processes.measuring.types import Answer, Figure

__all__ = ["PACKAGES", "drawn", "refuse_without_picture"]

PACKAGES: Final = ("noto_cjk_sans_otc", "vl_convert")
WIDTH: Final = 640
LINES: Final = tuple(name for name, time in TIMES.items() if not time.is_recurring)
HEAT: Final = ("weekday", "time_of_day")
MOST_POINTS: Final = 5_000
MOST_BARS: Final = 60
MOST_CHARTS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What is drawn. rest: the dimension of which each key gets a chart of its own, or empty. most: places of one chart."""

    draw: Callable[[MetricCard, Answer], Drawn]
    rest: str
    most: int


def refuse_without_picture(by: Sequence[str]) -> None:
    """Raise QuestionMakesNoSense for dimensions that no picture shows, before anything is measured."""
    _shape(by)


def drawn(results: Sequence[Result | Unanswered], form: str) -> str | bytes:
    """Draw what was measured, one chart under the other. form: png or svg. Raises QuestionMakesNoSense and PicturesMissing."""
    charts = [chart for result in results for chart in _charts(result)]
    if len(charts) > MOST_CHARTS:
        raise _too_many(len(charts), MOST_CHARTS)
    spec = stacked(charts, width=WIDTH)
    if form == "svg":
        return svg_of(spec, width=WIDTH, language=language())
    return png_of(spec, width=WIDTH, language=language())


def _shape(by: Sequence[str]) -> _Shape:
    line = next((name for name in by if name in LINES), None)
    if line is not None:
        rest = [name for name in by if name != line]
        if len(rest) < 2 and not {*rest} & {*TIMES}:
            return _Shape(
                draw=lambda known, answer: drawn_series(known, answer, bucket=line, names={}),
                rest="".join(rest),
                most=MOST_POINTS,
            )
    elif {*HEAT} <= {*by}:
        rest = [name for name in by if name not in HEAT]
        if len(rest) < 2:
            return _Shape(
                draw=lambda known, answer: drawn_heat_map(known, answer, names={}),
                rest="".join(rest),
                most=MOST_POINTS,
            )
    elif len(by) == 1:
        (name,) = by
        return _Shape(draw=lambda known, answer: drawn_bars(known, answer, of=name, names={}), rest="", most=MOST_BARS)
    raise QuestionMakesNoSense(
        _(
            "There is no picture of that. Split by one of %(times)s for a line, by %(heat)s for a heat map, each also for every "
            "key of one more dimension, or by a single other dimension for bars."
        )
        % {"times": ", ".join(LINES), "heat": ",".join(HEAT)}
    )


def _charts(result: Result | Unanswered) -> list[Titled]:
    if isinstance(result, Unanswered):
        return [
            Titled(spec=nothing(), title=spoken(result.asked.metric.name), lines=[result.identity, result.sentence])
        ]
    known = card(result.metric.id, language=language(), options=dict(result.options))
    name = " · ".join([spoken(result.metric.name), *choices_words(result.metric, result.options)])
    if result.not_measured:
        return [Titled(spec=nothing(), title=name, lines=[result.identity, *caveats(result)])]
    shape = _shape(result.by)
    rows = _figures(result)
    parts = (
        groupby(sorted(rows, key=lambda row: _place(row, shape.rest)), key=lambda row: _place(row, shape.rest))
        if shape.rest
        else [((), rows)]
    )
    charts = []
    for place, (_key, found) in enumerate(parts):
        own = list(found)
        if len(own) > shape.most:
            raise _too_many(len(own), shape.most)
        made = shape.draw(known, _answer(result, own))
        of = f" · {key_words(shape.rest, own[0].dimensions[shape.rest], {})}" if shape.rest else ""
        # What is true of all charts of a metric is said once, what a chart's lines mean beneath each.
        lines = [result.identity, _period(result), _whole(result), *caveats(result)] if place == 0 else []
        charts.append(
            Titled(spec=json.loads(made.spec), title=f"{name}{of}", lines=[*filter(None, lines), *made.legend])
        )
    return charts


def _place(row: Figure, name: str) -> tuple[bool, str]:
    """Sort by what a row is of; what is not known comes last."""
    key = row.dimensions[name]
    return key is None, str(key)


def _figures(result: Result) -> list[Figure]:
    return [Figure(dimensions={name: row.pop(name) for name in result.by}, **row) for row in as_facts(result)["rows"]]


def _answer(result: Result, rows: Sequence[Figure]) -> Answer:
    metric = result.metric
    return Answer(
        metric=metric.id,
        version=metric.version,
        options=str(result.options),
        zone=result.zone,
        total=None,
        rows=tuple(rows),
    )


def _period(result: Result) -> str:
    """Say from when to when was asked, on the clocks of the facts."""
    zone = ZoneInfo(result.zone)
    edges = (f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "…" for moment in (result.since, result.until))
    return f"{' – '.join(edges)} ({result.zone})"


def _whole(result: Result) -> str:
    """Say the number of all cells together, with its interval and how many stand behind it."""
    total = as_facts(result)["total"]
    whole = Figure(dimensions={}, **total)
    if whole.value is None:
        return f"{pgettext('kpi table', 'all')}: {NOTHING}"
    scale = scale_of(result.metric.unit.value, whole.value, whole.high)
    parts = [
        f"{pgettext('kpi table', 'all')}: {scale.say(whole.value)}",
        interval_words(whole, scale),
        count_words(whole),
    ]
    return ", ".join(filter(None, parts))


def _too_many(count: int, most: int) -> QuestionMakesNoSense:
    return QuestionMakesNoSense(
        _(
            "That is more than a picture can show: %(count)d, and at most %(most)d. Narrow it with --where, --from and --to."
        )
        % {"count": count, "most": most}
    )
