"""Chats that somebody has, on the floor: who has which, taking one over, and giving it to somebody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.chats.queries import chat_seen_by
from careloop.domains.queues.errors import MayNotMoveWork
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.routing.seeing import may_see_floor
from careloop.kernel import clock
from careloop.processes.chatting import move_chat, move_chat_back

__all__ = ["floor_chat", "floor_chat_person", "floor_chat_waiting"]


@require_safe
def floor_chat(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Return who has a chat now."""
    actor = actor_of(request)
    if not may_see_floor(actor):
        raise MayNotMoveWork(_("Only somebody who leads, manages or judges the work sees the floor."))
    row = chat_seen_by(actor, chat_id=chat_id)
    answer = render(request, "routing/floor_chats.html#stands", {"chat": row})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def floor_chat_person(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Put a chat that somebody has into somebody else's hands, one's own too."""
    actor, user_id = actor_of(request), chosen(request.POST, "user_id")
    move_chat(
        chat_id=chat_id,
        user_id=user_id,
        seen_agent_id=chosen(request.POST, "seen_agent_id"),
        actor=actor,
        at=clock.now(),
    )
    is_own = user_id == actor.user_id
    messages.success(request, _("You have it now.") if is_own else _("It is in their hands now."))
    if is_own:
        return redirect("chat", workspace=workspace_of(request).key, chat_id=chat_id)
    return redirect("floor", workspace=workspace_of(request).key)


@require_POST
def floor_chat_waiting(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Let a chat that somebody has wait again."""
    move_chat_back(
        chat_id=chat_id,
        seen_agent_id=chosen(request.POST, "seen_agent_id"),
        actor=actor_of(request),
        at=clock.now(),
    )
    messages.success(request, _("The chat waits again."))
    return redirect("floor", workspace=workspace_of(request).key)
