"""The table of test vectors names tests that there are."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
TABLE = (HERE.parents[1] / "docs/reference/vectors.md").read_text()
NAMED = sorted(set(re.findall(r"`([a-z_/]+\.py)::(test_[a-z0-9_]+)`", TABLE)))


def test_the_table_is_read() -> None:
    rows = [
        line for line in TABLE.splitlines() if line.startswith(("| §", "| A", "| B", "| C", "| D", "| E", "| F", "| J"))
    ]

    assert len(rows) > 30
    assert all("::" in row for row in rows)


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: str(part))
def test_is_there(path: str, name: str) -> None:
    assert f"def {name}(" in (HERE / path).read_text()
