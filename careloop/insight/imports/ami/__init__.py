"""Recorded events of Asterisk's manager interface: what the queue log says, at microseconds, and what it does not: hold."""

from careloop.insight.imports.ami.following import CONNECTED, STANDING, STANDS, Following
from careloop.insight.imports.ami.frames import Frame, frames_in, is_wanted, separator_of
from careloop.insight.imports.ami.translation import Call, Translation

__all__ = [
    "CONNECTED",
    "STANDING",
    "STANDS",
    "Call",
    "Following",
    "Frame",
    "Translation",
    "frames_in",
    "is_wanted",
    "separator_of",
]
