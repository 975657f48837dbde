"""What a person should hear about: the bell and the list behind it."""

from collections.abc import Collection, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.automation.types import run_of
from careloop.domains.calls.queries import call_rows
from careloop.domains.calls.rules import may_see_all
from careloop.domains.cases.queries import cases_by_id
from careloop.domains.chats.queries import live_chats_of_cases
from careloop.domains.chats.types import ChatRow
from careloop.domains.integrity.queries import sentences_of_flags
from careloop.domains.notifications import queries, services
from careloop.domains.notifications.types import Kind, NoticeRow
from careloop.domains.supervision.queries import hands_by_id
from careloop.domains.tasks.queries import tasks_seen
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.calls.shown import shown
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.processes.notifying import names_of_doers, promises_told

__all__ = ["notice_bell", "notice_list", "notice_reading"]


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show a person's notices, newest first."""
    viewer = actor_of(request)
    page = queries.notices_of(viewer=viewer, cursor=request.GET.get("cursor"))
    subjects = cases_by_id([row.case_id for row in page.items if row.case_id is not None], viewer=viewer)
    sentences = sentences_of_flags(row.flag_id for row in page.items if row.flag_id is not None)
    hands = hands_by_id({row.hand_id for row in page.items if row.hand_id is not None})
    calls = _callers([row.call_id for row in page.items if row.call_id is not None], viewer)
    tasks = tasks_seen({row.task_id for row in page.items if row.task_id is not None}, viewer=viewer)
    promises = promises_told(page.items)
    names = names_of_doers(row.actor for row in page.items)
    chats = live_chats_of_cases(
        {row.case_id for row in page.items if row.case_id in subjects and row.case_id is not None}
    )
    labels = dict(Kind.choices)
    context = {
        "rows": [
            {
                "notice": row,
                "label": labels.get(row.kind, row.kind),
                "case": subjects.get(row.case_id or 0),
                "chat_id": _own_chat(chats.get(row.case_id or 0), viewer),
                "sentence": sentences.get(row.flag_id or 0, ""),
                "hand": hands.get(row.hand_id or 0),
                "call": calls.get(row.call_id or 0, ""),
                "task": tasks.get(row.task_id or 0),
                "promise": promises.get(row.id, ""),
                "who": names.get(row.actor, ""),
                "rule_id": _paused_rule(row),
            }
            for row in page.items
        ],
        "next_cursor": page.next_cursor,
        "is_first": "cursor" not in request.GET,
        "unread": queries.unread_count(viewer=viewer),
    }
    return render(request, "desk/notices.html", context)


@require_safe
def notice_bell(request: HttpRequest) -> HttpResponse:
    """Return the bell with how much is unread; it asks for itself again when something comes in."""
    answer = render(request, "desk/bell.html", {"unread": queries.unread_count(viewer=actor_of(request))})
    answer["Cache-Control"] = "no-store"
    return answer


def _callers(call_ids: Collection[int], viewer: Actor) -> Mapping[int, str]:
    """Return who calls in some calls, as lists of calls say it, and in which queue, as far as the viewer may see every call."""
    return {
        key: _("%(who)s, in the queue %(queue)s") % {"who": shown(row).who, "queue": row.queue}
        for key, row in (call_rows(call_ids) if may_see_all(viewer) else {}).items()
    }


@require_POST
def notice_reading(request: HttpRequest) -> HttpResponse:
    """Let the person have read everything."""
    services.mark_all_read(actor=actor_of(request), at=clock.now())
    return redirect("notice_list", workspace=workspace_of(request).key)


def _own_chat(chat: ChatRow | None, viewer: Actor) -> int | None:
    return chat.id if chat is not None and viewer.user_id in {chat.agent_id, *chat.helper_ids} else None


def _paused_rule(notice: NoticeRow) -> int | None:
    """Return the rule that a notice says was paused, for whoever is to look after it."""
    run = run_of(notice.actor) if notice.kind == Kind.RULE_PAUSED else None
    return run[0] if run is not None else None
