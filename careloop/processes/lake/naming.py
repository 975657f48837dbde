"""What Careloop's own things are called in the lake: like subjects in the log, in an order that follows time."""

from careloop.domains.conversations.types import Author, Channel
from careloop.insight.facts.tables import vocabulary as facts
from careloop.processes.lake.keys import ours, ours_or_none

__all__ = ["CHANNELS", "SENDERS", "SOURCE", "ours", "ours_or_none"]

SOURCE = "careloop"

CHANNELS: dict[str, facts.Channel] = {
    Channel.EMAIL: facts.Channel.EMAIL,
    Channel.WEB_FORM: facts.Channel.WEB_FORM,
    Channel.PORTAL: facts.Channel.WEB_FORM,
    Channel.VOICE: facts.Channel.VOICE,
    Channel.LETTER: facts.Channel.LETTER,
    Channel.IN_PERSON: facts.Channel.IN_PERSON,
    Channel.CHAT: facts.Channel.CHAT,
    Channel.SMS: facts.Channel.MESSAGING,
    Channel.API: facts.Channel.WEB_FORM,
}

SENDERS: dict[str, facts.MessageSender] = {
    Author.CUSTOMER: facts.MessageSender.CUSTOMER,
    Author.THIRD_PARTY: facts.MessageSender.THIRD_PARTY,
    Author.AGENT: facts.MessageSender.AGENT,
    Author.HOUSE: facts.MessageSender.SYSTEM,
}
