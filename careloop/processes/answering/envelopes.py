"""The outside of our mails: from whom, to whom, and what they refer to."""

from collections.abc import Collection, Sequence

from careloop.domains.channels.types import MailboxRow
from careloop.domains.conversations.types import MailFacts, MailRow
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.types import IdentityKind
from careloop.gateways.mime import clean_line, new_message_id, reply_subject, trimmed_references

__all__ = ["answer_envelope", "chosen_recipients", "first_envelope", "recipients_of_answer"]


def chosen_recipients(addresses: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses that a writer chose, each once and in their one form. Raises AddressUnusable for what is none.

    Whichever door they came in by: a line break in an address would begin another header.
    """
    return tuple(dict.fromkeys(normalize_identity(IdentityKind.EMAIL, address) for address in addresses))


def recipients_of_answer(
    mail: MailRow, *, own: Collection[str], fallback: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (to, cc) of an answer to everybody.

    mail: the newest mail of the conversation, ours or theirs. own: the workspace's addresses, which never write to
    themselves. fallback: the customer's address, for a conversation that never was a mail.
    """
    is_ours = mail.from_address in own
    to = tuple(a for a in mail.to if a not in own) if is_ours else (mail.reply_to or mail.from_address,)
    others = mail.cc if is_ours else (*mail.to, *mail.cc)
    cc = tuple(dict.fromkeys(a for a in others if a not in own and a not in to))
    return to or (fallback,), cc


def answer_envelope(
    *,
    newest: MailRow | None,
    subject_line: str,
    mailbox: MailboxRow,
    sender_name: str,
    to: Sequence[str],
    cc: Sequence[str],
    bcc: Sequence[str],
) -> MailFacts:
    """Return the outside of an answer, threaded to the newest mail of its conversation.

    newest: None when the conversation never was a mail. subject_line: the conversation's, for that case.
    """
    references = () if newest is None else trimmed_references(newest.references, newest.rfc_message_id)
    return MailFacts(
        rfc_message_id=new_message_id(mailbox.address.partition("@")[2]),
        subject=reply_subject(clean_line(newest.subject if newest else subject_line)),
        from_address=mailbox.address,
        from_name=clean_line(sender_name),
        references=references,
        to=tuple(to),
        cc=tuple(cc),
        bcc=tuple(bcc),
    )


def first_envelope(
    *,
    subject_line: str,
    mailbox: MailboxRow,
    sender_name: str,
    to: Sequence[str],
    cc: Sequence[str],
    bcc: Sequence[str],
) -> MailFacts:
    """Return the outside of a mail that begins a conversation."""
    return MailFacts(
        rfc_message_id=new_message_id(mailbox.address.partition("@")[2]),
        subject=clean_line(subject_line),
        from_address=mailbox.address,
        from_name=clean_line(sender_name),
        to=tuple(to),
        cc=tuple(cc),
        bcc=tuple(bcc),
    )
