"""Play a customer on a connected channel without a provider: the same way in as anybody's words, and no way out.

Each of our people who plays has an address and a number of their own that nobody can have: a name under .invalid (RFC 2606) and
a number in +999, which belongs to no country. So no test ever mixes with a customer.
"""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels import services as channels
from careloop.domains.channels.errors import MayNotKeepMailboxes
from careloop.domains.channels.queries import mailbox, messenger
from careloop.domains.channels.types import Arrived, HookKind
from careloop.domains.conversations.errors import MessageEmpty
from careloop.domains.conversations.queries import conversation_rows, messages_by_id, messages_of_customer, newest_mail
from careloop.domains.conversations.types import Channel, MessageRow
from careloop.domains.customers.queries import customer_of_address, customers_of_number
from careloop.gateways.mime import clean_line
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.workspace import name_of

__all__ = ["play_mail", "play_text", "played", "player_address", "player_number"]

MOST_SHOWN: Final = 30


def player_address(actor: Actor) -> str:
    """Return the address somebody of ours writes mails from when they play a customer."""
    return f"tester-{actor.id}@tester.invalid"


def player_number(actor: Actor) -> str:
    """Return the number somebody of ours texts from when they play a customer."""
    return f"+999{actor.id:09d}"


@act
def play_text(*, messenger_id: int, text: str, actor: Actor, at: datetime) -> None:
    """Text to a number as a customer would, live or not. Raises MayNotKeepMailboxes, MessengerNotFound, MessageEmpty."""
    _check(text, actor)
    box, name = messenger(messenger_id), f"TEST{uuid4().hex}"
    told = {
        "MessageSid": name,
        "AccountSid": box.account,
        "From": player_number(actor),
        "To": box.number,
        "Body": text,
        "NumMedia": "0",
    }
    channels.store_hook(
        messenger_id=box.id,
        kind=HookKind.MESSAGE,
        provider_id=name,
        body=urlencode(told).encode(),
        is_test=True,
        actor=actor,
        at=at,
    )


@act
def play_mail(*, mailbox_id: int, subject_line: str, text: str, actor: Actor, at: datetime) -> None:
    """Write to a mailbox as a customer would; where the play has begun, it answers our newest mail.

    Raises MayNotKeepMailboxes, MailboxNotFound, MessageEmpty.
    """
    _check(text, actor)
    box, mail = mailbox(mailbox_id), EmailMessage()
    mail["From"] = formataddr((clean_line(name_of(actor)), player_address(actor)))
    mail["To"] = box.address
    mail["Subject"] = clean_line(subject_line) or clean_line(text)[:80]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{uuid4().hex}@tester.invalid>"
    answers = _newest_id(box.id, actor)
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
    mail.set_content(text)
    arrived = Arrived(
        mailbox_id=box.id, provider_id=f"test:{uuid4().hex}", raw=mail.as_bytes(), received_at=at, is_test=True
    )
    channels.store_raw([arrived], is_silent=False, actor=actor, at=at)


def played(*, viewer: Actor) -> Sequence[MessageRow]:
    """Return what was said in the viewer's own plays, the oldest first; the newest so many of each channel."""
    address = customer_of_address(player_address(viewer))
    found = {
        message_id
        for customer_id in {*([address] if address else []), *customers_of_number(player_number(viewer), limit=1)}
        for message_id, _conversation, _at in messages_of_customer(
            customer_id=customer_id, behind=None, limit=MOST_SHOWN
        )
    }
    return sorted(messages_by_id(found).values(), key=lambda row: (row.at, row.id))


def _newest_id(mailbox_id: int, actor: Actor) -> str:
    said = [row.conversation_id for row in played(viewer=actor) if row.channel == Channel.EMAIL]
    here = [one.id for one in conversation_rows(said).values() if one.mailbox_id == mailbox_id]
    newest = newest_mail(max(here)) if here else None
    return "" if newest is None else newest.rfc_message_id


def _check(text: str, actor: Actor) -> None:
    if not rules.may_keep_mailboxes(actor) or actor.user_id is None:
        raise MayNotKeepMailboxes(_("Owners and managers try the channels. Ask one of them."))
    if not text.strip():
        raise MessageEmpty(_("Write something that a customer would."))
