"""Which telephone systems are not heard at this moment, and which were not until a moment ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from careloop.domains.telephony.models import Pbx
from careloop.domains.telephony.types import PbxState

__all__ = ["SILENT_AFTER", "Unheard", "heard_again", "unheard"]

SILENT_AFTER: Final = timedelta(minutes=1)
"""Several times as long as a telephone system that is there leaves us without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A telephone system whose line is lost. since: when it was last known to be there."""

    pbx_id: int
    name: str
    since: datetime


def unheard(*, at: datetime) -> list[Unheard]:
    """Return the live telephone systems of the workspace in scope that were heard before and are not now, by name."""
    is_lost = Q(failing_since__isnull=False) | Q(connected_at__isnull=False, heard_at__lt=at - SILENT_AFTER)
    found = Pbx.objects.filter(is_lost, state=PbxState.LIVE, heard_at__isnull=False).order_by("name", "pk")
    return [
        Unheard(pbx_id=pbx_id, name=name, since=since)
        for pbx_id, name, since in found.values_list("pk", "name", "heard_at")
        if since is not None
    ]


def heard_again(*, since: datetime, at_least: timedelta) -> set[int]:
    """Return the live telephone systems that are heard again since a moment or later, after at least so long a silence."""
    found = Pbx.objects.filter(state=PbxState.LIVE, connected_at__gte=since, deaf_until__gte=F("deaf_from") + at_least)
    return set(found.values_list("pk", flat=True))
