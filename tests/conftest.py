"""A real PostgreSQL for every test that touches rows: the embedded one, or the server that TEST_DATABASE_URL names."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import connect
from psycopg import sql as psycopg_sql
from psycopg.errors import ObjectInUse

from careloop.config.databases import from_url, serving_password
from careloop.gateways.postgres import Cluster
from tests.browsing import browser, tab

__all__ = ["browser", "tab"]

# No test is timed: a machine that is busy with others takes as long as it takes.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    """Leave no reader's language behind: Django's client serves pages in the thread of the test."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The owner's address of an empty database of this test process."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        cluster = Cluster(Path(tmp_path_factory.mktemp("postgres")), fsync=False)
        cluster.start()
        yield cluster.url
        cluster.stop()
        cluster.destroy()
        return
    name = f"careloop_test_{worker_id}"
    _drop(server, name)
    with connect(server, autocommit=True) as admin:
        admin.execute(
            psycopg_sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                psycopg_sql.Identifier(name)
            )
        )
    base, _, query = server.partition("?")
    yield f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    _drop(server, name)


def _drop(server: str, name: str) -> None:
    # Without force: an owner may not end a superuser's autovacuum, which makes way by itself when asked plainly.
    statement = psycopg_sql.SQL("DROP DATABASE IF EXISTS {}").format(psycopg_sql.Identifier(name))
    with connect(server, autocommit=True) as admin, contextlib.suppress(ObjectInUse):
        admin.execute(statement)


@pytest.fixture(scope="session")
def django_db_setup(database_url: str, django_db_blocker: Any) -> Iterator[None]:
    """The house's own tables, roles and walls, made as `careloop migrate` makes them; tests run as the serving role."""
    owner = from_url(database_url)
    settings.DATABASES["owner"].update(owner)
    settings.DATABASES["default"].update(
        {**owner, "USER": f"{owner['NAME']}_serving", "PASSWORD": serving_password(settings.SECRET_KEY)}
    )
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()


@pytest.fixture
def committed(transactional_rows: None) -> None:
    """For tests about commits, locks and crashes: real transactions, and an empty house afterwards."""


@pytest.fixture
def transactional_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
        _empty_house()
        connections["owner"].close()


@pytest.fixture
def sql(db: None) -> Callable[..., list[tuple[Any, ...]]]:
    """Run one statement as the serving role and return its rows."""

    def run(statement: str, values: Any = ()) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    return run


def _empty_house() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relispartition AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission', "
            "'procrastinate_version')"
        )
        tables = psycopg_sql.SQL(", ").join(psycopg_sql.Identifier(row[0]) for row in cursor.fetchall())
        cursor.execute(psycopg_sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'cases_number_%'")
        for (numbers,) in cursor.fetchall():
            cursor.execute(psycopg_sql.SQL("DROP SEQUENCE {}").format(psycopg_sql.Identifier(numbers)))
        cursor.execute("INSERT INTO kernel_log_counter (position) VALUES (0)")
    # The next workspace has the same number again, and would find another's facts in its lake.
    shutil.rmtree(settings.LAKE_ROOT, ignore_errors=True)
