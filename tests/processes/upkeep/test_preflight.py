"""An upgrade that could harm the data is refused while nothing has changed."""

from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from careloop.processes.upkeep.errors import UpgradeUnsafe
from careloop.processes.upkeep.preflight import refuse_unsafe_upgrade, too_small, unapplied_migrations

pytestmark = pytest.mark.database

GIGABYTE = 1000**3


class TestRefuseUnsafeUpgrade:
    def test_lets_a_migrated_house_pass(self, owner: BaseDatabaseWrapper) -> None:
        assert unapplied_migrations(owner) == []

        refuse_unsafe_upgrade(owner, database_folder=Path("/"))

    def test_lets_an_empty_database_pass(self, elsewhere: BaseDatabaseWrapper) -> None:
        assert "kernel.0001_log" in unapplied_migrations(elsewhere)

        refuse_unsafe_upgrade(elsewhere, database_folder=Path("/"))

    def test_refuses_a_database_that_a_newer_version_changed(self, owner: BaseDatabaseWrapper) -> None:
        with owner.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_from_the_future', now())"
            )
        try:
            with pytest.raises(UpgradeUnsafe, match="9999_from_the_future"):
                refuse_unsafe_upgrade(owner, database_folder=None)
        finally:
            with owner.cursor() as cursor:
                cursor.execute("DELETE FROM django_migrations WHERE name = '9999_from_the_future'")

    def test_refuses_another_program_s_database(self, elsewhere: BaseDatabaseWrapper) -> None:
        with elsewhere.cursor() as cursor:
            cursor.execute("CREATE TABLE helpdesk_ticket (id int)")

        with pytest.raises(UpgradeUnsafe, match="another program's tables"):
            refuse_unsafe_upgrade(elsewhere, database_folder=None)

    def test_refuses_a_history_with_a_hole(self, elsewhere: BaseDatabaseWrapper) -> None:
        with elsewhere.cursor() as cursor:
            cursor.execute("CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)")
            cursor.execute("INSERT INTO django_migrations VALUES (1, 'cases', '0002_functions', now())")

        with pytest.raises(UpgradeUnsafe, match="contradicts itself"):
            refuse_unsafe_upgrade(elsewhere, database_folder=None)

    def test_refuses_an_interrupted_index(self, elsewhere: BaseDatabaseWrapper) -> None:
        with elsewhere.cursor() as cursor:
            cursor.execute("CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)")
            cursor.execute("CREATE TABLE letter (word text)")
            cursor.execute("INSERT INTO letter VALUES ('twice'), ('twice')")
            with pytest.raises(Exception, match="could not create unique index"):
                cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY letter_once ON letter (word)")

        with pytest.raises(UpgradeUnsafe, match="letter_once"):
            refuse_unsafe_upgrade(elsewhere, database_folder=None)


class TestTooSmall:
    def test_asks_for_the_largest_table_and_some_more(self) -> None:
        reason = too_small(free=3 * GIGABYTE, largest_table=3 * GIGABYTE)

        assert reason is not None
        assert "3.0 GB left" in reason
        assert "3.5 GB" in reason

    def test_is_content_with_room_for_both(self) -> None:
        assert too_small(free=4 * GIGABYTE, largest_table=3 * GIGABYTE) is None
