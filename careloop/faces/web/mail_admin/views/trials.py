"""Administration: try a mailbox. The network is asked outside any transaction."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from careloop.domains.channels.queries import mailbox
from careloop.domains.channels.reasons import quarantine_reason, trouble
from careloop.faces.web.actors import actor_of, opens_own_scope, person_asking, workspace_of
from careloop.faces.web.mail_admin.views.mailboxes import mailbox_facts
from careloop.faces.web.mail_admin.wordings import FATES, RECEIPTS, WARNINGS
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.mailbox_trial import Finding, RehearsedMail, check_connection, rehearse, send_test_mail

__all__ = ["checks", "rehearsals", "test_mails"]


@opens_own_scope
@require_POST
def checks(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Sign in at both servers and say how it went."""
    try:
        reading, sending = check_connection(
            workspace_id=workspace_of(request).id, mailbox_id=mailbox_id, actor=actor_of(request)
        )
    except Refusal as refusal:
        return _refused(request, refusal)
    return _answer(request, mailbox_id, "check", {"reading": _in_words(reading), "sending": _in_words(sending)})


@opens_own_scope
@require_POST
def rehearsals(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show what the newest mails would become, without taking them in."""
    try:
        rehearsal = rehearse(
            workspace_id=workspace_of(request).id, mailbox_id=mailbox_id, actor=actor_of(request), at=clock.now()
        )
    except Refusal as refusal:
        return _refused(request, refusal)
    context = {
        "rehearsal": rehearsal,
        "finding": _in_words(rehearsal.finding),
        "mails": [_mail_in_words(mail) for mail in rehearsal.mails],
    }
    return _answer(request, mailbox_id, "rehearsal", context)


@opens_own_scope
@require_POST
def test_mails(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Send the person who asks a mail through the mailbox."""
    person = person_asking(request)
    address = person.email if person else ""
    try:
        finding = send_test_mail(
            workspace_id=workspace_of(request).id,
            mailbox_id=mailbox_id,
            to=address,
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        return _refused(request, refusal)
    return _answer(request, mailbox_id, "test_mail", {"sent": _in_words(finding), "address": address})


def _answer(request: HttpRequest, mailbox_id: int, part: str, context: dict[str, object]) -> HttpResponse:
    """Return the result alone for htmx, else the page with it."""
    with workspace_scope(workspace_of(request).id):
        if getattr(request, "htmx", False):
            return render(request, f"mail_admin/mailbox.html#{part}", context)
        row = mailbox_facts(mailbox(mailbox_id), at=clock.now())
        return render(request, "mail_admin/mailbox.html", {"row": row, **context})


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    with workspace_scope(workspace_of(request).id):
        return refused(request, refusal)


def _in_words(finding: Finding) -> dict[str, str]:
    return {"trouble": trouble(finding.trouble) if finding.trouble else "", "detail": finding.detail}


def _mail_in_words(mail: RehearsedMail) -> dict[str, object]:
    seen = mail.foreseen
    if seen is None:
        return {"mail": mail, "seen": None}
    return {
        "mail": mail,
        "seen": seen,
        "fate": FATES[seen.fate],
        "reason": quarantine_reason(seen.reason) if seen.reason else "",
        "warnings": [WARNINGS[code] for code in seen.warnings if code in WARNINGS],
        "receipt": RECEIPTS[seen.receipt],
    }
