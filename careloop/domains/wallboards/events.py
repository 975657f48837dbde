"""What happens to what a workspace watches."""

from careloop.kernel.events import Event, event_type

__all__ = ["AlarmAcknowledged", "AlarmCleared", "AlarmRaised", "TargetChanged", "ThresholdChanged"]


@event_type("wall.target_changed")
class TargetChanged(Event):
    """subject: "workspace:1". team_id: None for every team. channel: empty for every one. seconds: None for the default again."""

    team_id: int | None
    channel: str
    seconds: int | None


@event_type("wall.threshold_changed")
class ThresholdChanged(Event):
    """change: made, changed or removed. Values in the figure's own measure. queue_id: for a figure of a queue."""

    change: str
    figure: str
    direction: str
    team_id: int | None
    warning: float | None
    alarm: float | None
    queue_id: int | None = None


@event_type("wall.alarm_raised")
class AlarmRaised(Event):
    """level: 1 for a warning, 2 for an alarm. value: the figure's then; limit: what it reached."""

    threshold_id: int
    figure: str
    level: int
    value: float
    limit: float


@event_type("wall.alarm_acknowledged")
class AlarmAcknowledged(Event):
    threshold_id: int


@event_type("wall.alarm_cleared")
class AlarmCleared(Event):
    """open_seconds: how long it went on."""

    threshold_id: int
    open_seconds: int
