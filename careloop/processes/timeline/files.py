"""One file, for those who may read what it hangs on."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import queries as cases_queries
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.queries import messages_with_file
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Audience
from careloop.domains.files.errors import FileNotFound
from careloop.domains.files.queries import file_row
from careloop.domains.files.types import FileRow
from careloop.domains.tasks.queries import shares_case
from careloop.domains.tasks.states import Share
from careloop.kernel.actors import HOUSE, Actor
from careloop.processes.timeline.messages import visible_message

__all__ = ["visible_file"]


def visible_file(*, file_id: int, viewer: Actor) -> FileRow:
    """Return a file that hangs on a message or a note the viewer may read. Raises FileNotFound, also for what is not theirs."""
    row = file_row(file_id)
    if not _may_read(file_id, viewer):
        raise FileNotFound(_("There is no such file."))
    return row


def _may_read(file_id: int, viewer: Actor) -> bool:
    if cases_queries.case_of_note_file(file_id=file_id, viewer=viewer) is not None:
        return True
    case_id = cases_queries.case_of_note_file(file_id=file_id, viewer=HOUSE)
    if case_id is not None and shares_case(case_id=case_id, share=Share.NOTES, viewer=viewer):
        return True
    return any(_reads(message_id, viewer) for message_id in messages_with_file(file_id))


def _reads(message_id: int, viewer: Actor) -> bool:
    try:
        visible_message(message_id=message_id, viewer=viewer)
    except MessageNotFound:
        return _is_shared(message_id, viewer)
    return True


def _is_shared(message_id: int, viewer: Actor) -> bool:
    """Say whether the words with a customer are shown to somebody with a task, and a message is among them."""
    if viewer.user_id is None:
        return False
    try:
        row, case_id = visible_message(message_id=message_id, viewer=HOUSE)
    except MessageNotFound:
        return False
    is_recalled = row.delivery is not None and row.delivery.state == DeliveryState.RECALLED
    is_inner = row.audience == Audience.THIRD_PARTY or is_recalled
    return not is_inner and shares_case(case_id=case_id, share=Share.WORDS, viewer=viewer)
