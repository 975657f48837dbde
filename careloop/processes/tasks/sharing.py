"""What of a case is shown with a task, to whoever was asked and does not see the case."""

from collections.abc import Sequence
from dataclasses import dataclass

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases.types import NoteRow
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.domains.customers.queries import card
from careloop.domains.customers.types import CustomerCard
from careloop.domains.tasks.states import Share, State
from careloop.domains.tasks.types import TaskRow
from careloop.kernel.actors import HOUSE

__all__ = ["SharedCase", "shared_case"]

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCase:
    """The parts of a case that whoever asked shows.

    number: always told, so that people can talk about the matter. subject: empty where it is not shared. customer: None where it
    is not shared. words: the newest, oldest first, without what goes on with third parties. is_cut: there is more.
    """

    number: int
    subject: str
    customer: CustomerCard | None
    words: Sequence[MessageRow]
    notes: Sequence[NoteRow]
    is_cut: bool


def shared_case(task: TaskRow) -> SharedCase:
    """Return the parts of its case that are shown with a task; that the reader may see the task is settled before.

    With a task that was withdrawn, only the number is left: nobody works on it any more.
    """
    detail = cases_queries.case_detail(case_id=task.case_id, viewer=HOUSE)
    shares = frozenset[Share]() if task.state is State.WITHDRAWN else task.shares
    said: Sequence[MessageRow] = ()
    if Share.WORDS in shares:
        ranges = [(c.conversation_id, c.first_message_id, c.last_message_id) for c in detail.conversations]
        said = messages(ranges, limit=MOST + 1, for_customer=True)
    notes = cases_queries.notes_of(case_id=task.case_id, viewer=HOUSE, limit=MOST) if Share.NOTES in shares else []
    return SharedCase(
        number=detail.row.number,
        subject=detail.row.subject if Share.SUBJECT in shares else "",
        customer=card(customer_id=detail.row.requester_id, viewer=HOUSE, in_case=True)
        if Share.CUSTOMER in shares
        else None,
        words=said[-MOST:],
        notes=notes,
        is_cut=len(said) > MOST,
    )
