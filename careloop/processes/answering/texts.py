"""Answers that go out as text messages: what the channel can carry is looked at before anything is written."""

from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.channels.capabilities import CAPABILITIES, FREE, Capabilities, segments_of
from careloop.domains.channels.queries import messenger
from careloop.domains.channels.types import MessengerState
from careloop.domains.conversations.types import ConversationRow, TextFacts
from careloop.processes.answering.errors import WordsUnfit
from careloop.processes.answering.types import Words

__all__ = ["as_text", "capabilities_of"]


def capabilities_of(channel: str) -> Capabilities:
    """Return what a channel can carry."""
    return CAPABILITIES.get(channel, FREE)


def as_text(conversation: ConversationRow, words: Words, *, at: datetime) -> tuple[Words, TextFacts] | None:
    """Return an answer as the text message it becomes, plain and unsigned; None where the conversation is none by text message.

    Raises WordsUnfit for what the channel cannot carry, or when the customer wants no more messages.
    """
    if conversation.messenger_id is None:
        return None
    box, able = messenger(conversation.messenger_id), capabilities_of(conversation.channel)
    if conversation.stopped_at is not None:
        raise WordsUnfit(
            _("The customer asked for no more text messages on %(day)s. Call them, or write a mail.")
            % {"day": formats.date_format(conversation.stopped_at, "SHORT_DATE_FORMAT")}
        )
    if box.state != MessengerState.LIVE:
        raise WordsUnfit(
            _("The number %(number)s is not live, so nothing can be sent from it. Ask a manager.")
            % {"number": box.number}
        )
    if words.file_ids and not able.takes_files:
        raise WordsUnfit(lazily("A text message takes no files. Take them out, or write a mail."))
    text = words.text.strip()
    if able.most_characters is not None and len(text) > able.most_characters:
        raise WordsUnfit(
            _("A text message has at most %(most)d characters; this one has %(count)d. Make it shorter.")
            % {"most": able.most_characters, "count": len(text)}
        )
    plain = Words(text=text, html="", reply_ids=words.reply_ids, left_open=words.left_open)
    return plain, TextFacts(segment_count=segments_of(text))
