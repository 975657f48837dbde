"""How the log is written: a constant message, then the facts that belong to it."""

import logging

__all__ = ["FactsFormatter"]

_ALWAYS_THERE = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})


class FactsFormatter(logging.Formatter):
    """Writes what the house passed as `extra` behind the message, as `name=value`; libraries' facts may be private."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """Return the line without what follows it, such as a traceback."""
        line = super().formatMessage(record)
        if not record.name.startswith("careloop."):
            return line
        facts = (f"{name}={value}" for name, value in vars(record).items() if name not in _ALWAYS_THERE)
        return " ".join([line, *facts])
