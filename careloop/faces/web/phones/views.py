"""Administration: the workspace's telephone systems."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.people.queries import people_choices
from careloop.domains.telephony import queries, rules, services
from careloop.domains.telephony.errors import MayNotKeepPhones
from careloop.domains.telephony.reasons import trouble
from careloop.domains.telephony.types import PbxRow, PbxState
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.phones.forms import PhoneForm, ToldPhoneForm
from careloop.faces.web.refusals import refused
from careloop.faces.web.saving import saved_or_shown
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.phone_trial import try_pbx

__all__ = [
    "checks",
    "opening",
    "pause",
    "people",
    "phone_list",
    "phone_new",
    "phone_new_told",
    "phone_page",
    "phone_settings",
]

FRESH: Final = {"port": 5039, "security": "tls", "phone_channel": "PJSIP/{extension}", "plus": "00"}
SILENT_FOR: Final = timedelta(minutes=1)
TONES: Final = {PbxState.LIVE: "solved", PbxState.PAUSED: "waiting", PbxState.TRYING: "new"}


@require_safe
def phone_list(request: HttpRequest) -> HttpResponse:
    """List the telephone systems and how they fare."""
    _refuse_unless_keeper(request)
    at = clock.now()
    return render(request, "phones/list.html", {"rows": [_facts(one, at=at) for one in queries.pbxes()]})


@require_http_methods(["GET", "HEAD", "POST"])
def phone_new(request: HttpRequest) -> HttpResponse:
    """Ask for everything that a telephone system needs."""
    _refuse_unless_keeper(request)
    said = _("The telephone system is here, on trial: nothing is kept yet. Check it now.")
    return _added(request, PhoneForm(request.POST or None, initial=FRESH), said)


@require_http_methods(["GET", "HEAD", "POST"])
def phone_new_told(request: HttpRequest) -> HttpResponse:
    """Ask for the name of a telephone system that tells of its calls through the API."""
    _refuse_unless_keeper(request)
    said = _("The telephone system is here, on trial: nothing is kept yet. Let it tell something now.")
    return _added(request, ToldPhoneForm(request.POST or None), said)


@require_safe
def phone_page(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """Show one telephone system, and what can be tried or done with it."""
    _refuse_unless_keeper(request)
    return render(request, "phones/phone.html", _page(request, pbx_id))


@require_http_methods(["GET", "HEAD", "POST"])
def phone_settings(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """Show and change a telephone system's settings."""
    _refuse_unless_keeper(request)
    row = queries.pbx(pbx_id)
    kind = ToldPhoneForm if row.is_told else PhoneForm
    form = kind(request.POST or None, initial=kind.about(row))

    def save() -> HttpResponse:
        services.change_pbx(pbx_id=pbx_id, settings=form.settings(), actor=actor_of(request), at=clock.now())
        checked = _("Saved. Check the connection, so that nothing is missed unnoticed.")
        messages.success(request, _("Saved.") if row.is_told else checked)
        return _back(request, pbx_id)

    return saved_or_shown(request, form, "phones/settings.html", {"pbx": row}, save=save)


@opens_own_scope
@require_POST
def checks(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """Sign in, ask how the queues stand, and say how it went. The network is asked outside any transaction."""
    workspace_id = workspace_of(request).id
    try:
        trial = try_pbx(workspace_id=workspace_id, pbx_id=pbx_id, actor=actor_of(request))
    except Refusal as refusal:
        with workspace_scope(workspace_id):
            return refused(request, refusal)
    told = {"trial": trial, "problem": trouble(trial.trouble) if trial.trouble else ""}
    with workspace_scope(workspace_id):
        if getattr(request, "htmx", False):
            return render(request, "phones/phone.html#check", told)
        return render(request, "phones/phone.html", {**_page(request, pbx_id), **told})


@require_POST
def opening(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """Listen to a telephone system from now on."""
    services.go_live(pbx_id=pbx_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The telephone system is live. Its queues stand on the wallboard within a minute."))
    return _back(request, pbx_id)


@require_POST
def pause(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """Listen to a telephone system no more until it goes live again."""
    services.pause_pbx(pbx_id=pbx_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The telephone system is paused. What happens on it meanwhile is not counted."))
    return _back(request, pbx_id)


@require_POST
def people(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """Say who the agents of a telephone system are."""
    _refuse_unless_keeper(request)
    for seat in queries.seats(queries.pbx(pbx_id).id):
        given = request.POST.get(f"seat-{seat.id}")
        if given is not None:
            user_id = int(given) if given.isdecimal() else None
            services.seat_person(
                pbx_id=pbx_id,
                seat_id=seat.id,
                user_id=user_id,
                extension=request.POST.get(f"extension-{seat.id}"),
                actor=actor_of(request),
                at=clock.now(),
            )
    messages.success(request, _("Saved. Their calls stand under their names."))
    return _back(request, pbx_id)


def _added(request: HttpRequest, form: PhoneForm | ToldPhoneForm, said: str) -> HttpResponse:
    """Add what the form says, or ask again. said: what is said afterwards."""

    def save() -> HttpResponse:
        pbx_id = services.add_pbx(settings=form.settings(), actor=actor_of(request), at=clock.now())
        messages.success(request, said)
        return _back(request, pbx_id)

    context = {"is_told": isinstance(form, ToldPhoneForm)}
    return saved_or_shown(request, form, "phones/settings.html", context, save=save)


def _page(request: HttpRequest, pbx_id: int) -> dict[str, object]:
    chosen = [("", _("Nobody of ours")), *((str(key), name) for key, name, _role in people_choices(actor_of(request)))]
    return {
        "row": _facts(queries.pbx(pbx_id), at=clock.now()),
        "seats": queries.seats(pbx_id),
        "people": chosen,
        "address": f"{settings.PUBLIC_URL.rstrip('/')}/api/v1/phones/{pbx_id}/call-events",
    }


def _facts(row: PbxRow, *, at: datetime) -> dict[str, object]:
    """Return a telephone system as pages show it."""
    code, _colon, detail = row.last_error.partition(": ")
    is_live = row.state == PbxState.LIVE
    return {
        "pbx": row,
        "state": PbxState(row.state).label,
        "tone": TONES[PbxState(row.state)],
        "is_live": is_live,
        "is_heard": bool(is_live and row.connected_at and row.heard_at and at - row.heard_at < SILENT_FOR),
        "trouble": trouble(code) if row.failing_since else "",
        "trouble_detail": detail,
    }


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_keep_phones(actor_of(request)):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))


def _back(request: HttpRequest, pbx_id: int) -> HttpResponse:
    return redirect("admin_phone", workspace=workspace_of(request).key, pbx_id=pbx_id)
