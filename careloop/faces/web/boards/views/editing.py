"""Changing what stands on a board."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.boards import queries, services
from careloop.domains.boards.errors import BoardUnclear
from careloop.domains.boards.periods import PERIODS
from careloop.domains.boards.types import BoardRow, Comparison, TileContent, TileKind, TileRow, Width
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.boards.conditions import conditions_words, fields_for
from careloop.faces.web.boards.figures import scale_of
from careloop.faces.web.boards.options import options_shown
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.desk.editing import OPERATOR_LABELS, UNIT_LABELS, Row, rows_of, rows_posted, written_of
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import BadCondition, Registry, from_json
from careloop.kernel.errors import Refusal
from careloop.processes.measuring.catalogue import MetricCard, card, cards, dimensions, times
from careloop.processes.measuring.tiles import checked

__all__ = ["EditedTile", "changeable", "tile_form", "tile_new", "tile_place", "tile_removal", "tiles_shown"]

USUAL = TileContent(kind=TileKind.NUMBER, metric="service_level")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedTile:
    """A tile in the list below a board's settings. details: how it is shown, in words. before, behind: places to move to."""

    row: TileRow
    name: str
    details: str
    conditions: str
    before: int
    behind: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionShown:
    """A row of the filter editor. operators, choices: what can be chosen in it. words: what a kept group says."""

    key: int
    row: Row
    words: str
    operators: list[tuple[str, str]]
    choices: list[tuple[str, str]]


def changeable(key: str, viewer: Actor) -> tuple[BoardRow, int]:
    """Return a board that somebody made, with its number. Raises as queries.board; for those of every workspace BoardUnclear."""
    board = queries.board(key=key, viewer=viewer)
    if board.is_system:
        raise BoardUnclear(_("Every workspace has this board, so nobody changes it. Make a copy and change that."))
    return board, int(board.key)


