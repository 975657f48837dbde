"""The walls between workspaces, read from the database itself."""

import pytest
from django.db import ProgrammingError, connection, connections
from django.db.utils import DatabaseError

from careloop.domains.customers.queries import customers
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.kernel.walls import OPEN_TABLES, open_functions, tables_without_wall, why_unfit_to_serve
from tests.cast import House
from tests.fixtures import house, quick_passwords

__all__ = ["house", "quick_passwords"]

pytestmark = pytest.mark.database

# Functions that run with the owner's rights, each filtering by the workspace in scope or answering places, never content.
KNOWN_FUNCTIONS = {
    "careloop_due_workspaces": "which workspaces have something due",
    "careloop_fresh_waiting": "what waits that nobody was looked for, and where",
    "careloop_last_seen": "when people last had a page open, in whatever workspace",
    "careloop_live_mailboxes": "which mailboxes are to be watched",
    "careloop_listened_pbxes": "which telephone systems are to be listened to",
    "careloop_live_pbxes": "which telephone systems are live",
    "careloop_news": "where a reader has something to read",
    "careloop_next_case_number": "the next number of the workspace in scope",
    "careloop_number_events": "gives positions",
    "careloop_people_for": "who could take something that waits in the workspace in scope",
    "careloop_prepare_months": "makes partitions",
    "careloop_mail_waiting": "in which workspaces stored mails wait",
    "careloop_search_cases": "ids in the workspace in scope",
    "careloop_search_customers": "ids in the workspace in scope",
    "careloop_search_messages": "ids in the workspace in scope",
    "careloop_search_notes": "ids in the workspace in scope",
    "careloop_work_for": "what somebody could take: keys and ranks",
}


class TestWalls:
    def test_every_table_with_a_workspace_has_one(self, django_db_setup: None, django_db_blocker: object) -> None:
        with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:  # type: ignore[attr-defined]
            assert tables_without_wall(cursor) == []

    def test_the_list_of_open_tables_names_only_real_ones(self, db: None) -> None:
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
        assert set(OPEN_TABLES) <= tables

    def test_tables_without_a_workspace_are_few_and_known(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
                "AND NOT relispartition AND NOT relrowsecurity ORDER BY 1"
            )
            walled_off = {row[0] for row in cursor.fetchall()} - set(OPEN_TABLES)
        ours = {
            name
            for name in walled_off
            if name.split("_")[0] not in {"auth", "django", "account", "mfa", "axes", "procrastinate", "usersessions"}
        }
        assert ours == {
            "api_allowance",  # how often a token asked in a minute: no content
            "kernel_cache",
            "kernel_log_counter",
            "people_user",
            "workforce_personlanguage",  # one person, one state, whatever program they serve: these are the operation's
            "workforce_personskill",
            "workforce_seat",
            "workforce_skill",
            "workspaces_operation",
            "workspaces_workspace",
        }

    def test_owner_functions_are_known(self, db: None) -> None:
        with connection.cursor() as cursor:
            assert open_functions(cursor) == sorted(KNOWN_FUNCTIONS)

    def test_an_unscoped_query_fails(self, db: None) -> None:
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM customers_customer")

    def test_an_unscoped_query_fails_after_a_scope_has_closed(self, committed: None) -> None:
        with workspace_scope(1):
            assert customers(viewer=HOUSE).items == []
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM customers_customer")

    def test_a_row_cannot_be_written_into_another_workspace(self, house: House) -> None:
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            workspace_scope(house.north),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO customers_organization (workspace_id, name, domains, note, created_at) "
                "VALUES (%s, 'x', '', '', now())",
                [house.south],
            )

    def test_scopes_do_not_nest(self, committed: None) -> None:
        with workspace_scope(1), pytest.raises(RuntimeError), workspace_scope(2):
            pass


class TestServingRole:
    def test_is_fit(self, db: None) -> None:
        with connection.cursor() as cursor:
            assert why_unfit_to_serve(cursor) is None

    def test_the_owner_is_not(self, django_db_setup: None, django_db_blocker: object) -> None:
        with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:  # type: ignore[attr-defined]
            assert "owns the tables" in str(why_unfit_to_serve(cursor))

    def test_search_uses_the_text_index(self, db: None) -> None:
        with workspace_scope(1), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%_search'")
            assert {row[0] for row in cursor.fetchall()} >= {
                "cases_search",
                "cases_note_search",
                "conversations_message_search",
                "customers_search",
            }
