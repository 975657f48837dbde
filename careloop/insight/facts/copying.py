"""A lake as it stood at one moment, to be copied while others write."""

import json
from dataclasses import dataclass
from pathlib import Path

from careloop.insight.facts.manifest import NAME

__all__ = ["Standing", "standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a lake consisted of. manifest: as it lay there. files: below the lake's folder; each stays for a day at least."""

    manifest: bytes
    files: tuple[str, ...]


def standing(root: Path) -> Standing | None:
    """Return what a lake consists of now, quarantine included; None where there is none.

    No writer has to wait: files never change, and one that compaction replaces is kept for a day.
    """
    try:
        content = (root / NAME).read_bytes()
    except FileNotFoundError:
        return None
    return Standing(manifest=content, files=tuple(entry["path"] for entry in json.loads(content)["entries"]))
