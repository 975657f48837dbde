"""The identity card of a metric, and the list of all, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careloop.faces.cli.kpi.numbers import printed, spoken, unit_words
from careloop.insight.kpis import CHECKS, METRICS, Check, Metric
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Subject
from careloop.insight.kpis.options import Choice, Codes, Number, Option, Switch, names_of

__all__ = ["card_facts", "card_words", "list_facts", "list_words"]


def list_words() -> str:
    """Name every metric, one line each."""
    return "\n".join(printed([[metric.code, metric.id, f"  {spoken(metric.name)}"] for metric in METRICS.values()]))


def list_facts() -> list[dict[str, str]]:
    """Name every metric, for a machine."""
    return [{"code": each.code, "id": each.id, "name": spoken(each.name)} for each in METRICS.values()]


def card_words(metric: Metric) -> str:
    """Say everything about a metric."""
    lines = [f"{spoken(metric.name)}  ·  {metric.id} v{metric.version} ({metric.code})", ""]
    pairs = [
        (pgettext("metric card", "Numerator"), spoken(metric.numerator)),
        *([(pgettext("metric card", "Denominator"), spoken(metric.denominator))] if metric.denominator else []),
        (pgettext("metric card", "Formula"), metric.symbols),
        (pgettext("metric card", "Unit"), "; ".join([unit_words(metric.unit), *_other_units(metric)])),
        (pgettext("metric card", "Good"), _direction(metric.direction)),
        (pgettext("metric card", "Combined as"), _aggregation(metric.aggregation)),
        (pgettext("metric card", "Interval"), _interval(metric.interval)),
        (pgettext("metric card", "Small numbers"), _subject(metric.subject)),
        (pgettext("metric card", "Gamed by"), spoken(metric.gaming)),
        (pgettext("metric card", "Read with"), ", ".join(metric.pairs) or "–"),
        (pgettext("metric card", "Needs"), "; ".join(f"{table} ({', '.join(c)})" for table, c in metric.needs.items())),
        (pgettext("metric card", "Source"), metric.source),
    ]
    lines += [f"{name}: {words}" for name, words in pairs]
    if metric.options:
        lines += ["", pgettext("metric card", "Options") + ":"]
        for option in metric.options:
            lines.append(f"  {option.name}={_default(option)}: {spoken(option.meaning)}")
            lines += [f"    {line}" for line in _choices(option)]
    if metric.checks:
        lines += ["", pgettext("metric card", "Checks") + ":"]
        lines += [f"  {check.id}: {spoken(check.name)}. {spoken(check.sentence)}" for check in _checks(metric)]
    return "\n".join(lines)


def _checks(metric: Metric) -> list[Check]:
    return [CHECKS[name] for name in metric.checks]


def card_facts(metric: Metric) -> dict[str, Any]:
    """Say everything about a metric, for a machine."""
    return {
        "id": metric.id,
        "code": metric.code,
        "version": metric.version,
        "name": spoken(metric.name),
        "numerator": spoken(metric.numerator),
        "denominator": spoken(metric.denominator) if metric.denominator else None,
        "symbols": metric.symbols,
        "unit": metric.unit.value,
        "other_units": [
            {"option": variant.option, "setting": variant.setting, "unit": variant.unit.value}
            for variant in metric.variants
            if variant.unit is not None
        ],
        "direction": metric.direction.value,
        "aggregation": metric.aggregation.value,
        "interval": metric.interval.value,
        "subject": metric.subject.value,
        "gaming": spoken(metric.gaming),
        "checks": list(metric.checks),
        "integrity_checks": [
            {
                "id": check.id,
                "name": spoken(check.name),
                "sentence": spoken(check.sentence),
                "severity": check.severity.value,
                "limit": check.limit,
                "needs": {table: list(columns) for table, columns in check.needs.items()},
                "lacks": spoken(check.lacks) if check.lacks else None,
            }
            for check in _checks(metric)
        ],
        "pairs": list(metric.pairs),
        "needs": {table: list(columns) for table, columns in metric.needs.items()},
        "source": metric.source,
        "options": [
            {
                "name": option.name,
                "default": _default(option),
                "choices": list(option.choices) if isinstance(option, Choice) else None,
                "choice_names": {choice: spoken(words) for choice, words in names_of(option).items()},
                "meaning": spoken(option.meaning),
            }
            for option in metric.options
        ],
    }


def _default(option: Option) -> str:
    match option:
        case Number(default=number):
            return f"{number:g}"
        case Switch(default=is_on):
            return "on" if is_on else "off"
        case Choice(default=choice):
            return choice
        case Codes(default=codes):
            return ",".join(codes)


def _choices(option: Option) -> list[str]:
    """Return a line for each choice: what is typed, and what it is called."""
    if not isinstance(option, Choice):
        return []
    return printed([[choice, f"  {spoken(words)}"] for choice, words in names_of(option).items()])


def _other_units(metric: Metric) -> list[str]:
    """Say in which other units it comes with some options."""
    words = pgettext("metric card", "%(unit)s with %(option)s")
    return [
        words % {"unit": unit_words(variant.unit), "option": f"{variant.option}={variant.setting}"}
        for variant in metric.variants
        if variant.unit is not None
    ]


def _direction(direction: Direction) -> str:
    return {
        Direction.HIGHER: _("higher is better"),
        Direction.LOWER: _("lower is better"),
        Direction.BAND: _("in a band; both ends are bad"),
        Direction.CONTEXT: _("context, no target by itself"),
    }[direction]


def _aggregation(aggregation: Aggregation) -> str:
    return {
        Aggregation.RATIO: _("ratio of sums (R)"),
        Aggregation.MEAN: _("mean from sums (M)"),
        Aggregation.COUNT: _("count (C)"),
        Aggregation.GAUGE: _("level at an instant (G)"),
        Aggregation.QUANTILE: _("quantile of all values (Q)"),
        Aggregation.TIME: _("time cut at the edges (T)"),
        Aggregation.INDEX: _("index of pooled counts (X)"),
        Aggregation.SURVIVAL: _("survival curve of all rows (S)"),
    }[aggregation]


def _interval(interval: IntervalMethod) -> str:
    return {
        IntervalMethod.WILSON: _("Wilson (W)"),
        IntervalMethod.WILSON_CLUSTERED: _("Wilson with the design effect of clusters (W·deff)"),
        IntervalMethod.POISSON: _("exact Poisson (P)"),
        IntervalMethod.BOOTSTRAP: _("bootstrap of days (B)"),
        IntervalMethod.GREENWOOD: _("Greenwood, log-log (G)"),
        IntervalMethod.MODEL: _("of its own method"),
        IntervalMethod.NONE: _("none: it is an accounting identity (N)"),
    }[interval]


def _subject(subject: Subject) -> str:
    return {
        Subject.CUSTOMERS: _("hidden below 10, marked below 30"),
        Subject.PEOPLE: _("hidden below 5 people, and what would give them away"),
        Subject.ANONYMOUS: _("hidden below 5 people, from everybody"),
        Subject.OPERATION: _("marked below 30"),
    }[subject]
