"""Where old mail lies: an mbox file, a Maildir, or a folder of .eml files."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from careloop.processes.mail_import.errors import MailSourceUnreadable

__all__ = ["Letter", "letters_in"]

MOST_HEADER_BYTES = 256 * 1024
# A line of somebody's letter may begin with "From ", too; only a blank line before it and a year in it make it a border.
_BORDER = re.compile(rb"^From \S.*\b(?:19|20)\d\d\b")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_RECEIVED = re.compile(rb"^received:.*;([^;]*)$", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(rb"^date:(.*)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail in a file.

    name: where it lies, for people. at: when it was received, else written, as its own headers say; None when they do not.
    start, stop: its bytes in the file; stop is None for the whole file.
    """

    path: Path
    name: str
    at: datetime | None
    start: int = 0
    stop: int | None = None

    def raw(self) -> bytes:
        """Return its bytes. Raises OSError when the file is gone or unreadable."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            content = file.read() if self.stop is None else file.read(self.stop - self.start)
        return content if self.stop is None else _QUOTED_FROM.sub(rb"\1", content)


def letters_in(path: Path) -> list[Letter]:
    """Find all mails at a path, the oldest first; those without a date come last, as they lie.

    path: an mbox file, one .eml file, or a folder with Maildirs, .eml files, or both, at any depth.

    Only places and times are kept in memory, never the mails. Raises MailSourceUnreadable with a sentence.
    """
    try:
        found = list(_in_folder(path) if path.is_dir() else _in_file(path))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise MailSourceUnreadable(
            _("%(path)s cannot be read: %(reason)s. Check the path, and that this user may read it.")
            % {"path": path, "reason": reason}
        ) from problem
    if not found:
        raise MailSourceUnreadable(
            _("There is no mail in %(path)s. Name an mbox file, a Maildir, or a folder with .eml files.")
            % {"path": path}
        )
    return sorted(found, key=lambda letter: letter.at or datetime.max.replace(tzinfo=UTC))


def _in_folder(path: Path) -> Iterator[Letter]:
    def complain(problem: OSError) -> None:
        raise problem

    for folder, folders, names in os.walk(path, onerror=complain):
        folders.sort()
        is_maildir = Path(folder).name in {"cur", "new"} and (Path(folder).parent / "cur").is_dir()
        for name in sorted(names):
            if is_maildir or name.lower().endswith(".eml"):
                yield _whole(Path(folder) / name)


def _in_file(path: Path) -> Iterator[Letter]:
    with path.open("rb") as file:
        beginning = file.readline(1000)
    if _BORDER.match(beginning):
        yield from _in_mbox(path)
    elif beginning.strip():
        yield _whole(path)


def _whole(path: Path) -> Letter:
    with path.open("rb") as file:
        head = file.read(MOST_HEADER_BYTES)
    return Letter(path=path, name=str(path), at=_time_of(head))


def _in_mbox(path: Path) -> Iterator[Letter]:
    """Find the borders between mails in one pass, line by line."""
    number, start, position, blank = 0, 0, 0, 0
    head, is_in_head, is_after_blank = b"", True, True
    with path.open("rb") as file:
        for line in file:
            if is_after_blank and _BORDER.match(line):
                if number:
                    yield _part(path, number, start, position - blank, head)
                number, start, head, is_in_head = number + 1, position + len(line), b"", True
            elif is_in_head:
                is_in_head = bool(line.strip()) and len(head) < MOST_HEADER_BYTES
                head += line
            is_after_blank = not line.strip()
            # The blank line before a border belongs to the file, not to the mail.
            blank = len(line) if is_after_blank else 0
            position += len(line)
    yield _part(path, number, start, max(start, position - blank), head)


def _part(path: Path, number: int, start: int, stop: int, head: bytes) -> Letter:
    return Letter(path=path, name=f"{path}#{number}", at=_time_of(head), start=start, stop=stop)


def _time_of(head: bytes) -> datetime | None:
    """Read when a mail was received by its last server, else when its sender wrote it."""
    header = _FOLD.sub(b" ", re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0])
    for pattern in (_RECEIVED, _DATE):
        found = pattern.search(header)
        if found is not None:
            with suppress(ValueError, TypeError, OverflowError, IndexError):
                at = parsedate_to_datetime(found[1].decode("ascii", "replace").strip())
                at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
                if at.year >= 1980:
                    return at
    return None
