"""Acts on conversations: the only code that writes these tables."""

from careloop.domains.conversations.services.delivering import (
    begin_sending,
    move_delivery,
    note_accepted,
    recall,
    release,
    send_again,
)
from careloop.domains.conversations.services.replies import delete_saved_reply, save_reply, use_saved_replies
from careloop.domains.conversations.services.texting import name_text, stop_texts, want_texts
from careloop.domains.conversations.services.writing import DISPATCH, keep_sent, receive, start, write

__all__ = [
    "DISPATCH",
    "begin_sending",
    "delete_saved_reply",
    "keep_sent",
    "move_delivery",
    "name_text",
    "note_accepted",
    "recall",
    "receive",
    "release",
    "save_reply",
    "send_again",
    "start",
    "stop_texts",
    "use_saved_replies",
    "want_texts",
    "write",
]
