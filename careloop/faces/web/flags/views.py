"""Doubted numbers: the list, one flag with its evidence, the contacts behind it, and answering."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.boards.rules import may_see_people
from careloop.domains.cases.queries import cases_by_id
from careloop.domains.integrity import queries, rules, services
from careloop.domains.integrity.errors import AnswerUnclear
from careloop.domains.integrity.states import State
from careloop.domains.integrity.types import FlagFilter, FlagRow, Severity
from careloop.domains.notifications.services import mark_flag_read
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.boards.keys import key_words, names_in
from careloop.faces.web.boards.views.numbers import BehindShown
from careloop.faces.web.boards.wording import moment_words
from careloop.faces.web.flags.forms import AnswerForm, DoubtForm
from careloop.faces.web.flags.shown import flags_shown, steps_shown, touched_by
from careloop.faces.web.refusals import refused, show_refusal_in
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.keys import number_of
from careloop.processes.measuring.behind import RowBehind, rows_behind_check
from careloop.processes.measuring.catalogue import card, dimensions

__all__ = ["flag", "flag_answer", "flag_contacts", "flag_doubt", "flag_list"]

PAGE: Final = 50
STATES: Final[dict[str, str | Promise]] = {
    "open": lazily("To be answered"),
    "answered": pgettext_lazy("doubt", "Answered"),
    "gone": lazily("Over"),
    "all": lazily("All"),
}


@require_safe
def flag_list(request: HttpRequest) -> HttpResponse:
    """List flags: those to be answered, or others that are asked for."""
    viewer, key = actor_of(request), workspace_of(request).key
    state = request.GET.get("state", "") if request.GET.get("state") in STATES else "open"
    severity = request.GET.get("severity", "") if request.GET.get("severity") in Severity.values else ""
    metric = request.GET.get("metric", "")
    wanted = FlagFilter(
        state=None if state == "all" else State(state),
        severity=Severity(severity) if severity else None,
        metric=metric,
    )
    page = queries.flags(viewer=viewer, wanted=wanted, cursor=request.GET.get("cursor"), limit=PAGE)
    here = reverse("flag_list", args=[key])
    kept = {name: value for name, value in (("severity", severity), ("metric", metric)) if value}

    def address(**more: str) -> str:
        return f"{here}?{urlencode({'state': state, **kept, **more})}"

    looked = queries.last_examination()
    context = {
        "rows": flags_shown(page.items),
        "tabs": [(name, word, address(state=name), name == state) for name, word in STATES.items()],
        "state": state,
        "severity": severity,
        "severities": [(one.value, one.label) for one in reversed(Severity)],
        "metric": metric,
        "metric_name": card(metric, language=get_language() or "en").name if metric else "",
        "without_metric": f"{here}?{urlencode({'state': state, 'severity': severity} if severity else {'state': state})}",
        "looked_at": looked.at if looked else None,
        "older": address(cursor=page.next_cursor) if page.next_cursor else "",
        "newest": address() if request.GET.get("cursor") else "",
        "is_filtered": bool(kept) or state != "open",
    }
    return render(request, "flags/flags.html", context)


@require_safe
def flag(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Show a flag: what was found, in which numbers, what was said, and what happened to it."""
    viewer = actor_of(request)
    row = queries.flag(flag_id=flag_id, viewer=viewer)
    mark_flag_read(flag_id=flag_id, actor=viewer, at=clock.now())
    return _page(request, row, form=AnswerForm() if row.state is State.OPEN else DoubtForm())


