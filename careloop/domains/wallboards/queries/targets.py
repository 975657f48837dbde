"""Within which time a first answer is promised."""

from collections.abc import Mapping
from dataclasses import dataclass

from careloop.domains.wallboards.bands import default_target
from careloop.domains.wallboards.models import Target
from careloop.domains.wallboards.types import TargetRow

__all__ = ["Targets", "targets", "targets_in_force"]


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets that were set, by team and channel, and the defaults behind them."""

    _set: Mapping[tuple[int | None, str], int]

    def of(self, team_id: int | None, channel: str) -> int:
        """Return a queue's target in seconds: the closest that was set, else the channel's default."""
        for place in ((team_id, channel), (team_id, ""), (None, channel), (None, "")):
            if place in self._set:
                return self._set[place]
        return default_target(channel)


def targets_in_force() -> Targets:
    """Return the targets of the workspace in scope."""
    return Targets({(row.team_id, row.channel): row.seconds for row in targets()})


def targets() -> list[TargetRow]:
    """Return the targets that were set in the workspace in scope, those for everybody first."""
    return [
        TargetRow(team_id=row.team_id, channel=row.channel, seconds=row.seconds)
        for row in Target.objects.order_by("team_id", "channel")
    ]
