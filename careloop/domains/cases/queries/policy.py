"""What the workspace calls things."""

from dataclasses import dataclass
from typing import Final

from careloop.domains.cases.models import Reason, ReasonTree, Tag
from careloop.domains.cases.types import ReasonRow, StatusRow, TypeRow
from careloop.kernel.scope import remembered
from careloop.kernel.statements import Statement, ask

__all__ = ["case_types", "reasons", "statuses", "tags_like"]

# Both in one statement, because every page of a case asks for both, in use and retired.
WORDS: Final = """
SELECT true, id, name, category, is_default, is_active FROM
  (SELECT * FROM cases_status ORDER BY position, id) AS status
UNION ALL SELECT false, id, name, '', is_default, is_active FROM
  (SELECT * FROM cases_casetype ORDER BY name, id) AS type
"""
REASONS: Final = Statement(
    lambda: (
        Reason.objects.filter(tree=ReasonTree.objects.order_by("-version").values("pk")[:1])
        .order_by("position", "pk")
        .values_list("parent_id", "pk", "code", "name")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    statuses: list[tuple[StatusRow, bool]]
    types: list[tuple[TypeRow, bool]]


def statuses(*, with_retired: bool = False) -> list[StatusRow]:
    """Return the statuses in their order."""
    return [row for row, is_active in _words().statuses if is_active or with_retired]


def case_types(*, with_retired: bool = False) -> list[TypeRow]:
    """Return the types of case by name."""
    return [row for row, is_active in _words().types if is_active or with_retired]


def _words() -> _Words:
    return remembered("cases.words", _read_words)


def _read_words() -> _Words:
    found = ask(WORDS)
    return _Words(
        statuses=[
            (StatusRow(id=key, name=name, category=category, is_default=is_default), is_active)
            for is_status, key, name, category, is_default, is_active in found
            if is_status
        ],
        types=[
            (TypeRow(id=key, name=name, is_default=is_default), is_active)
            for is_status, key, name, _category, is_default, is_active in found
            if not is_status
        ],
    )


def reasons() -> list[ReasonRow]:
    """Return the newest tree of reasons, depth first, each with the names above it."""
    children: dict[int | None, list[tuple[int, str, str]]] = {}
    for parent_id, *reason in REASONS():
        children.setdefault(parent_id, []).append(tuple(reason))
    rows: list[ReasonRow] = []

    def walk(parent_id: int | None, path: tuple[str, ...]) -> None:
        for key, code, name in children.get(parent_id, []):
            here = (*path, name)
            rows.append(ReasonRow(id=key, code=code, path=here))
            walk(key, here)

    walk(None, ())
    return rows


def tags_like(text: str, *, limit: int = 20) -> list[str]:
    """Return the tags whose name begins like this, for completing it."""
    return list(Tag.objects.filter(name__istartswith=text).order_by("name").values_list("name", flat=True)[:limit])
