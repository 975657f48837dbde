"""One message, for those who may read it."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import rules as cases_rules
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.queries import conversation_row, message_row
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Audience, MessageRow
from careloop.kernel.actors import Actor

__all__ = ["visible_message"]


def visible_message(*, message_id: int, viewer: Actor) -> tuple[MessageRow, int]:
    """Return a message and the case in which the viewer meets it.

    Raises MessageNotFound, also for what is not theirs: words with third parties and words taken back are read by those
    alone who read notes.
    """
    row = message_row(message_id)
    conversation = None if row is None else conversation_row(row.conversation_id)
    if row is None or conversation is None:
        raise MessageNotFound(_("There is no such message."))
    is_recalled = row.delivery is not None and row.delivery.state == DeliveryState.RECALLED
    is_inner = conversation.audience == Audience.THIRD_PARTY or is_recalled
    case_id = cases_queries.case_of_message(conversation_id=conversation.id, message_id=row.id, viewer=viewer)
    if case_id is None or (is_inner and not cases_rules.may_read_notes(viewer)):
        raise MessageNotFound(_("There is no such message."))
    return row, case_id
