"""A report for one reader: every tile of a board, measured with their rights and put into their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from careloop.domains.boards.errors import BoardUnclear
from careloop.domains.boards.periods import Span, span_of
from careloop.domains.boards.types import TileRow
from careloop.faces.web.boards.charting import TableShown
from careloop.faces.web.boards.periods import days_query, span_words, zone_words
from careloop.faces.web.boards.shown import TileShown, flags_address, tile_shown
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring.errors import MeasuringMissing
from careloop.processes.measuring.tiles import Asked, TileAnswer, asked, measured_together
from careloop.processes.reporting import Errand

__all__ = ["ReportShown", "Section", "report_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One tile of a report. key: of the tile. tile, found: None where it could not be measured; problem then says why.

    period: in words. href: the whole address of its card.
    """

    key: str
    name: str
    period: str
    href: str
    tile: TileShown | None = None
    found: TileAnswer | None = None
    problem: str = ""

    @property
    def table(self) -> TableShown | None:
        """Return the rows behind a chart, or the table itself."""
        if self.tile is None:
            return None
        return self.tile.drawn.table if self.tile.drawn else self.tile.table


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """A report in words. period: of most of its tiles. zone: in which its days begin. made_at: on the reader's clock."""

    name: str
    workspace: str
    board: str
    note: str
    period: str
    zone: str
    made_at: str
    href: str
    manage_href: str
    sections: Sequence[Section]


def report_shown(errand: Errand) -> ReportShown:
    """Measure a board for one reader, outside any scope, in the language and zone that are active.

    Raises MeasuringMissing where nothing can be measured at all; BoardUnclear where nothing stands on the board.
    """
    if not errand.board.tiles:
        raise BoardUnclear(_("Nothing stands on this board, so there is nothing to report."))
    days = partial(
        span_of,
        now=errand.due_at,
        zone=ZoneInfo(errand.workspace.time_zone),
        day_begins_s=errand.workspace.day_begins_s,
    )
    span = days(errand.content.period) if errand.content.period else None
    usual = span or days(errand.board.period)
    key = errand.workspace.key
    return ReportShown(
        name=errand.content.name,
        workspace=errand.workspace.name,
        board=errand.board.name,
        note=errand.board.note,
        period=span_words(usual),
        zone=zone_words(errand.workspace),
        made_at=formats.date_format(timezone.localtime(clock.now()), "DATETIME_FORMAT"),
        href=_whole(reverse("board", args=[key, errand.board.key])),
        manage_href=_whole(reverse("report", args=[key, errand.report_id])) if errand.report_id else "",
        sections=_sections(errand, span),
    )


def _sections(errand: Errand, span: Span | None) -> list[Section]:
    """Measure all tiles in one go. One number that cannot be shown to this reader takes nothing from the others."""
    workspace, refused, questions = errand.workspace, dict[str, Refusal](), dict[str, Asked]()
    with workspace_scope(workspace.id):
        for tile in errand.board.tiles:
            try:
                questions[tile.key] = asked(
                    tile.content,
                    board=errand.board,
                    span=span,
                    viewer=errand.viewer,
                    workspace=workspace,
                    now=errand.due_at,
                )
            except MeasuringMissing:
                raise
            except Refusal as refusal:
                refused[tile.key] = refusal
    found = {**refused, **measured_together(questions, workspace_id=workspace.id, now=clock.now())}
    with workspace_scope(workspace.id):
        return [_section(errand, tile, found[tile.key]) for tile in errand.board.tiles]


def _section(errand: Errand, tile: TileRow, found: TileAnswer | Refusal | None) -> Section:
    if not isinstance(found, TileAnswer):
        return Section(key=tile.key, name=tile.content.metric, period="", href="", problem=str(found))
    span = found.asked.span
    workspace = errand.workspace
    opened = flags_address(errand.viewer, workspace.key)
    shown = tile_shown(
        found,
        workspace_key=workspace.key,
        board=errand.board,
        tile=tile,
        period=days_query(span),
        viewer=errand.viewer,
        flags_at=_whole(opened) if opened else "",
    )
    return Section(
        key=tile.key, name=shown.name, period=span_words(span), href=_whole(shown.href), tile=shown, found=found
    )


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
