"""Sign in, look, and tell. Each opens its own scopes, because the network lies outside any transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.cases.queries import case_briefs
from careloop.domains.channels import queries as channels
from careloop.domains.channels import rules
from careloop.domains.channels.errors import MailboxUnclear, MayNotKeepMailboxes
from careloop.domains.channels.types import MailboxRow, MailServer
from careloop.gateways import imap, mime, smtp
from careloop.kernel.actors import Actor
from careloop.kernel.scope import workspace_scope
from careloop.kernel.secrets import Unreadable
from careloop.processes.intake import Foreseen, foresee
from careloop.processes.workspace import workspace_facts

__all__ = ["Finding", "Rehearsal", "RehearsedMail", "check_connection", "rehearse", "send_test_mail"]

MOST_SECONDS_AN_ANSWER = 10.0
NEWEST = 20
MOST_BYTES = 25 * 1024 * 1024
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How a connection went. trouble: a code, or empty when all is well. detail: the server's own words."""

    trouble: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedMail:
    """One mail of the folder. foreseen: None when it was too large to look at now. case_number: of the case it would join."""

    size_bytes: int
    received_at: datetime | None
    foreseen: Foreseen | None
    case_number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a folder holds, and what its newest mails would become, the newest first.

    total_count: of the whole folder. since, since_count, unseen_count: of the last 30 days.
    """

    finding: Finding
    since: date
    total_count: int = 0
    since_count: int = 0
    unseen_count: int = 0
    mails: Sequence[RehearsedMail] = ()


def check_connection(*, workspace_id: int, mailbox_id: int, actor: Actor) -> tuple[Finding, Finding]:
    """Sign in where a mailbox is read and where its mail is handed in, and say how both went.

    Takes at most some tens of seconds. Raises MayNotKeepMailboxes, MailboxNotFound.
    """
    with workspace_scope(workspace_id):
        _check(actor)
        box = channels.mailbox(mailbox_id)
        reading, sending = _servers(mailbox_id)
    return _reading(box, reading), _sending(sending)


def rehearse(*, workspace_id: int, mailbox_id: int, actor: Actor, at: datetime) -> Rehearsal:
    """Look at a mailbox and say what its newest mails would become; no mail is kept, no flag is set on the server.

    Raises MayNotKeepMailboxes, MailboxNotFound.
    """
    since = (at - LOOK_BACK).date()
    with workspace_scope(workspace_id):
        _check(actor)
        box = channels.mailbox(mailbox_id)
        server, _smtp = _servers(mailbox_id)
    if isinstance(server, Finding):
        return Rehearsal(finding=server, since=since)
    try:
        with imap.connect(_account(server), folder=box.imap_folder) as folder:
            counts = folder.counts_since(since)
            start = folder.position_before_newest(NEWEST)
            mails = []
            for fetched in folder.new_messages(after=start, most_bytes=MOST_BYTES):
                with workspace_scope(workspace_id):
                    mails.append(_rehearsed(fetched, box))
    except imap.MailboxTrouble as trouble:
        return Rehearsal(finding=Finding(trouble=trouble.code, detail=trouble.detail), since=since)
    return Rehearsal(
        finding=Finding(),
        since=since,
        total_count=counts.total_count,
        since_count=counts.since_count,
        unseen_count=counts.since_unseen_count,
        mails=mails[::-1],
    )


def send_test_mail(
    *, workspace_id: int, mailbox_id: int, to: str, actor: Actor, at: datetime, wire: smtp.Sender = smtp.send
) -> Finding:
    """Send a mail through a mailbox to the person who asks, and say how it went.

    Raises MayNotKeepMailboxes, MailboxNotFound, and MailboxUnclear in a demo workspace.
    """
    with workspace_scope(workspace_id):
        _check(actor)
        if not workspace_facts().may_send:
            raise MailboxUnclear(lazily("This workspace is a demo: its mail never reaches anybody."))
        box = channels.mailbox(mailbox_id)
        _imap, server = _servers(mailbox_id)
    if isinstance(server, Finding):
        return server
    raw = mime.build(
        mime.OutgoingMail(
            message_id=mime.new_message_id(box.address.partition("@")[2]),
            date=at,
            from_=mime.Address(name=box.sender_name, address=box.address),
            to=(mime.Address(name="", address=to),),
            subject=_("A test from %(mailbox)s") % {"mailbox": box.address},
            text=_("This mailbox can send. Nobody but you got this mail."),
            automatic=mime.Automatic.GENERATED,
            loop_mark=settings.LOOP_MARK,
        )
    )
    receipt = wire(raw, envelope_from=box.address, recipients=[to], server=_smtp_server(server))
    (outcome,) = receipt.recipients
    if outcome.outcome is smtp.Outcome.ACCEPTED:
        return Finding()
    return Finding(trouble=receipt.trouble or "refused_message", detail=outcome.text)


def _reading(box: MailboxRow, server: MailServer | Finding) -> Finding:
    if isinstance(server, Finding):
        return server
    try:
        with imap.connect(_account(server), folder=box.imap_folder):
            return Finding()
    except imap.MailboxTrouble as trouble:
        return Finding(trouble=trouble.code, detail=trouble.detail)


def _sending(server: MailServer | Finding) -> Finding:
    if isinstance(server, Finding):
        return server
    problem = smtp.sign_in(_smtp_server(server))
    return Finding() if problem is None else Finding(trouble=problem[0], detail=problem[1])


def _rehearsed(fetched: imap.Fetched, box: MailboxRow) -> RehearsedMail:
    seen = None if fetched.raw is None else foresee(fetched.raw, mailbox=box)
    return RehearsedMail(
        size_bytes=fetched.size_bytes,
        received_at=fetched.received_at,
        foreseen=seen,
        case_number=None if seen is None or seen.case_id is None else case_briefs([seen.case_id])[seen.case_id].number,
    )


def _servers(mailbox_id: int) -> tuple[MailServer | Finding, MailServer | Finding]:
    try:
        reading, sending = channels.imap_server(mailbox_id), channels.smtp_server(mailbox_id)
    except Unreadable:
        return Finding(trouble="unreadable"), Finding(trouble="unreadable")
    nowhere = Finding(trouble="no_server")
    return (reading if reading.host else nowhere), (sending if sending.host else nowhere)


def _account(server: MailServer) -> imap.Account:
    return imap.Account(
        host=server.host,
        port=server.port,
        security=imap.Security(server.security),
        username=server.user,
        password=server.password,
        timeout_seconds=MOST_SECONDS_AN_ANSWER,
    )


def _smtp_server(server: MailServer) -> smtp.Server:
    return smtp.Server(
        host=server.host,
        port=server.port,
        security=smtp.Security(server.security),
        username=server.user,
        password=server.password,
        timeout_seconds=MOST_SECONDS_AN_ANSWER,
    )


def _check(actor: Actor) -> None:
    if not rules.may_keep_mailboxes(actor):
        raise MayNotKeepMailboxes(lazily("Owners and managers connect mailboxes. Ask one of them."))
