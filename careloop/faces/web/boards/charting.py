"""Charts of tiles: specifications, and the tables that say the same."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from careloop.faces.web.boards.figures import Scale, count_words, interval_words, scale_of, whole_words
from careloop.faces.web.boards.keys import Names, key_words, weekday_words
from careloop.insight.charts import Bar, Bin, Limits, Point, Spot, bars, distribution, heat_map, series
from careloop.processes.measuring.catalogue import MetricCard, dimensions, times
from careloop.processes.measuring.limits import ControlLimits, control_limits
from careloop.processes.measuring.types import Answer, Figure

__all__ = ["Drawn", "TableShown", "drawn_bars", "drawn_distribution", "drawn_heat_map", "drawn_series", "table_of"]

PEOPLE: Final = frozenset({"agent", "supervisor", "evaluator"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShown:
    """A table in words. heads: of the columns; rows: cells, the first one the head of its row."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart. spec: as JSON. legend: sentences that say what its lines mean."""

    spec: str
    table: TableShown
    legend: Sequence[str] = ()


def drawn_series(card: MetricCard, answer: Answer, *, bucket: str, names: Names) -> Drawn:
    """Draw a number over time with its interval and control limits."""
    rows = [row for row in answer.rows if row.dimensions.get(bucket) is not None]
    scale = scale_of(card.unit, *(value for row in rows for value in (row.value, row.high)))
    weekdays = [date.fromisoformat(str(row.dimensions[bucket])).weekday() for row in rows] if bucket == "day" else None
    found = control_limits(rows, weekdays=weekdays)
    points = [
        Point(
            at=str(row.dimensions[bucket]),
            value=_scaled(row.value, scale),
            low=_scaled(row.low, scale),
            high=_scaled(row.high, scale),
            tip=_tip(key_words(bucket, row.dimensions[bucket], names), row, scale),
            is_provisional=row.is_provisional,
        )
        for row in rows
    ]
    spec = series(
        points,
        unit=scale.tail,
        value_format=scale.axis,
        time_format=_time_format(bucket, rows),
        limits=_limits(found, scale),
    )
    return Drawn(
        spec=json.dumps(spec),
        table=table_of(card, rows, (bucket,), names=names, heads=_heads(bucket)),
        legend=_legend(found, rows),
    )


def drawn_bars(card: MetricCard, answer: Answer, *, of: str, names: Names) -> Drawn:
    """Draw a number by one dimension: times in their order, people by name, everything else from the largest on."""
    rows = list(answer.rows)
    scale = scale_of(card.unit, *(value for row in rows for value in (row.value, row.high)))
    if of in PEOPLE:
        # Never a league table.
        rows.sort(key=lambda row: key_words(of, row.dimensions[of], names))
    elif of not in times(language="en"):
        rows.sort(key=lambda row: (row.value is None, -(row.value or 0.0)))
    spec = bars(
        [
            Bar(
                name=key_words(of, row.dimensions[of], names),
                value=_scaled(row.value, scale),
                low=_scaled(row.low, scale),
                high=_scaled(row.high, scale),
                tip=_tip(key_words(of, row.dimensions[of], names), row, scale),
            )
            for row in rows
        ],
        unit=scale.tail,
        value_format=scale.axis,
    )
    heads = {**dimensions(language=get_language() or "en"), **times(language=get_language() or "en")}
    return Drawn(spec=json.dumps(spec), table=table_of(card, rows, (of,), names=names, heads=[heads[of]]))


def drawn_heat_map(card: MetricCard, answer: Answer, *, names: Names) -> Drawn:
    """Draw a number by weekday and time of day."""
    rows = [row for row in answer.rows if None not in row.dimensions.values()]
    scale = scale_of(card.unit, *(row.value for row in rows))
    times_of_day = half_hours_between(str(row.dimensions["time_of_day"]) for row in rows)
    spots = [
        Spot(
            day=weekday_words(row.dimensions["weekday"]),
            time=str(row.dimensions["time_of_day"]),
            value=_scaled(row.value, scale),
            tip=_tip(
                f"{key_words('weekday', row.dimensions['weekday'], names)}, {row.dimensions['time_of_day']}", row, scale
            ),
        )
        for row in rows
    ]
    spec = heat_map(
        spots,
        days=[weekday_words(day) for day in range(1, 8)],
        times=times_of_day,
        title=scale.word,
        value_format=scale.axis,
    )
    return Drawn(
        spec=json.dumps(spec),
        table=table_of(card, rows, ("weekday", "time_of_day"), names=names, heads=_heads("weekday", "time_of_day")),
    )


