"""Collect every sentence that a person reads, and bring the catalogues up to date with them.

    script/messages           update careloop/locale/*/LC_MESSAGES/django.po; new sentences stand there empty
    script/messages --check   say what is missing, fuzzy or gone, and fail if anything is

Pure Python: templates are turned into code by Django, code is read by Babel; no gettext programs are needed.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

__all__ = ["LANGUAGES", "collected", "problems", "update"]

PACKAGE = Path(__file__).resolve().parent.parent / "careloop"
LANGUAGES = ("ko", "vi", "zh_Hans")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    # What two of them are called where one module needs both.
    "_now": None,
    "lazily": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "ngettext_noop": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def collected() -> Catalog:
    """Return a catalogue of every marked sentence of the package."""
    catalog = Catalog(charset="utf-8")
    for code in _sources():
        for _line, message, comments, context in extract(
            "python", io.BytesIO(code.encode()), KEYWORDS, ["Translators:"]
        ):
            if message and message != ("",):
                catalog.add(message, auto_comments=comments, context=context)
    return catalog


def update() -> None:
    """Bring every catalogue up to date; what is gone is dropped, what is new stands empty, nothing is guessed."""
    template = collected()
    for language in LANGUAGES:
        path = catalog_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = _read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(
                file, catalog, width=120, sort_output=True, no_location=True, ignore_obsolete=True, omit_header=False
            )


def problems() -> list[str]:
    """Return a line for every sentence that is untranslated, fuzzy, unknown, or whose placeholders do not fit."""
    template = collected()
    found: list[str] = []
    for language in LANGUAGES:
        catalog = _read(language)
        known = {(message.id, message.context): message for message in catalog if message.id}
        for message in template:
            if not message.id:
                continue
            translated = known.pop((message.id, message.context), None)
            if translated is None or not _is_whole(translated.string):
                found.append(f"{language}: untranslated: {message.id}")
            elif translated.fuzzy:
                found.append(f"{language}: fuzzy: {message.id}")
            else:
                translated.flags |= message.flags
                found += [f"{language}: {problem}: {message.id}" for problem in translated.check(catalog)]
        found += [f"{language}: not in the sources any more: {message.id}" for message in known.values()]
    return found


def catalog_path(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def _read(language: str) -> Catalog:
    path = catalog_path(language)
    if not path.exists():
        return Catalog(locale=language, header_comment="# Careloop", fuzzy=False, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _sources() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*")):
        if {"node_modules", "migrations", "static"} & set(path.parts):
            continue
        if path.suffix == ".py":
            yield path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            yield templatize(path.read_text(encoding="utf-8"), origin=str(path))


def _is_whole(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        faults = problems()
        print("\n".join(faults[:200]))
        sys.exit(bool(faults))
    update()
