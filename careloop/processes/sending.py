"""Out of the house: after commit, once, and with the truth about what is not known (docs/reasons/sending.md).

    transaction 1   queued → sending, committed
    the wire        SMTP, outside any transaction
    transaction 2   sending → sent, queued again, failed, or uncertain

Whoever dies between 1 and 2 leaves `sending` behind. The next worker to meet it makes it `uncertain` and sends nothing.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels.errors import MailboxUnclear
from careloop.domains.channels.queries import smtp_server
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import is_text, outgoing
from careloop.domains.conversations.services import DISPATCH
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import OutgoingRow
from careloop.domains.files.queries import files_by_id
from careloop.gateways import mime, smtp
from careloop.kernel import clock
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.blobs import read_blob
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.timers import set_timer
from careloop.processes.texting import put_on_wire, tell_message

__all__ = ["SENDING", "dispatch", "send"]

log = logging.getLogger(__name__)

SENDING = Actor(kind=ActorKind.HOUSE, name="sending")
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
"""How long to wait before each further try; after the last one a person is told."""


def dispatch(message_id: int, at: datetime) -> None:
    """Let a message go whose time for taking back is over; called by its timer."""
    conversations.release(message_id=message_id, actor=SENDING, at=at)


def send(*, workspace_id: int, message_id: int, wire: smtp.Sender = smtp.send) -> None:
    """Send one queued message. Opens its own scopes, because the wire lies between two transactions.

    wire: what puts bytes on the wire; a fake twin in tests.
    """
    with workspace_scope(workspace_id):
        if not conversations.begin_sending(message_id=message_id, actor=SENDING, at=clock.now()):
            tell_message(message_id=message_id, at=clock.now())
            return
        is_texted = is_text(message_id)
    if is_texted:
        put_on_wire(workspace_id=workspace_id, message_id=message_id)
        return
    try:
        with workspace_scope(workspace_id):
            row = outgoing(message_id)
            if row is None:
                raise MailboxUnclear(_("The mailbox of this conversation is gone."))
            server, raw = smtp_server(row.mailbox_id), _bytes_of(row)
    except (Refusal, OSError, ValueError) as problem:
        log.exception("message.unsendable", extra={"message_id": message_id})
        with workspace_scope(workspace_id):
            _move(message_id, DeliveryState.FAILED, str(problem))
        return
    receipt = wire(
        raw,
        envelope_from=row.mail.from_address,
        recipients=[a for a in (*row.mail.to, *row.mail.cc, *row.mail.bcc) if a not in row.accepted],
        server=smtp.Server(
            host=server.host,
            port=server.port,
            security=smtp.Security(server.security),
            username=server.user,
            password=server.password,
        ),
    )
    with workspace_scope(workspace_id):
        _conclude(row, receipt)


def _conclude(row: OutgoingRow, receipt: smtp.Receipt) -> None:
    conversations.note_accepted(message_id=row.message_id, addresses=receipt.accepted)
    troubles = [r for r in receipt.recipients if r.outcome is not smtp.Outcome.ACCEPTED]
    detail = "; ".join(f"{r.recipient}: {r.code or ''} {r.text}".strip() for r in troubles)
    detail = detail or (receipt.trouble or "")
    outcomes = {r.outcome for r in troubles}
    if smtp.Outcome.UNCERTAIN in outcomes:
        _move(row.message_id, DeliveryState.UNCERTAIN, detail)
    elif not troubles:
        _move(row.message_id, DeliveryState.SENT, "")
    elif smtp.Outcome.TEMPORARY in outcomes and row.attempts <= len(PAUSES):
        _move(row.message_id, DeliveryState.PAUSED, detail)
        set_timer(kind=DISPATCH, subject_id=row.message_id, due_at=clock.now() + PAUSES[row.attempts - 1])
    else:
        _move(row.message_id, DeliveryState.FAILED, detail)


def _move(message_id: int, to: DeliveryState, detail: str) -> None:
    conversations.move_delivery(message_id=message_id, to=to, detail=detail, actor=SENDING, at=clock.now())


def _bytes_of(row: OutgoingRow) -> bytes:
    """Write a message as a mail; the same message gives the same bytes at every try."""
    files = files_by_id(file.file_id for file in row.files)
    return mime.build(
        mime.OutgoingMail(
            message_id=row.mail.rfc_message_id,
            date=row.at,
            from_=mime.Address(name=row.mail.from_name, address=row.mail.from_address),
            to=tuple(mime.Address(name="", address=address) for address in row.mail.to),
            cc=tuple(mime.Address(name="", address=address) for address in row.mail.cc),
            subject=row.mail.subject,
            text=row.text,
            html=row.html or None,
            in_reply_to=row.mail.references[-1] if row.mail.references else None,
            references=row.mail.references,
            attachments=tuple(
                mime.OutgoingAttachment(
                    filename=files[file.file_id].name,
                    content_type=files[file.file_id].content_type,
                    payload=read_blob(files[file.file_id].sha256),
                    content_id=file.content_id or None,
                )
                for file in row.files
            ),
            automatic=mime.Automatic.REPLIED if row.is_auto else mime.Automatic.NO,
            loop_mark=settings.LOOP_MARK,
        )
    )
