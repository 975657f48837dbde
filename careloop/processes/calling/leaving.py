"""A voicemail or fax that a telephone system hands over stands in a case of its caller."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from careloop.domains.calls import services as calls
from careloop.domains.calls.queries import call_of_key
from careloop.domains.cases import services as cases
from careloop.domains.cases.types import NewCase
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.types import AttachedFile, Audience, Author, Channel, Inbound, NewConversation
from careloop.domains.customers import services as customers
from careloop.domains.customers.errors import AddressUnusable
from careloop.domains.customers.queries import rows_of
from careloop.domains.customers.types import IdentityKind
from careloop.domains.files.queries import file_row
from careloop.domains.files.services import keep_file
from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import PbxUnclear
from careloop.domains.telephony.types import LeftKind
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.phoning import PHONES
from careloop.processes.workspace import workspace_facts

__all__ = ["LeftFile", "take_left"]

DOCUMENTS: Final = frozenset({"application/pdf", "image/tiff"})
CHANNELS: Final = {LeftKind.VOICEMAIL: Channel.VOICE, LeftKind.FAX: Channel.LETTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftFile:
    """What was left, as it came."""

    name: str
    declared_type: str
    content: bytes = field(repr=False)


@act
def take_left(
    *,
    pbx_id: int,
    kind: LeftKind,
    told_id: str,
    number: str,
    call: str,
    seconds: int | None,
    left_at: datetime,
    file: LeftFile | None,
    actor: Actor,
    at: datetime,
) -> int | None:
    """Put a voicemail or fax into the case in which its caller left the last one, or into a new one, and return its message.

    None for what was handed over before. call: the key of the call in which it was left, or empty; one that belongs to no case
    belongs to this one from now on. file: None where it could not be fetched; the message says so.

    Raises MayNotKeepPhones, PbxNotFound, NotListening, PbxUnclear, FileTooLarge. Records LeftBehind.
    """
    left_id = telephony.note_left(
        pbx_id=pbx_id,
        kind=kind,
        told_id=told_id,
        number=number,
        seconds=seconds,
        left_at=left_at,
        actor=actor,
        at=at,
    )
    if left_id is None:
        return None
    files = () if file is None else (AttachedFile(file_id=_kept(kind, file, at=at)),)
    before = queries.left_last(pbx_id, kind=kind, number=number)
    case_id = cases.hold_open_cases(conversation_ids=[before]).get(before) if before is not None else None
    call_id, known_id = call_of_key(pbx_id, key=call) if call else (None, None)
    customer_id = known_id or _caller(number, left_id, at=at)
    title = _title(kind, number)
    conversation_id = (
        before if before is not None and case_id is not None else _begun(kind, customer_id, title, left_at)
    )
    said = Inbound(
        conversation_id=conversation_id,
        author=Author.CUSTOMER,
        author_name=rows_of([customer_id])[customer_id].name,
        customer_id=customer_id,
        text="",
        files=files,
        warnings=() if files else ("file_missing",),
        at=left_at,
    )
    (message_id,) = conversations.receive([said], actor=PHONES)
    if case_id is not None:
        cases.customer_wrote(case_id=case_id, message_id=message_id, customer_id=customer_id, actor=PHONES, at=at)
    else:
        new = NewCase(
            subject_line=title,
            requester_id=customer_id,
            requester_name=said.author_name,
            channel=CHANNELS[kind],
            conversation_id=conversation_id,
            first_message_id=message_id,
            team_id=None,
            at=at,
        )
        (case_id,) = cases.open_cases([new], actor=PHONES)
    if call_id is not None:
        calls.attach_call(call_id=call_id, case_id=case_id, actor=PHONES, at=at)
    telephony.settle_left(left_id=left_id, conversation_id=conversation_id, message_id=message_id, actor=PHONES, at=at)
    return message_id


def _kept(kind: LeftKind, file: LeftFile, *, at: datetime) -> int:
    file_id = keep_file(
        name=file.name, declared_type=file.declared_type, content=file.content, is_loose=False, actor=PHONES, at=at
    )
    content_type = file_row(file_id).content_type
    if kind == LeftKind.VOICEMAIL and not content_type.startswith("audio/"):
        problem = _("A voicemail is a sound: WAV, MP3, Ogg or M4A.")
        raise PbxUnclear(problem, fields={"file": problem})
    if kind == LeftKind.FAX and content_type not in DOCUMENTS:
        problem = _("A fax is a PDF or a TIFF.")
        raise PbxUnclear(problem, fields={"file": problem})
    return file_id


def _caller(number: str, left_id: int, *, at: datetime) -> int:
    """Return whose number it is. Who withholds theirs, or has one that nobody can call, is somebody new each time."""
    try:
        return customers.recognize_number(number=number, name=number, source="phone", actor=PHONES, at=at)
    except AddressUnusable:
        with translation.override(workspace_facts().settings.language):
            name = number.strip() or _("Withheld number")
        return customers.create_customer(
            name=name,
            kind=IdentityKind.EXTERNAL,
            value=f"left-{left_id}",
            language="",
            source="phone",
            actor=PHONES,
            at=at,
        )


def _title(kind: LeftKind, number: str) -> str:
    with translation.override(workspace_facts().settings.language):
        who = number.strip() or _("Withheld number")
        if kind == LeftKind.VOICEMAIL:
            return _("Voicemail: %(number)s") % {"number": who}
        return _("Fax: %(number)s") % {"number": who}


def _begun(kind: LeftKind, customer_id: int, title: str, at: datetime) -> int:
    new = NewConversation(
        channel=CHANNELS[kind],
        audience=Audience.CUSTOMER,
        customer_id=customer_id,
        mailbox_id=None,
        subject_line=title,
        at=at,
    )
    (conversation_id,) = conversations.start([new], actor=PHONES)
    return conversation_id
