"""`careloop doctor`: what is wrong with an installation, and how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from careloop.processes.upkeep.checks import database, installation, work
from careloop.processes.upkeep.checks.findings import Finding, State, failed

__all__ = ["Finding", "Installation", "State", "examine_database", "examine_machine", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What the settings say about this installation.

    folders: every folder whose disk must have room. has_analytics: whether numbers can be made here.
    """

    home: Path
    folders: Sequence[Path]
    blob_root: Path
    manifest: Path
    lake_root: Path
    has_analytics: bool
    locale_folders: Sequence[Path]
    secret: str
    is_debugging: bool
    is_production: bool


def examine_machine(house: Installation) -> list[Finding]:
    """Check everything that needs no database."""
    return [
        installation.check_python(),
        installation.check_secret(
            home=house.home,
            secret=house.secret,
            is_debugging=house.is_debugging,
            is_production=house.is_production,
        ),
        *(installation.check_disk(folder) for folder in house.folders),
        installation.check_blobs(house.blob_root),
        installation.check_lake(house.lake_root, is_possible=house.has_analytics),
        installation.check_assets(house.manifest),
        installation.check_translations(house.locale_folders),
    ]


def examine_database(
    house: Installation, *, owner: BaseDatabaseWrapper, serving: BaseDatabaseWrapper, now: datetime
) -> list[Finding]:
    """Check the database and the work in it; what rests on something broken is not asked.

    owner, serving: connections as the two roles.
    now: the present moment, timezone-aware.
    """
    reachable = database.check_reachable(owner)
    if reachable.state is State.FAILED:
        return [reachable]
    migrations = database.check_migrations(owner)
    if migrations.state is State.FAILED:
        return [reachable, migrations, database.check_clock(owner, now)]
    return [
        reachable,
        migrations,
        database.check_roles(owner=owner, serving=serving),
        database.check_clock(owner, now),
        database.check_log(owner),
        work.check_worker(owner, now),
        work.check_waiting(owner, now),
        work.check_jobs(owner),
        work.check_mailboxes(owner, now=now),
    ]
