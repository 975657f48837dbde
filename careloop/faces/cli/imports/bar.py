"""A bar on the terminal that shows how far an import is."""

import sys
from collections.abc import Callable

__all__ = ["bar", "is_watched"]

WIDTH = 30


def is_watched(*, as_json: bool) -> bool:
    """Say whether somebody looks on: a person at a terminal, not a machine."""
    return not as_json and sys.stderr.isatty()


def bar(*, unit: int = 1, name: str = "") -> Callable[[int, int], None]:
    """Return what draws the bar. unit: what to divide the numbers by before they are shown; name: of that unit."""

    def show(done: int, whole: int) -> None:
        filled = WIDTH * done // max(whole, 1)
        end = "\n" if done >= whole else ""
        numbers = f"{done // unit}/{whole // unit}{name}"
        print(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {numbers}", end=end, file=sys.stderr, flush=True)

    return show
