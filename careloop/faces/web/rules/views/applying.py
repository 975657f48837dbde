"""Macros on a case: what each would do, and doing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.automation import rules
from careloop.domains.automation.errors import MayNotKeepMacros
from careloop.domains.cases.queries import case_of_number
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.letters import html_words
from careloop.faces.web.rules.wording import action_sentences
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal
from careloop.processes.automation import apply_macro, preview

__all__ = ["case_macro", "case_macros"]


@require_safe
def case_macros(request: HttpRequest, number: int) -> HttpResponse:
    """Show the macros with what each would do to the case."""
    return _page(request, number, None)


@require_POST
def case_macro(request: HttpRequest, number: int, macro_id: int) -> HttpResponse:
    """Apply a macro to the case, all of it or nothing."""
    actor = actor_of(request)
    detail = case_of_number(number=number, viewer=actor)
    try:
        apply_macro(macro_id=macro_id, case_id=detail.row.id, actor=actor, at=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, number, refusal)
    messages.success(request, _("The macro is applied."))
    return redirect("case", workspace=workspace_of(request).key, number=number)


def _page(request: HttpRequest, number: int, refusal: Refusal | None) -> HttpResponse:
    actor = actor_of(request)
    detail = case_of_number(number=number, viewer=actor)
    if not rules.may_apply_macros(actor):
        raise MayNotKeepMacros(_("Your role reads cases but does not change them."))
    rows = [
        (
            one.row,
            action_sentences(one.row.settings.actions),
            html_words(one.answer, inline={}, shows_images=False) if one.answer else "",
        )
        for one in preview(case_id=detail.row.id, viewer=actor)
    ]
    context = {"case": detail.row, "rows": rows, "refusal": refusal}
    template = "rules/case_macros.html#macros" if request.htmx else "rules/case_macros.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=refusal.status if refusal else 200)
