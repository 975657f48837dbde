"""What is promised: policies in the order they are asked, each with its past, and what a change would have changed."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.calendars.queries import calendars_of
from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import Priority
from careloop.domains.commitments import queries, rules, services
from careloop.domains.commitments.errors import MayNotPromise
from careloop.domains.commitments.services.policies import OURS
from careloop.domains.commitments.states import PROMISED, About, Measure, Whom
from careloop.domains.commitments.trying import (
    what_moving_would_change,
    what_retiring_would_change,
    what_would_change,
)
from careloop.domains.commitments.types import USUAL, Escalation, PolicyRow, PolicySettings
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.desk.editing import UNIT_LABELS
from careloop.faces.web.desk.offering import rows_for_all
from careloop.faces.web.promises.drafts import Draft, about_asked, draft_of, draft_posted, mark_of, registry_of
from careloop.faces.web.promises.wording import policies_shown, trial_shown, versions_shown
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["policy_form", "policy_list", "policy_new", "policy_place", "policy_retirement"]

METHODS = ["GET", "HEAD", "POST"]
PERIODS: Final = ((7, gettext_lazy("7 days")), (30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")))
PAUSING: Final = (Category.NEW, Category.OPEN, Category.WAITING)
HINTS: Final = {
    Measure.WAIT: gettext_lazy(
        "From the moment in which a visitor begins to wait until somebody joins the chat. Who leaves before the time "
        "is over is not counted; who leaves later waited too long. Only people on duty are told."
    )
}
"""What is to be known before one promises it."""
HINT_OF_CALLS: Final = gettext_lazy(
    "Each time a caller comes into a queue of the telephone system, until somebody answers. Who leaves before the time is over "
    "is not counted; who leaves later waited too long. Only people on duty are told."
)
OF_QUEUES: Final = (Whom.LEADS, Whom.MANAGERS)
"""Who can be told of callers: nobody has a call that waits."""
USUAL_OF_CALLS: Final = (Escalation(share=0.75, tell=(Whom.LEADS,)), Escalation(share=1.0, tell=OF_QUEUES))


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    """List the policies in the order in which they are asked."""
    _refuse_unless_keeper(request)
    rows = policies_shown(queries.policies_of(actor_of(request)), hours=_hours(request))
    return render(request, "promises/policies.html", {"rows": rows})


@require_http_methods(METHODS)
def policy_new(request: HttpRequest) -> HttpResponse:
    """Promise something new."""
    _refuse_unless_keeper(request)
    hours, about = calendars_of(actor_of(request)), about_asked(request.GET)
    steps = USUAL if about is About.CASES else USUAL_OF_CALLS
    begin = PolicySettings(name="", about=about, targets={}, calendar_id=hours[0].id if hours else None, steps=steps)
    return _form(request, None, begin)


@require_http_methods(METHODS)
def policy_form(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Show a policy with its past, and change it."""
    _refuse_unless_keeper(request)
    row = queries.policy_of(actor_of(request), policy_id=policy_id)
    return _form(request, row, row.settings)


