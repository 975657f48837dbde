"""A trend as a line the size of a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from careloop.processes.measuring.types import Figure

__all__ = ["Sparkline", "sparkline"]

WIDTH, HEIGHT, EDGE = 100.0, 28.0, 3.0
FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """lines: "x,y x,y …", parted where a value is missing. last: where the newest value lies."""

    lines: Sequence[str]
    last: tuple[str, str]


def sparkline(figures: Sequence[Figure]) -> Sparkline | None:
    """Draw values, oldest first; None where there are too few for a trend."""
    known = [figure.value for figure in figures if figure.value is not None]
    if len(known) < FEWEST:
        return None
    least, span = min(known), max(known) - min(known)
    lines: list[list[str]] = [[]]
    last = ("0", "0")
    for place, figure in enumerate(figures):
        if figure.value is None:
            lines.append([])
            continue
        x = place / (len(figures) - 1) * WIDTH
        share = (figure.value - least) / span if span else 0.5
        last = (f"{x:.1f}", f"{EDGE + (1 - share) * (HEIGHT - 2 * EDGE):.1f}")
        lines[-1].append(",".join(last))
    return Sparkline(lines=[" ".join(line) for line in lines if line], last=last)
