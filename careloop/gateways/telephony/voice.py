"""Calls over a provider shaped like Twilio: what its webhooks say, and what it is told to do. Never run live.

Names as in Twilio's documentation: "TwiML Voice: Twilio's request", "<Dial>", "<Number>", "<Gather>" and "<Record>" with what
they call back (www.twilio.com/docs/voice/twiml), and "Call resource" for the states of a call. Fields that are not named here
are left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from careloop.gateways.texting import Unusable, pairs_of

__all__ = [
    "MOST_NUMBERS",
    "OVER",
    "SILENCE",
    "VoiceHook",
    "hang_up",
    "part_with",
    "read_voice",
    "reject",
    "ring",
    "take_message",
]

MOST_NUMBERS: Final = 10
"""So many telephones ring at once at most."""
RING_SECONDS: Final = 25
MESSAGE_SECONDS: Final = 180
KEY_SECONDS: Final = 4
"""So long after the words a key may still be pressed before the message is taken."""
LONGEST_ID: Final = 64
LONGEST_WORD: Final = 40
LONGEST_NUMBER: Final = 40
OVER: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""States after which nothing happens to a call any more."""
VOICES: Final = {"ko": "ko-KR", "zh-hans": "zh-CN", "vi": "vi-VN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceHook:
    """What a webhook of a call says; empty where it does not.

    leg: the call it is about. call: the customer's, of which that may be a part. caller, called: of the leg.
    dial_status: what came of ringing the agents; dial_call: the leg that this was. at: when it happened; None where nobody says.
    recording_status, recording_url, seconds: of a recording. digits: what the caller pressed.
    """

    leg: str
    call: str
    caller: str
    called: str
    status: str
    dial_status: str
    at: datetime | None
    recording_id: str
    recording_status: str
    recording_url: str
    seconds: int | None
    digits: str = ""
    dial_call: str = ""


def read_voice(body: bytes) -> VoiceHook:
    """Read a webhook of a call. Raises Unusable for one that names no call."""
    told = dict(pairs_of(body))
    leg = _id(told.get("CallSid", ""))
    if not leg:
        raise Unusable("no_id")
    seconds = told.get("RecordingDuration", "")
    return VoiceHook(
        leg=leg,
        call=_id(told.get("ParentCallSid", "")) or leg,
        caller=_number(told.get("From", "")),
        called=_number(told.get("To", "")),
        status=_word(told.get("CallStatus", "")),
        dial_status=_word(told.get("DialCallStatus", "")),
        dial_call=_id(told.get("DialCallSid", "")),
        at=_moment(told.get("Timestamp", "")),
        recording_id=_id(told.get("RecordingSid", "")),
        recording_status=_word(told.get("RecordingStatus", "")),
        recording_url=told.get("RecordingUrl", ""),
        digits=_word(told.get("Digits", "")),
        seconds=int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else None,
    )


def ring(numbers: Sequence[str], *, legs_url: str, next_url: str) -> str:
    """Return the answer that rings telephones all at once; the first to pick up has the caller.

    legs_url: where we hear of each telephone. next_url: asked for what to do when it is over, or nobody picked up.
    """
    answer = Element("Response")
    dial = SubElement(answer, "Dial", answerOnBridge="true", timeout=str(RING_SECONDS), action=next_url)
    for number in numbers[:MOST_NUMBERS]:
        events = "ringing answered completed"
        SubElement(dial, "Number", statusCallback=legs_url, statusCallbackEvent=events).text = number
    return _written(answer)


def take_message(words: str, *, language: str, takes_key: bool, next_url: str, recordings_url: str) -> str:
    """Return the answer that says some words and takes a message. language: of the words, as the workspace names it.

    takes_key: whether the caller may press a key meanwhile; then next_url is asked for what to do.
    """
    answer = Element("Response")
    heard = answer
    if takes_key:
        heard = SubElement(answer, "Gather", numDigits="1", timeout=str(KEY_SECONDS), action=next_url)
    SubElement(heard, "Say", language=VOICES.get(language, "en-US")).text = words
    SubElement(
        answer,
        "Record",
        maxLength=str(MESSAGE_SECONDS),
        playBeep="true",
        action=next_url,
        recordingStatusCallback=recordings_url,
        recordingStatusCallbackEvent="completed",
    )
    return _written(answer)


def part_with(words: str, *, language: str) -> str:
    """Return the answer that says some words and ends a call."""
    answer = Element("Response")
    SubElement(answer, "Say", language=VOICES.get(language, "en-US")).text = words
    SubElement(answer, "Hangup")
    return _written(answer)


def hang_up() -> str:
    """Return the answer that ends a call."""
    answer = Element("Response")
    SubElement(answer, "Hangup")
    return _written(answer)


def reject() -> str:
    """Return the answer that does not take a call, as if the line were busy."""
    answer = Element("Response")
    SubElement(answer, "Reject", reason="busy")
    return _written(answer)


def _written(answer: Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(answer, encoding="unicode", short_empty_elements=False)


SILENCE: Final = _written(Element("Response"))
"""Nothing to do."""


def _id(text: str) -> str:
    return text if text.isascii() and text.isalnum() and len(text) <= LONGEST_ID else ""


def _word(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isprintable())[:LONGEST_WORD]


def _number(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_NUMBER]


def _moment(text: str) -> datetime | None:
    """Read a moment as RFC 2822 writes it; Twilio says when in UTC."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
