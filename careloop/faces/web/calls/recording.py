"""The recording of a call: consent, pauses, and the way to it. The telephone system is asked outside any transaction."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from careloop.domains.calls import services
from careloop.domains.calls.states import Consent
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.calls.answers import acted
from careloop.faces.web.calls.pages import render_call
from careloop.kernel import clock
from careloop.processes.calling import pause_recording, resume_recording, say_consent

__all__ = ["consent", "opening", "pause", "resumption"]


@opens_own_scope
@require_POST
def consent(request: HttpRequest, call_id: int) -> HttpResponse:
    """Note whether the caller agrees to be recorded."""
    said = request.POST.get("consent", "")
    if said not in {Consent.ASKED, Consent.GIVEN, Consent.REFUSED}:
        return HttpResponse(status=400)

    def act() -> None:
        say_consent(workspace_id=workspace_of(request).id, call_id=call_id, consent=said, actor=actor_of(request))

    return acted(request, call_id, act, _("It is noted what the caller says to being recorded."))


@opens_own_scope
@require_POST
def pause(request: HttpRequest, call_id: int) -> HttpResponse:
    """Pause the recording."""

    def act() -> None:
        pause_recording(workspace_id=workspace_of(request).id, call_id=call_id, actor=actor_of(request))

    return acted(request, call_id, act, _("The recording is paused."))


@opens_own_scope
@require_POST
def resumption(request: HttpRequest, call_id: int) -> HttpResponse:
    """Resume the recording."""

    def act() -> None:
        resume_recording(workspace_id=workspace_of(request).id, call_id=call_id, actor=actor_of(request))

    return acted(request, call_id, act, _("The recording goes on."))


@require_POST
def opening(request: HttpRequest, call_id: int) -> HttpResponse:
    """Show where the recording is heard; the log knows who was told."""
    url = services.open_recording(call_id=call_id, actor=actor_of(request), at=clock.now())
    answer = render_call(request, call_id, recording_url=url)
    answer["Cache-Control"] = "no-store"
    return answer
