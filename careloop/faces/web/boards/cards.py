"""What the card of a number shows."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careloop.domains.boards.periods import PERIODS, Span
from careloop.domains.boards.types import BoardRow
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.faces.web.boards.card_asking import CardAsked
from careloop.faces.web.boards.charting import TableShown, table_of
from careloop.faces.web.boards.conditions import conditions_words
from careloop.faces.web.boards.figures import Scale, scale_of
from careloop.faces.web.boards.keys import key_words, names_in
from careloop.faces.web.boards.options import OptionShown, options_shown
from careloop.faces.web.boards.periods import Chosen, span_words, zone_words
from careloop.faces.web.boards.saving import SaveAs
from careloop.faces.web.boards.shown import NumberShown, flags_address, number_shown
from careloop.faces.web.boards.wording import Badge, Said, compared, flag_badge, held_against_target, moment_words
from careloop.insight.changes import Split, split
from careloop.kernel.actors import Actor, Role
from careloop.processes.measuring.catalogue import MetricCard, card, cards, dimensions, times
from careloop.processes.measuring.policy import PEOPLE_DIMENSIONS
from careloop.processes.measuring.types import Answer, Key

__all__ = ["CardShown", "card_shown"]

MOST_PARTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitShown:
    """What a change is made of, in words. rows: key, share of the mix, share of the rate."""

    words: str
    table: TableShown


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """The card as its template takes it. unsplit: by what the number was to be split and cannot be.

    …_fields: what a form of the card has to send along.
    """

    metric: MetricCard
    shown: NumberShown
    change: Said | None
    target: Said | None
    span: str
    zone: str
    before_span: str
    conditions: str
    options: Sequence[OptionShown]
    numerator: str
    denominator: str
    flags: Sequence[Badge]
    matured: str
    redefined: str
    chosen: Chosen
    periods: Sequence[tuple[str, str]]
    by: str
    splits: Sequence[tuple[str, str]]
    breakdown: TableShown | None
    unsplit: str
    mix: SplitShown | None
    save_as: SaveAs
    save_change_as: SaveAs
    pairs: Sequence[tuple[str, str]]
    command: str
    as_of: str
    address: str
    behind_address: str
    period_fields: Sequence[tuple[str, str]]
    split_fields: Sequence[tuple[str, str]]
    option_fields: Sequence[tuple[str, str]]
    day_fields: Sequence[tuple[str, str]]
    board: BoardRow | None
    is_mine: bool
    may_ask_more: bool


def card_shown(asked: CardAsked, found: Mapping[str, Answer], *, viewer: Actor, workspace: WorkspaceFacts) -> CardShown:
    """Put the answers of a card into words, within the scope of the workspace."""
    language = get_language() or "en"
    metric = card(asked.metric, language=language, as_of=asked.main.as_of, options=asked.main.options)
    main, total = found["main"], found["main"].total
    scale = scale_of(metric.unit, total.value if total else None)
    words = {**dimensions(language=language), **times(language=language)}
    base = reverse("number", args=[workspace.key, asked.metric])
    query = urlencode({**asked.query, **asked.chosen.query})
    saved = urlencode({**asked.query, **asked.chosen.query, **({"by": asked.by} if asked.by else {})})
    kept, by = [*asked.query.items(), *asked.chosen.query.items()], [("by", asked.by)] if asked.by else []
    settings = dict(part.partition("=")[::2] for part in main.options.split())
    return CardShown(
        metric=metric,
        shown=number_shown(metric, main, flags_at=flags_address(viewer, workspace.key)),
        change=compared(metric, total, found["before"], scale),
        target=None if asked.target is None else held_against_target(metric, main, asked.target, scale),
        span=span_words(asked.chosen.span),
        zone=zone_words(workspace),
        before_span=span_words(_before(asked.chosen.span)),
        conditions=_("only your own work") if asked.is_mine else conditions_words(asked.main.conditions, viewer=viewer),
        options=options_shown(metric, settings),
        numerator=_sum(total.numerator if total else None, metric, scale, is_top=True),
        denominator=_sum(total.denominator if total else None, metric, scale, is_top=False),
        flags=[flag_badge(flag, flags_at=flags_address(viewer, workspace.key)) for flag in main.flags],
        matured=moment_words(main.matured_until) if main.matured_until else "",
        redefined=_redefined(main),
        chosen=asked.chosen,
        periods=[(name, str(label)) for name, label in PERIODS.items()],
        by=asked.by,
        splits=[(name, word) for name, word in words.items() if not asked.is_mine or name not in PEOPLE_DIMENSIONS],
        breakdown=_breakdown(metric, asked, found, words),
        unsplit=words.get(asked.by, asked.by) if asked.by and "split" not in found else "",
        mix=_mix(metric, asked, found, scale, head=words.get(asked.by, "")),
        save_as=SaveAs(path=base, query=saved),
        save_change_as=SaveAs(path=f"{base}/change", query=saved),
        pairs=_pairs(metric, asked, workspace, language),
        command=_command(asked, workspace),
        as_of=asked.main.as_of.isoformat() if asked.main.as_of else "",
        address=f"{base}?{query}",
        behind_address=f"{base}/contacts?{query}",
        period_fields=[*asked.query.items(), *by],
        split_fields=kept,
        option_fields=[*((name, value) for name, value in kept if not name.startswith("o-")), *by],
        day_fields=[*((name, value) for name, value in kept if name != "as_of"), *by],
        board=asked.board,
        is_mine=asked.is_mine,
        may_ask_more=not viewer.has_role(Role.CLIENT_VIEWER),
    )


def _redefined(main: Answer) -> str:
    """Say that the metric is defined differently today, where it is."""
    if not main.is_redefined:
        return ""
    words = _(
        "This is version %(version)s, as it was defined then. The definition has changed since: today it is version %(now)s."
    )
    return words % {"version": main.version, "now": main.newest_version}


def _pairs(metric: MetricCard, asked: CardAsked, workspace: WorkspaceFacts, language: str) -> list[tuple[str, str]]:
    """Return name and address of what has to be looked at beside the number."""
    names = {one.id: one.name for one in cards(language=language)}
    return [
        (names[pair], f"{reverse('number', args=[workspace.key, pair])}?{asked.chosen.encoded}")
        for pair in metric.pairs
        if pair in names
    ]


def _before(span: Span) -> Span:
    since, until = span.before
    return Span(since=since, until=until, before=span.before, day_begins_s=span.day_begins_s)


def _sum(value: float | None, metric: MetricCard, scale: Scale, *, is_top: bool) -> str:
    if value is None:
        return ""
    if is_top and metric.unit == "seconds" and metric.aggregation == "M":
        return scale_of("seconds", value).say(value)
    return str(number_format(value, 0 if float(value).is_integer() else 1, force_grouping=True))


def _breakdown(
    metric: MetricCard, asked: CardAsked, found: Mapping[str, Answer], words: Mapping[str, str]
) -> TableShown | None:
    if "split" not in found or not found["split"].rows:
        return None
    rows = found["split"].rows
    names = names_in(pair for row in rows for pair in row.dimensions.items())
    return table_of(metric, rows, (asked.by,), names=names, heads=[words[asked.by]])


def _mix(
    metric: MetricCard, asked: CardAsked, found: Mapping[str, Answer], scale: Scale, *, head: str
) -> SplitShown | None:
    """Say what a change is made of; only where the parts are one another's fellows, not moments of time."""
    if not {"split", "split_before"} <= found.keys() or asked.by in times(language="en"):
        return None
    if not found["before"].reaches_back:
        return None
    made: Split | None = split(found["split"].rows, found["split_before"].rows, by=asked.by)
    if made is None:
        return None
    names = names_in((asked.by, cast("Key", part.key)) for part in made.parts)
    parts = {"change": made.change, "mix": made.mix, "rate": made.rate}
    words = _("Of the change of %(change)s, %(mix)s come from another mix, and %(rate)s from within the parts.")
    return SplitShown(
        words=words % {name: _signed(value, scale) for name, value in parts.items()},
        table=TableShown(
            heads=[capfirst(head), _("Other mix"), _("From within"), _("Together")],
            rows=[
                [
                    key_words(asked.by, cast("Key", part.key), names),
                    *(_signed(value, scale) for value in (part.mix, part.rate, part.mix + part.rate)),
                ]
                for part in made.parts[:MOST_PARTS]
            ],
        ),
    )


def _signed(value: float, scale: Scale) -> str:
    said = scale.say_difference(value)
    if round(value * scale.factor, scale.decimals) == 0:
        return said
    return f"−{said}" if value < 0 else f"+{said}"


def _command(asked: CardAsked, workspace: WorkspaceFacts) -> str:
    """Return the line that gives the same number in a terminal of the installation."""
    question = asked.main
    parts = ["careloop", "kpi", "--metric", question.metric]
    zone = ZoneInfo(workspace.time_zone)
    since, until = (moment.astimezone(zone).isoformat() for moment in (question.since, question.until))
    parts += ["--from", since, "--to", until]
    for name, value in question.options.items():
        parts += ["--option", f"{name}={value}"]
    if asked.by:
        parts += ["--by", asked.by]
    if question.day_begins_s:
        parts += ["--day-begins", workspace.settings.day_begins]
    if question.as_of:
        parts += ["--as-of", question.as_of.isoformat()]
    if question.conditions:
        parts += ["--where", json.dumps(question.conditions, ensure_ascii=False)]
    # Where the lake lies is the installation's business, not the reader's.
    return f'{shlex.join(parts)} --facts "$CARELOOP_HOME/lake/{workspace.id}"'
