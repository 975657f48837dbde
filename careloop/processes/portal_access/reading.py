"""What a customer reads of a request."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.queries import case_of_number
from careloop.domains.cases.types import ConversationRange
from careloop.domains.commitments.queries import callbacks_owed
from careloop.domains.commitments.states import Way
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Author as Writer
from careloop.domains.conversations.types import MessageRow
from careloop.domains.files.errors import FileNotFound
from careloop.domains.files.queries import files_by_id
from careloop.domains.files.types import FileRow
from careloop.kernel.actors import Actor
from careloop.processes.portal_access.types import Author, Enclosure, Story, Word

__all__ = ["file_of_request", "request_story"]

MOST_WORDS = 200
MOST_WORDS_SEARCHED = 10_000


def request_story(*, number: int, customer: Actor, before_id: int | None = None) -> Story:
    """Return a request with its newest 200 words, as its customer may read it. Raises CaseNotFound, also for others'.

    before_id: only words with a smaller id, for reading further back: the `earlier_before_id` of the story read last.
    """
    detail = case_of_number(number=number, viewer=customer)
    rows = _words_in(detail.conversations, limit=MOST_WORDS + 1, before_id=before_id)
    oldest_first = sorted(rows, key=lambda row: row.id)
    part = {row.id for row in oldest_first[-MOST_WORDS:]}
    shown = [row for row in rows if row.id in part and _is_said(row)]
    files = files_by_id(file.file_id for row in shown for file in row.files)
    way, owed_by = callbacks_owed([detail.row.id], viewer=customer).get(detail.row.id, (None, None))
    return Story(
        case_id=detail.row.id,
        number=detail.row.number,
        subject=detail.row.subject,
        category=detail.row.category,
        opened_at=detail.row.opened_at,
        words=tuple(_word(row, customer, files) for row in shown),
        earlier_before_id=min(part) if len(rows) > MOST_WORDS else None,
        we_call_by=owed_by if way is Way.CALL else None,
        we_write_by=owed_by if way is Way.WRITE else None,
    )


def file_of_request(*, number: int, file_id: int, customer: Actor) -> FileRow:
    """Return a file that hangs on a word which the customer may read. Raises CaseNotFound, FileNotFound."""
    detail = case_of_number(number=number, viewer=customer)
    rows = _words_in(detail.conversations, limit=MOST_WORDS_SEARCHED)
    if all(file.file_id != file_id for row in rows if _is_said(row) for file in row.files):
        raise FileNotFound(_("There is no such file."))
    return files_by_id([file_id])[file_id]


def _words_in(
    conversations: Sequence[ConversationRange], *, limit: int, before_id: int | None = None
) -> list[MessageRow]:
    ranges = [(c.conversation_id, c.first_message_id, c.last_message_id) for c in conversations]
    return messages(ranges, limit=limit, before_id=before_id, for_customer=True)


def _is_said(row: MessageRow) -> bool:
    # What its writer can still take back has not been said yet.
    return row.delivery is None or row.delivery.state != DeliveryState.SCHEDULED


def _word(row: MessageRow, reader: Actor, files: Mapping[int, FileRow]) -> Word:
    is_ours = row.author in {Writer.AGENT, Writer.HOUSE}
    if is_ours:
        author = Author.MACHINE if row.is_auto else Author.TEAM
        # The name over the mail, as it was sent; a word that only stands in the portal bears its writer's.
        name = row.mail.from_name if row.mail else row.writer
    else:
        author, name = Author.YOU if row.customer_id == reader.id else Author.OTHER_CUSTOMER, row.writer
    return Word(
        id=row.id,
        author=author,
        name=name,
        at=row.at,
        text=row.text,
        # Markup from a mail program holds the whole thread once more; the text was cut free of it.
        html=row.html if is_ours and not row.quoted else "",
        enclosures=tuple(
            Enclosure(
                file_id=file.file_id,
                name=files[file.file_id].name,
                content_type=files[file.file_id].content_type,
                byte_count=files[file.file_id].byte_count,
                content_id=file.content_id,
                is_inline=file.is_inline,
                is_risky=files[file.file_id].is_risky,
                is_previewed=files[file.file_id].is_previewed,
            )
            for file in row.files
            if file.file_id in files
        ),
    )
