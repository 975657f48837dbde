"""Prove that an archive is whole, and that its dump can be restored."""

import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from careloop.gateways.postgres.dumps import Address, restore
from careloop.processes.upkeep.backups.archive import (
    BLOBS,
    DUMP,
    Manifest,
    TableMark,
    blob_hash,
    damaged_at,
    files_in,
    is_blob,
    read_manifest,
    sha256_of,
)
from careloop.processes.upkeep.backups.errors import RestoredDiffers
from careloop.processes.upkeep.backups.marks import table_marks

__all__ = ["check_archive", "compare", "may_rehearse", "rehearse"]


def check_archive(path: Path) -> Manifest:
    """Read an archive to its end and return its manifest.

    Raises ArchiveDamaged when any part is missing or not what the manifest and the blobs' names say.
    """
    try:
        with tarfile.open(path) as archive:
            manifest = read_manifest(archive)
            dumped = archive.extractfile(DUMP)
            if dumped is None or sha256_of(dumped) != manifest.dump_sha256:
                raise damaged_at(DUMP)
            blobs, missing = 0, set(manifest.lake_files)
            for member in files_in(archive):
                expected = blob_hash(member.name) if is_blob(member.name) else manifest.lake_files.get(member.name)
                content = archive.extractfile(member)
                is_sound = content is not None and sha256_of(content) == expected
                if not is_sound and member.name not in manifest.damaged_blobs:
                    raise damaged_at(member.name)
                blobs += is_blob(member.name)
                missing.discard(member.name)
            if blobs != manifest.blob_count:
                raise damaged_at(BLOBS)
            if missing:
                raise damaged_at(min(missing))
            return manifest
    except (KeyError, EOFError, tarfile.TarError):
        raise damaged_at(path.name) from None


def may_rehearse(owner: BaseDatabaseWrapper) -> bool:
    """Say whether the owner role may make the scratch database that a rehearsal needs."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def rehearse(*, owner: BaseDatabaseWrapper, dumped: Path, expected: Mapping[str, TableMark]) -> None:
    """Restore a dump into a scratch database beside the real one, compare every table, and drop it again.

    Raises RestoredDiffers, CommandFailed.
    """
    with _scratch_database(owner) as name:
        restore(address=replace(Address.of(owner.settings_dict), name=name), source=dumped)
        scratch = owner.copy()
        scratch.settings_dict = {**owner.settings_dict, "NAME": name}
        try:
            compare(scratch, expected)
        finally:
            scratch.close()


def compare(connection: BaseDatabaseWrapper, expected: Mapping[str, TableMark]) -> None:
    """Raise RestoredDiffers unless every table has the rows that were saved."""
    found = table_marks(connection)
    differing = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
    if differing:
        raise RestoredDiffers(
            _("These tables came back different from what was saved: %(tables)s. Keep the old installation.")
            % {"tables": ", ".join(differing)}
        )


@contextmanager
def _scratch_database(owner: BaseDatabaseWrapper) -> Iterator[str]:
    name = f"{owner.settings_dict['NAME']}_rehearsal_{os.getpid()}"
    with owner.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        with owner.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
