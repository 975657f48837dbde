"""Questions about conversations. Who may read a conversation is decided by the case it belongs to (cases/rules.py)."""

from careloop.domains.conversations.queries.conversations import (
    automatic_words,
    conversation_row,
    conversation_rows,
    received_since,
    spoken_by_machines,
    waiting_for_a_word,
)
from careloop.domains.conversations.queries.mails import (
    known_mails,
    newest_mail,
    newest_mails,
    outgoing,
    worrying_messages,
)
from careloop.domains.conversations.queries.messages import (
    files_of_messages,
    find_messages,
    message_row,
    messages,
    messages_by_id,
    messages_of_customer,
    messages_with_file,
    newest_message_id,
)
from careloop.domains.conversations.queries.replies import (
    replies_known_to,
    shared_replies,
)
from careloop.domains.conversations.queries.texts import delivery_state, is_text, text_to_send, texting_between

__all__ = [
    "automatic_words",
    "conversation_row",
    "conversation_rows",
    "delivery_state",
    "files_of_messages",
    "find_messages",
    "is_text",
    "known_mails",
    "message_row",
    "messages",
    "messages_by_id",
    "messages_of_customer",
    "messages_with_file",
    "newest_mail",
    "newest_mails",
    "newest_message_id",
    "outgoing",
    "received_since",
    "replies_known_to",
    "shared_replies",
    "spoken_by_machines",
    "text_to_send",
    "texting_between",
    "waiting_for_a_word",
    "worrying_messages",
]
