"""What the house does by itself: rules in the order they are asked, each with its past, and what one would have touched."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.automation import queries, rules, services
from careloop.domains.automation.contacts import CONTACTS
from careloop.domains.automation.errors import MayNotMakeRules
from careloop.domains.automation.states import OF_CONTACTS, When
from careloop.domains.automation.types import RuleRow, RuleSettings
from careloop.domains.calendars.queries import calendars_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.desk.editing import UNIT_LABELS
from careloop.faces.web.desk.offering import rows_shown
from careloop.faces.web.rules.choices import actions_shown
from careloop.faces.web.rules.drafts import Draft, draft_of, draft_posted, mark_of
from careloop.faces.web.rules.gallery import TEMPLATES
from careloop.faces.web.rules.wording import as_today_words, rules_shown, runs_shown, versions_shown
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.automation import what_it_would_have_touched

__all__ = [
    "rule_form",
    "rule_gallery",
    "rule_list",
    "rule_new",
    "rule_pause",
    "rule_place",
    "rule_resumption",
    "rule_retirement",
]

METHODS: Final = ["GET", "HEAD", "POST"]
MOST_LISTED: Final = 100
NEWEST_RUNS: Final = 5


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """List the rules in the order in which they are asked, with what the last days saw of them."""
    actor = actor_of(request)
    rows = rules_shown(queries.rules_of(actor, at=clock.now()), hours=_hours(request))
    return render(request, "rules/rules.html", {"rows": rows, "may_make": rules.may_make_rules(actor)})


@require_safe
def rule_gallery(request: HttpRequest) -> HttpResponse:
    """Show rules to begin with."""
    _refuse_unless_maker(request)
    return render(request, "rules/gallery.html", {"templates": TEMPLATES})


@require_http_methods(METHODS)
def rule_new(request: HttpRequest) -> HttpResponse:
    """Make a rule, from nothing or from a template."""
    _refuse_unless_maker(request)
    key = request.GET.get("template", "")
    template = next((one for one in TEMPLATES if one.key == key), None)
    if key and template is None:
        raise Http404
    return _form(request, None, template.begun() if template else Draft())


@require_http_methods(METHODS)
def rule_form(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Show a rule with its past and its newest runs, and change it."""
    row = queries.rule_of(actor_of(request), rule_id=rule_id)
    if request.method == "POST":
        _refuse_unless_maker(request)
    return _form(request, row, draft_of(row.settings))


@require_POST
def rule_place(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Ask a rule earlier or later than others."""
    place = chosen(request.POST, "place")
    services.move_rule(rule_id=rule_id, position=place, actor=actor_of(request), at=clock.now())
    return redirect("admin_rules", workspace=workspace_of(request).key)


@require_POST
def rule_pause(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Let a rule rest."""
    services.pause_rule(rule_id=rule_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The rule rests. It makes up for nothing when it is resumed."))
    return redirect("admin_rule", workspace=workspace_of(request).key, rule_id=rule_id)


@require_POST
def rule_resumption(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Let a rule act again."""
    services.resume_rule(rule_id=rule_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The rule acts again, on what happens from now on."))
    return redirect("admin_rule", workspace=workspace_of(request).key, rule_id=rule_id)


@require_POST
def rule_retirement(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take a rule out of use."""
    services.retire_rule(rule_id=rule_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The rule is out of use. What it did stays in the log."))
    return redirect("admin_rules", workspace=workspace_of(request).key)


def _form(request: HttpRequest, row: RuleRow | None, begun: Draft) -> HttpResponse:
    act, status, problems = request.POST.get("act", ""), 200, dict[str, Any]()
    draft = draft_posted(request.POST).acted(act) if request.method == "POST" else begun
    shown: dict[str, Any] = {}
    if act in {"try", "keep"}:
        said, problems = draft.settings()
        is_seen = request.POST.get("seen") == mark_of(said)
        try:
            if not problems and act == "keep" and is_seen:
                return _kept(request, row, said)
            if not problems:
                shown = _tried(request, said)
        except Refusal as refusal:
            problems, status = dict(refusal.fields) or {"": refusal.message}, refusal.status
        status = 422 if problems and status == 200 else status
    context = {**_choices(request, draft), "row": row, "draft": draft, "problems": problems, **shown}
    if row is not None:
        context |= _past(request, row)
    template = "rules/rule.html#editor" if request.htmx else "rules/rule.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _tried(request: HttpRequest, said: RuleSettings) -> dict[str, Any]:
    trial = what_it_would_have_touched(settings=said, viewer=actor_of(request), at=clock.now())
    return {
        "trial": trial,
        "touched": trial.touched[:MOST_LISTED],
        "more": max(0, len(trial.touched) - MOST_LISTED),
        "as_today": as_today_words(trial.as_today),
        "seen": mark_of(said),
    }


def _kept(request: HttpRequest, row: RuleRow | None, said: RuleSettings) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    if row is None:
        services.make_rule(settings=said, actor=actor, at=at)
        messages.success(request, _("The rule acts from now on."))
    else:
        services.change_rule(rule_id=row.id, settings=said, actor=actor, at=at)
        messages.success(request, _("The rule does this from now on. What it did before stays in the log."))
    answer = redirect("admin_rules", workspace=workspace_of(request).key)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer  # type: ignore[attr-defined]


def _past(request: HttpRequest, row: RuleRow) -> dict[str, Any]:
    viewer, hours = actor_of(request), _hours(request)
    newest = queries.runs_of(viewer, rule_id=row.id, limit=NEWEST_RUNS)
    return {
        "said": rules_shown([row], hours=hours)[0].said,
        "versions": versions_shown(queries.versions_of(viewer, rule_id=row.id), hours=hours),
        "runs": runs_shown(newest.items, viewer=viewer),
        "has_more_runs": newest.next_cursor is not None,
    }


def _choices(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    viewer = actor_of(request)
    return {
        "may_make": rules.may_make_rules(viewer),
        "whens": [_when(one, draft) for one in When if one not in OF_CONTACTS],
        "contact_whens": [_when(one, draft) for one in When if one in OF_CONTACTS],
        "timings": [("now", _("At once")), ("later", _("After a while, if the conditions hold then"))],
        "calendars": [("", _("Around the clock")), *((str(key), name) for key, name in _hours(request).items())],
        "rows": rows_shown(list(draft.rows), viewer=viewer),
        "join": draft.join,
        "fields": [(field.name, _(field.label)) for field in draft.registry],
        "is_of_contacts": draft.registry is CONTACTS,
        "units": list(UNIT_LABELS.items()),
        "actions": actions_shown(draft.actions, viewer=viewer),
    }


def _when(one: When, draft: Draft) -> tuple[str, str | Promise, bool]:
    return one.value, one.label, one.value in draft.when


def _hours(request: HttpRequest) -> Mapping[int, str]:
    return {row.id: row.settings.name for row in calendars_of(actor_of(request))}


def _refuse_unless_maker(request: HttpRequest) -> None:
    if not rules.may_make_rules(actor_of(request)):
        raise MayNotMakeRules(_("Only an owner or a manager can say what the house does by itself."))
