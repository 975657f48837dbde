"""Cases as endpoints meet them: by number, and only those that the token's maker may see."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from careloop.domains.cases import queries, rules
from careloop.domains.cases.types import CaseDetail, ConversationRange
from careloop.faces.api.visits import visit_of
from careloop.kernel.actors import Actor

__all__ = ["case_id_of", "detail_of", "is_outsider", "ranges_of", "shown"]


def case_id_of(request: HttpRequest, number: int) -> int:
    """Return the id of the case with a number. Raises CaseNotFound, also for what is not theirs."""
    return queries.case_id_of_number(number=number, viewer=visit_of(request).actor)


def detail_of(request: HttpRequest, number: int) -> CaseDetail:
    """Return everything about the case with a number except its words. Raises CaseNotFound."""
    return queries.case_of_number(number=number, viewer=visit_of(request).actor)


def shown(detail: CaseDetail) -> dict[str, Any]:
    """Return a case's detail in the shape of the API, which knows no ids of cases but their numbers."""
    return {
        "case": detail.row,
        "status_id": detail.status_id,
        "type_id": detail.type_id,
        "reason_id": detail.reason_id,
        "reason": detail.reason,
        "revision": detail.revision,
        "reopen_count": detail.reopen_count,
        "first_response_at": detail.first_response_at,
        "closed_at": detail.closed_at,
        "participant_ids": detail.participant_ids,
        "follower_ids": detail.follower_ids,
        "conversation_ids": [link.conversation_id for link in detail.conversations],
        "cycles": queries.cycles_of(detail.row.id),
    }


def ranges_of(links: Sequence[ConversationRange]) -> list[tuple[int, int | None, int | None]]:
    """Return which messages of which conversations belong to a case."""
    return [(link.conversation_id, link.first_message_id, link.last_message_id) for link in links]


def is_outsider(viewer: Actor) -> bool:
    """Say whether a viewer reads for the client: they see what the customer sees, and no more."""
    return not rules.may_read_notes(viewer)
