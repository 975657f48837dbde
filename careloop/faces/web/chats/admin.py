"""Pages where owners and managers put the chat on their sites."""

import html
from typing import TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.calendars.queries import calendars_of
from careloop.domains.channels.queries import mailboxes
from careloop.domains.chats import queries, rules
from careloop.domains.chats.errors import MayNotKeepWidgets, WidgetNotFound
from careloop.domains.chats.services import add_widget, change_widget, renew_secret
from careloop.domains.chats.types import WidgetRow
from careloop.domains.people.queries import team_choices
from careloop.domains.queues.queries import queues_of
from careloop.domains.queues.states import Kind
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.chats.forms import NewWidgetForm, WidgetForm
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["widget_list", "widget_page", "widget_secret"]

F = TypeVar("F", bound=WidgetForm)


@require_http_methods(["GET", "HEAD", "POST"])
def widget_list(request: HttpRequest) -> HttpResponse:
    """List the widgets and make a new one."""
    _refuse_unless_keeper(request)
    status = 200
    form = _form(request, NewWidgetForm, {"language": workspace_of(request).language})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                widget_id = add_widget(
                    key=form.cleaned_data["key"], settings=form.settings, actor=actor_of(request), at=clock.now()
                )
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The chat is ready. Copy its line into your site."))
                return redirect("admin_widget", workspace=workspace_of(request).key, widget_id=widget_id)
    return render(request, "chats/widgets.html", {"rows": queries.widgets(), "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def widget_page(request: HttpRequest, widget_id: int) -> HttpResponse:
    """Show a widget's line for the site and its secret, and change it or switch it off."""
    _refuse_unless_keeper(request)
    row = next((one for one in queries.widgets() if one.id == widget_id), None)
    if row is None:
        raise WidgetNotFound(_("There is no such widget."))
    status, form = 200, _form(request, WidgetForm, WidgetForm.initial_of(row))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                settings = form.settings_over(row.settings)
                change_widget(widget_id=widget_id, settings=settings, actor=actor_of(request), at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("admin_widget", workspace=workspace_of(request).key, widget_id=widget_id)
    context = {
        "row": row,
        "form": form,
        "snippet": _snippet(request, row),
        "secret": queries.widget_secret(widget_id=widget_id, viewer=actor_of(request)),
    }
    return render(request, "chats/widget.html", context, status=status)


@require_POST
def widget_secret(request: HttpRequest, widget_id: int) -> HttpResponse:
    """Give a widget another secret."""
    renew_secret(widget_id=widget_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The widget has a new secret. Put it into your site's server."))
    return redirect("admin_widget", workspace=workspace_of(request).key, widget_id=widget_id)


def _form(request: HttpRequest, kind: type[F], initial: dict[str, object]) -> F:
    actor = actor_of(request)
    return kind(
        request.POST or None,
        teams=team_choices(actor),
        queues=[(row.id, row.settings.name) for row in queues_of(actor) if Kind.CHAT in row.settings.kinds],
        mailboxes=[(box.id, box.address) for box in mailboxes()],
        calendars=[(row.id, row.settings.name) for row in calendars_of(actor)],
        initial=initial,
    )


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_keep_widgets(actor_of(request)):
        raise MayNotKeepWidgets(_("Owners and managers put the chat on sites. Ask one of them."))


def _snippet(request: HttpRequest, row: WidgetRow) -> str:
    path = reverse("portal_chat_script", kwargs={"portal": workspace_of(request).key, "widget_key": row.key})
    return f'<script type="module" src="{html.escape(settings.PUBLIC_URL + path)}"></script>'
