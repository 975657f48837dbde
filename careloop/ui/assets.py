"""The built styles, scripts and icons, by their plain names."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

__all__ = ["AssetsNotBuilt", "asset_address", "asset_path"]

BUILT = Path(__file__).parent / "static" / "built"


class AssetsNotBuilt(RuntimeError):
    """The front end was never built here, or is older than the template that asks for it."""


def asset_address(name: str) -> str:
    """Return the address of the built file behind a plain name. Raises AssetsNotBuilt.

    While the front end is being worked on it is looked up each time; in service it does not change.
    """
    return static(asset_path(name)) if settings.DEBUG else _address(name)


def asset_path(name: str, *, built: Path = BUILT) -> str:
    """Find the hashed file behind a plain name.

    name: a plain name such as "app.js", "style.css" or "icons.svg".
    built: the folder that holds manifest.json.

    Returns a path for Django's `static()`, such as "built/app-B1x2.js".
    Raises AssetsNotBuilt, with what to run, when the build or the name is missing.
    """
    manifest = built / "manifest.json"
    try:
        written_at = manifest.stat().st_mtime_ns
    except FileNotFoundError:
        raise AssetsNotBuilt(
            "The styles and scripts are not built yet. Run `npm ci && npm run build` in careloop/ui, then reload."
        ) from None
    names = _names(manifest, written_at)
    if name not in names:
        raise AssetsNotBuilt(f"There is no built file called {name}. Run `npm run build` in careloop/ui, then reload.")
    return f"built/{names[name]}"


@lru_cache(maxsize=4)
def _names(manifest: Path, written_at: int) -> Mapping[str, str]:
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return names


@lru_cache(maxsize=64)
def _address(name: str) -> str:
    return static(asset_path(name))