def tiles_shown(board: BoardRow, *, viewer: Actor) -> list[EditedTile]:
    """Return the tiles of a board with what they are, in words."""
    language = get_language() or "en"
    names = {known.id: known.name for known in cards(language=language)}
    return [
        EditedTile(
            row=row,
            name=names.get(row.content.metric, row.content.metric),
            details=_details(row.content, language),
            conditions=conditions_words(row.content.conditions, viewer=viewer),
            before=place - 1,
            behind=place + 1,
            is_first=place == 0,
            is_last=place == len(board.tiles) - 1,
        )
        for place, row in enumerate(board.tiles)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def tile_new(request: HttpRequest, key: str) -> HttpResponse:
    """Put a tile on a board."""
    board, _board_id = changeable(key, actor_of(request))
    return _form(request, board, None, USUAL)


@require_http_methods(["GET", "HEAD", "POST"])
def tile_form(request: HttpRequest, key: int, tile: int) -> HttpResponse:
    """Let a tile ask something else."""
    board, row = queries.tile(board_key=str(key), key=str(tile), viewer=actor_of(request))
    return _form(request, board, tile, row.content)


@require_POST
def tile_place(request: HttpRequest, key: int, tile: int) -> HttpResponse:
    """Move a tile to another `place` of its board."""
    services.move_tile(
        board_id=key, tile_id=tile, place=chosen(request.POST, "place"), actor=actor_of(request), at=clock.now()
    )
    return redirect("board_form", workspace=workspace_of(request).key, key=str(key))


@require_POST
def tile_removal(request: HttpRequest, key: int, tile: int) -> HttpResponse:
    """Take a tile off its board."""
    services.remove_tile(board_id=key, tile_id=tile, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The tile is gone; its number stays."))
    return redirect("board_form", workspace=workspace_of(request).key, key=str(key))


def _form(request: HttpRequest, board: BoardRow, tile_id: int | None, content: TileContent) -> HttpResponse:
    """Show the form as it was posted, or keep it. Every choice that changes what can be chosen sends it whole."""
    viewer, problem = actor_of(request), ""
    given = request.POST if request.method == "POST" else None
    registry = fields_for(viewer, conditions=content.conditions)
    join, rows = _rows(given, content, registry)
    act, _dash, index = (given.get("act", "") if given else "").partition("-")
    if act == "add":
        rows = [*rows, Row(registry=registry).told()]
    elif act == "remove":
        rows = [row for at, row in enumerate(rows) if str(at) != index]
    status = 200
    if given is not None:
        content, wrong = _posted(given, join, rows)
        # Whoever has only just chosen to have a target has had no chance to write one.
        problem = wrong if act == "keep" else ""
        if act == "keep" and not problem:
            try:
                _keep(request, board, tile_id, content)
            except Refusal as refusal:
                problem, status = str(refusal), refusal.status
            else:
                messages.success(request, _("The tile is kept."))
                return redirect("board_form", workspace=workspace_of(request).key, key=board.key)
    context = {
        **_choices(content),
        "board": board,
        "tile_id": tile_id,
        "content": content,
        "target": "" if given is None and content.target is None else _typed_target(given, content),
        "join": join,
        "rows": [_shown(at, row, registry) for at, row in enumerate(rows)],
        "fields": [(field.name, field.label) for field in registry],
        "units": list(UNIT_LABELS.items()),
        "problem": problem,
    }
    template = "boards/tile_form.html#editor" if request.htmx else "boards/tile_form.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status if status != 200 else 422 if problem else 200)


def _rows(given: QueryDict | None, content: TileContent, registry: Registry) -> tuple[str, list[Row]]:
    if given is not None:
        return rows_posted(given, registry=registry)
    if not content.conditions:
        return "and", []
    try:
        return rows_of(from_json(dict(content.conditions), registry=registry), registry=registry)
    except BadCondition:
        return "and", []


def _posted(given: QueryDict, join: str, rows: list[Row]) -> tuple[TileContent, str]:
    """Return what the form says, and what is wrong in it."""
    problem = ""
    metric = given.get("metric", USUAL.metric)
    known = card(metric, language="en")
    options = {
        option.name: typed
        for option in known.options
        if (typed := given.get(f"option-{option.name}", "").strip()) and typed != option.default
    }
    comparison = given.get("comparison", Comparison.PREVIOUS)
    target = None
    if comparison == Comparison.TARGET:
        try:
            wanted = float(given.get("target", "").replace(",", "."))
        except ValueError:
            wanted = nan
        target = wanted / scale_of(card(metric, language="en", options=options).unit, None).factor
        if not isfinite(target):
            target, problem = None, _("Write the target as a number.")
    return (
        TileContent(
            kind=TileKind(given.get("kind", "")) if given.get("kind") in TileKind else TileKind.NUMBER,
            metric=metric,
            options=options,
            by=given.get("by", ""),
            conditions=written_of(join, rows),
            period=given.get("period", "") if given.get("period") in PERIODS else "",
            comparison=Comparison(comparison) if comparison in Comparison else Comparison.PREVIOUS,
            target=target,
            width=_width(given.get("width", "1")),
        ),
        problem,
    )


def _width(text: str) -> Width:
    return Width(int(text)) if text in {"1", "2", "3", "4"} else Width.QUARTER


def _keep(request: HttpRequest, board: BoardRow, tile_id: int | None, content: TileContent) -> None:
    viewer, at = actor_of(request), clock.now()
    content = checked(content, viewer=viewer, workspace=workspace_of(request), now=at)
    if tile_id is None:
        services.add_tile(board_id=int(board.key), content=content, actor=viewer, at=at)
    else:
        services.change_tile(board_id=int(board.key), tile_id=tile_id, content=content, actor=viewer, at=at)


def _choices(content: TileContent) -> dict[str, object]:
    language = get_language() or "en"
    metric = card(content.metric, language=language, options=content.options)
    buckets = times(language=language)
    split = {**dimensions(language=language), **buckets} if content.kind is TileKind.TABLE else _lines(buckets)
    return {
        "metric": metric,
        "metrics": [(known.id, known.name) for known in sorted(cards(language=language), key=_by_name)],
        "kinds": TileKind.choices,
        "splits": list(split.items()),
        "periods": list(PERIODS.items()),
        "comparisons": Comparison.choices,
        "widths": Width.choices,
        "options": options_shown(metric, content.options),
        "target_unit": scale_of(metric.unit, None).word,
    }


def _by_name(known: MetricCard) -> str:
    return known.name.casefold()


def _lines(buckets: Mapping[str, str]) -> dict[str, str]:
    return {name: word for name, word in buckets.items() if name not in {"weekday", "time_of_day"}}


def _typed_target(given: QueryDict | None, content: TileContent) -> str:
    if given is not None:
        return given.get("target", "")
    scale = scale_of(card(content.metric, language="en", options=content.options).unit, None)
    return f"{(content.target or 0) * scale.factor:g}"


def _shown(key: int, row: Row, registry: Registry) -> ConditionShown:
    field = registry.get(row.field) if row.field else None
    return ConditionShown(
        key=key,
        row=row,
        words=_("A group of conditions that was made elsewhere") if row.kept else "",
        operators=[(one.value, str(OPERATOR_LABELS[one])) for one in row.operators] if row.field else [],
        choices=list(field.choices.items()) if field else [],
    )


def _details(content: TileContent, language: str) -> str:
    said = [str(TileKind(content.kind).label)]
    if content.by:
        said.append({**dimensions(language=language), **times(language=language)}.get(content.by, content.by))
    if content.period:
        said.append(str(PERIODS[content.period]))
    return " · ".join(said)
