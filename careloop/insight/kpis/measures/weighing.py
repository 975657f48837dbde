"""Answers weighed so that they stand for everybody who might have been asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import ibis.expr.types as ir

__all__ = ["Told", "Weighed"]


class Told(StrEnum):
    """What is told of weighed answers: their mean, by how much it differs from the plain one, or how alike people answered."""

    MEAN = "mean"
    DIFFERENCE = "difference"
    REPRESENTATIVENESS = "representativeness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The mean of answers, weighed for who was drawn and who answered (class X; metrics.md §3.8).

    rows: one per decision whether to ask somebody, with `customer_id`. at: their instant.
    is_eligible: who might have been asked. chance: of being drawn; null or 0 for who was not. is_asked: who was drawn.
    value: of the answer; null without a valid one. is_share: whether values are 0 or 1.
    traits: what answering may depend on, as texts. margins: those of them to which weights are raked.
    """

    rows: ir.Table
    at: str
    is_eligible: ir.BooleanValue
    is_asked: ir.BooleanValue
    chance: ir.FloatingValue
    value: ir.FloatingValue
    is_share: bool
    traits: Mapping[str, ir.StringValue]
    margins: tuple[str, ...]
    told: Told = Told.MEAN