@require_POST
def flag_answer(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Answer a flag."""
    viewer = actor_of(request)
    row = queries.flag(flag_id=flag_id, viewer=viewer)
    form = AnswerForm(request.POST)
    form.is_valid()
    try:
        services.answer(
            flag_id=flag_id,
            said=request.POST.get("said", ""),
            words=request.POST.get("words", ""),
            actor=viewer,
            at=clock.now(),
        )
    except AnswerUnclear as refusal:
        return _unclear(request, row, form, refusal)
    messages.success(request, _("The answer stands beside the number from now on."))
    return redirect("flag", workspace=workspace_of(request).key, flag_id=flag_id)


@require_POST
def flag_doubt(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Open an answered flag again."""
    viewer = actor_of(request)
    row = queries.flag(flag_id=flag_id, viewer=viewer)
    form = DoubtForm(request.POST)
    form.is_valid()
    try:
        services.doubt(flag_id=flag_id, words=request.POST.get("words", ""), actor=viewer, at=clock.now())
    except AnswerUnclear as refusal:
        return _unclear(request, row, form, refusal)
    messages.success(request, _("The flag is open again."))
    return redirect("flag", workspace=workspace_of(request).key, flag_id=flag_id)


@opens_own_scope
@require_safe
def flag_contacts(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Show a page of the rows that a flag is about; with a link to the case where the reader sees it."""
    workspace, viewer = workspace_of(request), actor_of(request)
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 6 else 0
    try:
        with workspace_scope(workspace.id):
            row = queries.flag(flag_id=flag_id, viewer=viewer)
        behind = rows_behind_check(
            row.check,
            since=row.since,
            until=row.until,
            conditions={"field": row.about.value, "operator": "is", "value": row.key} if row.about else {},
            workspace_id=workspace.id,
            page=page,
            names_people=may_see_people(viewer),
        )
        with workspace_scope(workspace.id):
            heads, rows = _behind(behind.rows, viewer)
            context = {
                "rows": rows,
                "heads": heads,
                "is_hidden": behind.is_secret,
                "older": f"{reverse('flag_contacts', args=[workspace.key, flag_id])}?page={page + 1}"
                if behind.has_more
                else "",
                "key": workspace.key,
            }
            return render(request, "boards/behind.html", context)
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)


def _unclear(request: HttpRequest, row: FlagRow, form: forms.Form, refusal: Refusal) -> HttpResponse:
    form.errors.clear()
    show_refusal_in(form, refusal)
    return _page(request, row, form=form, status=refusal.status)


def _page(request: HttpRequest, row: FlagRow, *, form: forms.Form, status: int = 200) -> HttpResponse:
    viewer, workspace = actor_of(request), workspace_of(request)
    (shown,) = flags_shown([row])
    may_answer = rules.may_answer(viewer, user_id=row.user_id)
    context = {
        "shown": shown,
        "touched": touched_by(row, workspace_key=workspace.key, zone=ZoneInfo(workspace.time_zone)),
        "steps": steps_shown(queries.steps_of(flag_id=row.id, viewer=viewer)),
        "form": form if may_answer else None,
        "is_own": rules.may_answer_some(viewer) and not may_answer,
    }
    return render(request, "flags/flag.html", context, status=status)


def _behind(rows: Sequence[RowBehind], viewer: Actor) -> tuple[list[str], list[BehindShown]]:
    words = dimensions(language=get_language() or "en")
    places = [
        (name, column)
        for name, column in (("queue", "queue_id"), ("agent", "agent_id"))
        if any(column in row.ids for row in rows) and (name != "agent" or rules.may_see_all(viewer))
    ]
    names = names_in((name, row.ids.get(column)) for row in rows for name, column in places)
    case_ids = {number for row in rows if (number := number_of("case", row.ids.get("case_id"))) is not None}
    numbers = {case_id: row.number for case_id, row in cases_by_id(case_ids, viewer=viewer).items()}
    shown = [
        BehindShown(
            at=moment_words(row.at.isoformat()) if row.at else "",
            id=row.ids.get("contact_id") or next(iter(row.ids.values()), ""),
            case_number=numbers.get(number_of("case", row.ids.get("case_id")) or 0),
            cells=[key_words(name, row.ids[column], names) if column in row.ids else "" for name, column in places],
        )
        for row in rows
    ]
    return [_("When"), _("Contact"), *(words[name] for name, _column in places)], shown