def drawn_distribution(card: MetricCard, answer: Answer) -> Drawn:
    """Draw how many values lie where, with the median and the 90th percentile."""
    median, high = answer.notes.get("p50"), answer.notes.get("p90")
    scale = scale_of(card.unit, high, median)
    bins = [
        Bin(
            start=row.low * scale.factor,
            end=row.high * scale.factor,
            count=row.n or 0,
            tip=_("%(low)s to %(high)s: %(count)s")
            % {"low": scale.number(row.low), "high": scale.say(row.high), "count": whole_words(row.n or 0)},
        )
        for row in answer.rows
        if row.low is not None and row.high is not None
    ]
    marks = {
        _("median %(value)s") % {"value": scale.say(median or 0)}: (median or 0) * scale.factor,
        _("90%% below %(value)s") % {"value": scale.say(high or 0)}: (high or 0) * scale.factor,
    }
    spec = distribution(
        bins,
        marks=marks if median is not None else {},
        title=scale.word,
        count_title=_("How many"),
        value_format=scale.axis,
    )
    table = TableShown(
        heads=[_("From"), _("Until before"), _("How many")],
        rows=[
            [scale.say(row.low), scale.say(row.high), whole_words(row.n or 0)]
            for row in answer.rows
            if row.low is not None and row.high is not None
        ],
    )
    beyond = int(answer.notes.get("beyond") or 0)
    legend = [
        ngettext("%(count)d value lies farther out.", "%(count)d values lie farther out.", beyond) % {"count": beyond}
    ]
    return Drawn(spec=json.dumps(spec), table=table, legend=legend if beyond else [])


def table_of(
    card: MetricCard, rows: Sequence[Figure], by: Sequence[str], *, names: Names, heads: Sequence[str]
) -> TableShown:
    """Return rows as a table: what they are of, the value, its interval, how many stand behind it."""
    scale = scale_of(card.unit, *(row.value for row in rows))
    return TableShown(
        heads=[*map(capfirst, heads), card.name, _("Interval (95%)"), _("n")],
        rows=[
            [
                *(key_words(name, row.dimensions.get(name), names) for name in by),
                value_words(row, scale),
                "" if row.low is None or row.high is None else f"{scale.number(row.low)}–{scale.say(row.high)}",
                "" if row.n is None else whole_words(row.n),
            ]
            for row in rows
        ],
    )


def value_words(row: Figure, scale: Scale) -> str:
    """Say a value, or why there is none."""
    if row.standing == "hidden":
        return _("hidden: too few")
    return "–" if row.value is None else scale.say(row.value)


def half_hours_between(times: Iterable[str]) -> list[str]:
    """Return every half hour from the first to the last of some, as HH:MM: an hour in which nothing happened is one, too."""
    slots = sorted(int(time[:2]) * 2 + int(time[3:]) // 30 for time in times)
    return [f"{slot // 2:02d}:{slot % 2 * 30:02d}" for slot in range(slots[0], slots[-1] + 1)] if slots else []


def _heads(*buckets: str) -> list[str]:
    words = times(language=get_language() or "en")
    return [words[bucket] for bucket in buckets]


def _tip(of: str, row: Figure, scale: Scale) -> str:
    parts = [f"{of}: {value_words(row, scale)}", interval_words(row, scale), count_words(row)]
    return "\n".join(part for part in parts if part)


def _scaled(value: float | None, scale: Scale) -> float | None:
    return None if value is None else value * scale.factor


def _limits(found: ControlLimits | None, scale: Scale) -> Limits | None:
    if found is None:
        return None
    return Limits(
        center=[_scaled(value, scale) for value in found.center],
        low=[_scaled(value, scale) for value in found.low],
        high=[_scaled(value, scale) for value in found.high],
        beyond=found.beyond,
    )


def _legend(found: ControlLimits | None, rows: Sequence[Figure]) -> list[str]:
    if found is None:
        return [_("Control limits need at least 12 periods that are over.")]
    beyond = sum(found.beyond)
    said = [_("Dashed: control limits, between which chance alone moves the number.")]
    if beyond:
        said.append(_("Diamonds lie outside: something was different then."))
    if any(row.is_provisional for row in rows):
        said.append(_("Hollow: provisional."))
    return said


def _time_format(bucket: str, rows: Sequence[Figure]) -> str:
    if bucket == "month":
        return "%Y-%m"
    day = "%-d/%-m" if (get_language() or "").startswith("vi") else "%-m/%-d"
    if bucket in {"day", "week"}:
        return day
    days = {str(row.dimensions[bucket])[:10] for row in rows}
    return "%H:%M" if len(days) < 2 else f"{day} %H:%M"
