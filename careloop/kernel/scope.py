"""The workspace a transaction works in; without one, the database refuses to show any tenant's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

__all__ = ["OPERATION", "current_workspace", "operation_scope", "workspace_scope"]

OPERATION = 0
"""The scope of what belongs to the whole operation, such as sign-ins: events only, no tenant rows."""

_workspace: ContextVar[int | None] = ContextVar("careloop_workspace", default=None)


@contextmanager
def workspace_scope(workspace_id: int) -> Iterator[None]:
    """Work in one workspace, in one durable transaction (docs/reasons/walls.md).

    workspace_id: primary key of the workspace, above 0. Membership is the caller's to check.

    Faces and readers open it; services and processes never do. Raises RuntimeError inside another transaction.
    """
    with _scope(workspace_id):
        yield


@contextmanager
def operation_scope() -> Iterator[None]:
    """Record events that belong to no workspace, in one durable transaction."""
    with _scope(OPERATION):
        yield


def current_workspace() -> int:
    """Return the primary key of the workspace this transaction works in. Raises RuntimeError outside a scope."""
    workspace_id = _workspace.get()
    if workspace_id is None:
        raise RuntimeError("No workspace is in scope; open workspace_scope() at the door.")
    return workspace_id


@contextmanager
def _scope(workspace_id: int) -> Iterator[None]:
    with transaction.atomic(durable=True):
        _tell_database(str(workspace_id))
        token = _workspace.set(workspace_id)
        try:
            yield
        finally:
            _workspace.reset(token)
    if connection.in_atomic_block:
        # Only under a test's own transaction: the setting would outlive the scope there.
        _tell_database("")


def _tell_database(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('careloop.workspace', %s, true)", [value])
