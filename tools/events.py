"""Write docs/reference/events.md: every event of the log, from the classes themselves.

.venv/bin/python -m tools.events
"""

import importlib
from dataclasses import fields
from pathlib import Path

import django

PACKAGE = Path(__file__).resolve().parent.parent / "careloop"
PAGE = PACKAGE.parent / "docs/reference/events.md"
ENVELOPE = {"subject", "actor", "at"}
HEAD = """# Events

Everything that happens is one row of the log, in the transaction of its act, under one of these names. Each carries `subject`
(such as `case:42`), `actor` (such as `user:7`), `at`, and the fields below. Fields are added, never changed.
This page is written by `python -m tools.events`.

| event | fields | meaning |
|---|---|---|
"""


def page() -> str:
    """Return the page as it should stand."""
    from careloop.kernel.events import known_events

    for module in sorted(PACKAGE.rglob("events.py")):
        importlib.import_module(".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts))
    rows = []
    for name, cls in sorted(known_events().items()):
        if name.startswith("test."):
            continue
        own = ", ".join(f"`{field.name}`" for field in fields(cls) if field.name not in ENVELOPE)
        doc = " ".join((cls.__doc__ or "").split())
        doc = "" if doc.startswith(f"{cls.__name__}(") else doc  # what dataclasses write by themselves
        rows.append(f"| `{name}` | {own or '—'} | {doc} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
