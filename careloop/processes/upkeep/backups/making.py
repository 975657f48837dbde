"""Make a backup: the dump and the counts see one and the same moment; blobs are older than the rows that name them.

Lakes are copied after the dump, so they may know of events that the dump does not; whoever restores works our own facts out again.
"""

import contextlib
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from careloop import __version__
from careloop.gateways.postgres.dumps import Address, dump
from careloop.insight.facts.copying import standing
from careloop.processes.upkeep.backups.archive import (
    BLOBS,
    DUMP,
    FORMAT,
    LAKES,
    MANIFEST,
    HashingReader,
    Manifest,
    Report,
    TableMark,
    blob_hash,
    lake_count,
    secret_mark,
    sha256_of,
)
from careloop.processes.upkeep.backups.checking import check_archive, rehearse
from careloop.processes.upkeep.backups.marks import table_marks

__all__ = ["back_up"]


def back_up(
    *,
    owner: BaseDatabaseWrapper,
    target: Path,
    blob_root: Path,
    lake_root: Path,
    secret: str,
    at: datetime,
    is_rehearsed: bool,
) -> Report:
    """Save the whole installation while it works, into one file that only its owner may read.

    owner: a connection as the owner role, outside any transaction.
    target: the archive to write; it appears there complete or not at all.
    blob_root: the folder with a folder of blobs for each workspace. lake_root: the folder with a lake for each; need not be there.
    secret: this installation's SECRET_KEY, which the archive does not contain.
    at: the moment, timezone-aware.
    is_rehearsed: whether to restore it into a scratch database and compare, the only proof that it can be restored.

    Raises CommandFailed, ArchiveDamaged, RestoredDiffers, or OSError when the disk is full; nothing is left behind then.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    dumped = draft.with_suffix(".dump")
    try:
        tables = _dump(owner, dumped)
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                archive.add(dumped, DUMP)
                names, size, damaged = _add_blobs(archive, blob_root)
                lake_files = _add_lakes(archive, lake_root)
                with dumped.open("rb") as dump_file:
                    dump_sha256 = sha256_of(dump_file)
                manifest = Manifest(
                    format=FORMAT,
                    version=__version__,
                    made_at=at.isoformat(),
                    secret_mark=secret_mark(secret),
                    dump_sha256=dump_sha256,
                    tables=tables,
                    blob_count=names,
                    blob_bytes=size,
                    damaged_blobs=damaged,
                    lake_files=lake_files,
                )
                _add_bytes(archive, MANIFEST, manifest.as_json())
            file.flush()
            os.fsync(file.fileno())
        check_archive(draft)
        if is_rehearsed:
            rehearse(owner=owner, dumped=dumped, expected=tables)
        draft.replace(target)
        _sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)
        dumped.unlink(missing_ok=True)
    return Report(
        archive=str(target),
        bytes=target.stat().st_size,
        tables=len(tables),
        rows=sum(mark.rows for mark in tables.values()),
        blobs=names,
        lakes=lake_count(lake_files),
        lake_files=len(lake_files),
        rehearsed=is_rehearsed,
        damaged_blobs=damaged,
        same_secret=True,
    )


def _dump(owner: BaseDatabaseWrapper, to: Path) -> dict[str, TableMark]:
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with _one_moment(owner) as snapshot:
        dump(address=Address.of(owner.settings_dict), snapshot=snapshot, to=to)
        return table_marks(owner)


@contextlib.contextmanager
def _one_moment(owner: BaseDatabaseWrapper) -> Iterator[str]:
    """Hold still what a connection sees; yields the name under which others may see the same."""
    with owner.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
        finally:
            cursor.execute("ROLLBACK")


def _add_blobs(archive: tarfile.TarFile, blob_root: Path) -> tuple[int, int, tuple[str, ...]]:
    count, size, damaged = 0, 0, []
    for path in sorted(blob_root.glob("*/*/*")):
        with contextlib.suppress(FileNotFoundError):  # swept meanwhile: no row needs it
            name = f"{BLOBS}/{path.relative_to(blob_root)}"
            member = archive.gettarinfo(path, name)
            with path.open("rb") as file:
                reader = HashingReader(file)
                archive.addfile(member, reader)
            if reader.sha256 != blob_hash(name):
                damaged.append(name)
            count, size = count + 1, size + member.size
    return count, size, tuple(damaged)


def _add_lakes(archive: tarfile.TarFile, lake_root: Path) -> dict[str, str]:
    """Add the lake of every workspace and return the SHA-256 of each of its files, by the name in the archive."""
    hashes = {}
    for folder in sorted(lake_root.glob("[0-9]*")):
        held = standing(folder)
        if held is None:
            continue
        name = f"{LAKES}/{folder.name}/manifest.json"
        _add_bytes(archive, name, held.manifest)
        hashes[name] = hashlib.sha256(held.manifest).hexdigest()
        for path in held.files:
            name = f"{LAKES}/{folder.name}/{path}"
            with (folder / path).open("rb") as file:
                reader = HashingReader(file)
                archive.addfile(archive.gettarinfo(folder / path, name), reader)
            hashes[name] = reader.sha256
    return hashes


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
