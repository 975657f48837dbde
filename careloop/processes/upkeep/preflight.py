"""Look before an upgrade touches the data, and refuse while nothing has changed."""

from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from careloop.processes.upkeep.disk import free_bytes, readable_size
from careloop.processes.upkeep.errors import UpgradeUnsafe

__all__ = ["OLDEST_POSTGRES", "refuse_unsafe_upgrade", "unapplied_migrations", "unknown_migrations"]

OLDEST_POSTGRES = 15
# A migration may rewrite the largest table; the rest is for the log of changes that PostgreSQL writes meanwhile.
ROOM_BESIDE_LARGEST_TABLE_BYTES = 512 * 1024 * 1024


def refuse_unsafe_upgrade(owner: BaseDatabaseWrapper, *, database_folder: Path | None) -> None:
    """Raise UpgradeUnsafe when this version of Careloop must not touch the database.

    owner: a connection to the database as its owner.
    database_folder: a folder on the database's disk; None when the database is on another machine.
    """
    for why in (_too_old, _wrong_encoding, _foreign, _newer_than_code, _inconsistent, _half_done):
        reason = why(owner)
        if reason:
            raise UpgradeUnsafe(reason)
    if database_folder is not None and unapplied_migrations(owner):
        reason = too_small(free=free_bytes(database_folder), largest_table=_largest_table_bytes(owner))
        if reason:
            raise UpgradeUnsafe(reason)


def unapplied_migrations(owner: BaseDatabaseWrapper) -> list[str]:
    """Return the migrations of this version that the database has not seen, as app.name."""
    loader = _loader(owner)
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations.keys() - loader.applied_migrations.keys())


def unknown_migrations(owner: BaseDatabaseWrapper) -> list[str]:
    """Return the migrations that the database has seen and this version does not know, as app.name."""
    loader = _loader(owner)
    ours = {app for app, _name in loader.disk_migrations}
    known = {*loader.disk_migrations, *((app, old) for app, old in _replaced(loader))}
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known
    )


def too_small(*, free: int, largest_table: int) -> str | None:
    """Say why a disk is too small for an upgrade, or None.

    free: bytes left on the database's disk.
    largest_table: bytes of the largest table with its indexes.
    """
    needed = largest_table + ROOM_BESIDE_LARGEST_TABLE_BYTES
    if free >= needed:
        return None
    return _(
        "The disk of the database has %(free)s left; this upgrade may need %(needed)s. "
        "Free some space, then try again. Nothing was changed."
    ) % {"free": readable_size(free), "needed": readable_size(needed)}


def _too_old(owner: BaseDatabaseWrapper) -> str | None:
    version = _value(owner, "SELECT current_setting('server_version_num')::int / 10000")
    if version >= OLDEST_POSTGRES:
        return None
    return _(
        "The database runs PostgreSQL %(version)s. Careloop needs %(oldest)s or newer; upgrade PostgreSQL first."
    ) % {
        "version": version,
        "oldest": OLDEST_POSTGRES,
    }


def _wrong_encoding(owner: BaseDatabaseWrapper) -> str | None:
    encoding = _value(owner, "SELECT getdatabaseencoding()")
    if encoding == "UTF8":
        return None
    return _("The database stores text as %(encoding)s. Create it anew with ENCODING 'UTF8'.") % {"encoding": encoding}


def _foreign(owner: BaseDatabaseWrapper) -> str | None:
    if _has_migrations_table(owner) or not _value(
        owner,
        "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p'))",
    ):
        return None
    return _("This database holds another program's tables. Give Careloop a database of its own. Nothing was changed.")


def _newer_than_code(owner: BaseDatabaseWrapper) -> str | None:
    unknown = unknown_migrations(owner)
    if not unknown:
        return None
    return _(
        "A newer Careloop has already changed this database (%(migrations)s). "
        "Install that version again, or restore the backup you made before it. Nothing was changed."
    ) % {"migrations": ", ".join(unknown)}


def _inconsistent(owner: BaseDatabaseWrapper) -> str | None:
    try:
        _loader(owner).check_consistent_history(owner)
    except InconsistentMigrationHistory as problem:
        return _("The database's list of migrations contradicts itself: %(problem)s Nothing was changed.") % {
            "problem": problem
        }
    return None


def _half_done(owner: BaseDatabaseWrapper) -> str | None:
    """Find indexes that a migration was building when it was interrupted."""
    names = _value(
        owner,
        "SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE NOT i.indisvalid AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'i'",
    )
    if not names:
        return None
    return _(
        "An earlier upgrade was interrupted while it built these indexes: %(names)s. "
        "Drop them with DROP INDEX, then try again. Nothing was changed."
    ) % {"names": names}


def _largest_table_bytes(owner: BaseDatabaseWrapper) -> int:
    return int(
        _value(
            owner,
            "SELECT coalesce(max(pg_total_relation_size(oid)), 0) FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
        )
    )


def _has_migrations_table(owner: BaseDatabaseWrapper) -> bool:
    return bool(_value(owner, "SELECT to_regclass('public.django_migrations') IS NOT NULL"))


def _loader(owner: BaseDatabaseWrapper) -> MigrationLoader:
    return MigrationLoader(owner)


def _replaced(loader: MigrationLoader) -> list[tuple[str, str]]:
    return [pair for migration in loader.disk_migrations.values() for pair in migration.replaces]


def _value(owner: BaseDatabaseWrapper, statement: str) -> Any:
    with owner.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
