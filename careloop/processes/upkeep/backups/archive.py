"""The archive of a backup: a tar file with the dump, every blob, every lake, and a manifest that says what must be in it."""

import hashlib
import hmac
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from careloop.processes.upkeep.backups.errors import ArchiveDamaged

FORMAT = 2
# The first one knew no lakes.
READABLE = frozenset({1, FORMAT})
MANIFEST = "manifest.json"
DUMP = "database.dump"
BLOBS = "blobs"
LAKES = "lakes"
BLOB = re.compile(
    r"blobs/\d+/[0-9a-f]{2}/[0-9a-f]{64}"
)  # workspace, first two digits, SHA-256: no way out of the folder
LAKE_FILE = re.compile(r"lakes/\d+/(manifest\.json|[a-z_]+/(all|day=[0-9-]{10})/[0-9]+-[a-z]+\.parquet)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMark:
    """How many rows a table has, and a sum over their contents that changes with any of them."""

    rows: int
    sum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds.

    version: of Careloop that made it.
    made_at: ISO 8601, UTC.
    secret_mark: tells whether an installation has the SECRET_KEY of this one, without giving it away.
    dump_sha256: of the database's dump.
    tables: by name.
    blob_count, blob_bytes: of all workspaces.
    damaged_blobs: those whose content was not what their name says when they were saved.
    lake_files: SHA-256 of each file of each workspace's lake, by its name in the archive.
    """

    format: int
    version: str
    made_at: str
    secret_mark: str
    dump_sha256: str
    tables: Mapping[str, TableMark]
    blob_count: int
    blob_bytes: int
    damaged_blobs: Sequence[str]
    lake_files: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> bytes:
        """Return the manifest as it stands in the archive."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a backup or a restore did.

    bytes: size of the archive. lakes: how many workspaces have facts in it; lake_files: of how many files these consist.
    rehearsed: whether the archive was restored into a scratch database and compared.
    damaged_blobs: as in the manifest.
    same_secret: whether passwords of mailboxes can be read with the SECRET_KEY of this installation.
    """

    archive: str
    bytes: int
    tables: int
    rows: int
    blobs: int
    lakes: int
    lake_files: int
    rehearsed: bool
    damaged_blobs: tuple[str, ...]
    same_secret: bool


def read_manifest(archive: tarfile.TarFile) -> Manifest:
    """Return an open archive's manifest. Raises ArchiveDamaged."""
    try:
        member = archive.extractfile(MANIFEST)
        content = json.load(member) if member else {}
        if content.get("format") not in READABLE:
            raise ArchiveDamaged(_("This archive was made by a newer Careloop. Install that version, then restore."))
        tables = {name: TableMark(**mark) for name, mark in content.pop("tables").items()}
        return Manifest(tables=tables, **content)
    except (KeyError, TypeError, ValueError, tarfile.TarError):
        raise ArchiveDamaged(_("This file is not a whole backup of Careloop. Choose another one.")) from None


def files_in(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the blobs and files of lakes in an open archive. Raises ArchiveDamaged at a name that no backup contains."""
    for member in archive:
        if member.isfile() and (BLOB.fullmatch(member.name) or LAKE_FILE.fullmatch(member.name)):
            yield member
        elif member.name not in {MANIFEST, DUMP}:
            raise damaged_at(member.name)


def is_blob(name: str) -> bool:
    """Tell a blob from a file of a lake."""
    return name.startswith(f"{BLOBS}/")


def blob_hash(name: str) -> str:
    """Return the SHA-256 that a blob's path promises."""
    return Path(name).name


def lake_count(files: Iterable[str]) -> int:
    """Return of how many workspaces files of lakes are."""
    return len({name.split("/")[1] for name in files})


def secret_mark(secret: str) -> str:
    """Return what tells one SECRET_KEY from another without giving it away."""
    return hmac.digest(secret.encode(), b"careloop backup", "sha256").hex()[:16]


def damaged_at(part: str) -> ArchiveDamaged:
    """Say where an archive is not what was written."""
    return ArchiveDamaged(_("The backup is damaged at %(part)s. Choose another one.") % {"part": part})


class HashingReader:
    """A readable file that remembers the SHA-256 of what was read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes."""
        part = self._file.read(size)
        self._digest.update(part)
        return part

    @property
    def sha256(self) -> str:
        """The hash of everything read so far, in hex."""
        return self._digest.hexdigest()


def sha256_of(file: IO[bytes]) -> str:
    """Return the SHA-256 of an open file's rest, in hex."""
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed asks for more than it needs
