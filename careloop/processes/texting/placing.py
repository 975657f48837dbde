"""Put stored text messages where they belong: into their conversations, contacts and cases."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from careloop.domains.cases import services as cases
from careloop.domains.cases.types import NewCase
from careloop.domains.channels import services as channels
from careloop.domains.channels.events import MessengerChanged, TextStored
from careloop.domains.channels.queries import messenger, waiting_hooks
from careloop.domains.channels.types import HookKind, HookRow, MessengerRow, MessengerState
from careloop.domains.contacts import services as contacts
from careloop.domains.contacts.services import Word
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import conversation_rows, received_since, texting_between
from careloop.domains.conversations.types import (
    AttachedFile,
    Audience,
    Author,
    Channel,
    ConversationRow,
    Inbound,
    NewConversation,
    TextFacts,
)
from careloop.domains.customers import services as customers
from careloop.domains.customers.errors import AddressUnusable
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.queries import rows_of
from careloop.domains.customers.types import IdentityKind
from careloop.domains.files.services import keep_file
from careloop.gateways.texting import Media, MediaTrouble, TextIn, Unusable, fetch_media, read_text
from careloop.kernel.acts import act
from careloop.kernel.clock import now
from careloop.kernel.errors import TooLarge
from careloop.kernel.events import Recorded
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.processes.intake.language import first_line
from careloop.processes.texting.house import TEXTING, account_of
from careloop.processes.texting.statuses import settle_status
from careloop.processes.workspace import quiet_time

__all__ = ["TEXTING", "fetch_files", "read_waiting", "take_in"]

log = logging.getLogger(__name__)

MOST_AN_HOUR: Final = 60
"""Messages that one conversation may get within an hour; more is a machine or an attack and waits for a person."""
MOST_FETCHES: Final = 3
"""How often the files of a message are asked for; then it is told without them, and says so."""
AT_ONCE: Final = 1000


def take_in(recorded: Sequence[Recorded]) -> None:
    """Read what was stored, or is to be read again; what came with files has them fetched first, by a job.

    recorded: TextStored and TextRetried events.
    """
    for one in recorded:
        kind = one.event.kind if isinstance(one.event, TextStored) else ""
        _begin(one.subject_id, is_status=kind == HookKind.STATUS, at=one.event.at)


def read_waiting(recorded: Sequence[Recorded]) -> None:
    """Read what waited until its messenger went live. recorded: MessengerChanged events."""
    for one in recorded:
        if isinstance(one.event, MessengerChanged) and one.event.change == "live":
            for hook_id in waiting_hooks(one.subject_id, limit=AT_ONCE):
                _begin(hook_id, is_status=False, at=one.event.at)


def fetch_files(*, workspace_id: int, hook_id: int) -> None:
    """Fetch what came with a message and settle it. Opens its own scopes: the wire lies between two transactions.

    Raises MediaTrouble for what is worth another try; after the last one the message is told without the file.
    """
    with workspace_scope(workspace_id):
        attempts = channels.count_hook_attempt(hook_id=hook_id)
        row = channels.begin_hook(hook_id=hook_id)
        if row is None:
            return
        account, told = account_of(row.messenger_id), read_text(row.body)
    media, is_short = [], attempts > MOST_FETCHES
    for number, (url, kind) in enumerate(told.media if not is_short else (), start=1):
        try:
            media.append(
                fetch_media(
                    account,
                    url=url,
                    content_type=kind,
                    number=number,
                    most_bytes=settings.ATTACHMENT_BYTES_LIMIT,
                )
            )
        except MediaTrouble as trouble:
            log.warning("text.file_missing", extra={"hook_id": hook_id, "code": trouble.reason})
            if not trouble.is_final and attempts < MOST_FETCHES:
                raise
            is_short = True
    with workspace_scope(workspace_id):
        _settle(hook_id, media=media, is_short=is_short, at=now())


def _begin(hook_id: int, *, is_status: bool, at: datetime) -> None:
    row = channels.begin_hook(hook_id=hook_id)
    if row is None or messenger(row.messenger_id).state != MessengerState.LIVE:
        return
    if is_status or row.kind == HookKind.STATUS:
        settle_status(row, at=at)
        return
    try:
        has_files = bool(read_text(row.body).media)
    except Unusable:
        has_files = False  # the reading tells why
    if has_files:
        app.configure_task("fetch_text_files").defer(workspace_id=current_workspace(), hook_id=hook_id)
        return
    _settle(hook_id, media=(), is_short=False, at=at)


@act
def _settle(hook_id: int, *, media: Sequence[Media], is_short: bool, at: datetime) -> None:
    row = channels.begin_hook(hook_id=hook_id)
    if row is None:
        return
    box = messenger(row.messenger_id)
    try:
        told = read_text(row.body)
        if told.account and told.account != box.account:
            raise Unusable("other_account")
        peer = normalize_identity(IdentityKind.PHONE, told.sender)
    except Unusable as problem:
        channels.quarantine_hook(hook_id=hook_id, reason=problem.reason, detail="", actor=TEXTING, at=at)
        return
    except AddressUnusable:
        channels.quarantine_hook(hook_id=hook_id, reason="no_sender", detail=told.sender, actor=TEXTING, at=at)
        return
    conversation = _conversation(box, peer, told, row)
    since = row.received_at - timedelta(hours=1)
    if received_since([conversation.id], since=since).get(conversation.id, 0) >= MOST_AN_HOUR:
        channels.quarantine_hook(hook_id=hook_id, reason="too_many", detail=peer, actor=TEXTING, at=at)
        return
    message_id = _place(conversation, box, told, row, media=media, is_short=is_short)
    channels.accept_hook(hook_id=hook_id, message_id=message_id, actor=TEXTING, at=at)


def _conversation(box: MessengerRow, peer: str, told: TextIn, row: HookRow) -> ConversationRow:
    known = texting_between(messenger_id=box.id, peer=peer)
    if known is None:
        customer_id = customers.recognize_number(
            number=peer, name=peer, source="sms", actor=TEXTING, at=row.received_at
        )
        new = NewConversation(
            channel=Channel.SMS,
            audience=Audience.CUSTOMER,
            customer_id=customer_id,
            mailbox_id=None,
            messenger_id=box.id,
            peer=peer,
            subject_line=first_line(told.text) or "—",
            at=row.received_at,
        )
        (known,) = conversations.start([new], actor=TEXTING)
    return conversation_rows([known])[known]


def _place(
    conversation: ConversationRow,
    box: MessengerRow,
    told: TextIn,
    row: HookRow,
    *,
    media: Sequence[Media],
    is_short: bool,
) -> int:
    at, customer_id = row.received_at, conversation.customer_id
    held = cases.hold_open_cases(conversation_ids=[conversation.id]).get(conversation.id)
    files, is_too_large = _kept(media, at)
    name = rows_of([customer_id])[customer_id].name
    said = Inbound(
        conversation_id=conversation.id,
        author=Author.CUSTOMER,
        author_name=name,
        customer_id=customer_id,
        text=told.text,
        warnings=(*["file_missing"] * is_short, *["file_too_large"] * is_too_large),
        texted=TextFacts(provider_id=told.provider_id),
        files=files,
        at=at,
    )
    (message_id,) = conversations.receive([said], actor=TEXTING)
    is_consent = _heed(conversation, told, at=at)
    if held is not None:
        cases.customer_wrote(case_id=held, message_id=message_id, customer_id=customer_id, actor=TEXTING, at=at)
    elif not is_consent:
        new = NewCase(
            subject_line=first_line(told.text) or "—",
            requester_id=customer_id,
            requester_name=name,
            channel=Channel.SMS,
            conversation_id=conversation.id,
            first_message_id=message_id,
            team_id=box.team_id,
            at=at,
        )
        cases.open_cases([new], actor=TEXTING)
    if held is not None or not is_consent:
        word = Word(
            conversation_id=conversation.id, customer_id=customer_id, channel=Channel.SMS, team_id=box.team_id, at=at
        )
        contacts.customers_wrote([word], quiet=quiet_time(), actor=TEXTING)
    return message_id


def _heed(conversation: ConversationRow, told: TextIn, *, at: datetime) -> bool:
    """Note whether the customer wants our messages, and say whether the word is about that and about nothing else.

    Words such as YES mean "again" only to somebody who said STOP.
    """
    if told.stops:
        conversations.stop_texts(conversation_id=conversation.id, actor=TEXTING, at=at)
        return True
    return told.starts and conversations.want_texts(conversation_id=conversation.id, actor=TEXTING, at=at)


def _kept(media: Sequence[Media], at: datetime) -> tuple[tuple[AttachedFile, ...], bool]:
    files, is_too_large = [], False
    for one in media:
        try:
            file_id = keep_file(
                name=one.name,
                declared_type=one.content_type,
                content=one.content,
                is_loose=False,
                actor=TEXTING,
                at=at,
            )
        except TooLarge:
            is_too_large = True
            continue
        files.append(AttachedFile(file_id=file_id))
    return tuple(files), is_too_large
