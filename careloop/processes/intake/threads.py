"""Which conversation a mail belongs to: told by Message-IDs of ours and theirs, and by who may take part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from careloop.domains.conversations.types import KnownMail

__all__ = ["Thread", "thread_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """conversation_id: the one it joins, None for a new one. is_stranger: it refers to one its sender has no part in."""

    conversation_id: int | None
    is_stranger: bool = False


def thread_of(
    *, referred: Sequence[str], known: Collection[KnownMail], sender: str, customer_id: int, is_forged: bool
) -> Thread:
    """Find the conversation a mail joins.

    referred: the Message-IDs it refers to, the oldest first. known: those of them that we have.
    sender: the address it came from. customer_id: the customer behind that address.
    is_forged: the receiving server says that somebody else wrote under this address, so it proves no part in anything.

    The newest reference wins. Knowing a Message-ID is no ticket: whoever never took part opens a conversation of his own,
    marked, so that an agent sees the attempt and the customer is told nothing.
    """
    by_id: dict[str, list[KnownMail]] = {}
    for mail in known:
        by_id.setdefault(mail.rfc_message_id, []).append(mail)
    is_stranger = False
    for reference in reversed(referred):
        for mail in sorted(by_id.get(reference, ()), key=lambda m: -m.message_id):
            if not is_forged and (sender in mail.addresses or customer_id == mail.customer_id):
                return Thread(conversation_id=mail.conversation_id)
            is_stranger = True
    return Thread(conversation_id=None, is_stranger=is_stranger)
