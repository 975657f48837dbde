"""What the workspace calls things."""

from careloop.domains.cases.models import CaseType, Reason, ReasonTree, Status, Tag
from careloop.domains.cases.types import ReasonRow, StatusRow, TypeRow

__all__ = ["case_types", "reasons", "statuses", "tags_like"]


def statuses(*, with_retired: bool = False) -> list[StatusRow]:
    """Return the statuses in their order."""
    found = Status.objects.all() if with_retired else Status.objects.filter(is_active=True)
    return [
        StatusRow(id=s.pk, name=s.name, category=s.category, is_default=s.is_default)
        for s in found.order_by("position", "pk")
    ]


def case_types(*, with_retired: bool = False) -> list[TypeRow]:
    """Return the types of case by name."""
    found = CaseType.objects.all() if with_retired else CaseType.objects.filter(is_active=True)
    return [TypeRow(id=t.pk, name=t.name, is_default=t.is_default) for t in found.order_by("name", "pk")]


def reasons() -> list[ReasonRow]:
    """Return the newest tree of reasons, depth first, each with the names above it."""
    tree = ReasonTree.objects.order_by("-version").first()
    if tree is None:
        return []
    children: dict[int | None, list[Reason]] = {}
    for reason in Reason.objects.filter(tree=tree).order_by("position", "pk"):
        children.setdefault(reason.parent_id, []).append(reason)
    rows: list[ReasonRow] = []

    def walk(parent_id: int | None, path: tuple[str, ...]) -> None:
        for reason in children.get(parent_id, []):
            here = (*path, reason.name)
            rows.append(ReasonRow(id=reason.pk, code=reason.code, path=here))
            walk(reason.pk, here)

    walk(None, ())
    return rows


def tags_like(text: str, *, limit: int = 20) -> list[str]:
    """Return the tags whose name begins like this, for completing it."""
    return list(Tag.objects.filter(name__istartswith=text).order_by("name").values_list("name", flat=True)[:limit])
