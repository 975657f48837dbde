"""Why a row is set aside: a closed list, each reason with its sentence (metrics.md §1.4)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

__all__ = ["SENTENCES", "Reason", "sentence"]


class Reason(StrEnum):
    MISFIT = "misfit"
    MISSING = "missing"
    UNKNOWN_WORD = "unknown_word"
    NOT_FINITE = "not_finite"
    NEGATIVE = "negative"
    NO_SHARE = "no_share"
    CLOCK_JUMPED = "clock_jumped"
    WRONG_ORDER = "wrong_order"
    TOO_LONG = "too_long"
    ANSWER_UNCLEAR = "answer_unclear"
    EXIT_UNCLEAR = "exit_unclear"
    WAIT_DIFFERS = "wait_differs"
    TALK_DIFFERS = "talk_differs"
    WRAP_DIFFERS = "wrap_differs"
    UNDELIVERED = "undelivered"
    NO_CHANCE_KNOWN = "no_chance_known"
    OFF_SCALE = "off_scale"
    TWO_CONTENTS = "two_contents"
    OVERLAP = "overlap"


SENTENCES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.MISFIT: "{column} holds “{value}”, which is not of its type.",
        Reason.MISSING: "{column} has to be known, and is empty.",
        Reason.UNKNOWN_WORD: "{column} says “{value}”, which is none of the words it may say.",
        Reason.NOT_FINITE: "{column} is not a finite number.",
        Reason.NEGATIVE: "{column} is {value}, and cannot be below zero.",
        Reason.NO_SHARE: "{column} is {value}; a share lies between 0 and 1, and a chance of being drawn is above 0.",
        Reason.CLOCK_JUMPED: "{column} is {value}: before 1990, or after the row arrived. Was a clock wrong, or a time zone?",
        Reason.WRONG_ORDER: "{column} comes before what has to come before it: {value}.",
        Reason.TOO_LONG: "A call of more than 24 hours: {value} seconds.",
        Reason.ANSWER_UNCLEAR: "An answered segment needs answered_at, and left the queue at that moment; another has neither.",
        Reason.EXIT_UNCLEAR: "The exit is known exactly when the moment of leaving the queue is.",
        Reason.WAIT_DIFFERS: "wait_s is {value}, but the time from queued_at to left_queue_at is another.",
        Reason.TALK_DIFFERS: "talk_s and hold_s add up to {value}, but the time from answered_at to released_at is another.",
        Reason.WRAP_DIFFERS: "wrap_s is {value}, but the time from released_at to wrap_ended_at is another.",
        Reason.UNDELIVERED: "The survey was completed, but its invitation was not delivered.",
        Reason.NO_CHANCE_KNOWN: "A drawn sample needs its chance of being drawn, and inclusion_prob is empty.",
        Reason.OFF_SCALE: "{column} is {value}, which lies outside the scale.",
        Reason.TWO_CONTENTS: "The lake holds this version of the row with another content.",
        Reason.OVERLAP: "The agent was already doing something else: {value}.",
    }
)


def sentence(reason: Reason, *, column: str, value: Any) -> str:
    """Return the reason in English words, with its column and value."""
    return SENTENCES[reason].format(column=column, value=value)
