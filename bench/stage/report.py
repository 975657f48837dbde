"""How a benchmark speaks: progress on standard error, a table, and one JSON object as the last line."""

import json
import sys
from collections.abc import Mapping, Sequence

__all__ = ["percentile", "say", "speak"]


def say(words: str) -> None:
    """Tell whoever waits what goes on."""
    print(words, file=sys.stderr, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed. Raises ValueError for no values."""
    if not values:
        raise ValueError("There is no percentile of nothing.")
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def speak(
    bench: str, *, columns: Sequence[str], rows: Sequence[Sequence[object]], figures: Mapping[str, float]
) -> None:
    """Print the table and, as the last line, the figures."""
    written = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(columns), *written]) for i in range(len(columns))]
    for line in [list(columns), ["-" * width for width in widths], *written]:
        cells = [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())
    print(json.dumps({"bench": bench, "figures": dict(figures)}))


def _cell(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)
