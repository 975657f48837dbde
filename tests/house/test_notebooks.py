"""The notebooks of the documentation run from beginning to end, without a network, and show what they say they show."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.notebooks import NOTEBOOKS, executed


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_shows_what_it_would_show_today(path: Path) -> None:
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))

    # `python -m tools.notebooks` writes the outputs anew.
    assert executed(kept)["cells"] == kept["cells"]
