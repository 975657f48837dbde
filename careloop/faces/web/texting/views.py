"""Administration: the numbers that customers send text messages to."""

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.channels import queries, rules, services
from careloop.domains.channels.errors import MailNotFound, MayNotKeepMailboxes
from careloop.domains.channels.reasons import text_reason, text_trouble
from careloop.domains.channels.types import HookRow, MessengerRow, MessengerState
from careloop.domains.people.queries import team_choices
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.refusals import refused
from careloop.faces.web.saving import saved_or_shown
from careloop.faces.web.texting.forms import TextNumberForm
from careloop.gateways.texting import Unusable, read_text
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.texting import try_messenger

__all__ = [
    "checks",
    "discarding",
    "opening",
    "pause",
    "retry",
    "text_list",
    "text_new",
    "text_page",
    "text_settings",
]

TONES: Final = {MessengerState.LIVE: "solved", MessengerState.PAUSED: "waiting", MessengerState.TRYING: "new"}
MOST_WAITING: Final = 100


@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """List the numbers and how they fare."""
    _refuse_unless_keeper(request)
    return render(request, "texting/list.html", {"rows": [_facts(one) for one in queries.messengers()]})


@require_http_methods(["GET", "HEAD", "POST"])
def text_new(request: HttpRequest) -> HttpResponse:
    """Ask for everything that a number needs."""
    _refuse_unless_keeper(request)
    form = TextNumberForm(request.POST or None, teams=team_choices(actor_of(request)))

    def save() -> HttpResponse:
        messenger_id = services.add_messenger(settings=form.settings(), actor=actor_of(request), at=clock.now())
        messages.success(request, _("The number is here, on trial: what comes waits, nothing is sent."))
        return _back(request, messenger_id)

    return saved_or_shown(request, form, "texting/settings.html", {}, save=save)


@require_safe
def text_page(request: HttpRequest, messenger_id: int) -> HttpResponse:
    """Show one number, and what can be tried or done with it."""
    _refuse_unless_keeper(request)
    return render(request, "texting/number.html", _page(request, messenger_id))


@require_http_methods(["GET", "HEAD", "POST"])
def text_settings(request: HttpRequest, messenger_id: int) -> HttpResponse:
    """Show and change a number's settings."""
    _refuse_unless_keeper(request)
    row = queries.messenger(messenger_id)
    form = TextNumberForm(
        request.POST or None, initial=TextNumberForm.about(row), teams=team_choices(actor_of(request))
    )

    def save() -> HttpResponse:
        services.change_messenger(
            messenger_id=messenger_id, settings=form.settings(), actor=actor_of(request), at=clock.now()
        )
        messages.success(request, _("Saved. Check the connection, so that nothing is missed unnoticed."))
        return _back(request, messenger_id)

    return saved_or_shown(request, form, "texting/settings.html", {"messenger": row}, save=save)


@opens_own_scope
@require_POST
def checks(request: HttpRequest, messenger_id: int) -> HttpResponse:
    """Ask the provider whether it lets us in, and say how it went; outside any transaction."""
    workspace_id = workspace_of(request).id
    try:
        code, detail = try_messenger(workspace_id=workspace_id, messenger_id=messenger_id, actor=actor_of(request))
    except Refusal as refusal:
        with workspace_scope(workspace_id):
            return refused(request, refusal)
    told = {"is_checked": True, "problem": text_trouble(code) if code else "", "problem_detail": detail}
    with workspace_scope(workspace_id):
        if getattr(request, "htmx", False):
            return render(request, "texting/number.html#check", told)
        return render(request, "texting/number.html", {**_page(request, messenger_id), **told})


@require_POST
def opening(request: HttpRequest, messenger_id: int) -> HttpResponse:
    """Let a number go live; what waited is read."""
    services.open_messenger(messenger_id=messenger_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The number is live. What waited becomes cases within a minute."))
    return _back(request, messenger_id)


@require_POST
def pause(request: HttpRequest, messenger_id: int) -> HttpResponse:
    """Let a number rest until it goes live again."""
    services.pause_messenger(messenger_id=messenger_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The number is paused. What comes waits, and nothing is sent."))
    return _back(request, messenger_id)


@require_POST
def retry(request: HttpRequest, messenger_id: int, hook_id: int) -> HttpResponse:
    """Have a message read again."""
    _refuse_unless_waits(request, messenger_id, hook_id)
    services.retry_hook(hook_id=hook_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The message is being read again."))
    return _back(request, messenger_id)


@require_POST
def discarding(request: HttpRequest, messenger_id: int, hook_id: int) -> HttpResponse:
    """Put a message aside that is for nobody."""
    _refuse_unless_waits(request, messenger_id, hook_id)
    services.discard_hook(hook_id=hook_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The message is discarded."))
    return _back(request, messenger_id)


def _page(request: HttpRequest, messenger_id: int) -> dict[str, object]:
    row = queries.messenger(messenger_id)
    base = f"{settings.PUBLIC_URL}/in/{workspace_of(request).key}/texts/{row.key}"
    waiting = queries.hooks_in_quarantine(messenger_id, viewer=actor_of(request))
    return {
        "row": _facts(row),
        "webhook": f"{base}/messages",
        "waiting_count": len(queries.waiting_hooks(messenger_id, limit=MOST_WAITING)),
        "quarantine": [(one, *_glimpse(one), text_reason(one.reason)) for one in waiting],
    }


def _glimpse(row: HookRow) -> tuple[str, str]:
    """Return who seems to have written, and what, as far as it can be read."""
    try:
        told = read_text(row.body)
    except Unusable:
        return "", ""
    return told.sender[:40], told.text[:120]


def _facts(row: MessengerRow) -> dict[str, object]:
    """Return a number as pages show it."""
    code, _colon, detail = row.last_error.partition(": ")
    return {
        "messenger": row,
        "state": MessengerState(row.state).label,
        "tone": TONES[MessengerState(row.state)],
        "is_live": row.state == MessengerState.LIVE,
        "trouble": text_trouble(code) if row.failing_since else "",
        "trouble_detail": detail,
    }


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_keep_mailboxes(actor_of(request)):
        raise MayNotKeepMailboxes(_("Owners and managers connect numbers. Ask one of them."))


def _refuse_unless_waits(request: HttpRequest, messenger_id: int, hook_id: int) -> None:
    _refuse_unless_keeper(request)
    waiting = queries.hooks_in_quarantine(messenger_id, viewer=actor_of(request))
    if hook_id not in {one.id for one in waiting}:
        raise MailNotFound(_("There is no such message."))


def _back(request: HttpRequest, messenger_id: int) -> HttpResponse:
    return redirect("admin_text", workspace=workspace_of(request).key, messenger_id=messenger_id)
