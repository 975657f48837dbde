"""Row-level security: every table with a workspace gets its wall, and the serving role its grants.

`careloop migrate` calls `raise_walls` after each migration, so that no table can be forgotten; a test reads the catalogue.
"""

from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

__all__ = [
    "OPEN_TABLES",
    "ensure_serving_role",
    "open_functions",
    "raise_walls",
    "tables_without_wall",
    "why_unfit_to_serve",
]

# Tables that name a workspace and yet have no wall, each with its reason. Nothing may be added without a decision record.
OPEN_TABLES = {
    "people_membership": "sign-in must find a person's workspaces before one is chosen",
    "people_apitoken": "a token is looked up before its workspace is known",
    "people_invitation": "an invitation is opened by somebody who is not a member yet",
    "workspaces_host": "a host name leads to its workspace",
    "workforce_holding": "what a person can still take is counted over all workspaces; says what is held, not what it is about",
    "workforce_share": "programs are given work by agreed shares of the whole operation; holds weights only",
    "kernel_log_head": "readers ask where something is new; holds positions only",
    "kernel_reader_cursor": "readers keep their places; holds positions only",
}

_WALL = "workspace_id = current_setting('careloop.workspace')::bigint"


def ensure_serving_role(cursor: Any, *, name: str, password: str) -> None:
    """Make or refresh the role that serves: may sign in, owns nothing, bypasses nothing.

    cursor: an open cursor of the owner role, which needs CREATEROLE when the role does not exist yet.
    """
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    cursor.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
            verb, sql.Identifier(name), sql.Literal(password)
        )
        if verb == sql.SQL("CREATE")
        else sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
    )


def raise_walls(cursor: Any, *, serving_role: str) -> None:
    """Give every table with a workspace its policy, and the serving role exactly what it needs.

    cursor: an open cursor of the owner role, in one transaction with nothing else.
    """
    role = sql.Identifier(serving_role)
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    for table in tables_without_wall(cursor):
        name = sql.Identifier(table)
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
        cursor.execute(sql.SQL("CREATE POLICY wall ON {} USING ({})").format(name, sql.SQL(_WALL)))
    for (table,) in _rows(cursor, _OWN_TABLES):
        # The log is append-only for everybody who serves.
        rights = "SELECT, INSERT" if table == "kernel_event" else "SELECT, INSERT, UPDATE, DELETE"
        cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), role))
    cursor.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(role))
    cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
    cursor.execute(sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}").format(role))


def tables_without_wall(cursor: Any) -> list[str]:
    """Return the tables that name a workspace, have no policy, and are not in OPEN_TABLES."""
    return [
        table
        for (table,) in _rows(
            cursor,
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' "
            "AND NOT a.attisdropped WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
            "AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) ORDER BY 1",
        )
        if table not in OPEN_TABLES
    ]


def open_functions(cursor: Any) -> list[str]:
    """Return the functions that run with the owner's rights and are therefore outside the walls."""
    return [
        name
        for (name,) in _rows(
            cursor, "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
    ]


def why_unfit_to_serve(cursor: Any) -> str | None:
    """Say in a sentence why the connected role must not serve (it could see through the walls), or None when it is fit."""
    cursor.execute(
        "SELECT r.rolsuper, r.rolbypassrls, EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid "
        "AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')), "
        "pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'public.kernel_event'::regclass), 'MEMBER') "
        "FROM pg_roles r WHERE r.rolname = current_user"
    )
    is_superuser, bypasses, owns_tables, may_become_owner = cursor.fetchone()
    if is_superuser:
        return _("The database role that serves is a superuser, so no wall between workspaces would hold.")
    if bypasses:
        return _("The database role that serves bypasses row-level security, so no wall between workspaces would hold.")
    if owns_tables or may_become_owner:
        return _("The database role that serves owns the tables, or may become their owner, so no wall would hold.")
    return None


_OWN_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
    "AND NOT relispartition ORDER BY 1"
)


def _rows(cursor: Any, statement: str) -> list[tuple[str]]:
    cursor.execute(statement)
    return list(cursor.fetchall())
