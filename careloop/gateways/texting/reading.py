"""What webhooks say.

Names of fields as in Twilio's documentation: "Twilio's request to your incoming message webhook URL"
(www.twilio.com/docs/messaging/guides/webhook-request) and "Outbound message status in status callbacks"
(www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks). Fields that are not named here are left alone:
the provider adds some from time to time.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

__all__ = ["StatusTold", "TextIn", "Unusable", "pairs_of", "read_status", "read_text"]

MOST_MEDIA: Final = 10
MOST_FIELDS: Final = 200
LONGEST_ID: Final = 80
STOP_WORDS: Final = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"})
START_WORDS: Final = frozenset({"start", "yes", "unstop"})


class Unusable(Exception):
    """What came is no such webhook. reason: a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TextIn:
    """A message from a customer.

    stops, starts: whether its one word asks for no more messages, or for messages again. media: (address, type) of each file.
    """

    provider_id: str
    account: str
    sender: str
    receiver: str
    text: str
    stops: bool
    starts: bool
    media: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTold:
    """What became of a message of ours. status: the provider's word. detail: its error, if any."""

    provider_id: str
    account: str
    status: str
    detail: str


def pairs_of(body: bytes) -> list[tuple[str, str]]:
    """Return what was posted. Raises Unusable for what is no form."""
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (UnicodeDecodeError, ValueError):
        raise Unusable("not_a_form") from None


def read_text(body: bytes) -> TextIn:
    """Read an incoming message. Raises Unusable."""
    told = _told(body)
    text = told.get("Body", "").replace("\0", "")
    word = text.strip().strip(".!").casefold()
    asked = told.get("OptOutType", "").casefold()
    return TextIn(
        provider_id=_id(told, "MessageSid", "SmsSid"),
        account=told.get("AccountSid", ""),
        sender=told.get("From", ""),
        receiver=told.get("To", ""),
        text=text,
        stops=asked == "stop" or (not asked and word in STOP_WORDS),
        starts=asked == "start" or (not asked and word in START_WORDS),
        media=tuple(
            (told[f"MediaUrl{number}"], told.get(f"MediaContentType{number}", ""))
            for number in range(MOST_MEDIA)
            if told.get(f"MediaUrl{number}")
        ),
    )


def read_status(body: bytes) -> StatusTold:
    """Read what became of a message of ours. Raises Unusable."""
    told = _told(body)
    words = (told.get("ErrorCode", ""), told.get("ErrorMessage", ""))
    return StatusTold(
        provider_id=_id(told, "MessageSid", "SmsSid"),
        account=told.get("AccountSid", ""),
        status=(told.get("MessageStatus") or told.get("SmsStatus", "")).casefold(),
        detail=" ".join(word for word in words if word).replace("\0", ""),
    )


def _told(body: bytes) -> dict[str, str]:
    return dict(pairs_of(body))


def _id(told: dict[str, str], *names: str) -> str:
    found = next((told[name] for name in names if told.get(name)), "")
    if not found or len(found) > LONGEST_ID or not found.isascii() or not found.isalnum():
        raise Unusable("no_id")
    return found
