"""Write docs/reference/metrics.md, the page of the catalogue, from the metrics themselves.

python -m tools.metrics
"""

from collections.abc import Iterator
from pathlib import Path

from careloop.insight.kpis import CHECKS, DIMENSIONS, METRICS, TIMES, Check, Metric
from careloop.insight.kpis.checks import Above, Peers, Trend
from careloop.insight.kpis.lacks import by_default
from careloop.insight.kpis.metric import Variant
from careloop.insight.kpis.options import Choice, Codes, Number, Option, Switch, names_of

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/metrics.md"
FAMILIES = {
    "A": "Access and speed",
    "B": "Handling, productivity and workforce",
    "C": "Resolution, cases and routing",
    "D": "Customer voice",
    "E": "Loyalty, churn and demand",
    "F": "Complaints, problems and permanent fixes",
    "G": "Quality assurance",
    "H": "Knowledge and procedures",
    "I": "People",
    "J": "Data health and goals",
}
HEAD = """# Metrics

Every metric that `careloop kpi` and the boards know, generated from the code by `python -m tools.metrics`.
`careloop kpi explain ID` says the same in Korean, Chinese and Vietnamese.
How they are measured: [reasons/kpis.md](../reasons/kpis.md).

Letters: class R ratio of sums, M mean, C count, G level at an instant, Q quantile, T time cut at edges, X index, S survival;
interval W Wilson,
W·deff Wilson with the design effect of customers, P exact Poisson, B bootstrap of days, or of customers
in means of what customers say, G Greenwood, N none.
"""

CHECKS_HEAD = """Each looks for one way of making a number look better. *above*: the whole interval of its figure lies above the
limit. *peers*: somebody has that many times as much of it as all others on the same work, beyond chance and the natural spread.
*trend*: the last four whole weeks left the level of those before by more than the limit. What they find is told with
`careloop kpi --json` and shown by `careloop kpi contacts METRIC --check ID`.
Power and false alarms, measured: [reasons/integrity.md](../reasons/integrity.md).
"""


def page() -> str:
    """Return the page as it should be."""
    parts = [HEAD, *_dimensions()]
    family = ""
    for metric in METRICS.values():
        if metric.code[0] != family:
            family = metric.code[0]
            parts.append(f"## {family} {FAMILIES[family]}\n")
        parts.append("\n".join(_card(metric)))
    parts += ["## Integrity checks\n", CHECKS_HEAD, *("\n".join(_check(check)) for check in CHECKS.values())]
    return "\n".join(parts).rstrip() + "\n"


def _dimensions() -> Iterator[str]:
    yield f"Split by: {', '.join(f'`{name}`' for name in (*DIMENSIONS, *TIMES))}; as far as what a metric counts leads there.\n"


def _card(metric: Metric) -> Iterator[str]:
    names = metric.name
    yield f"### {metric.code} `{metric.id}`\n"
    yield f"{names.en} · {names.ko} · {names.zh_hans} · {names.vi}\n"
    yield f"- **formula** {metric.symbols}"
    yield f"- **numerator** {metric.numerator.en}"
    if metric.denominator is not None:
        yield f"- **denominator** {metric.denominator.en}"
    yield (
        f"- unit {metric.unit.value}, {metric.direction.value}, class {metric.aggregation.value}, "
        f"interval {metric.interval.value}, small numbers of {metric.subject.value}, version {metric.version}"
    )
    for option in metric.options:
        yield f"- `{option.name}={_default(option)}` {option.meaning.en}{_choices(option)}"
    for variant in metric.variants:
        if said := ", ".join(_differences(variant)):
            yield f"- with `{variant.option}={variant.setting}`: {said}"
    needs = "; ".join(f"`{table}` ({', '.join(columns)})" for table, columns in by_default(metric).items())
    yield f"- **needs** {needs}"
    yield f"- **gamed by** {metric.gaming.en}" + (
        f" Checks: {', '.join(f'[`{c}`](#{c})' for c in metric.checks)}." if metric.checks else ""
    )
    if metric.pairs:
        yield "- **read with** " + ", ".join(f"`{pair}`" for pair in metric.pairs)
    yield f"- **source** {metric.source}\n"


def _check(check: Check) -> Iterator[str]:
    guarded = [f"`{metric.id}`" for metric in METRICS.values() if check.id in metric.checks]
    yield f"### `{check.id}`\n"
    names = check.name
    yield f"{names.en} · {names.ko} · {names.zh_hans} · {names.vi}\n"
    yield f"- {check.sentence.en}"
    if guarded:
        yield f"- guards {', '.join(guarded)}"
    if check.measure is None:
        yield "- not made: no source gives these facts yet\n"
        return
    match check.how:
        case Peers() as peers:
            of = "fewer" if peers.fewer else "more"
            within = f" within {', '.join(peers.within)}" if peers.within else ""
            how = f"peers: {check.limit:g} times {of} than other values of {peers.group}{within}"
        case Trend() as trend:
            how = f"trend: {'a change' if trend.both else 'a rise'} of more than {check.limit:g}"
        case Above():
            how = f"above {check.limit:.3g}, interval {check.interval.value}"
    grave = f", severe above {check.severe_from:g}" if check.severe_from is not None else ""
    yield f"- {how}; {check.severity.value}{grave}; at least {check.fewest:g} rows"
    yield "- **needs** " + "; ".join(f"`{table}` ({', '.join(columns)})" for table, columns in check.needs.items())
    yield f"- **source** {check.source}\n"


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


def _choices(option: Option) -> str:
    if not isinstance(option, Choice):
        return ""
    return ": " + ", ".join(f"`{choice}` {words.en}" for choice, words in names_of(option).items())


def _differences(variant: Variant) -> Iterator[str]:
    """Say what a metric is instead."""
    if variant.unit is not None:
        yield f"unit {variant.unit.value}"
    if variant.direction is not None:
        yield variant.direction.value
    if variant.aggregation is not None:
        yield f"class {variant.aggregation.value}"
    if variant.interval is not None:
        yield f"interval {variant.interval.value}"


if __name__ == "__main__":
    PAGE.write_text(page())
