"""Facts as files that somebody asked for: asked for, written by a worker while its progress is told, and handed out for a day."""

from careloop.processes.exporting.asking import ask_export
from careloop.processes.exporting.offering import held_tables
from careloop.processes.exporting.writing import write_export

__all__ = ["ask_export", "held_tables", "write_export"]
