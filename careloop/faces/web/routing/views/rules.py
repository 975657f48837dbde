"""Which cases go into which queue: rules in the order in which they are asked."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.queues import queries, rules
from careloop.domains.queues.errors import RuleNotFound
from careloop.domains.queues.services import move_rule, remove_rule
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import RuleRow, RuleSettings
from careloop.domains.workforce.queries import skills_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.desk.editing import UNIT_LABELS
from careloop.faces.web.desk.offering import rows_shown
from careloop.faces.web.routing.queue_forms import level_choices
from careloop.faces.web.routing.rule_drafts import RuleDraft, rule_draft_of, rule_draft_posted
from careloop.faces.web.routing.views.queues import refuse_unless_reader
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.processes.routing import keeping

__all__ = ["rule_form", "rule_new", "rule_place", "rule_removal"]

METHODS: Final = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def rule_new(request: HttpRequest) -> HttpResponse:
    """Say which cases go into a queue."""
    return _form(request, None)


@require_http_methods(METHODS)
def rule_form(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Show a rule, and change it."""
    actor = actor_of(request)
    row = next((one for one in queries.rules_of(actor) if one.id == rule_id), None)
    if row is None:
        raise RuleNotFound(_("There is no such rule."))
    return _form(request, row)


@require_POST
def rule_place(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Ask a rule earlier or later than others."""
    position = chosen(request.POST, "place")
    move_rule(rule_id=rule_id, position=position, actor=actor_of(request), at=clock.now())
    return redirect("admin_queues", workspace=workspace_of(request).key)


@require_POST
def rule_removal(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Ask a rule no more."""
    remove_rule(rule_id=rule_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The rule is gone. What waits because of it stays where it is."))
    return redirect("admin_queues", workspace=workspace_of(request).key)


def _form(request: HttpRequest, row: RuleRow | None) -> HttpResponse:
    actor, act, status, problems = actor_of(request), request.POST.get("act", ""), 200, dict[str, Any]()
    refuse_unless_reader(actor)
    skills = skills_of(actor)
    if request.method == "POST":
        draft = rule_draft_posted(request.POST, skill_ids=[skill.id for skill in skills]).acted(act)
    else:
        draft = rule_draft_of(row.settings if row is not None else None)
    if act == "keep":
        settings, problems = draft.settings()
        try:
            if not problems:
                return _kept(request, row, settings)
        except Refusal as refusal:
            problems, status = dict(refusal.fields) or {"": refusal.message}, refusal.status
        status = 422 if problems and status == 200 else status
    context = {
        "row": row,
        "draft": draft,
        "problems": problems,
        "may_keep": rules.may_keep_queues(actor),
        **_choices(actor, draft),
        "needs": [(f"need_{skill.id}", skill.name, draft.needs.get(skill.id, "")) for skill in skills],
    }
    template = "routing/rule.html#editor" if request.htmx else "routing/rule.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _kept(request: HttpRequest, row: RuleRow | None, settings: RuleSettings) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    if row is None:
        keeping.make_rule(settings=settings, actor=actor, at=at)
    else:
        keeping.change_rule(rule_id=row.id, settings=settings, actor=actor, at=at)
    messages.success(request, _("Cases that come from now on go by this rule."))
    answer = redirect("admin_queues", workspace=workspace_of(request).key)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer  # type: ignore[attr-defined]


def _choices(actor: Actor, draft: RuleDraft) -> dict[str, Any]:
    return {
        "queues": [
            (str(one.id), one.settings.name) for one in queries.queues_of(actor) if Kind.CASE in one.settings.kinds
        ],
        "rows": rows_shown(list(draft.rows), viewer=actor),
        "join": draft.join,
        "fields": [(field.name, _(field.label)) for field in REGISTRY],
        "units": list(UNIT_LABELS.items()),
        "levels": [(str(value), label) for value, label in level_choices()],
    }
