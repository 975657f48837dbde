"""Pages of chats: who waits, whom one talks to, and one chat with everything around it."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.cases import queries as cases
from careloop.domains.cases.rules import may_note, may_read_notes
from careloop.domains.cases.states import Category
from careloop.domains.chats import rules
from careloop.domains.chats.errors import MayNotChat
from careloop.domains.chats.queries import chat_seen_by, chats_of, ended_chats, last_said, unread_counts, waiting_chats
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow
from careloop.domains.people.queries import names_of, people_choices, team_choices
from careloop.domains.workforce.queries import seats_of
from careloop.domains.workforce.states import State as Doing
from careloop.faces.web.actors import actor_of
from careloop.faces.web.chats.forms import CallForm, HandoverForm, WhisperForm, WrapUpForm
from careloop.gateways.mime import html_to_text
from careloop.kernel.actors import Actor, Role
from careloop.processes.answering import phrases
from careloop.processes.chatting import words_of

__all__ = ["chat", "chat_list", "chat_rows", "chat_side", "forms_of", "render_chat"]

MOST_REPLIES = 20
_ORDER: Final[Mapping[Doing | None, int]] = {Doing.AVAILABLE: 0, Doing.OFFLINE: 2}


@require_safe
def chat_list(request: HttpRequest) -> HttpResponse:
    """List one's own chats, those that wait, and those that ended lately."""
    ended = ended_chats(viewer=actor_of(request), cursor=request.GET.get("cursor") or None, limit=25)
    return render(request, "chats/chats.html", {**_rows(request), "ended": ended})


@require_safe
def chat_rows(request: HttpRequest) -> HttpResponse:
    """Return one's own chats and those that wait, for a page that shows them already: `chat` names the one that it has open."""
    shown = request.GET.get("chat", "")
    chat_id = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 19 else None
    return render(request, "chats/rows.html", {**_rows(request), "chat_id": chat_id})


@require_safe
def chat(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Show a chat to talk in, beside one's others."""
    return render_chat(request, chat_id)


@require_safe
def chat_side(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Return what stands beside the words: who it is, what was whispered, and what can be done."""
    row = chat_seen_by(actor_of(request), chat_id=chat_id)
    return render(request, "chats/side.html", {**_beside(request, row), **forms_of(request, row)})


def render_chat(request: HttpRequest, chat_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """Return the page of a chat. more: what replaces a part of it, such as a form with what is wrong in it."""
    actor = actor_of(request)
    row = chat_seen_by(actor, chat_id=chat_id)
    lines = words_of(chat_id)
    replies = phrases(case_id=row.case_id, text="", viewer=actor, limit=MOST_REPLIES) if rules.may_chat(actor) else []
    context = {
        **_rows(request),
        **_beside(request, row),
        **forms_of(request, row),
        "chat_id": chat_id,
        "lines": lines,
        "last_id": lines[-1].id if lines else 0,
        "mark": str(uuid.uuid4()),
        "replies": [{"id": one.id, "name": one.name, "text": html_to_text(one.html)} for one in replies],
        **more,
    }
    return render(request, "chats/chat.html", context, status=status)


def forms_of(request: HttpRequest, row: ChatRow) -> dict[str, Any]:
    """Return the empty forms of what can be done with a chat."""
    actor = actor_of(request)
    people = _colleagues(actor, besides={row.agent_id, actor.user_id})
    reasons = [(reason.id, " › ".join(reason.path)) for reason in cases.reasons()]
    order = [Category.SOLVED, Category.OPEN, Category.WAITING]
    known = [status for status in cases.statuses() if status.category in order]
    statuses = sorted(known, key=lambda one: order.index(Category(one.category)))
    return {
        "whisper_form": WhisperForm(),
        "call_form": CallForm(None, people=people),
        "handover_form": HandoverForm(None, people=people, teams=team_choices(actor)),
        "wrap_up_form": WrapUpForm(None, reasons=reasons, statuses=[(one.id, one.name) for one in statuses]),
    }


def _colleagues(viewer: Actor, *, besides: Collection[int | None]) -> list[tuple[int, str]]:
    """Return who talks to visitors besides some, with what they do now: whoever is free first, whoever is off work last."""
    states = {seat.user_id: Doing(seat.state) for seat in seats_of(viewer)}
    found = [
        (_ORDER.get(states.get(key), 1), name, key)
        for key, name, role in people_choices(viewer)
        if Role(role) in rules.TALKING and key not in besides
    ]
    return [
        (key, _("%(name)s (%(state)s)") % {"name": name, "state": states[key].label} if key in states else name)
        for _place, name, key in sorted(found)
    ]


def _rows(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    if not rules.may_see(actor):
        raise MayNotChat(_("Your role does not talk to visitors."))
    own = chats_of(actor)
    unread, last = unread_counts(own), last_said([row.id for row in own])
    return {
        "own": [(row, unread.get(row.id, 0), last.get(row.id)) for row in own],
        "waiting": waiting_chats(viewer=actor),
        "may_chat": rules.may_chat(actor),
    }


def _beside(request: HttpRequest, row: ChatRow) -> dict[str, Any]:
    actor = actor_of(request)
    is_mine = row.state == State.ACTIVE and actor.user_id in {row.agent_id, *row.helper_ids}
    return {
        "chat": row,
        "notes": cases.notes_of(case_id=row.case_id, viewer=actor, limit=50) if may_read_notes(actor) else [],
        "others": cases.other_cases(customer_id=row.customer_id, case_id=row.case_id, viewer=actor),
        "helpers": sorted(names_of(row.helper_ids).values()),
        "is_mine": is_mine and rules.may_chat(actor),
        "may_take": row.state == State.WAITING and rules.may_chat(actor),
        "may_whisper": may_note(actor),
    }
