"""Bring a backup back into an empty installation, checked before and compared afterwards."""

import os
import shutil
import tarfile
import tempfile
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from careloop.gateways.postgres.dumps import Address, restore
from careloop.processes.upkeep.backups.archive import BLOBS, DUMP, Report, blobs_in, damaged_at, secret_mark
from careloop.processes.upkeep.backups.checking import check_archive, compare
from careloop.processes.upkeep.backups.errors import ArchiveDamaged, NotEmpty
from careloop.processes.upkeep.backups.marks import is_empty

__all__ = ["bring_back"]


def bring_back(*, owner: BaseDatabaseWrapper, source: Path, blob_root: Path, secret: str) -> Report:
    """Fill an empty installation from an archive. Afterwards `careloop migrate` gives the serving role its rights.

    owner: a connection to the empty database as the owner role.
    source: the archive.
    blob_root: where blobs go; empty or missing.
    secret: this installation's SECRET_KEY; with another one, passwords of mailboxes must be entered again.

    Raises ArchiveDamaged and NotEmpty before anything is touched; CommandFailed with the database still empty;
    RestoredDiffers.
    """
    if not source.is_file():
        raise ArchiveDamaged(_("There is no file %(file)s.") % {"file": source})
    if not is_empty(owner):
        raise NotEmpty(_("The database already holds tables. Restore into a new CARELOOP_HOME or an empty database."))
    if blob_root.exists() and any(blob_root.iterdir()):
        raise NotEmpty(_("%(folder)s already holds files. Restore into a new CARELOOP_HOME.") % {"folder": blob_root})
    manifest = check_archive(source)
    blob_root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=blob_root.parent, prefix=".restoring-") as scratch:
        folder = Path(scratch)
        _extract(source, folder)
        restore(address=Address.of(owner.settings_dict), source=folder / DUMP)
        compare(owner, manifest.tables)
        (folder / BLOBS).mkdir(mode=0o700, exist_ok=True)
        if blob_root.exists():
            blob_root.rmdir()
        (folder / BLOBS).rename(blob_root)
    return Report(
        archive=str(source),
        bytes=source.stat().st_size,
        tables=len(manifest.tables),
        rows=sum(mark.rows for mark in manifest.tables.values()),
        blobs=manifest.blob_count,
        rehearsed=True,
        damaged_blobs=tuple(manifest.damaged_blobs),
        same_secret=manifest.secret_mark == secret_mark(secret),
    )


def _extract(source: Path, folder: Path) -> None:
    with tarfile.open(source) as archive:
        _write(archive, archive.getmember(DUMP), folder)
        for member in blobs_in(archive):
            _write(archive, member, folder)


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(member)
    if content is None:
        raise damaged_at(member.name)
    target = folder / member.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)
