"""A benchmark that is told to stop leaves no server behind."""

import signal
import sys

__all__ = ["end_in_order"]


def end_in_order() -> None:
    """Let SIGTERM leave every block in order, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
