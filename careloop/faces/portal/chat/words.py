"""What a widget says, in the language of its visitor; {places} are filled in by the browser."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["widget_words"]

_WORDS: Final[dict[str, str | Promise]] = {
    "open": _("Open the chat"),
    "close": _("Close the chat"),
    "new_words": _("{count} new messages"),
    "hello": _("How can we help?"),
    "online": _("We are here and answer in this window."),
    "away": _("Nobody is here right now. Leave us a message, and we answer by mail."),
    "outside": _("We are closed. Leave us a message, and we answer by mail."),
    "full": _("Too many people wait at the moment. Leave us a message, and we answer by mail."),
    "silent": _("Are you still there? Unless you write, this chat is over in about a minute."),
    "opens": _("We are here again {when}."),
    "your_name": _("Your name"),
    "your_address": _("Your mail address"),
    "why_address": _("So that we can answer you even if the connection breaks."),
    "your_message": _("Your message"),
    "notice_more": _("Read more"),
    "begin": _("Start the chat"),
    "leave_message": _("Send the message"),
    "left": _("Thank you. Your message has arrived; its number is {number}. We answer by mail."),
    "another": _("Write another message"),
    "write": _("Write a message"),
    "send": _("Send"),
    "attach": _("Attach a file"),
    "emoji": _("Insert an emoji"),
    "goes_on": _("Somebody else goes on with you. Nothing that you wrote is lost."),
    "next": _("You are next."),
    "ahead_one": _("One person is before you."),
    "ahead": _("{count} people are before you."),
    "wait": _("It takes about {middle} minutes; three of four people wait {least} to {most}."),
    "wait_one": _("It takes about a minute."),
    "by_mail": _("Do not wait: answer me by mail"),
    "by_call": _("Call me instead"),
    "your_phone": _("Your phone number"),
    "call_too": _("Leave your phone number if you would like us to call you."),
    "call_by": _("We would call you by {when}."),
    "ask_call": _("Ask for the call"),
    "called": _("What you wrote has arrived, and we call you by {when}."),
    "kept": _("What you wrote has arrived, and we answer by mail."),
    "ended_nobody": _(
        "Nobody could come in time, and we are sorry. What you wrote has arrived, and we answer by mail."
    ),
    "wait_unknown": _("We cannot say yet how long it takes."),
    "joined": _("{who} is here for you."),
    "typing": _("{who} is writing…"),
    "read": _("Read"),
    "sent": _("Sent"),
    "sending": _("Sending…"),
    "offline": _("No connection. What you write is kept and sent as soon as it is back."),
    "you": _("You"),
    "menu": _("More"),
    "sound": _("Sound for new messages"),
    "end": _("End the chat"),
    "end_mail": _("End the chat and mail me what was said"),
    "ended": _("This chat is over."),
    "ended_silence": _(
        "This chat is over because nobody wrote for a while. What you did not read is on its way to you by mail."
    ),
    "again": _("Start a new chat"),
    "transcript": _("Mail me what was said"),
    "transcript_sent": _("It is on its way to you by mail."),
    "risky": _("This file could do harm. Open it only if you expect it from us."),
    "not_now": _("Not now"),
    "too_large": _("This file is larger than {limit} MB. Share a link to it instead."),
    "failed": _("That did not work. Try again in a moment."),
    "required": _("Please fill this in."),
}


def widget_words() -> dict[str, str]:
    """Return every word of a widget in the active language."""
    return {name: str(words) for name, words in _WORDS.items()}
