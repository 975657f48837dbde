"""What happens to the flags on numbers."""

from careloop.kernel.events import Event, event_type

__all__ = ["FlagAnswered", "FlagGone", "FlagOpened", "FlagReopened"]


@event_type("flag.opened")
class FlagOpened(Event):
    """An integrity check failed. severity: note, warning or severe. about: queue, agent or empty (everything). month: YYYY-MM."""

    check: str
    severity: str
    about: str
    month: str
    value: float
    limit: float


@event_type("flag.answered")
class FlagAnswered(Event):
    """A person answered a flag. said: explained, corrected or gaming; the words stay with the flag."""

    check: str
    severity: str
    said: str


@event_type("flag.reopened")
class FlagReopened(Event):
    """A flag is open again. reason: grown, still_there, back or doubted."""

    check: str
    severity: str
    reason: str
    value: float


@event_type("flag.gone")
class FlagGone(Event):
    """What a flag was about is not in the data any more. open_seconds: since it was found."""

    check: str
    severity: str
    open_seconds: int
