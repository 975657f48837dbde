"""Write the parts of docs/reference/mapping.md that the code knows: the functions of the language, and why rows are rejected.

.venv/bin/python -m tools.mapping
"""

from pathlib import Path

from careloop.insight.imports.mapping.functions import FUNCTIONS

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/mapping.md"
BEGIN, END = "<!-- functions: written by python -m tools.mapping -->\n", "<!-- end of functions -->\n"


def page(text: str) -> str:
    """Return the page with the functions as the code has them."""
    head, _begin, rest = text.partition(BEGIN)
    _old, _end, tail = rest.partition(END)
    rows = "".join(f"| `{found.usage}` | {found.gives} | {found.meaning} |\n" for found in FUNCTIONS.values())
    return f"{head}{BEGIN}| written | gives | meaning |\n|---|---|---|\n{rows}{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
