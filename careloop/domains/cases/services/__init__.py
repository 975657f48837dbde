"""Acts on cases: the only code that writes these tables."""

from careloop.domains.cases.services.drafts import discard_draft, save_draft
from careloop.domains.cases.services.facts import (
    add_participant,
    prioritize,
    remove_participant,
    rename,
    set_reason,
    set_type,
    tag,
)
from careloop.domains.cases.services.flow import (
    answered,
    change_status,
    close_solved,
    customer_wrote,
    customers_wrote,
    hold_for_answer,
    hold_open_cases,
    reopen,
    third_party_wrote,
)
from careloop.domains.cases.services.hands import (
    add_follower,
    assign,
    follow,
    mark_spam,
    remove_follower,
    unfollow,
    unmark_spam,
)
from careloop.domains.cases.services.holding import hold_for_decision, hold_for_step, note_open_tasks, release, require
from careloop.domains.cases.services.notes import add_note
from careloop.domains.cases.services.opening import link_conversation, open_cases
from careloop.domains.cases.services.policy import (
    Branch,
    add_case_type,
    add_status,
    change_status_name,
    publish_reasons,
    retire_case_type,
    retire_status,
    set_up,
)
from careloop.domains.cases.services.promised import note_due
from careloop.domains.cases.services.views import delete_view, place_view, save_view

__all__ = [
    "Branch",
    "add_case_type",
    "add_follower",
    "add_note",
    "add_participant",
    "add_status",
    "answered",
    "assign",
    "change_status",
    "change_status_name",
    "close_solved",
    "customer_wrote",
    "customers_wrote",
    "delete_view",
    "discard_draft",
    "follow",
    "hold_for_answer",
    "hold_for_decision",
    "hold_for_step",
    "hold_open_cases",
    "link_conversation",
    "mark_spam",
    "note_due",
    "note_open_tasks",
    "open_cases",
    "place_view",
    "prioritize",
    "publish_reasons",
    "release",
    "remove_follower",
    "remove_participant",
    "rename",
    "reopen",
    "require",
    "retire_case_type",
    "retire_status",
    "save_draft",
    "save_view",
    "set_reason",
    "set_type",
    "set_up",
    "tag",
    "third_party_wrote",
    "unfollow",
    "unmark_spam",
]
