"""Named lists of cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.conditions import COLUMNS, ORDERS, validated
from careloop.domains.cases.errors import CaseNotFound, CaseUnclear, MayNotConfigureCases
from careloop.domains.cases.events import PolicyChanged
from careloop.domains.cases.models import SavedView
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["delete_view", "place_view", "save_view"]


@act
def save_view(
    *,
    view_id: int | None,
    name: str,
    conditions: Any,
    columns: Sequence[str],
    order: str,
    is_shared: bool,
    actor: Actor,
    at: datetime,
) -> int:
    """Keep a list under a name, or change a kept one, and return its id.

    conditions: a condition tree as JSON. columns: names among COLUMNS. order: a name among ORDERS.
    is_shared: for everybody in the workspace, which leads and above may make.

    Raises MayNotConfigureCases, CaseNotFound, CaseUnclear, or a refusal that names what is wrong in the conditions.
    Records PolicyChanged.
    """
    _check(actor, is_shared=is_shared)
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise CaseUnclear(_("Give the view a name of at most 80 characters."))
    if order not in ORDERS or not columns or not set(columns) <= set(COLUMNS):
        raise CaseUnclear(_("Choose columns and an order from those offered."))
    view = SavedView() if view_id is None else _locked(view_id, actor)
    view.name, view.columns, view.order = name, list(columns), order
    view.conditions = validated(conditions)
    owner_id = None if is_shared else actor.user_id
    if view_id is None or view.owner_id != owner_id:
        view.position = len(_beside(owner_id))
    view.owner_id = owner_id
    view.save()
    _record(view.pk, "made" if view_id is None else "changed", actor, at)
    return view.pk


@act
def place_view(*, view_id: int, place: int, actor: Actor, at: datetime) -> None:
    """Move a view to another place: a shared one among the shared ones, for everybody; one's own among one's own.

    place: 0 for the first; beyond either end it becomes the first or the last.

    Raises MayNotConfigureCases, CaseNotFound. Records PolicyChanged when anything moved.
    """
    view = _locked(view_id, actor)
    _check(actor, is_shared=view.owner_id is None)
    was = _beside(view.owner_id)
    others = [one for one in was if one.pk != view.pk]
    place = min(max(place, 0), len(others))
    now = [*others[:place], view, *others[place:]]
    if [one.pk for one in now] == [one.pk for one in was]:
        return
    for position, one in enumerate(now):
        one.position = position
    SavedView.objects.bulk_update(now, ["position"])
    _record(view.pk, "changed", actor, at)


@act
def delete_view(*, view_id: int, actor: Actor, at: datetime) -> None:
    """Throw a view away. Raises MayNotConfigureCases, CaseNotFound. Records PolicyChanged."""
    view = _locked(view_id, actor)
    _check(actor, is_shared=view.owner_id is None)
    view.delete()
    _record(view_id, "retired", actor, at)


def _check(actor: Actor, *, is_shared: bool) -> None:
    if actor.user_id is None or (is_shared and not rules.may_share_views(actor)):
        raise MayNotConfigureCases(_("Views for everybody are made by team leads. Keep this one for yourself."))


def _beside(owner_id: int | None) -> list[SavedView]:
    """Return the views of one owner, or all shared ones, in their order; locked, so that two who move do not mix them up."""
    found = list(SavedView.objects.select_for_update().filter(owner_id=owner_id, team=None).order_by("pk"))
    return sorted(found, key=lambda view: (view.position, view.name, view.pk))


def _locked(view_id: int, actor: Actor) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if view is None or (view.owner_id is not None and view.owner_id != actor.user_id):
        raise CaseNotFound(_("There is no such view."))
    return view


def _record(view_id: int, change: str, actor: Actor, at: datetime) -> None:
    record(PolicyChanged(subject=subject("view", view_id), actor=str(actor), at=at, change=change))
