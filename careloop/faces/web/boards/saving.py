"""Tables of boards and cards as files, and the places where they are offered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone

from careloop.faces.web.boards.keys import key_words, names_in
from careloop.kernel.streaming import stream
from careloop.processes.measuring.exporting import MEDIA_TYPES, FileFormat, table_pieces
from careloop.processes.measuring.types import Figure, Key

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMATS", "SaveAs", "format_named", "handed", "said_of"]

FORMATS: Final[Sequence[tuple[FileFormat, str]]] = (
    (FileFormat.CSV, "CSV"),
    (FileFormat.EXCEL, "Excel"),
    (FileFormat.PARQUET, "Parquet"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAs:
    """Where a table is had as a file. path: without the format's ending. query: of the address, may be empty."""

    path: str
    query: str

    @property
    def links(self) -> list[tuple[str, str]]:
        """Word and address for each format."""
        tail = f"?{self.query}" if self.query else ""
        return [(word, f"{self.path}.{one.value}{tail}") for one, word in FORMATS]


def format_named(name: str) -> FileFormat:
    """Return a format by its ending. Raises Http404."""
    if name not in set(FileFormat):
        raise Http404
    return FileFormat(name)


def said_of(rows: Iterable[Figure]) -> Callable[[Mapping[str, Key]], str]:
    """Return what says what a row is of, in words. Within the scope of the workspace, which knows the names."""
    names = names_in(pair for row in rows for pair in row.dimensions.items())
    return lambda dimensions: ", ".join(key_words(name, key, names) for name, key in dimensions.items())


def handed(request: HttpRequest, table: "pa.Table", file_format: FileFormat, *, name: str) -> StreamingHttpResponse:
    """Hand out a table as a file, moments in the reader's zone. Raises QuestionUnclear where a sheet cannot hold it."""
    pieces = table_pieces(table, file_format, zone=timezone.get_current_timezone_name())
    answer = stream(request, pieces, content_type=MEDIA_TYPES[file_format])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{file_format.value}"'
    answer["Cache-Control"] = "no-store"
    return answer
