"""What may cross the threshold of the workspaces domain."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Language", "WorkspaceFacts", "WorkspaceSettings", "seconds_of"]


class Language(StrEnum):
    """A language the whole house speaks."""

    ENGLISH = "en"
    KOREAN = "ko"
    CHINESE = "zh-hans"
    VIETNAMESE = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSettings:
    """What the people of a workspace may change about it.

    name: as people and customers read it, 1 to 120 characters.
    language: of mails and pages for people whose own language is not known.
    time_zone: an IANA name such as "Asia/Seoul".
    accent_color: "#rrggbb", the brand's color.
    undo_send_seconds: how long an answer can be taken back, 0 to 120.
    contact_quiet_hours: after how many quiet hours a contact ends, 1 to 2160.
    day_begins: when a day of operation begins, "HH:MM" in the time zone, on the hour or the half hour.
    """

    name: str
    language: str
    time_zone: str
    accent_color: str
    undo_send_seconds: int
    contact_quiet_hours: int
    day_begins: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFacts:
    """A workspace as its readers know it.

    key: its part of every address. may_send: whether its mail reaches the world; a demo's does not.
    """

    id: int
    key: str
    may_send: bool
    settings: WorkspaceSettings

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def language(self) -> str:
        return self.settings.language

    @property
    def time_zone(self) -> str:
        return self.settings.time_zone

    @property
    def day_begins_s(self) -> int:
        """Return the local seconds since midnight at which a day of operation begins."""
        return seconds_of(self.settings.day_begins)


def seconds_of(time: str) -> int:
    """Return the seconds since midnight of a time such as "05:00"."""
    hours, minutes = time.split(":")
    return int(hours) * 3_600 + int(minutes) * 60
