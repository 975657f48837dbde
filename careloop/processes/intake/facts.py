"""What a mail brings along: its addresses and verdicts, and its files."""

from datetime import datetime

from careloop.domains.channels.types import MailboxRow
from careloop.domains.conversations.types import AttachedFile, MailFacts
from careloop.domains.files.services import keep_file
from careloop.gateways.mime import ParsedMail, Verdict, authentication
from careloop.kernel.actors import Actor
from careloop.kernel.errors import TooLarge

__all__ = ["SENDER_NOT_PROVEN", "kept_files", "mail_facts"]

SENDER_NOT_PROVEN = "sender_not_proven"
"""The warning on a mail whose sender failed the DMARC check of the receiving server."""


def kept_files(parsed: ParsedMail, actor: Actor, at: datetime) -> tuple[tuple[AttachedFile, ...], bool]:
    """Keep the files of a mail and return them, and whether one was too large to be kept as a file."""
    files: list[AttachedFile] = []
    too_large = False
    for attachment in parsed.attachments:
        try:
            file_id = keep_file(
                name=attachment.filename,
                declared_type=attachment.content_type,
                content=attachment.payload,
                is_loose=False,
                actor=actor,
                at=at,
            )
        except TooLarge:
            too_large = True  # the raw mail keeps it; the message says that it is missing
            continue
        files.append(
            AttachedFile(file_id=file_id, content_id=attachment.content_id or "", is_inline=attachment.is_inline)
        )
    return tuple(files), too_large


def mail_facts(parsed: ParsedMail, *, is_answerable: bool, mailbox: MailboxRow) -> tuple[MailFacts, list[str]]:
    """Return what a message is as a mail, and the warnings about it.

    is_answerable: whether a machine may answer it, as far as its headers say. A sender whom the receiving server calls
    forged gets no automatic word either: it would reach somebody who never wrote.
    """
    sender = parsed.from_
    verdicts = authentication(parsed, trusted_host=mailbox.trusted_host) if mailbox.trusted_host else None
    is_forged = verdicts is not None and verdicts.dmarc is Verdict.FAIL
    facts = MailFacts(
        rfc_message_id=parsed.message_id,
        subject=parsed.subject,
        from_address=sender.address if sender else "",
        from_name=sender.name if sender else "",
        reply_to=parsed.reply_to[0].address if parsed.reply_to else "",
        references=tuple(dict.fromkeys((*parsed.references, *parsed.in_reply_to))),
        to=tuple(a.address for a in parsed.to),
        cc=tuple(a.address for a in parsed.cc),
        spf=verdicts.spf if verdicts else "",
        dkim=verdicts.dkim if verdicts else "",
        dmarc=verdicts.dmarc if verdicts else "",
        is_answerable=is_answerable and not is_forged,
    )
    return facts, [SENDER_NOT_PROVEN] if is_forged else []
