"""What may cross the threshold of the boards domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["BoardRow", "Comparison", "KeptReading", "TileContent", "TileKind", "TileRow", "Width"]


class TileKind(models.TextChoices):
    NUMBER = "number", _("A single value")
    SERIES = "series", _("Over time")
    HEAT_MAP = "heat_map", _("Heat map by weekday and time of day")
    DISTRIBUTION = "distribution", _("Distribution")
    TABLE = "table", _("Table")


class Comparison(models.TextChoices):
    NONE = "none", _("Nothing")
    PREVIOUS = "previous", _("The period before")
    TARGET = "target", _("A target")


class Width(models.IntegerChoices):
    """How much of a board's width a tile takes, in quarters."""

    QUARTER = 1, _("A quarter")
    HALF = 2, _("Half")
    THREE_QUARTERS = 3, _("Three quarters")
    WHOLE = 4, _("The whole width")


@dataclass(frozen=True, slots=True, kw_only=True)
class TileContent:
    """What a tile asks and how it shows the answer.

    metric: an id of the catalogue. options: of the metric, as typed; what is left out is the default.
    by: what the number is split by; empty for a number, and where the kind of tile decides.
    conditions: a condition tree over facts as JSON; empty for everything.
    period: a name of PERIODS; empty for the board's own.
    comparison: what the number is held against; target: in the unit of the metric, for TARGET only.
    """

    kind: TileKind
    metric: str
    options: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    period: str = ""
    comparison: Comparison = Comparison.PREVIOUS
    target: float | None = None
    width: Width = Width.QUARTER


@dataclass(frozen=True, slots=True, kw_only=True)
class TileRow:
    """A tile on its board. key: its number, or its place on a board that every workspace has."""

    key: str
    content: TileContent


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A board. key: its number, or the word of one that every workspace has.

    note: a sentence that says what it is for; empty for boards that people made.
    period: a name of PERIODS, for tiles without one of their own.
    is_own: only its maker sees it. is_system: every workspace has it, nobody changes it.
    is_personal: its numbers are the reader's own.
    """

    key: str
    name: str
    period: str
    tiles: tuple[TileRow, ...]
    note: str = ""
    is_own: bool = False
    is_system: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReading:
    """An answer that was worked out before. lake: which state of the facts it was worked out from."""

    lake: str
    answer: Mapping[str, Any]
    made_at: datetime
