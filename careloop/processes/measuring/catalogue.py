"""The metrics of the catalogue in the reader's language."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from careloop.kernel.conditions import Registry
from careloop.kernel.sentences import Unusable
from careloop.processes.measuring.errors import MetricUnknown
from careloop.processes.measuring.lakes import insight

__all__ = ["MetricCard", "OptionCard", "card", "cards", "dimensions", "fields", "times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionCard:
    """A switch of a metric. kind: number, switch, choice or codes.

    choices: what it may be, empty for free ones; choice_names: what each of them is called.
    """

    name: str
    meaning: str
    kind: str
    default: str
    choices: tuple[str, ...] = ()
    choice_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCard:
    """What a metric is, in words; see `careloop.insight.kpis.Metric`."""

    id: str
    code: str
    version: int
    name: str
    numerator: str
    denominator: str
    symbols: str
    unit: str
    direction: str
    aggregation: str
    interval: str
    subject: str
    gaming: str
    source: str
    options: tuple[OptionCard, ...]
    pairs: tuple[str, ...]
    needs: tuple[str, ...]


def card(
    name: str, *, language: str, as_of: date | None = None, options: Mapping[str, str] | None = None
) -> MetricCard:
    """Return a metric by its id, as it was defined on a day or as it is now. Raises MetricUnknown and MeasuringMissing.

    options: those that are asked for, as typed: with some a metric is another kind of number, such as a share instead of seconds.
    """
    kpis = insight("kpis")
    if name not in kpis.METRICS:
        raise MetricUnknown(gettext("There is no metric “%(name)s”.") % {"name": name})
    metric = kpis.defined(name, as_of=as_of)
    # Whoever measures with an option that is none any more is told so.
    with suppress(Unusable):
        metric = kpis.Asked.of(metric, options or {}).metric
    return _card(metric, language)


def cards(*, language: str) -> list[MetricCard]:
    """Return every metric, in the order of the catalogue. Raises MeasuringMissing."""
    return [_card(metric, language) for metric in insight("kpis").METRICS.values()]


def dimensions(*, language: str) -> Mapping[str, str]:
    """Return by what numbers can be split, name to word; times apart."""
    return {name: known.words.spoken(language) for name, known in insight("kpis").DIMENSIONS.items()}


def times(*, language: str) -> Mapping[str, str]:
    """Return the buckets of time that numbers can be split by, name to word."""
    return {name: known.words.spoken(language) for name, known in insight("kpis").TIMES.items()}


def fields() -> Registry:
    """Return what conditions over facts may ask about."""
    found: Registry = insight("kpis").FIELDS
    return found


def _card(metric: Any, language: str) -> MetricCard:
    return MetricCard(
        id=metric.id,
        code=metric.code,
        version=metric.version,
        name=metric.name.spoken(language),
        numerator=metric.numerator.spoken(language),
        denominator=metric.denominator.spoken(language) if metric.denominator else "",
        symbols=metric.symbols,
        unit=metric.unit.value,
        direction=metric.direction.value,
        aggregation=metric.aggregation.value,
        interval=metric.interval.value,
        subject=metric.subject.value,
        gaming=metric.gaming.spoken(language),
        source=metric.source,
        options=tuple(_option(option, language) for option in metric.options),
        pairs=metric.pairs,
        needs=tuple(
            f"{table} ({', '.join(columns)})" for table, columns in insight("kpis.lacks").by_default(metric).items()
        ),
    )


def _option(option: Any, language: str) -> OptionCard:
    kind = type(option).__name__.lower()
    default = option.default
    typed = (
        ",".join(default)
        if isinstance(default, tuple)
        else ("on" if default else "off")
        if kind == "switch"
        else default
    )
    names = {choice: words.spoken(language) for choice, words in insight("kpis.options").names_of(option).items()}
    return OptionCard(
        name=option.name,
        meaning=option.meaning.spoken(language),
        kind=kind,
        default=f"{typed:g}" if isinstance(typed, float) else str(typed),
        choices=tuple(names),
        choice_names=names,
    )
