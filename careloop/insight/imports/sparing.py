"""Arrow and DuckDB import pandas wherever it is installed, a second and 60 MB; a process that only imports has no use for it."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

__all__ = ["spare_pandas"]


class _NotHere(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is left out of this process", name=fullname)


def spare_pandas() -> None:
    """Let this process do without pandas from now on. Only for one that is about to import a file, and then ends."""
    sys.meta_path.insert(0, _NotHere())
