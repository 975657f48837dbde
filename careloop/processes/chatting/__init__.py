"""A chat from the first word to what is mailed afterwards (docs/reasons/chat.md)."""

from careloop.processes.chatting.after import (
    end_with_case,
    mail_unread,
    ring_answer_due,
    ring_nobody_came,
    ring_visitor_silent,
)
from careloop.processes.chatting.agents import (
    agent_reads,
    agent_says,
    call_in,
    hand_over,
    hand_to_team,
    pick,
    whisper,
    wrap_up,
)
from careloop.processes.chatting.giving import give_chat, move_chat, move_chat_back, take_chat_back
from careloop.processes.chatting.identity import Proved, proved_by
from careloop.processes.chatting.opening import Door, may_invite, opening_of, refuse_unless_agreed
from careloop.processes.chatting.reading import Line, Look, look_at, words_of
from careloop.processes.chatting.visitors import (
    Beginning,
    Utterance,
    ask_for_mail,
    keep_upload,
    leave,
    resume,
    secret_hash,
    start_chat,
    visitor_says,
    visitors_say,
)
from careloop.processes.chatting.wishing import ask_for_call, call_window_of, refuse_unless_calls

__all__ = [
    "Beginning",
    "Door",
    "Line",
    "Look",
    "Proved",
    "Utterance",
    "agent_reads",
    "agent_says",
    "ask_for_call",
    "ask_for_mail",
    "call_in",
    "call_window_of",
    "end_with_case",
    "give_chat",
    "hand_over",
    "hand_to_team",
    "keep_upload",
    "leave",
    "look_at",
    "mail_unread",
    "may_invite",
    "move_chat",
    "move_chat_back",
    "opening_of",
    "pick",
    "proved_by",
    "refuse_unless_agreed",
    "refuse_unless_calls",
    "resume",
    "ring_answer_due",
    "ring_nobody_came",
    "ring_visitor_silent",
    "secret_hash",
    "start_chat",
    "take_chat_back",
    "visitor_says",
    "visitors_say",
    "whisper",
    "words_of",
    "wrap_up",
]
