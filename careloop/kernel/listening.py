"""How a process listens to the database: a connection of its own, apart from those that ask."""

from typing import Any, Final

from django.db import connections

__all__ = ["listening_parameters"]

# Django's own choices for its cursors; a listening connection has none.
_NOT_FOR_US: Final = frozenset({"cursor_factory", "context", "prepare_threshold"})


def listening_parameters(name: str) -> dict[str, Any]:
    """Return how a listening connection reaches the serving role's database. name: as the server shows it."""
    given = connections["default"].get_connection_params()
    return {**{key: value for key, value in given.items() if key not in _NOT_FOR_US}, "application_name": name}
