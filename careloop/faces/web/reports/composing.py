"""A report as a mail: pictures, tables beneath, a text part, PDF and CSV attached."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from careloop.faces.web.boards.charting import TableShown
from careloop.faces.web.reports.printing import pdf_of
from careloop.faces.web.reports.sheets import sheet_bytes
from careloop.faces.web.reports.shown import ReportShown, Section, report_shown
from careloop.insight.charts.pictures import PicturesMissing, png_of
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring.exporting import FileFormat
from careloop.processes.reporting import Attachment, Errand, Letter, Picture

__all__ = ["Parts", "composed", "files_of", "parts_of"]

# A mail is skimmed; whoever wants row 41 opens the file.
MOST_ROWS = 40
WIDTH = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A report and the pictures of its charts, by the key of their section. missing: why there are none, in words."""

    report: ReportShown
    pictures: dict[str, bytes]
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSection:
    """A section as the mail's template takes it. picture: its key, or empty. left_out: rows in the file only."""

    section: Section
    picture: str
    table: TableShown | None
    left_out: int


def composed(errand: Errand) -> Letter:
    """Write a report for one reader, outside any scope. Raises Refusal where there is nothing to write."""
    with translation.override(errand.language), timezone.override(ZoneInfo(errand.time_zone)):
        parts = parts_of(errand)
        context = {
            "report": parts.report,
            "missing": parts.missing,
            "language": errand.language,
            "accent": errand.workspace.settings.accent_color,
            "width": WIDTH,
            "sections": [_letter_section(section, parts.pictures) for section in parts.report.sections],
        }
        return Letter(
            subject=f"{parts.report.name} · {parts.report.period}",
            text=render_to_string("reports/mail/report.txt", context),
            html=render_to_string("reports/mail/report.html", context),
            pictures=[Picture(key=_place(key), png=png) for key, png in parts.pictures.items()],
            attachments=files_of(parts, errand),
        )


def parts_of(errand: Errand) -> Parts:
    """Measure a report and draw its charts; without the libraries that draw, it says so and does without."""
    report = report_shown(errand)
    pictures: dict[str, bytes] = {}
    missing = ""
    for section in report.sections:
        if section.tile is None or section.tile.drawn is None:
            continue
        try:
            pictures[section.key] = png_of(json.loads(section.tile.drawn.spec), width=WIDTH, language=errand.language)
        except PicturesMissing:
            missing = _("Charts and the printable file are missing, because the extra “charts” is not installed here.")
            break
    return Parts(report=report, pictures=pictures, missing=missing)


def files_of(parts: Parts, errand: Errand) -> Sequence[Attachment]:
    """Return the files that go with a report: PDF, where it can be made, and CSV."""
    name = _file_name(parts.report.name, errand.due_at, ZoneInfo(errand.workspace.time_zone))
    with workspace_scope(errand.workspace.id):
        files = [
            Attachment(name=f"{name}.csv", media_type="text/csv", payload=sheet_bytes(parts.report, FileFormat.CSV))
        ]
    try:
        pdf = pdf_of(parts.report, pictures=parts.pictures, language=errand.language)
    except PicturesMissing:
        return files
    return [Attachment(name=f"{name}.pdf", media_type="application/pdf", payload=pdf), *files]


def _letter_section(section: Section, pictures: dict[str, bytes]) -> LetterSection:
    table = section.table
    rows = table.rows if table else ()
    return LetterSection(
        section=section,
        picture=_place(section.key) if section.key in pictures else "",
        table=TableShown(heads=table.heads, rows=rows[:MOST_ROWS]) if table else None,
        left_out=max(0, len(rows) - MOST_ROWS),
    )


def _place(key: str) -> str:
    return f"chart-{key}"


def _file_name(name: str, at: datetime, zone: ZoneInfo) -> str:
    return f"{slugify(name, allow_unicode=True) or 'report'}-{at.astimezone(zone):%Y-%m-%d}"
