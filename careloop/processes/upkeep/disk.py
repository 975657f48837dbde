"""How full the disks are."""

import shutil
from pathlib import Path

__all__ = ["free_bytes", "readable_size"]


def free_bytes(folder: Path) -> int:
    """Return the bytes that may still be written where `folder` lies, or where its nearest existing parent does."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free


def readable_size(size: int) -> str:
    """Return bytes as people say them, such as 1.5 GB."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit in {"bytes", "kB"} else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
