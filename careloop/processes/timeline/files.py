"""One file, for those who may read what it hangs on."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import queries as cases_queries
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.queries import messages_with_file
from careloop.domains.files.errors import FileNotFound
from careloop.domains.files.queries import file_row
from careloop.domains.files.types import FileRow
from careloop.kernel.actors import Actor
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
    return any(_reads(message_id, viewer) for message_id in messages_with_file(file_id))


def _reads(message_id: int, viewer: Actor) -> bool:
    try:
        visible_message(message_id=message_id, viewer=viewer)
    except MessageNotFound:
        return False
    return True
