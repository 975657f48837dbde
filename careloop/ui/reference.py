"""The components' own comments, gathered for docs/reference/components.md."""

import re
from inspect import getdoc
from pathlib import Path

from careloop.ui.printed import PRINTED

__all__ = ["component_rows"]

COMPONENTS = Path(__file__).parent / "templates" / "cotton"


def component_rows() -> list[str]:
    """List every component with what its comment says, as rows of a Markdown table in order of name.

    Returns lines such as "| `c-badge` | A short word with a meaning. … |".
    """
    words = {name: getdoc(printed) or "" for name, printed in PRINTED.items()}
    for path in COMPONENTS.glob("*.html"):
        comment = re.search(r"\{# (.*?) #\}", path.read_text(encoding="utf-8"), re.DOTALL)
        words[path.stem.replace("_", "-")] = comment[1] if comment else ""
    return [f"| `c-{name}` | {_in_table(words[name])} |" for name in sorted(words)]


def _in_table(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "&lt;")
