"""Administration: the workspace's mailboxes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.channels import queries, rules, services
from careloop.domains.channels.errors import MailboxUnclear, MayNotKeepMailboxes
from careloop.domains.channels.queries import FETCH_LAG
from careloop.domains.channels.reasons import trouble
from careloop.domains.channels.types import MailboxRow, MailboxState
from careloop.domains.people.queries import teams_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.mail_admin.forms import MailboxForm, OpeningForm
from careloop.faces.web.mail_admin.providers import provider_of
from careloop.faces.web.saving import saved_or_shown
from careloop.kernel import clock

__all__ = [
    "mailbox_facts",
    "mailbox_list",
    "mailbox_new",
    "mailbox_page",
    "mailbox_settings",
    "opening",
    "pause",
    "refuse_unless_keeper",
]


@require_safe
def mailbox_list(request: HttpRequest) -> HttpResponse:
    """List the mailboxes and how they fare."""
    refuse_unless_keeper(request)
    at = clock.now()
    rows = [mailbox_facts(box, at=at) for box in queries.mailboxes()]
    return render(request, "mail_admin/mailboxes.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_new(request: HttpRequest) -> HttpResponse:
    """Ask for the address first, then for everything else, with what its provider is known to need."""
    refuse_unless_keeper(request)
    address = request.GET.get("address", "").strip().lower()
    if request.method != "POST" and "@" not in address:
        return render(request, "mail_admin/new.html", {"address": address, "is_wrong": bool(address)})
    form = _form(request, initial=MailboxForm.suggested(address))

    def save() -> HttpResponse:
        mailbox_id = services.add_mailbox(settings=form.settings(), actor=actor_of(request), at=clock.now())
        messages.success(request, _("The mailbox is here, on trial: it takes nothing in yet. Check it now."))
        return _back(request, mailbox_id)

    return saved_or_shown(request, form, "mail_admin/settings.html", {"provider": provider_of(address)}, save=save)


@require_safe
def mailbox_page(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show one mailbox, and what can be tried or done with it."""
    refuse_unless_keeper(request)
    return render(
        request, "mail_admin/mailbox.html", {"row": mailbox_facts(queries.mailbox(mailbox_id), at=clock.now())}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_settings(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show and change a mailbox's settings."""
    refuse_unless_keeper(request)
    box = queries.mailbox(mailbox_id)
    form = _form(request, initial=MailboxForm.about(box))

    def save() -> HttpResponse:
        services.change_mailbox(
            mailbox_id=mailbox_id, settings=form.settings(), actor=actor_of(request), at=clock.now()
        )
        messages.success(request, _("Saved. Check the connection, so that nothing waits unnoticed."))
        return _back(request, mailbox_id)

    context = {"box": box, "provider": provider_of(box.address)}
    return saved_or_shown(request, form, "mail_admin/settings.html", context, save=save)


@require_POST
def opening(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Let a mailbox take its mail in, from now or from a day on."""
    at, form = clock.now(), OpeningForm(request.POST)
    if not form.is_valid():
        raise MailboxUnclear(_("Choose a day, such as 2026-11-01."))
    since = form.moment(at=at, zone=ZoneInfo(timezone.get_current_timezone_name()))
    services.go_live(mailbox_id=mailbox_id, accepts_since=min(since, at), actor=actor_of(request), at=at)
    messages.success(request, _("The mailbox is live. New mail appears within a minute."))
    return _back(request, mailbox_id)


@require_POST
def pause(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Read a mailbox no more until it goes live again."""
    services.pause_mailbox(mailbox_id=mailbox_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The mailbox is paused. Its mail stays on the server."))
    return _back(request, mailbox_id)


def _back(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    return redirect("admin_mailbox", workspace=workspace_of(request).key, mailbox_id=mailbox_id)


def mailbox_facts(box: MailboxRow, *, at: datetime) -> dict[str, object]:
    """Return a mailbox as pages show it."""
    code, _colon, detail = box.last_error.partition(": ")
    tones = {MailboxState.LIVE: "solved", MailboxState.PAUSED: "waiting", MailboxState.TRYING: "new"}
    return {
        "box": box,
        "state": MailboxState(box.state).label,
        "tone": tones[MailboxState(box.state)],
        "is_live": box.state == MailboxState.LIVE,
        "is_late": queries.is_late(box, before=at - FETCH_LAG),
        "trouble": trouble(code) if box.failing_since else "",
        "trouble_detail": detail,
    }


def refuse_unless_keeper(request: HttpRequest) -> None:
    """Raise MayNotKeepMailboxes for everybody else."""
    if not rules.may_keep_mailboxes(actor_of(request)):
        raise MayNotKeepMailboxes(_("Owners and managers connect mailboxes. Ask one of them."))


def _form(request: HttpRequest, *, initial: dict[str, object]) -> MailboxForm:
    teams = [(team.id, team.name) for team in teams_of(actor_of(request))]
    return MailboxForm(request.POST or None, initial=initial, teams=teams)
