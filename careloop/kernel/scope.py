"""The workspace a transaction works in; without one, the database refuses to show any tenant's rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, transaction

__all__ = ["OPERATION", "current_workspace", "forget", "operation_scope", "remembered", "workspace_scope"]

T = TypeVar("T")

OPERATION = 0
"""The scope of what belongs to the whole operation, such as sign-ins: events only, no tenant rows."""

_workspace: ContextVar[int | None] = ContextVar("careloop_workspace", default=None)
_memory: ContextVar[dict[str, Any] | None] = ContextVar("careloop_scope_memory", default=None)


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


def remembered(key: str, load: Callable[[], T]) -> T:
    """Return what was loaded under a key, loading it once a scope.

    For facts that the house's own work asks again for every mail and event of a batch; whoever changes them calls `forget`.
    """
    memory = _memory.get()
    if memory is None:
        return load()
    if key not in memory:
        memory[key] = load()
    value: T = memory[key]
    return value


def forget(area: str) -> None:
    """Forget what was remembered of an area in this scope, because it has just been changed.

    area: what the keys begin with, such as "cases.".
    """
    memory = _memory.get() or {}
    for key in [key for key in memory if key.startswith(area)]:
        del memory[key]


@contextmanager
def _scope(workspace_id: int) -> Iterator[None]:
    with transaction.atomic(durable=True):
        _tell_database(str(workspace_id))
        token, memory = _workspace.set(workspace_id), _memory.set({})
        try:
            yield
        finally:
            _workspace.reset(token)
            _memory.reset(memory)
    if connection.in_atomic_block:
        # Only under a test's own transaction: the setting would outlive the scope there.
        _tell_database("")


def _tell_database(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('careloop.workspace', %s, true)", [value])
