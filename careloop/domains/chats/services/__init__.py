"""Acts on chats: the only code that writes these tables."""

from careloop.domains.chats.services.course import (
    ANSWER_DUE,
    VISITOR_SILENT,
    WORDS_UNREAD,
    call_in,
    end,
    hand_over,
    hand_to_team,
    note_mailed,
    note_read_by_agent,
    note_read_by_visitor,
    pick,
    release_silent,
    show_anew,
    want_transcript,
)
from careloop.domains.chats.services.saying import agent_said, held_for_words, join, note_mark, start, visitor_said
from careloop.domains.chats.services.widgets import add_widget, change_widget, renew_secret

__all__ = [
    "ANSWER_DUE",
    "VISITOR_SILENT",
    "WORDS_UNREAD",
    "add_widget",
    "agent_said",
    "call_in",
    "change_widget",
    "end",
    "hand_over",
    "hand_to_team",
    "held_for_words",
    "join",
    "note_mailed",
    "note_mark",
    "note_read_by_agent",
    "note_read_by_visitor",
    "pick",
    "release_silent",
    "renew_secret",
    "show_anew",
    "start",
    "visitor_said",
    "want_transcript",
]
