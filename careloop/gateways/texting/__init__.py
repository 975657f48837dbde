"""Text messages over a provider shaped like Twilio; never run live (docs/how-to/text-messages.md)."""

from careloop.gateways.texting.asking import ask_account, check, fetch_media, send_text
from careloop.gateways.texting.reading import StatusTold, TextIn, Unusable, pairs_of, read_status, read_text
from careloop.gateways.texting.signing import is_signed, signature_of
from careloop.gateways.texting.types import Account, Media, MediaTrouble, Outcome, Receipt

__all__ = [
    "Account",
    "Media",
    "MediaTrouble",
    "Outcome",
    "Receipt",
    "StatusTold",
    "TextIn",
    "Unusable",
    "ask_account",
    "check",
    "fetch_media",
    "is_signed",
    "pairs_of",
    "read_status",
    "read_text",
    "send_text",
    "signature_of",
]
