"""What a workspace calls things: its statuses, its types of case, its tree of reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseUnclear, MayNotConfigureCases, NameTaken
from careloop.domains.cases.events import PolicyChanged
from careloop.domains.cases.models import CaseType, Reason, ReasonTree, Status
from careloop.domains.cases.states import Category
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.scope import forget

__all__ = [
    "Branch",
    "add_case_type",
    "add_status",
    "change_status_name",
    "publish_reasons",
    "retire_case_type",
    "retire_status",
    "set_up",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A reason and what it divides into. code: the same across versions; made from the name when empty."""

    name: str
    code: str = ""
    branches: tuple["Branch", ...] = ()


@act
def set_up(*, status_names: dict[Category, str], type_name: str, actor: Actor, at: datetime) -> None:
    """Give a new workspace one status in each category and one type of case, in its own language. Done once."""
    if Status.objects.exists():
        return
    Status.objects.bulk_create(
        [
            Status(name=status_names[category], category=category, position=index, is_default=True)
            for index, category in enumerate(Category)
        ]
    )
    made = CaseType.objects.create(name=type_name, is_default=True)
    _record("case_type", made.pk, "made", actor, at)


@act
def add_status(*, name: str, category: str, actor: Actor, at: datetime) -> int:
    """Add a status of the workspace's own in a category. Raises MayNotConfigureCases, CaseUnclear, NameTaken."""
    _check(actor)
    if category not in Category.values:
        raise CaseUnclear(_("Choose what kind of status it is."))
    try:
        with attempt():
            status = Status.objects.create(name=_named(name), category=category, position=Status.objects.count())
    except IntegrityError:
        raise NameTaken(_("A status of this name exists already.")) from None
    _record("status", status.pk, "made", actor, at)
    return status.pk


@act
def change_status_name(*, status_id: int, name: str, actor: Actor, at: datetime) -> None:
    """Give a status another name. Raises MayNotConfigureCases, CaseUnclear, NameTaken."""
    _check(actor)
    try:
        with attempt():
            changed = Status.objects.filter(pk=status_id).update(name=_named(name))
    except IntegrityError:
        raise NameTaken(_("A status of this name exists already.")) from None
    if not changed:
        raise CaseUnclear(_("There is no such status."))
    _record("status", status_id, "changed", actor, at)


@act
def retire_status(*, status_id: int, actor: Actor, at: datetime) -> None:
    """Offer a status no more; cases that have it keep it. Raises MayNotConfigureCases, CaseUnclear for a default one."""
    _check(actor)
    status = Status.objects.select_for_update().filter(pk=status_id).first()
    if status is None or status.is_default:
        raise CaseUnclear(_("Cases need this status. Make another one first."))
    status.is_active = False
    status.save(update_fields=["is_active"])
    _record("status", status_id, "retired", actor, at)


@act
def add_case_type(*, name: str, actor: Actor, at: datetime) -> int:
    """Add a type of case. Raises MayNotConfigureCases, CaseUnclear, NameTaken."""
    _check(actor)
    try:
        with attempt():
            made = CaseType.objects.create(name=_named(name))
    except IntegrityError:
        raise NameTaken(_("A type of this name exists already.")) from None
    _record("case_type", made.pk, "made", actor, at)
    return made.pk


@act
def retire_case_type(*, type_id: int, actor: Actor, at: datetime) -> None:
    """Offer a type no more; cases that have it keep it. Raises MayNotConfigureCases, CaseUnclear for the default one."""
    _check(actor)
    if not CaseType.objects.filter(pk=type_id, is_default=False).update(is_active=False):
        raise CaseUnclear(_("Cases need this type. Make another one first."))
    _record("case_type", type_id, "retired", actor, at)


@act
def publish_reasons(*, branches: Sequence[Branch], actor: Actor, at: datetime) -> int:
    """Publish a new version of the tree of reasons and return its number; older cases keep their version.

    Raises MayNotConfigureCases, CaseUnclear for an empty name or a code used twice. Records PolicyChanged.
    """
    _check(actor)
    newest = ReasonTree.objects.select_for_update().order_by("-version").first()
    tree = ReasonTree.objects.create(version=newest.version + 1 if newest else 1, effective_at=at, made_by=str(actor))
    codes: set[str] = set()
    _plant(tree, branches, None, codes)
    _record("reason_tree", tree.pk, "made", actor, at)
    return tree.version


def _plant(tree: ReasonTree, branches: Sequence[Branch], parent: Reason | None, codes: set[str]) -> None:
    for position, branch in enumerate(branches):
        name = _named(branch.name, most=120)
        code = branch.code or slugify(name) or f"reason-{len(codes) + 1}"
        if code in codes:
            raise CaseUnclear(_("Two reasons share the code “%(code)s”. Give one of them another.") % {"code": code})
        codes.add(code)
        reason = Reason.objects.create(tree=tree, parent=parent, code=code[:60], name=name, position=position)
        _plant(tree, branch.branches, reason, codes)


def _named(name: str, *, most: int = 60) -> str:
    name = " ".join(name.split())
    if not name or len(name) > most:
        raise CaseUnclear(_("Write a name of at most %(most)d characters.") % {"most": most})
    return name


def _check(actor: Actor) -> None:
    if not rules.may_configure(actor):
        raise MayNotConfigureCases(_("Owners and managers decide this. Ask one of them."))


def _record(kind: str, key: int, change: str, actor: Actor, at: datetime) -> None:
    forget("cases.")
    record(PolicyChanged(subject=subject(kind, key), actor=str(actor), at=at, change=change))