@require_http_methods(METHODS)
def policy_place(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Show what it would have changed to ask a policy earlier or later than others, and do it."""
    _refuse_unless_keeper(request)
    viewer, now = actor_of(request), clock.now()
    if request.method != "POST":
        place = chosen(request.GET, "place")
        row = queries.policy_of(viewer, policy_id=policy_id)
        trial = what_moving_would_change(
            policy_id=policy_id, position=place, viewer=viewer, at=now, days=_days(request.GET)
        )
        context = {
            "row": row,
            "place": place,
            "is_up": place < row.position,
            "trial": trial_shown(trial, viewer=viewer),
        }
        return render(request, "promises/step.html", {**context, "periods": PERIODS, "days": _days(request.GET)})
    services.move_policy(policy_id=policy_id, position=chosen(request.POST, "place"), actor=viewer, at=now)
    return redirect("admin_policies", workspace=workspace_of(request).key)


@require_http_methods(METHODS)
def policy_retirement(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Show what it would have changed to promise nothing by a policy, and promise nothing more by it."""
    _refuse_unless_keeper(request)
    viewer = actor_of(request)
    if request.method != "POST":
        row = queries.policy_of(viewer, policy_id=policy_id)
        trial = what_retiring_would_change(policy_id=policy_id, viewer=viewer, at=clock.now(), days=_days(request.GET))
        context = {"row": row, "place": None, "trial": trial_shown(trial, viewer=viewer)}
        return render(request, "promises/step.html", {**context, "periods": PERIODS, "days": _days(request.GET)})
    services.retire_policy(policy_id=policy_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("Nothing more is promised by this policy. What was promised stays promised."))
    return redirect("admin_policies", workspace=workspace_of(request).key)


def _form(request: HttpRequest, row: PolicyRow | None, settings: PolicySettings) -> HttpResponse:
    act, status, problems = request.POST.get("act", ""), 200, dict[str, Any]()
    about = about_asked(request.POST) if row is None else settings.about
    is_posted = request.method == "POST"
    draft = draft_posted(request.POST, about=about).acted(act) if is_posted else draft_of(settings)
    shown: dict[str, Any] = {}
    if act in {"try", "keep"}:
        said, problems = draft.settings()
        is_seen = request.POST.get("seen") == mark_of(said)
        try:
            if not problems and act == "keep" and is_seen:
                return _kept(request, row, said)
            if not problems:
                shown = _tried(request, row, said)
        except Refusal as refusal:
            problems, status = dict(refusal.fields) or {"": refusal.message}, refusal.status
        status = 422 if problems and status == 200 else status
    context = {**_choices(request, draft), "row": row, "draft": draft, "problems": problems, **shown}
    if row is not None:
        versions = queries.versions_of(actor_of(request), policy_id=row.id)
        context["versions"] = versions_shown(versions, hours=_hours(request))
    template = "promises/policy.html#editor" if request.htmx else "promises/policy.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _tried(request: HttpRequest, row: PolicyRow | None, said: PolicySettings) -> dict[str, Any]:
    trial = what_would_change(
        policy_id=row.id if row else None,
        settings=said,
        viewer=actor_of(request),
        at=clock.now(),
        days=_days(request.POST),
    )
    return {"trial": trial_shown(trial, viewer=actor_of(request)), "seen": mark_of(said)}


def _kept(request: HttpRequest, row: PolicyRow | None, said: PolicySettings) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    if row is None:
        services.make_policy(settings=said, actor=actor, at=at)
        messages.success(request, _("This is promised from now on."))
    else:
        services.change_policy(policy_id=row.id, settings=said, actor=actor, at=at)
        messages.success(request, _("This is promised from now on. Clocks that run keep what they were promised."))
    answer = redirect("admin_policies", workspace=workspace_of(request).key)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer  # type: ignore[attr-defined]


def _choices(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    offered, is_of_calls = dict(Priority.choices), draft.about is About.CALLS
    return {
        "is_of_calls": is_of_calls,
        "about": draft.about.value,
        "calendars": _calendars(_hours(request), chosen=draft.calendar),
        "measures": [
            (
                measure.label,
                HINT_OF_CALLS if is_of_calls else HINTS.get(measure, ""),
                (f"level-{measure.value}", draft.levels.get(measure.value, "")),
                [
                    (
                        f"time-{measure.value}-{priority}",
                        _("Within") if is_of_calls else offered[priority],
                        draft.times.get((measure.value, priority), ""),
                    )
                    for priority in ([Priority.NORMAL] if is_of_calls else sorted(offered, reverse=True))
                ],
            )
            for measure in ([Measure.WAIT] if is_of_calls else PROMISED)
        ],
        "pauses": [(one.value, REGISTRY["category"].choices[one.value], one.value in draft.pauses) for one in PAUSING],
        "steps": [
            (
                key,
                step,
                [(whom.value, whom.label, whom.value in step.tell) for whom in (OF_QUEUES if is_of_calls else Whom)],
            )
            for key, step in enumerate(draft.steps)
        ],
        "priorities": [(str(key), label) for key, label in offered.items()],
        "rows": rows_for_all(list(draft.rows), viewer=actor_of(request)),
        "join": draft.join,
        "fields": [(field.name, _(field.label)) for field in registry_of(draft.about) if field.name not in OURS],
        "units": list(UNIT_LABELS.items()),
        "periods": PERIODS,
        "days": _days(request.POST),
    }


def _calendars(hours: Mapping[int, str], *, chosen: str) -> list[tuple[str, str]]:
    """Return the hours that can be chosen; those chosen before they went out of use stand there, too, and are refused."""
    offered = [("", _("Around the clock")), *((str(key), name) for key, name in hours.items())]
    return offered if chosen in dict(offered) else [*offered, (chosen, _("Hours out of use"))]


def _hours(request: HttpRequest) -> Mapping[int, str]:
    return {row.id: row.settings.name for row in calendars_of(actor_of(request))}


def _days(given: QueryDict) -> int:
    asked = given.get("days", "")
    return next((days for days, _label in PERIODS if str(days) == asked), 30)


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_promise(actor_of(request)):
        raise MayNotPromise(_("Only an owner or a manager can say what is promised."))
