"""Tiles as their template shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careloop.domains.boards.types import BoardRow, Comparison, TileContent, TileKind, TileRow
from careloop.domains.integrity import rules
from careloop.faces.web.boards.charting import (
    Drawn,
    TableShown,
    drawn_distribution,
    drawn_heat_map,
    drawn_series,
    table_of,
)
from careloop.faces.web.boards.conditions import conditions_words
from careloop.faces.web.boards.figures import count_words, interval_words, scale_of
from careloop.faces.web.boards.keys import names_in
from careloop.faces.web.boards.options import option_words
from careloop.faces.web.boards.saving import SaveAs
from careloop.faces.web.boards.sparkline import Sparkline, sparkline
from careloop.faces.web.boards.tables import TITLES
from careloop.faces.web.boards.wording import Badge, Said, as_of_words, badges_of, compared, held_against_target
from careloop.kernel.actors import Actor
from careloop.processes.measuring.catalogue import MetricCard, card, dimensions, times
from careloop.processes.measuring.tiles import TileAnswer
from careloop.processes.measuring.types import Answer, Figure

__all__ = ["NumberShown", "TileShown", "card_address", "flags_address", "number_shown", "tile_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberShown:
    """One number in words.

    number, unit: parts of the value; said: both in one; number is empty where there is none, and why_none says why.
    needs: facts without which there is no number, in words. is_doubted: a severe flag is open.
    """

    number: str
    unit: str
    interval: str
    count: str
    why_none: str = ""
    needs: Sequence[str] = ()
    badges: Sequence[Badge] = ()
    is_doubted: bool = False
    as_of: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileShown:
    """A tile as its template takes it; what a kind of tile has not is None. save_as: where its rows are had as a file.

    only: what it counts, and by which options, where that is not everything and as usual.
    """

    kind: str
    name: str
    href: str
    shown: NumberShown
    changes: Sequence[Said] = ()
    trend: Sparkline | None = None
    trend_words: str = ""
    drawn: Drawn | None = None
    table: TableShown | None = None
    save_as: SaveAs | None = None
    by: str = ""
    only: str = ""


def number_shown(metric: MetricCard, answer: Answer, *, flags_at: str = "") -> NumberShown:
    """Put the total of an answer into words. flags_at: the address under which flags are opened; empty for who may not."""
    total = answer.total
    if total is None:
        return NumberShown(number="", unit="", interval="", count="", why_none=_("Not measured"), needs=_needs(answer))
    scale = scale_of(metric.unit, total.value)
    common: dict[str, Any] = {
        "badges": badges_of(answer, total, flags_at=flags_at),
        "is_doubted": answer.has_severe_flag,
        "as_of": as_of_words(answer),
    }
    if total.value is None:
        why = _("Hidden: too few to show") if total.standing == "hidden" else _("Nothing to count in this period")
        return NumberShown(
            number="", unit="", interval="", count=count_words(total) if total.n else "", why_none=why, **common
        )
    return NumberShown(
        number=scale.number(total.value),
        unit=scale.word,
        said=scale.say(total.value),
        interval=interval_words(total, scale),
        count=count_words(total),
        **common,
    )


def tile_shown(
    found: TileAnswer,
    *,
    workspace_key: str,
    board: BoardRow,
    tile: TileRow,
    period: Mapping[str, str],
    viewer: Actor,
    flags_at: str = "",
) -> TileShown:
    """Put what a tile came to into words and drawings. Within the scope of the workspace, which knows the names of people.

    period: as in addresses, where somebody chose one for the whole board. viewer: the reader.
    flags_at: as in `number_shown`.
    """
    content, language = tile.content, get_language() or "en"
    metric = card(content.metric, language=language, options=content.options)
    common: dict[str, Any] = {
        "kind": content.kind.value,
        "name": metric.name,
        "href": card_address(workspace_key, board=board, tile=tile, period=period),
        "shown": number_shown(metric, found.main, flags_at=flags_at),
        "save_as": None if content.kind is TileKind.NUMBER else _save_as(workspace_key, board, tile, period),
        "only": _only(metric, content, viewer),
    }
    names = names_in(pair for row in found.main.rows for pair in row.dimensions.items())
    has_rows = bool(found.main.rows)
    match content.kind:
        case TileKind.NUMBER:
            trend = sparkline(found.trend.rows) if found.trend else None
            return TileShown(
                **common, changes=_changes(metric, found), trend=trend, trend_words=_("Trend over the period")
            )
        case TileKind.SERIES if has_rows:
            bucket = found.asked.main.by[0]
            return TileShown(**common, drawn=drawn_series(metric, found.main, bucket=bucket, names=names))
        case TileKind.HEAT_MAP if has_rows:
            return TileShown(**common, drawn=drawn_heat_map(metric, found.main, names=names))
        case TileKind.DISTRIBUTION if has_rows:
            return TileShown(**common, drawn=drawn_distribution(metric, found.main))
        case TileKind.TABLE if has_rows:
            words = {**dimensions(language=language), **times(language=language)}
            head = words.get(content.by, content.by)
            table = table_of(metric, _by_size(found.main.rows), (content.by,), names=names, heads=[head])
            return TileShown(**common, table=table, by=head)
    return TileShown(**common)


def _only(metric: MetricCard, content: TileContent, viewer: Actor) -> str:
    """Say what makes this tile's number another one than its name alone says."""
    said = [conditions_words(content.conditions, viewer=viewer), *option_words(metric, content.options)]
    return " · ".join(part for part in said if part)


def flags_address(viewer: Actor, workspace_key: str) -> str:
    """Return the address under which this reader opens flags; empty for one who sees the sign only."""
    return reverse("flag_list", args=[workspace_key]) if rules.may_see_some(viewer) else ""


def card_address(workspace_key: str, *, board: BoardRow, tile: TileRow, period: Mapping[str, str]) -> str:
    """Return the address of the card behind a tile."""
    own = {"period": tile.content.period or board.period}
    query = {"board": board.key, "tile": tile.key, **(period or own)}
    return f"{reverse('number', args=[workspace_key, tile.content.metric])}?{urlencode(query)}"


def _needs(answer: Answer) -> list[str]:
    """Return the tables that a number lacks, in words."""
    return [str(TITLES.get(need.split(" ")[0], need)) for need in answer.not_measured]


def _save_as(workspace_key: str, board: BoardRow, tile: TileRow, period: Mapping[str, str]) -> SaveAs:
    return SaveAs(path=reverse("board_tile", args=[workspace_key, board.key, tile.key]), query=urlencode(period))


def _changes(metric: MetricCard, found: TileAnswer) -> list[Said]:
    total, content = found.main.total, found.asked.content
    if total is None:
        return []
    scale = scale_of(metric.unit, total.value)
    said: list[Said | None] = []
    if found.team is not None:
        said.append(compared(metric, total, found.team, scale, is_team=True))
    if found.before is not None:
        said.append(compared(metric, total, found.before, scale))
    if content.comparison is Comparison.TARGET and content.target is not None:
        said.append(held_against_target(metric, found.main, content.target, scale))
    return [one for one in said if one is not None]


def _by_size(rows: Sequence[Figure]) -> list[Figure]:
    """Return rows in the order of time, else those first behind which most stands: no table of people is a ranking."""
    if rows and {*rows[0].dimensions} & {*times(language="en")}:
        return list(rows)
    return sorted(rows, key=lambda row: (-(row.n or 0), str(row.dimensions)))
