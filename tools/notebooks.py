"""Run the notebooks of the documentation and keep what they show: python -m tools.notebooks [--check].

As Jupyter would, without Jupyter: cells run in order in one namespace; what is printed, and the last expression of a cell, are its
output. --check changes nothing and ends with 1 where a notebook shows something else than it would today.
"""

import ast
import io
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

__all__ = ["NOTEBOOKS", "executed", "main"]

NOTEBOOKS = Path(__file__).parents[1] / "docs" / "notebooks"


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with the outputs that its cells have now. What a cell raises is raised."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            outputs = _outputs("".join(cell["source"]), names, count)
            cell = {**cell, "execution_count": count, "outputs": outputs}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _outputs(source: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    body = ast.parse(source).body
    last = ast.Expression(body.pop().value) if body and isinstance(body[-1], ast.Expr) else None  # type: ignore[attr-defined]
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)  # noqa: S102
        value = None if last is None else eval(compile(last, "<cell>", "eval"), names)  # noqa: S307
    outputs: list[dict[str, Any]] = []
    if text := printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)})
    if value is not None:
        shown = {"text/plain": repr(value).splitlines(keepends=True)}
        if (drawn := getattr(value, "_repr_html_", None)) is not None:
            shown["text/html"] = drawn().splitlines(keepends=True)
        outputs.append({"data": shown, "execution_count": count, "metadata": {}, "output_type": "execute_result"})
    return outputs


def main() -> int:
    """Run every notebook; return the exit code."""
    changed = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        before = path.read_text(encoding="utf-8")
        after = json.dumps(executed(json.loads(before)), ensure_ascii=False, indent=1) + "\n"
        if after != before:
            changed.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(after, encoding="utf-8")
    for name in changed:
        print(f"{name} shows something else now.")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
