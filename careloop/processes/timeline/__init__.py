"""The story of a case, told from several domains, and who may read which part of it."""

from careloop.processes.timeline.files import visible_file
from careloop.processes.timeline.messages import visible_message
from careloop.processes.timeline.queries import PUBLIC_ACTS, StaleMark, mark_of, newest, newest_since, older
from careloop.processes.timeline.types import Mark, Moment, Story

__all__ = [
    "PUBLIC_ACTS",
    "Mark",
    "Moment",
    "StaleMark",
    "Story",
    "mark_of",
    "newest",
    "newest_since",
    "older",
    "visible_file",
    "visible_message",
]
