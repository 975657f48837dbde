"""Names that were perhaps meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["Hint", "close_names"]

MOST = 3
LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Names to choose from. is_close: they are much like what was written; else they are all there are, or the first of them."""

    names: tuple[str, ...]
    is_close: bool

    @property
    def listed(self) -> str:
        """The names, one after another."""
        return ", ".join(self.names)

    def __str__(self) -> str:
        return f"Close to it: {self.listed}." if self.is_close else f"There are: {self.listed}."


def close_names(name: str, names: Iterable[str]) -> Hint:
    """Return the names most like one, else all of a few."""
    known = list(names)
    folded = {other.casefold(): other for other in known}
    close = [folded[found] for found in get_close_matches(name.casefold(), folded, n=MOST, cutoff=0.5)]
    if close:
        return Hint(names=tuple(close), is_close=True)
    return Hint(names=(*known[:LISTED], *(["…"] if len(known) > LISTED else [])), is_close=False)
