"""Checks of the files on this machine."""

import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careloop.insight.cell_record import lag_of
from careloop.processes.upkeep.checks.findings import Finding, failed, fine, worrying
from careloop.processes.upkeep.disk import free_bytes, readable_size

__all__ = [
    "check_assets",
    "check_blobs",
    "check_disk",
    "check_lake",
    "check_python",
    "check_secret",
    "check_translations",
]

OLDEST_PYTHON = (3, 11)
FULL_BYTES = 500 * 1000**2
TIGHT_BYTES = 5 * 1000**3
CELLS_ARE_LATE_AFTER = timedelta(hours=1)


def check_python() -> Finding:
    """Check the version of Python."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info >= OLDEST_PYTHON:
        return fine("python", _("Python %(version)s") % {"version": version})
    return failed(
        "python",
        _("Python %(version)s is too old.") % {"version": version},
        _("Install Python 3.11 or newer, then run script/bootstrap."),
    )


def check_secret(*, home: Path, secret: str, is_debugging: bool, is_production: bool) -> Finding:
    """Check that the secret is strong and private, and that no internals are shown."""
    kept = home / "secret_key"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return failed(
            "secret",
            _("Other users of this machine can read %(file)s.") % {"file": kept},
            _("Run: chmod 600 %(file)s") % {"file": kept},
        )
    if len(secret) < 32:
        return (failed if is_production else worrying)(
            "secret",
            _("SECRET_KEY is shorter than 32 characters."),
            _("Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"),
        )
    if is_debugging:
        return worrying("secret", _("DEBUG is on."), _("Unset DEBUG, unless you are developing Careloop."))
    return fine("secret", _("The secret is strong and private."))


def check_disk(folder: Path) -> Finding:
    """Check that the disk under `folder` has room."""
    free = free_bytes(folder)
    words = {"free": readable_size(free), "folder": folder}
    if free >= TIGHT_BYTES:
        return fine("disk", _("%(free)s are free for %(folder)s.") % words)
    return (failed if free < FULL_BYTES else worrying)(
        "disk",
        _("Only %(free)s are free for %(folder)s.") % words,
        _("Free some space or enlarge the disk; a full disk stops mail from coming in."),
    )


def check_blobs(root: Path) -> Finding:
    """Check that attachments and raw mail can be written."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root) as file:
            file.write(b"careloop")
    except OSError as problem:
        return failed(
            "blobs",
            _("Attachments cannot be stored in %(folder)s: %(problem)s.")
            % {"folder": root, "problem": problem.strerror},
            _("Make the folder writable for the user that runs Careloop."),
        )
    return fine("blobs", _("Attachments can be stored."))


def check_assets(manifest: Path) -> Finding:
    """Check that the styles and scripts of the pages were built."""
    if manifest.is_file():
        return fine("assets", _("Styles and scripts are built."))
    return failed("assets", _("The styles and scripts of the pages are not built."), _("Run: script/bootstrap"))


def check_translations(folders: Sequence[Path]) -> Finding:
    """Check that every catalog was compiled after its last change."""
    stale = sorted(str(catalog) for catalog in _catalogs(folders) if _is_stale(catalog))
    if not stale:
        return fine("translations", _("All translations are compiled."))
    return failed(
        "translations",
        ngettext(
            "%(count)s catalog of translations is not compiled.",
            "%(count)s catalogs of translations are not compiled.",
            len(stale),
        )
        % {"count": len(stale)},
        _("Run: script/bootstrap"),
    )


def _catalogs(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from folder.glob("*/LC_MESSAGES/*.po")


def _is_stale(catalog: Path) -> bool:
    compiled = catalog.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalog.stat().st_mtime


def _has_old_cells(lake: Path) -> bool:
    """Say whether facts came that boards are not added up from, and have waited for that too long."""
    if not (lake / "manifest.json").is_file():
        return False
    now, lag = datetime.now(UTC), lag_of(lake)
    since = (
        None if lag is None else lag.taken_at or datetime.fromtimestamp((lake / "manifest.json").stat().st_ctime, UTC)
    )
    return lag is not None and since is not None and lag.has_new_facts and now - since > CELLS_ARE_LATE_AFTER


def check_lake(folder: Path, *, is_possible: bool) -> Finding:
    """Check that facts can be written, which all numbers are made of.

    folder: of all lakes. is_possible: whether the packages of the extra `analytics` are installed.
    """
    if not is_possible:
        return worrying(
            "lake",
            _("The packages for numbers are not installed, so no facts are written and nothing is measured."),
            _("Install the extra “analytics”; what happened meanwhile is caught up with from the log."),
        )
    if not folder.is_dir():
        return fine("lake", _("The lake begins with the first facts."))
    if late := [lake.name for lake in sorted(folder.iterdir()) if _has_old_cells(lake)]:
        return worrying(
            "lake",
            _("Boards read facts slowly, since nobody has added them up for over an hour in: %(lakes)s.")
            % {"lakes": ", ".join(late)},
            _("See that the worker runs: careloop up, or careloop work. By hand: careloop lake refresh"),
        )
    return fine("lake", _("The lake lies in %(folder)s.") % {"folder": folder})
