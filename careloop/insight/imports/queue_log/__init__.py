"""Asterisk's queue log, from 1.4 to 22: one event a line, `|` between its fields."""

from careloop.insight.imports.queue_log.reading import events_in

__all__ = ["events_in"]
