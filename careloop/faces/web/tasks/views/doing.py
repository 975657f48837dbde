"""Tasks for those who are asked: their list, and one task with what they need to know and what they can say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import visible_among
from careloop.domains.conversations.types import Author
from careloop.domains.files.queries import files_by_id
from careloop.domains.files.types import FileRow
from careloop.domains.notifications.services import mark_task_read
from careloop.domains.tasks import rules, services
from careloop.domains.tasks.errors import MayNotDoTask
from careloop.domains.tasks.queries import task_of, tasks_of
from careloop.domains.tasks.states import Which
from careloop.domains.tasks.types import TaskRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.case_tasks import AnswerForm, RefusalForm, tasks_shown
from careloop.faces.web.casepage.letters import html_words, in_page
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal
from careloop.processes.tasks import SharedCase, shared_case

__all__ = ["task", "task_acceptance", "task_answer", "task_list", "task_refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """Something that was written. kind: customer, agent or note. files: each with its address."""

    id: str
    kind: str
    name: str
    at: datetime
    words: SafeString
    files: Sequence[tuple[FileRow, str]]


@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """Show what the person is asked to do, what they asked for, or what is over."""
    viewer = actor_of(request)
    if not rules.may_list(viewer):
        raise MayNotDoTask(_("Your role is not asked for tasks."))
    wanted = request.GET.get("show", "")
    which = Which(wanted) if wanted in Which.values else Which.OURS
    page = tasks_of(viewer=viewer, which=which, cursor=request.GET.get("cursor"))
    context = {
        "tasks": tasks_shown(page.items, viewer=viewer, now=clock.now(), in_case=False),
        "tabs": [(one.value, one.label, one is which) for one in Which],
        "which": which.value,
        "next_cursor": page.next_cursor,
        "is_first": "cursor" not in request.GET,
    }
    return render(request, "tasks/tasks.html", context)


@require_safe
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show one task; whoever opens it has read its notices."""
    viewer = actor_of(request)
    row = task_of(task_id=task_id, viewer=viewer)
    mark_task_read(task_id=task_id, actor=viewer, at=clock.now())
    return _page(request, row)


@require_POST
def task_acceptance(request: HttpRequest, task_id: int) -> HttpResponse:
    """Say that one is on it."""
    return _answered(
        request,
        task_id,
        lambda: services.accept_task(task_id=task_id, actor=actor_of(request), at=clock.now()),
        said=_("You are on it. Your colleague sees that."),
    )


@require_POST
def task_answer(request: HttpRequest, task_id: int) -> HttpResponse:
    """Answer what was asked."""
    form = AnswerForm(request.POST)
    answer = request.POST.get("answer", "").replace("\r\n", "\n")
    return _answered(
        request,
        task_id,
        lambda: services.finish_task(task_id=task_id, answer=answer, actor=actor_of(request), at=clock.now()),
        said=_("Thank you. Your answer stands in the case."),
        typed={"answer_form": form},
    )


@require_POST
def task_refusal(request: HttpRequest, task_id: int) -> HttpResponse:
    """Say that it cannot be done, and why."""
    form = RefusalForm("refusal", request.POST)
    reason = request.POST.get("reason", "").replace("\r\n", "\n")
    return _answered(
        request,
        task_id,
        lambda: services.refuse_task(task_id=task_id, reason=reason, actor=actor_of(request), at=clock.now()),
        said=_("Your reason stands in the case, so that your colleague finds another way."),
        typed={"refusal_form": form},
    )


def _answered(
    request: HttpRequest, task_id: int, act: Callable[[], None], *, said: str, typed: dict[str, Any] | None = None
) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        row = task_of(task_id=task_id, viewer=actor_of(request))
        return _page(request, row, refusal=refusal, typed=typed)
    messages.success(request, said)
    return redirect("task", workspace=workspace_of(request).key, task_id=task_id)


def _page(
    request: HttpRequest, row: TaskRow, *, refusal: Refusal | None = None, typed: dict[str, Any] | None = None
) -> HttpResponse:
    viewer = actor_of(request)
    shared = shared_case(row)
    context = {
        "task": tasks_shown([row], viewer=viewer, now=clock.now(), in_case=False)[0],
        "shared": shared,
        "sees_case": bool(visible_among([row.case_id], viewer=viewer)),
        "moments": _moments(shared, workspace_of(request).key),
        "answer_form": AnswerForm(),
        "refusal_form": RefusalForm("refusal"),
        "refusal": refusal,
        **(typed or {}),
    }
    return render(request, "tasks/task.html", context, status=refusal.status if refusal else 200)


def _moments(shared: SharedCase, key: str) -> list[_Moment]:
    """Return what was written, by time, words and notes together, each with its files."""
    files = files_by_id(
        [*(f.file_id for one in shared.words for f in one.files), *(i for one in shared.notes for i in one.file_ids)]
    )

    def attached(file_ids: Iterable[int]) -> list[tuple[FileRow, str]]:
        return [(files[i], reverse("file_download", args=[key, i])) for i in file_ids if i in files]

    said = [
        _Moment(
            id=f"message-{one.id}",
            kind="agent" if one.author in {Author.AGENT, Author.HOUSE} else "customer",
            name=one.writer,
            at=one.at,
            words=in_page(one, inline={}, shows_images=False),
            files=attached(f.file_id for f in one.files),
        )
        for one in shared.words
    ]
    noted = [
        _Moment(
            id=f"note-{one.id}",
            kind="note",
            name=one.author,
            at=one.at,
            words=html_words(one.html, inline={}, shows_images=False),
            files=attached(one.file_ids),
        )
        for one in shared.notes
    ]
    return sorted([*said, *noted], key=lambda moment: moment.at)
