"""Where a person is signed in, and what happened to their account."""

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.people.events import SessionsEnded
from careloop.domains.people.services import note_on_account
from careloop.faces.web.access.devices import device_name
from careloop.faces.web.access.wordings import worded
from careloop.faces.web.actors import account_actor_of
from careloop.kernel import clock
from careloop.kernel.events import history, subject
from careloop.kernel.scope import operation_scope

__all__ = ["other_sessions_end", "session_end", "session_list"]

RECENT = 20


@require_safe
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    """List the devices that are signed in, and the newest events of the account."""
    person_id = account_actor_of(request).id
    sessions = sorted(UserSession.objects.purge_and_list(request.user), key=lambda one: one.last_seen_at, reverse=True)
    with operation_scope():
        recent = worded(history([subject("user", person_id)], limit=RECENT))
    devices = [(one, device_name(one.user_agent)) for one in sessions]
    return render(request, "access/sessions.html", {"devices": devices, "recent": recent})


@require_POST
@login_required
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one device."""
    chosen = list(UserSession.objects.filter(pk=session_id, user_id=account_actor_of(request).id))
    if not chosen:
        raise Http404
    _note(request, len(chosen))
    end_sessions(request, chosen)
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


@require_POST
@login_required
def other_sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out every device but this one."""
    others = UserSession.objects.filter(user_id=account_actor_of(request).id).exclude(
        session_key=request.session.session_key
    )
    _note(request, others.count())
    end_other_sessions(request, request.user)
    messages.success(request, _("All other devices are signed out."))
    return redirect("usersessions_list")


def _note(request: HttpRequest, session_count: int) -> None:
    actor = account_actor_of(request)
    with operation_scope():
        note_on_account(
            SessionsEnded(
                subject=subject("user", actor.id), actor=str(actor), at=clock.now(), session_count=session_count
            )
        )
