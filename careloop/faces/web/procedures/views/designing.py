"""The designer: procedures with their versions, written without code and tried on past cases before they are published."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.people.queries import people_choices
from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.procedures import queries, rules, services
from careloop.domains.procedures.approvers import APPROVING
from careloop.domains.procedures.errors import MayNotMakeProcedures
from careloop.domains.procedures.states import Begins, Climb, FieldKind, StepKind, Whom
from careloop.domains.procedures.types import ProcedureRow, ProcedureSettings
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.desk.editing import UNIT_LABELS
from careloop.faces.web.desk.offering import rows_shown
from careloop.faces.web.procedures.drafts import Draft, draft_of, draft_posted
from careloop.faces.web.procedures.wording import procedures_shown, said, versions_shown
from careloop.faces.web.rules.wording import as_today_words
from careloop.kernel import clock
from careloop.kernel.actors import Role
from careloop.kernel.errors import Refusal
from careloop.processes.procedures import what_would_have_begun
from careloop.ui.moments import length

__all__ = ["procedure_form", "procedure_list", "procedure_new", "procedure_retirement"]

METHODS: Final = ["GET", "HEAD", "POST"]
MOST_LISTED: Final = 50


@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    """List the procedures in use, with how many cases are in each."""
    actor = actor_of(request)
    rows = procedures_shown(queries.procedures_of(actor))
    return render(request, "procedures/procedures.html", {"rows": rows, "may_make": rules.may_make(actor)})


@require_http_methods(METHODS)
def procedure_new(request: HttpRequest) -> HttpResponse:
    """Write a procedure."""
    _refuse_unless_maker(request)
    return _form(request, None, Draft())


@require_http_methods(METHODS)
def procedure_form(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Show a procedure with its versions, and write the next one."""
    row = queries.procedure_of(actor_of(request), procedure_id=procedure_id)
    if request.method == "POST":
        _refuse_unless_maker(request)
    return _form(request, row, draft_of(row.settings))


@require_POST
def procedure_retirement(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Take a procedure out of use."""
    services.retire_procedure(procedure_id=procedure_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The procedure is out of use. Cases that are in it go through it to the end."))
    return redirect("admin_procedures", workspace=workspace_of(request).key)


def _form(request: HttpRequest, row: ProcedureRow | None, begun: Draft) -> HttpResponse:
    act, status, problems = request.POST.get("act", ""), 200, dict[str, Any]()
    draft = draft_posted(request.POST).acted(act) if request.method == "POST" else begun
    shown: dict[str, Any] = {}
    if act in {"try", "publish"}:
        settings, problems = draft.settings()
        try:
            if settings is not None and act == "publish":
                return _published(request, row, settings)
            if settings is not None:
                shown = _tried(request, settings)
        except Refusal as refusal:
            problems, status = dict(refusal.fields) or {"": refusal.message}, refusal.status
        status = 422 if problems and status == 200 else status
    context = {**_choices(request, draft), "row": row, "draft": draft, "problems": problems, **shown}
    if row is not None:
        context |= {
            "said": said(row.settings),
            "versions": versions_shown(queries.versions_of(actor_of(request), procedure_id=row.id)),
        }
    template = "procedures/procedure.html#editor" if request.htmx else "procedures/procedure.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _tried(request: HttpRequest, settings: ProcedureSettings) -> dict[str, Any]:
    trial = what_would_have_begun(settings=settings, viewer=actor_of(request), at=clock.now())
    return {
        "trial": trial,
        "preview": said(settings),
        "begun": trial.cases[:MOST_LISTED],
        "more": max(0, len(trial.cases) - MOST_LISTED),
        "usual": length(int(trial.median_open_seconds)) if trial.median_open_seconds is not None else "",
        "as_today": as_today_words(trial.as_today),
    }


def _published(request: HttpRequest, row: ProcedureRow | None, settings: ProcedureSettings) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    if row is None:
        services.make_procedure(settings=settings, actor=actor, at=at)
        messages.success(request, _("The procedure is published. Cases can begin it from now on."))
    else:
        services.change_procedure(procedure_id=row.id, settings=settings, actor=actor, at=at)
        messages.success(request, _("The new version is published. Cases that are in the procedure stay in theirs."))
    answer = redirect("admin_procedures", workspace=workspace_of(request).key)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer  # type: ignore[attr-defined]


def _choices(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    viewer = actor_of(request)
    return {
        "may_make": rules.may_make(viewer),
        "begins": Begins.choices,
        "kinds": StepKind.choices,
        "field_kinds": FieldKind.choices,
        "whoms": Whom.choices,
        "climbs": Climb.choices,
        "roles": [(role.value, label) for role, label in ROLE_LABELS.items() if role in APPROVING],
        "people": [(str(user_id), name) for user_id, name, role in people_choices(viewer) if Role(role) in APPROVING],
        "stages": [(stage, [(step, draft.counted(step.key)) for step in stage.steps]) for stage in draft.stages],
        "rows": rows_shown(list(draft.rows), viewer=viewer),
        "join": draft.join,
        "fields": [(field.name, _(field.label)) for field in REGISTRY],
        "units": list(UNIT_LABELS.items()),
    }


def _refuse_unless_maker(request: HttpRequest) -> None:
    if not rules.may_make(actor_of(request)):
        raise MayNotMakeProcedures(_("Only an owner or a manager can say what must be done properly."))
