"""The components' own comments, gathered for docs/reference/components.md."""

import re
from pathlib import Path

__all__ = ["component_rows"]

COMPONENTS = Path(__file__).parent / "templates" / "cotton"


def component_rows() -> list[str]:
    """List every component with what its comment says, as rows of a Markdown table in order of name.

    Returns lines such as "| `c-badge` | A short word with a meaning. … |".
    """
    rows = []
    for path in sorted(COMPONENTS.glob("*.html")):
        comment = re.search(r"\{# (.*?) #\}", path.read_text(encoding="utf-8"), re.DOTALL)
        words = comment[1].replace("|", "\\|").replace("<", "&lt;") if comment else ""
        rows.append(f"| `c-{path.stem.replace('_', '-')}` | {words} |")
    return rows
