"""What happens to telephone systems."""

from careloop.kernel.events import Event, event_type

__all__ = ["LeftBehind", "PbxChanged", "PbxFailing", "PbxRecovered", "PbxSeatChanged"]


@event_type("pbx.changed")
class PbxChanged(Event):
    """subject: "pbx:9"; so are those below.

    change: made, changed, live or paused. fields: which settings changed, never their values.
    """

    change: str
    fields: tuple[str, ...] = ()


@event_type("pbx.seat_changed")
class PbxSeatChanged(Event):
    """user_id: who stands behind a name of the telephone system now; null for nobody of ours."""

    seat_id: int
    user_id: int | None


@event_type("pbx.failing")
class PbxFailing(Event):
    reason: str


@event_type("pbx.recovered")
class PbxRecovered(Event):
    """deaf_seconds: for how long nothing was heard."""

    deaf_seconds: int


@event_type("pbx.left_behind")
class LeftBehind(Event):
    """Somebody reached nobody. kind: "voicemail" or "fax". message_id: as which it stands. seconds: how long, or null."""

    kind: str
    message_id: int
    seconds: int | None
