"""Mail that could not be read, and what a person does with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.channels import queries, services
from careloop.domains.channels.errors import NothingToRetry
from careloop.domains.channels.reasons import quarantine_reason
from careloop.domains.channels.types import RawRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.kernel import clock
from careloop.kernel.streaming import blob_stream
from careloop.processes.intake import glimpse, settle

__all__ = ["discard", "quarantine_page", "retries", "retry", "source"]

PAGE = 50


@require_safe
def quarantine_page(request: HttpRequest) -> HttpResponse:
    """List the mails that wait for a person, the newest first."""
    viewer = actor_of(request)
    page = queries.quarantine(viewer=viewer, cursor=request.GET.get("cursor"), limit=PAGE)
    addresses = {box.id: box.address for box in queries.mailboxes()}
    here = reverse("quarantine", args=[workspace_of(request).key])
    context = {
        "rows": [_shown(row, addresses) for row in page.items],
        "older": f"{here}?cursor={page.next_cursor}" if page.next_cursor else "",
        "newest": here if request.GET.get("cursor") else "",
    }
    return render(request, "mail_admin/quarantine.html", context)


@require_safe
def source(request: HttpRequest, raw_id: int) -> StreamingHttpResponse:
    """Give out a mail as it arrived, as a file that no browser shows or runs."""
    row = queries.raw_mail(raw_id=raw_id, viewer=actor_of(request))
    answer = blob_stream(request, sha256=row.sha256, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="mail-{row.id}.eml.txt"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def retry(request: HttpRequest, raw_id: int) -> HttpResponse:
    """Read one mail again."""
    if _tried(request, raw_id):
        messages.success(request, _("The mail is read now and no longer waits here."))
    else:
        messages.warning(request, _("It could still not be read. The reason stands beside it."))
    return _back(request)


@require_POST
def retries(request: HttpRequest) -> HttpResponse:
    """Read the ticked mails again."""
    ids = [int(raw_id) for raw_id in request.POST.getlist("raw_id") if raw_id.isdecimal()][:PAGE]
    if not ids:
        raise NothingToRetry(_("Tick the mails to read again first."))
    read = sum(_tried(request, raw_id) for raw_id in ids if _may_be_tried(request, raw_id))
    words = ngettext("%(count)d mail is read now.", "%(count)d mails are read now.", read) % {"count": read}
    if read < len(ids):
        words += " " + _("The others could still not be read.")
    messages.info(request, words)
    return _back(request)


@require_POST
def discard(request: HttpRequest, raw_id: int) -> HttpResponse:
    """Put a mail aside that is for nobody."""
    queries.raw_mail(raw_id=raw_id, viewer=actor_of(request))
    services.discard_raw(raw_id=raw_id, reason="by_hand", actor=actor_of(request), at=clock.now())
    messages.success(request, _("The mail is discarded. Its source is kept."))
    return _back(request)


def _tried(request: HttpRequest, raw_id: int) -> bool:
    at = clock.now()
    services.retry_raw(raw_id=raw_id, actor=actor_of(request), at=at)
    settle(raw_ids=[raw_id], at=at)
    return queries.raw_mail(raw_id=raw_id, viewer=actor_of(request)).state != "quarantined"


def _may_be_tried(request: HttpRequest, raw_id: int) -> bool:
    row = queries.raw_mail(raw_id=raw_id, viewer=actor_of(request))
    return row.state == "quarantined" and row.byte_count > 0


def _shown(row: RawRow, addresses: dict[int, str]) -> dict[str, object]:
    seen = glimpse(row)
    return {
        "mail": row,
        "reason": quarantine_reason(row.reason),
        "sender": seen.sender,
        "subject": seen.subject,
        "mailbox": addresses.get(row.mailbox_id, ""),
        "is_here": row.byte_count > 0,
    }


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("quarantine", workspace=workspace_of(request).key)
