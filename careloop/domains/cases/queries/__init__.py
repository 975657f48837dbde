"""Questions about cases; answers are frozen rows, and visibility is an argument."""

from careloop.domains.cases.queries.details import (
    case_briefs,
    case_detail,
    case_id_of_number,
    case_of_message,
    case_of_note_file,
    cases_of_conversations,
    draft_of,
    notes_by_id,
    notes_of,
    opened_since,
    visible_among,
    visible_case_ids,
    visible_cases_of_messages,
)
from careloop.domains.cases.queries.lists import (
    cases,
    cases_by_id,
    cases_of_customer,
    cases_opened_by,
    find_cases,
    find_notes,
    requests_of,
)
from careloop.domains.cases.queries.policy import case_types, reasons, statuses, tags_like
from careloop.domains.cases.queries.views import SYSTEM_VIEWS, count_of, view, views_of

__all__ = [
    "SYSTEM_VIEWS",
    "case_briefs",
    "case_detail",
    "case_id_of_number",
    "case_of_message",
    "case_of_note_file",
    "case_types",
    "cases",
    "cases_by_id",
    "cases_of_conversations",
    "cases_of_customer",
    "cases_opened_by",
    "count_of",
    "draft_of",
    "find_cases",
    "find_notes",
    "notes_by_id",
    "notes_of",
    "opened_since",
    "reasons",
    "requests_of",
    "statuses",
    "tags_like",
    "view",
    "views_of",
    "visible_among",
    "visible_case_ids",
    "visible_cases_of_messages",
]
