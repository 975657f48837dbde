"""Checks of the database: there, new enough, walled, migrated, and on the same clock."""

from datetime import datetime

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careloop.kernel.walls import tables_without_wall, why_unfit_to_serve
from careloop.processes.upkeep.checks.findings import Finding, failed, fine, worrying
from careloop.processes.upkeep.preflight import OLDEST_POSTGRES, unapplied_migrations, unknown_migrations

__all__ = ["check_clock", "check_log", "check_migrations", "check_reachable", "check_roles"]

TOLERATED_SKEW_SECONDS = 2
HARMFUL_SKEW_SECONDS = 30


def check_reachable(owner: BaseDatabaseWrapper) -> Finding:
    """Check that the owner can sign in, and that the server is new enough."""
    try:
        with owner.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000"
            )
            version, major = cursor.fetchone()
    except OperationalError as problem:
        return failed(
            "database",
            _("The database does not answer: %(problem)s") % {"problem": str(problem).strip()},
            _("Check DATABASE_URL, and that PostgreSQL runs and lets this machine in."),
        )
    if major < OLDEST_POSTGRES:
        return failed(
            "database",
            _("The database runs PostgreSQL %(version)s, which is too old.") % {"version": version},
            _("Upgrade to PostgreSQL %(oldest)s or newer.") % {"oldest": OLDEST_POSTGRES},
        )
    return fine("database", _("PostgreSQL %(version)s answers.") % {"version": version})


def check_roles(*, owner: BaseDatabaseWrapper, serving: BaseDatabaseWrapper) -> Finding:
    """Check that the serving role can sign in, sees only what the walls allow, and that no table lacks its wall."""
    remedy = _("Run: careloop migrate")
    try:
        with serving.cursor() as cursor:
            why = why_unfit_to_serve(cursor)
    except OperationalError as problem:
        return failed(
            "roles", _("The serving role cannot sign in: %(problem)s") % {"problem": str(problem).strip()}, remedy
        )
    if why:
        return failed(
            "roles",
            why,
            _("Let SERVING_DATABASE_URL name a plain role that owns nothing, or unset it and run: careloop migrate"),
        )
    with owner.cursor() as cursor:
        bare = tables_without_wall(cursor)
    if bare:
        return failed("roles", _("These tables have no wall: %(tables)s.") % {"tables": ", ".join(bare)}, remedy)
    return fine("roles", _("Both database roles are in order, and every table has its wall."))


def check_migrations(owner: BaseDatabaseWrapper) -> Finding:
    """Check that database and code are of the same version."""
    unknown, unapplied = unknown_migrations(owner), unapplied_migrations(owner)
    if unknown:
        return failed(
            "migrations",
            _("The database is newer than this Careloop (%(migrations)s).") % {"migrations": ", ".join(unknown)},
            _("Install the newer version again, or restore the backup you made before it."),
        )
    if unapplied:
        return failed(
            "migrations",
            ngettext(
                "The database lacks %(count)s migration.", "The database lacks %(count)s migrations.", len(unapplied)
            )
            % {"count": len(unapplied)},
            _("Make a backup, then run: careloop migrate"),
        )
    return fine("migrations", _("The database is up to date."))


def check_clock(owner: BaseDatabaseWrapper, now: datetime) -> Finding:
    """Check this machine's clock against the database's.

    now: the present moment as this machine sees it, timezone-aware.
    """
    with owner.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs((cursor.fetchone()[0] - now).total_seconds())
    if skew <= TOLERATED_SKEW_SECONDS:
        return fine("clock", _("This machine and the database agree on the time."))
    return (failed if skew > HARMFUL_SKEW_SECONDS else worrying)(
        "clock",
        _("This machine and the database disagree on the time by %(seconds)s seconds.") % {"seconds": round(skew)},
        _("Synchronize both clocks, for example with systemd-timesyncd or chrony."),
    )


def check_log(owner: BaseDatabaseWrapper) -> Finding:
    """Check that this month's events have a partition of their own."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_event_rest")
        (stray,) = cursor.fetchone()
    if stray:
        return worrying(
            "log",
            ngettext(
                "%(count)s event lies outside the monthly parts of the log.",
                "%(count)s events lie outside the monthly parts of the log.",
                stray,
            )
            % {"count": stray},
            _("Let `careloop work` run; it prepares the months ahead. Nothing is lost."),
        )
    return fine("log", _("The log has room for the months ahead."))
