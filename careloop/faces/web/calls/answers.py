"""What follows an act on a call that asks the telephone system, on the card or on the call's page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from careloop.faces.web.actors import workspace_of
from careloop.faces.web.calls.pages import render_card
from careloop.faces.web.refusals import refused
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope

__all__ = ["acted"]


def acted(request: HttpRequest, call_id: int, act: Callable[[], None], done: str | Promise) -> HttpResponse:
    """Act outside any transaction, and lead back: to the card, with what went wrong on it, or to the call's page."""
    workspace, is_card = workspace_of(request), bool(getattr(request, "htmx", False))
    try:
        act()
    except Refusal as problem:
        with workspace_scope(workspace.id):
            if is_card:
                return render_card(request, problem=str(problem), status=problem.status)
            return refused(request, problem)
    if is_card:
        with workspace_scope(workspace.id):
            return render_card(request)
    messages.success(request, str(done))
    return redirect("call", workspace=workspace.key, call_id=call_id)
