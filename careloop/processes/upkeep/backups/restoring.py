"""Bring a backup back into an empty installation, checked before and compared afterwards."""

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from careloop.gateways.postgres.dumps import Address, restore
from careloop.processes.upkeep.backups.archive import (
    BLOBS,
    DUMP,
    LAKES,
    Report,
    damaged_at,
    files_in,
    is_blob,
    lake_count,
    secret_mark,
)
from careloop.processes.upkeep.backups.checking import check_archive, compare
from careloop.processes.upkeep.backups.errors import ArchiveDamaged, NotEmpty
from careloop.processes.upkeep.backups.marks import is_empty

__all__ = ["bring_back"]


def bring_back(*, owner: BaseDatabaseWrapper, source: Path, blob_root: Path, lake_root: Path, secret: str) -> Report:
    """Fill an empty installation from an archive.

    Afterwards `careloop migrate` gives the serving role its rights, and `rebuild` brings the lakes to where the log is.

    owner: a connection to the empty database as the owner role.
    source: the archive.
    blob_root: where blobs go; lake_root: where lakes go; both empty or missing.
    secret: this installation's SECRET_KEY; with another one, passwords of mailboxes must be entered again.

    Raises ArchiveDamaged and NotEmpty before anything is touched; CommandFailed with the database still empty;
    RestoredDiffers. After one that was killed on the way it begins anew: rows come last and all at once, and while there are none,
    files that such a restore had put in place are taken away.
    """
    if not source.is_file():
        raise ArchiveDamaged(_("There is no file %(file)s.") % {"file": source})
    if not is_empty(owner):
        raise NotEmpty(_("The database already holds tables. Restore into a new CARELOOP_HOME or an empty database."))
    for root in (blob_root, lake_root):
        if root.exists() and any(root.iterdir()) and not _scratch_of(root).exists():
            raise NotEmpty(_("%(folder)s already holds files. Restore into a new CARELOOP_HOME.") % {"folder": root})
    manifest = check_archive(source)
    # Each beside where it goes, which may be another disk.
    with _scratch(blob_root) as folder, _scratch(lake_root) as lakes:
        _extract(source, folder, lakes)
        _put(folder / BLOBS, blob_root)
        if manifest.lake_files:
            _put(lakes / LAKES, lake_root)
        os.sync()  # rows never name files that a power cut could take
        restore(address=Address.of(owner.settings_dict), source=folder / DUMP)
        compare(owner, manifest.tables)
    return Report(
        archive=str(source),
        bytes=source.stat().st_size,
        tables=len(manifest.tables),
        rows=sum(mark.rows for mark in manifest.tables.values()),
        blobs=manifest.blob_count,
        lakes=lake_count(manifest.lake_files),
        lake_files=len(manifest.lake_files),
        rehearsed=True,
        damaged_blobs=tuple(manifest.damaged_blobs),
        same_secret=manifest.secret_mark == secret_mark(secret),
    )


def _scratch_of(root: Path) -> Path:
    return root.with_name(f".restoring-{root.name}")


@contextmanager
def _scratch(root: Path) -> Iterator[Path]:
    """Make a folder beside where files go; as long as it is there, these are of a restore that has not come to its end."""
    folder = _scratch_of(root)
    if folder.exists():
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    except BaseException:
        # Files without the rows that name them are of no use to anybody.
        shutil.rmtree(root, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(folder)


def _put(folder: Path, root: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if root.exists():
        root.rmdir()
    folder.rename(root)


def _extract(source: Path, folder: Path, lakes: Path) -> None:
    with tarfile.open(source) as archive:
        _write(archive, archive.getmember(DUMP), folder)
        for member in files_in(archive):
            _write(archive, member, folder if is_blob(member.name) else lakes)


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(member)
    if content is None:
        raise damaged_at(member.name)
    target = folder / member.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)
