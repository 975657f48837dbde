"""How long somebody still waits, from how long the last ones did: by their order alone, with no law assumed."""

from collections.abc import Sequence
from typing import Final

from careloop.domains.chats.types import Wait

__all__ = ["FEWEST", "LAST", "SHARE", "still_to_wait"]

FEWEST: Final = 8
"""Fewer waits say nothing that a person should be told."""
LAST: Final = 50
SHARE: Final = 0.75


def still_to_wait(waits: Sequence[float], *, waited: float) -> Wait | None:
    """Say how much longer a visitor waits who has waited for a while.

    waits: how long the last ones waited until they were answered, in seconds, in any order.
    waited: how long this one has, in seconds; only those who waited longer than that tell anything about the rest.

    Returns None when fewer than 8 remain. The next of n+1 exchangeable waits falls between the r-th and the s-th of the others with
    the chance (s-r)/(n+1); r and s are taken as close around the middle as 3 of 4 allows.

    Source: order statistics, as in David and Nagaraja 2003, chapter 7; docs/reasons/chat.md. Check: waits of 1 to 8 minutes and
    nothing waited give 4.5 minutes, between 1 and 8.
    """
    left = sorted(wait - waited for wait in waits if wait > waited)
    count = len(left)
    if count < FEWEST:
        return None
    half = count // 2
    middle = left[half] if count % 2 else (left[half - 1] + left[half]) / 2
    cut = next(cut for cut in range(half, 0, -1) if (count + 1 - 2 * cut) / (count + 1) >= SHARE)
    return Wait(middle=middle, least=left[cut - 1], most=left[count - cut])
