"""From the lines of a telephone system to contacts, segments, agents' time and callbacks."""

from careloop.insight.imports.calls.assembly import Assembly
from careloop.insight.imports.calls.settings import PAUSE_WORDS, Settings

__all__ = ["PAUSE_WORDS", "Assembly", "Settings"]
