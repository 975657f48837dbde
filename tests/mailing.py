"""Mail for tests: written plainly, taken in as a mailbox takes it in."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from careloop.domains.channels.queries import mailboxes, raw_mail
from careloop.domains.channels.services import store_raw
from careloop.domains.channels.types import Arrived, RawRow
from careloop.kernel.actors import HOUSE
from careloop.processes.intake import settle

__all__ = ["receive", "written"]


def written(
    *,
    text: str,
    sender: str = "Omar Customer <omar@customer.example>",
    to: str = "help@north.example",
    subject: str = "My parcel",
    message_id: str = "<one@customer.example>",
    answers: str = "",
    at: datetime,
    **headers: str,
) -> bytes:
    """Write a mail. answers: the Message-ID it replies to. headers: further ones, with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, subject, message_id
    mail["Date"] = format_datetime(at.astimezone(UTC))
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{answers.strip('<>')}>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def receive(raw: bytes, *, at: datetime, is_silent: bool = False, provider_id: str = "") -> RawRow:
    """Take a mail in through the workspace's only mailbox and say what became of it."""
    (box,) = mailboxes()
    arrived = Arrived(
        mailbox_id=box.id, provider_id=provider_id or f"1:{abs(hash((raw, at)))}", raw=raw, received_at=at
    )
    (raw_id,) = store_raw([arrived], is_silent=is_silent, actor=HOUSE, at=at)
    assert raw_id is not None
    settle(raw_ids=[raw_id], at=at)
    return raw_mail(raw_id=raw_id, viewer=HOUSE)
