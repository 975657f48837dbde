"""Questions that every page asks, worked out into SQL once: to build and compile a QuerySet costs more than its answer."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Field, ForeignObject, Lookup, Model, QuerySet
from psycopg.types.json import JsonbLoader

__all__ = ["Asked", "Statement", "ask", "plan_once"]

M = TypeVar("M", bound=Model)


class Asked(Expression):
    """A place in a question for a value that each asking brings, as in `filter(case=Asked("case_id"))`.

    For a collection of keys: `filter(pk__among=Asked("case_ids"))`.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        """Return the place, and itself where its value will stand."""
        return "%s", [self]


@Field.register_lookup
@ForeignObject.register_lookup  # which does not take what Field has
class Among(Lookup):
    """Whether a key is among those of a list, whose length does not shape the SQL."""

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the comparison."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right}::bigint[])", [*left_values, *right_values]


class Statement:
    """A QuerySet with places for values, kept as SQL. Its rows are what PostgreSQL answers, not models.

    found: makes it, once models are loaded: `values()` or `values_list()` of something. Whatever shapes it (a limit, an
    order) is settled with it, so a question that comes in several shapes is kept in one statement each.
    """

    def __init__(self, found: Callable[[], QuerySet[Any, Any]]) -> None:
        self._found = found
        self._sql = ""
        self._values: tuple[Any, ...] = ()

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask, and return the rows.

        values: one for every place, by its name. Raises KeyError for a place left empty.
        """
        return self._ask(values)[0]

    def by_name(self, **values: Any) -> list[dict[str, Any]]:
        """Ask, and return each row by the names of its columns."""
        rows, names = self._ask(values)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def as_models(self, model: type[M], **values: Any) -> list[M]:
        """Ask, and return each row as a model that stands in the database; what was not asked for is deferred."""
        rows, names = self._ask(values)
        return [model.from_db(connection.alias, names, row) for row in rows]

    def _ask(self, values: dict[str, Any]) -> tuple[list[tuple[Any, ...]], list[str]]:
        if not self._sql:
            self._sql, self._values = self._found().query.sql_with_params()
        return _answer(self._sql, [values[v.name] if isinstance(v, Asked) else v for v in self._values])


def ask(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Ask what is written as SQL, with `%s` for each value, and return the rows."""
    return _answer(sql, values)[0]


def plan_once() -> None:
    """Have what the server has prepared run by the plan it has made, until the transaction ends, instead of planning it again.

    For short work by primary keys that is done many times a second: planning costs it more than reading.
    """
    ask("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")


def _answer(sql: str, values: Sequence[Any]) -> tuple[list[tuple[Any, ...]], list[str]]:
    with _cursor() as cursor:
        # Django leaves JSON as text, for its fields to read.
        cursor.adapters.register_loader("jsonb", JsonbLoader)
        cursor.execute(sql, values)
        return cursor.fetchall(), [column.name for column in cursor.description]


def _cursor() -> CursorWrapper:
    """Return a cursor whose statements the server keeps planned; Django's own write the values into the text each time."""
    if connection.queries_logged:
        # The log only reads the statements of Django's own.
        return connection.cursor()
    connection.ensure_connection()
    return CursorWrapper(ServerBindingCursor(connection.connection), connection)  # type: ignore[call-arg]
