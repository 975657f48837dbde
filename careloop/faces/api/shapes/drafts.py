"""What somebody is writing, before it is sent."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.cases import WordsGiven
from careloop.faces.api.shapes.common import Asked, Channel, Id, Shown
from careloop.faces.api.shapes.conversations import FileShown

__all__ = ["CaseDraftGiven", "CaseDraftShown", "MailDraftGiven", "MailDraftShown", "RecipientsAsked", "RecipientsShown"]

Typed = Annotated[
    str, Field(max_length=2000, pattern=r"^[^\x00]*$", description="As it was typed; looked at when it is sent.")
]
Ids = Annotated[list[Id], Field(max_length=50)]


class DraftShown(Shown):
    html: str
    to: str | None
    cc: str | None
    bcc: str | None
    files: list[FileShown]
    saved_reply_ids: list[int]
    saved_at: datetime


class CaseDraftShown(DraftShown):
    """A text to go on with. to, cc: null for whoever the newest mail suggests. status_id: what an answer makes of the case."""

    kind: Literal["reply", "note", "forward"]
    conversation_id: int | None
    status_id: int | None
    forward_to: str
    forwarded_message_id: int | None
    shared_file_ids: list[int]


class MailDraftShown(DraftShown):
    """A first mail to a customer, to go on with."""

    mailbox_id: int | None
    team_id: int | None
    name: str
    subject: str


class CaseDraftGiven(WordsGiven):
    """All of it, as it shall be; one without words, files and third party is thrown away."""

    kind: Literal["reply", "note", "forward"] = "reply"
    conversation_id: Id | None = None
    status_id: Id | None = None
    to: Typed | None = None
    cc: Typed | None = None
    bcc: Typed | None = None
    forward_to: Typed = ""
    forwarded_message_id: Id | None = None
    saved_reply_ids: Ids = []
    shared_file_ids: Ids = []


class MailDraftGiven(WordsGiven):
    """All of it, as it shall be; one without words, files and subject is thrown away."""

    mailbox_id: Id | None = None
    team_id: Id | None = None
    to: Typed | None = None
    name: Typed = ""
    cc: Typed | None = None
    bcc: Typed | None = None
    subject: Typed = ""
    saved_reply_ids: Ids = []


class RecipientsAsked(Asked):
    """conversation_id: the newest with the customer unless given."""

    conversation_id: Id | None = None


class RecipientsShown(Shown):
    """To whom an answer goes unless its writer says otherwise. known: the customer's addresses. mailbox: it leaves from.

    channel: what it goes out as; a text message takes neither files nor other recipients.
    """

    conversation_id: int | None
    to: list[str]
    cc: list[str]
    known: list[str]
    mailbox: str
    channel: Channel
