"""Recorded events of Asterisk's manager interface: what the queue log says, at microseconds, and what it does not: hold."""

from careloop.insight.imports.ami.frames import Frame, frames_in, separator_of
from careloop.insight.imports.ami.translation import Call, Translation

__all__ = ["Call", "Frame", "Translation", "frames_in", "separator_of"]
