"""One change to several cases of a list."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.queries import case_detail, case_id_of_number
from careloop.faces.web.actors import actor_of
from careloop.faces.web.desk.listing import listing_of
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.processes.hands import assign, change_status

__all__ = ["case_changes"]

MOST = 200


@require_POST
def case_changes(request: HttpRequest, key: str) -> HttpResponse:
    """Do the same to each ticked case; one that refuses stays as it was and says why, the others change."""
    listing = listing_of(request, key)
    change = _change(request)
    changed, reasons = 0, []
    for number in _numbers(request):
        try:
            change(number)
        except Refusal as refusal:
            reasons.append(f"#{number}: {refusal}")
        else:
            changed += 1
    if changed:
        messages.success(
            request,
            ngettext("%(count)d case is changed.", "%(count)d cases are changed.", changed) % {"count": changed},
        )
    for reason in reasons[:5]:
        messages.error(request, reason)
    return redirect(listing.address())


def _change(request: HttpRequest) -> Callable[[int], None]:
    actor, at = actor_of(request), clock.now()
    match request.POST.get("act"):
        case "assign":
            return partial(
                _assign, assignee_id=_hands(request.POST.get("bulk_assignee", ""), actor), actor=actor, at=at
            )
        case "status":
            return partial(_set_status, status_id=_key(request.POST.get("bulk_status", "")), actor=actor, at=at)
    raise CaseUnclear(_("Choose what to do with the cases."))


def _assign(number: int, *, assignee_id: int | None, actor: Actor, at: datetime) -> None:
    case_id = case_id_of_number(number=number, viewer=actor)
    team_id = case_detail(case_id=case_id, viewer=actor).row.team_id
    assign(case_id=case_id, assignee_id=assignee_id, team_id=team_id, actor=actor, at=at)


def _set_status(number: int, *, status_id: int, actor: Actor, at: datetime) -> None:
    case_id = case_id_of_number(number=number, viewer=actor)
    change_status(case_id=case_id, status_id=status_id, actor=actor, at=at)


def _numbers(request: HttpRequest) -> list[int]:
    found = list(dict.fromkeys(_key(text) for text in request.POST.getlist("number")))
    if not 0 < len(found) <= MOST:
        raise CaseUnclear(_("Choose 1 to %(most)d cases of the list first.") % {"most": MOST})
    return found


def _hands(value: str, actor: Actor) -> int | None:
    match value:
        case "none":
            return None
        case "me":
            return actor.user_id
    return _key(value)


def _key(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise CaseUnclear(_("Choose one of the entries in the list."))
    return int(text)
