"""Saved replies: texts that are written often, one's own and everybody's."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.conversations import rules
from careloop.domains.conversations.errors import MayNotKeepReplies
from careloop.domains.conversations.queries import replies_known_to
from careloop.domains.conversations.services import delete_saved_reply, save_reply
from careloop.domains.conversations.types import SavedReplyRow
from careloop.faces.web.access.forms import LANGUAGES
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.desk.composed import composed_html
from careloop.gateways.mime import html_to_text
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["reply_form", "reply_list", "reply_new", "reply_removal"]

MOST = 500
VARIABLES = (
    ("{{ customer }}", gettext_lazy("The customer's name")),
    ("{{ number }}", gettext_lazy("The number of the case")),
    ("{{ subject }}", gettext_lazy("The subject of the case")),
    ("{{ agent }}", gettext_lazy("Your name")),
    ("{{ workspace }}", gettext_lazy("The name of this workspace")),
)


@require_safe
def reply_list(request: HttpRequest) -> HttpResponse:
    """List the replies a person may use, the most used first."""
    actor = actor_of(request)
    _refuse_unless_answering(request)
    rows = [
        (row, html_to_text(row.html), row.is_own or rules.may_keep_shared_replies(actor))
        for row in replies_known_to(viewer=actor, limit=MOST)
    ]
    return render(request, "desk/replies.html", {"rows": rows, "languages": dict(LANGUAGES)})


@require_http_methods(["GET", "HEAD", "POST"])
def reply_new(request: HttpRequest) -> HttpResponse:
    """Keep a new reply."""
    _refuse_unless_answering(request)
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def reply_form(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Change a kept reply."""
    _refuse_unless_answering(request)
    known = {row.id: row for row in replies_known_to(viewer=actor_of(request), limit=MOST)}
    if reply_id not in known:
        raise Http404
    return _form(request, known[reply_id])


@require_POST
def reply_removal(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Throw a kept reply away."""
    delete_saved_reply(reply_id=reply_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The saved reply is gone."))
    return redirect("reply_list", workspace=workspace_of(request).key)


def _form(request: HttpRequest, row: SavedReplyRow | None) -> HttpResponse:
    actor, problem, status = actor_of(request), "", 200
    if request.method == "POST":
        language = request.POST.get("language", "")
        try:
            save_reply(
                reply_id=row.id if row else None,
                name=request.POST.get("name", ""),
                language=language if language in dict(LANGUAGES) else "",
                html=composed_html(request.POST),
                is_shared="is_shared" in request.POST,
                actor=actor,
                at=clock.now(),
            )
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
        else:
            messages.success(request, _("The saved reply is kept."))
            return redirect("reply_list", workspace=workspace_of(request).key)
    is_posted = request.method == "POST"
    context = {
        "row": row,
        "problem": problem,
        "variables": VARIABLES,
        "languages": LANGUAGES,
        "may_share": rules.may_keep_shared_replies(actor),
        "name": request.POST.get("name", "") if is_posted else row.name if row else "",
        "spoken": request.POST.get("language", "") if is_posted else row.language if row else "",
        "html": request.POST.get("body", "") if is_posted else row.html if row else "",
        "is_shared": "is_shared" in request.POST if is_posted else bool(row and not row.is_own),
    }
    return render(request, "desk/reply_form.html", context, status=status)


def _refuse_unless_answering(request: HttpRequest) -> None:
    if not rules.may_keep_own_replies(actor_of(request)):
        raise MayNotKeepReplies(_("Your role does not answer customers, so it keeps no replies."))
