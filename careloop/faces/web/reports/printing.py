"""A report as a PDF to be printed or kept: the same numbers, charts and tables, on A4."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from careloop.faces.web.boards.charting import TableShown
from careloop.faces.web.reports.shown import ReportShown, Section
from careloop.insight.charts.pictures import FAMILIES, PicturesMissing, font_path

if TYPE_CHECKING:
    from fpdf import FPDF

__all__ = ["pdf_of"]

INK, SOFT, LINE = (33, 30, 26), (90, 83, 74), (229, 224, 217)
# Which font of the collection has a language's own shapes of shared characters.
PLACES: Final = {"Noto Sans CJK JP": 0, "Noto Sans CJK KR": 1, "Noto Sans CJK SC": 2}
WIDTH: Final = 180.0


def pdf_of(report: ReportShown, *, pictures: Mapping[str, bytes], language: str) -> bytes:
    """Print a report. pictures: PNGs by the key of their section. Raises PicturesMissing without the extra `charts`."""
    page = _paper(report, language)
    _words(page, report.name, size=18)
    _words(page, f"{report.workspace} · {report.board} · {report.period} ({report.zone})", size=10, color=SOFT)
    if report.note:
        _words(page, report.note, size=9, color=SOFT)
    for section in report.sections:
        _section(page, section, pictures.get(section.key))
    return bytes(page.output())


def _paper(report: ReportShown, language: str) -> "FPDF":
    try:
        from fpdf import FPDF  # takes seconds to import, so only where something is printed
    except ModuleNotFoundError as error:
        raise PicturesMissing("fpdf") from error

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("words", size=8)
            self.set_text_color(*SOFT)
            made = _("Made %(moment)s by Careloop") % {"moment": report.made_at}
            self.cell(WIDTH / 2, 5, made)
            self.cell(WIDTH / 2, 5, f"{self.page_no()} / {{nb}}", align="R")

    page = Paper(format="A4")
    page.set_margin(15)
    page.set_auto_page_break(auto=True, margin=18)
    page.set_title(report.name)
    page.set_creator("Careloop")
    page.set_lang(language)
    place = PLACES[FAMILIES.get(language, FAMILIES["ko"])]
    page.add_font("words", fname=font_path(), collection_font_number=place)
    page.add_page()
    return page


def _section(page: "FPDF", section: Section, picture: bytes | None) -> None:
    # A heading with what it is the heading of: a chart takes a third of a page.
    needed = 95 if picture else 32
    if page.will_page_break(needed):
        page.add_page()
    page.ln(4)
    page.set_draw_color(*LINE)
    page.line(page.l_margin, page.get_y(), page.l_margin + WIDTH, page.get_y())
    page.ln(2)
    _words(page, section.name, size=12, link=section.href)
    if section.period:
        _words(page, section.period, size=8, color=SOFT)
    if section.tile is not None and section.tile.only:
        _words(page, section.tile.only, size=8, color=SOFT)
    if section.tile is None:
        _words(page, section.problem, size=9, color=SOFT)
        return
    shown = section.tile.shown
    if section.tile.kind == "number" or section.table is None:
        _words(page, shown.said or shown.why_none, size=18)
    said = " · ".join(part for part in (shown.interval, shown.count) if part)
    needs = ", ".join(shown.needs)
    for words in (said, _("It would need: %(facts)s") % {"facts": needs} if needs else ""):
        if words:
            _words(page, words, size=9, color=SOFT)
    for change in section.tile.changes:
        _words(page, change.words, size=9)
    for badge in shown.badges:
        _words(page, f"{badge.words}: {badge.sentence}", size=9, link=badge.href)
    if picture is not None:
        page.image(io.BytesIO(picture), w=WIDTH)
        for words in section.tile.drawn.legend if section.tile.drawn else ():
            _words(page, words, size=8, color=SOFT)
    if section.table is not None:
        _table(page, section.table)
    if shown.as_of:
        _words(page, shown.as_of, size=8, color=SOFT)


def _table(page: "FPDF", table: TableShown) -> None:
    page.set_font("words", size=8.5)
    page.set_text_color(*INK)
    widths = [2.2, *[1.0] * (len(table.heads) - 1)]
    with page.table(
        col_widths=widths,
        text_align=["LEFT", *["RIGHT"] * (len(table.heads) - 1)],
        borders_layout="HORIZONTAL_LINES",
        headings_style=_head_style(),
        line_height=5,
        width=WIDTH,
    ) as sheet:
        for cells in (table.heads, *table.rows):
            row = sheet.row()
            for cell in cells:
                row.cell(cell)


def _head_style() -> Any:
    from fpdf.fonts import FontFace

    return FontFace(emphasis="", color=SOFT, fill_color=None)


def _words(page: "FPDF", words: str, *, size: float, color: Sequence[int] = INK, link: str = "") -> None:
    page.set_font("words", size=size)
    page.set_text_color(*color)
    # Korean and Chinese run on without spaces; what has spaces breaks there.
    page.multi_cell(WIDTH, size * 0.5, words, link=link, align="L", new_x="LMARGIN", new_y="NEXT")
