"""What becomes of a file that was asked for, as a table of allowed moves."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVES", "SETTLED", "ExportState", "Why"]


class ExportState(models.TextChoices):
    """WAITING: for a worker. WRITING: a worker is at it; who dies there is followed by another who begins again."""

    WAITING = "waiting", _("Waiting for its turn")
    WRITING = "writing", _("Being written")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Not written")


class Why(models.TextChoices):
    """Why there is no file."""

    NOTHING = "", ""
    TOO_LONG = (
        "too_long",
        _("An Excel sheet holds 1,048,575 rows, and these are more. Choose a shorter period, or CSV or Parquet."),
    )
    NO_FACTS = "no_facts", _("There are no such facts in this workspace any more.")
    MAY_NOT = "may_not", _("The right to save facts as files was taken away meanwhile.")
    NO_ANALYTICS = "no_analytics", _("The extra “analytics” is not installed here.")
    BROKEN = "broken", _("The file could not be written. The log of the installation says why.")


MOVES: Final[Mapping[ExportState, frozenset[ExportState]]] = {
    ExportState.WAITING: frozenset({ExportState.WRITING, ExportState.FAILED}),
    ExportState.WRITING: frozenset({ExportState.WRITING, ExportState.READY, ExportState.FAILED}),
    ExportState.READY: frozenset(),
    ExportState.FAILED: frozenset(),
}

SETTLED: Final = frozenset({ExportState.READY, ExportState.FAILED})
