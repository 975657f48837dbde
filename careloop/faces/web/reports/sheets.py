"""The numbers of a report as one file, in their own units, for whoever reckons on."""

from django.utils import timezone
from django.utils.translation import get_language

from careloop.faces.web.boards.saving import said_of
from careloop.faces.web.reports.shown import ReportShown, Section
from careloop.processes.measuring.catalogue import card
from careloop.processes.measuring.exporting import FileFormat, table_pieces
from careloop.processes.measuring.sheets import SheetPart, sheet_of

__all__ = ["sheet_bytes"]


def sheet_bytes(report: ReportShown, file_format: FileFormat) -> bytes:
    """Return every number and every row of a report. Within the scope of the workspace, which knows the names of people.

    CSV and Excel tell moments in the zone that is active.
    """
    table = sheet_of([_part(section) for section in report.sections])
    return b"".join(table_pieces(table, file_format, zone=timezone.get_current_timezone_name()))


def _part(section: Section) -> SheetPart | str:
    if section.found is None:
        return f"{section.name}: {section.problem}"
    question, answer = section.found.asked.main, section.found.main
    return SheetPart(
        metric=card(answer.metric, language=get_language() or "en", options=question.options),
        question=question,
        answer=answer,
        of=said_of(answer.rows),
        href=section.href,
    )
