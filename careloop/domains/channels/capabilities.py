"""What a channel can carry: looked at by whoever writes, and again by whoever sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

__all__ = ["CAPABILITIES", "FREE", "Capabilities", "segments_of"]

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can carry.

    takes_html: formatted text; else it goes out plain. takes_files: files of ours; what customers send is kept in any case.
    most_characters: of one message; None without a limit. counts_segments: each piece of a long text is paid for.
    needs_template: whoever writes first, or after the window, may only send a text that the provider knows.
    reply_window: for how long after the customer's last word we may write freely; None for ever.
    gives_receipts: the provider says whether it arrived. shows_typing: it carries that somebody types.
    """

    takes_html: bool = False
    takes_files: bool = False
    most_characters: int | None = None
    counts_segments: bool = False
    needs_template: bool = False
    reply_window: timedelta | None = None
    gives_receipts: bool = False
    shows_typing: bool = False


FREE: Final = Capabilities(takes_html=True, takes_files=True)
"""A channel without limits of its own, such as mail or the portal."""

CAPABILITIES: Final[Mapping[str, Capabilities]] = {
    "email": Capabilities(takes_html=True, takes_files=True, gives_receipts=True),
    "chat": Capabilities(takes_html=True, takes_files=True, shows_typing=True),
    # 1600 characters: the provider's limit of one message. A reply window is the carriers' business here: there is none.
    "sms": Capabilities(most_characters=1600, counts_segments=True, gives_receipts=True),
}


def segments_of(text: str) -> int:
    """Return in how many pieces a text message travels: 160 plain letters each, 70 of others; 153 and 67 where it takes several.

    Source: 3GPP TS 23.038, the default alphabet; what stands in its extension counts twice. An empty text travels as one piece.
    """
    if all(letter in _GSM or letter in _GSM_TWICE for letter in text):
        length, whole, part = sum(1 + (letter in _GSM_TWICE) for letter in text), 160, 153
    else:
        length, whole, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= whole else -(-length // part)
