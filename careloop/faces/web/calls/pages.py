"""Pages of calls: those that go on, those that are over, one with everything around it, and the card over every page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.calls import queries, rules
from careloop.domains.calls.errors import MayNotHandleCalls
from careloop.domains.calls.states import CallState
from careloop.domains.calls.types import CallRow
from careloop.domains.cases.queries import reasons
from careloop.domains.commitments.queries import call_owed_in
from careloop.domains.notifications.services import mark_call_read
from careloop.domains.telephony.queries import pbx, pbxes
from careloop.domains.telephony.types import Offer
from careloop.faces.web.actors import actor_of
from careloop.faces.web.calls.forms import CallerForm, CaseNumberForm, TransferForm, WriteUpForm
from careloop.faces.web.calls.shown import (
    all_shown,
    callers_of,
    open_cases_of,
    own_phones,
    passed_on,
    recording_shown,
    shown,
)
from careloop.faces.web.calls.silence import silence_shown
from careloop.faces.web.casepage.promises import promises_of_call
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.processes.calling import callback_window, transfer_targets

__all__ = ["call", "call_list", "call_slot", "floor_calls", "reason_choices", "render_call", "render_card"]


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """List the calls that go on and those that are over, all that the reader may see or only their own."""
    actor, is_own = actor_of(request), request.GET.get("of") == "mine"
    if not rules.may_see(actor):
        raise MayNotHandleCalls(_("Your role does not deal with calls."))
    page = queries.calls(viewer=actor, is_own=is_own, cursor=request.GET.get("cursor") or None, limit=25)
    context = {
        "now": all_shown(queries.calls_now(viewer=actor, is_own=is_own)),
        "over": [shown(row) for row in page.items],
        "next_cursor": page.next_cursor,
        "is_first": not request.GET.get("cursor"),
        "is_own": is_own,
        "is_all": not is_own,
        "unheard": silence_shown(actor, at=clock.now()),
    }
    return render(request, "calls/calls.html", context)


@require_safe
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """Show a call: who it is, what it belongs to, and what was said. What the reader was told of it is read with that."""
    answer, actor = render_call(request, call_id), actor_of(request)
    if rules.may_see_all(actor):  # others are told of no call
        mark_call_read(call_id=call_id, actor=actor, at=clock.now())
    return answer


@require_safe
def call_slot(request: HttpRequest) -> HttpResponse:
    """Show the call at the reader's phone, for the place over a page; nothing changes there (204) when it shows it already."""
    return render_card(request, known=request.GET.get("shown_call", ""))


def render_card(
    request: HttpRequest, *, known: str | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """Show the call at the reader's phone. known: what is shown already, for nothing (204) where it is the same; None to show it.

    problem: what went wrong with it, in a sentence.
    """
    actor = actor_of(request)
    row = queries.call_at_hand(actor, at=clock.now())
    told = all_shown([row])[0] if row is not None else None
    newest = queries.newest_transfer(row.id) if row is not None else None
    transfer = passed_on(newest) if newest is not None else None
    recording = recording_shown(row, actor) if row is not None and row.agent_id == actor.user_id else None
    key = "-".join(one.key for one in (told, transfer, recording) if one is not None)
    if known == key:
        return HttpResponse(status=204)
    around = _around(row, request) if row else {}
    context = {"call": told, "transfer": transfer, "recording": recording, "problem": problem, "shown_key": key}
    answer = render(request, "calls/card.html", {**context, **around}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def floor_calls(request: HttpRequest) -> HttpResponse:
    """Show who stands in queues, who talks to customers to those who may go into calls, and what is not heard; for the floor."""
    actor = actor_of(request)
    may = rules.may_go_into(actor) and own_phones(request).may_listen
    calls = queries.calls_now(viewer=actor)
    waiting = all_shown([row for row in calls if row.queued_at is not None]) if rules.may_see_all(actor) else []
    listened = {one.id for one in pbxes() if Offer.LISTEN in one.offers} if may else set()
    found = [row for row in calls if row.pbx_id in listened] if may else []
    told = [shown(row) for row in found if row.state == CallState.TALKING and row.agent_id != actor.user_id]
    answer = render(
        request,
        "calls/floor.html",
        {"calls": told, "waiting": waiting, "unheard": silence_shown(actor, at=clock.now())},
    )
    answer["Cache-Control"] = "no-store"
    return answer


def render_call(request: HttpRequest, call_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show a call with forms that were refused, or empty ones."""
    row = queries.call_seen_by(actor_of(request), call_id=call_id)
    began = {"reason_id": row.reason_id, "note": row.note}
    context = {
        "call": shown(row),
        **_around(row, request),
        "promises": promises_of_call(call_id, viewer=actor_of(request), now=clock.now()),
        "transfers": [passed_on(one) for one in queries.transfers_of(call_id=call_id, viewer=actor_of(request))],
        "recording": recording_shown(row, actor_of(request)),
        "recording_url": "",
        "no_options": [],
        "transfer_form": None,
        "window": None,
        "caller_form": CallerForm(),
        "number_form": CaseNumberForm(),
        "write_up_form": WriteUpForm(None, reasons=reason_choices(), initial=began),
        **more,
    }
    if _may_promise_callback(row, actor_of(request)):
        context["window"] = callback_window(at=clock.now())
    if context["may_transfer"] and context["transfer_form"] is None:
        context["transfer_form"] = TransferForm(None, targets=transfer_targets(row, viewer=actor_of(request)))
    return render(request, "calls/call.html", context, status=status)


def _may_promise_callback(row: CallRow, viewer: Actor) -> bool:
    """Say whether a caller is offered a callback on the page: nobody is owed two."""
    if not rules.may_handle(viewer) or row.is_outbound or not row.number:
        return False
    return row.case_id is None or call_owed_in(row.case_id) is None


def reason_choices() -> list[tuple[int, str]]:
    """Return the workspace's reasons, for choosing one."""
    return [(reason.id, " › ".join(reason.path)) for reason in reasons()]


def _around(row: CallRow, request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    may_handle, offers = rules.may_handle(actor), pbx(row.pbx_id).offers
    return {
        "callers": callers_of(row) if may_handle else [],
        "open_cases": open_cases_of(row, actor),
        "may_handle": may_handle,
        "may_call_back": row.is_over and bool(row.number) and own_phones(request).may_call,
        "may_go_into": row.state == CallState.TALKING
        and row.agent_id != actor.user_id
        and rules.may_go_into(actor)
        and Offer.LISTEN in offers
        and own_phones(request).may_listen,
        "may_transfer": row.state == CallState.TALKING
        and row.agent_id is not None
        and row.agent_id == actor.user_id
        and not row.is_outbound
        and Offer.TRANSFER in offers
        and own_phones(request).may_transfer,
        "may_end": row.state == CallState.TALKING
        and rules.may_end(actor, agent_id=row.agent_id)
        and Offer.END in offers,
        "may_protect": row.agent_id is not None and row.agent_id == actor.user_id and may_handle,
        "may_write_up": row.is_over and rules.may_write_up(actor, agent_id=row.agent_id),
        "may_move": may_handle and (row.case_id is None or row.written_up_at is None),
    }
