"""Macros: several actions under one name, one's own and everybody's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.automation import queries, rules, services
from careloop.domains.automation.errors import MayNotKeepMacros
from careloop.domains.automation.types import MacroRow, MacroSettings
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.rules.choices import actions_shown
from careloop.faces.web.rules.drafts import ActionDraft, actions_acted, actions_drafted, actions_of, actions_posted
from careloop.faces.web.rules.wording import action_sentences
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["macro_form", "macro_list", "macro_new", "macro_removal"]

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def macro_list(request: HttpRequest) -> HttpResponse:
    """List the macros a person may apply, the most used first."""
    _refuse_unless_keeper(request)
    actor = actor_of(request)
    rows = [
        (row, action_sentences(row.settings.actions), row.is_own or rules.may_share_macros(actor))
        for row in queries.macros_of(actor)
    ]
    return render(request, "rules/macros.html", {"rows": rows})


@require_http_methods(METHODS)
def macro_new(request: HttpRequest) -> HttpResponse:
    """Keep a new macro."""
    _refuse_unless_keeper(request)
    return _form(request, None)


@require_http_methods(METHODS)
def macro_form(request: HttpRequest, macro_id: int) -> HttpResponse:
    """Change a kept macro."""
    _refuse_unless_keeper(request)
    return _form(request, queries.macro_of(actor_of(request), macro_id=macro_id))


@require_POST
def macro_removal(request: HttpRequest, macro_id: int) -> HttpResponse:
    """Throw a kept macro away."""
    services.delete_macro(macro_id=macro_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The macro is gone."))
    return redirect("macro_list", workspace=workspace_of(request).key)


def _form(request: HttpRequest, row: MacroRow | None) -> HttpResponse:
    actor, act, status, problems = actor_of(request), request.POST.get("act", ""), 200, dict[str, Any]()
    is_posted = request.method == "POST"
    drafts: tuple[ActionDraft, ...] = (
        actions_acted(actions_posted(request.POST), act)
        if is_posted
        else actions_drafted(row.settings.actions)
        if row
        else ()
    )
    name = request.POST.get("name", "") if is_posted else row.settings.name if row else ""
    is_shared = "is_shared" in request.POST if is_posted else bool(row and row.settings.is_shared)
    if act == "keep":
        said = MacroSettings(name=name, actions=actions_of(drafts), is_shared=is_shared)
        try:
            services.save_macro(macro_id=row.id if row else None, settings=said, actor=actor, at=clock.now())
        except Refusal as refusal:
            problems, status = dict(refusal.fields) or {"": refusal.message}, refusal.status
        else:
            messages.success(request, _("The macro is kept."))
            answer = redirect("macro_list", workspace=workspace_of(request).key)
            return HttpResponseClientRedirect(answer.url) if request.htmx else answer  # type: ignore[attr-defined]
    context = {
        "row": row,
        "name": name,
        "is_shared": is_shared,
        "may_share": rules.may_share_macros(actor),
        "actions": actions_shown(drafts, viewer=actor),
        "problems": problems,
    }
    template = "rules/macro.html#editor" if request.htmx else "rules/macro.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_keep_own_macros(actor_of(request)):
        raise MayNotKeepMacros(_("Your role does not change cases, so it keeps no macros."))
