"""What a file is, judged by its bytes; the sender's word counts only where bytes are silent."""

import io
from dataclasses import dataclass
from pathlib import PurePath

import puremagic
from PIL import Image, UnidentifiedImageError

__all__ = ["Kind", "preview_of", "sniff"]

# fmt: off
RISKY_ENDINGS = frozenset({
    "app", "bat", "chm", "cmd", "com", "cpl", "dll", "dmg", "exe", "gadget", "hta", "htm", "html", "img", "inf",
    "iso", "jar", "js", "jse", "lnk", "mht", "mhtml", "msc", "msi", "msix", "msp", "pif", "ps1", "psm1", "reg", "scf",
    "scr", "sct", "shtml", "svg", "svgz", "vb", "vbe", "vbs", "vhd", "vhdx", "ws", "wsc", "wsf", "wsh", "xhtml",
    "xht", "xll", "xml", "xsl",
})
# fmt: on
RISKY_TYPES = frozenset(
    {
        "application/javascript",
        "application/x-dosexec",
        "application/x-executable",
        "application/x-msdownload",
        "application/x-ms-shortcut",
        "application/x-sh",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/html",
        "text/javascript",
        "text/xml",
    }
)
PREVIEWED_FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
}
MOST_PIXELS = 50_000_000
PREVIEW_EDGE = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """content_type: a media type. width, height: in pixels, None for anything but an image."""

    content_type: str
    is_risky: bool
    width: int | None = None
    height: int | None = None


def sniff(*, name: str, declared_type: str, head: bytes) -> Kind:
    """Say what a file is.

    name: as it came, for its ending. declared_type: what the sender says. head: the first 64 KiB, or all of a smaller file.
    """
    ending = PurePath(name.rstrip(". ")).suffix.lower().lstrip(".")
    image = _image(head)
    if image is not None:
        return Kind(content_type=image[0], is_risky=ending in RISKY_ENDINGS, width=image[1], height=image[2])
    content_type = _by_bytes(head, name) or _by_claim(declared_type, head)
    looks_like_markup = head.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script"))
    if looks_like_markup:
        content_type = "text/html" if b"<svg" not in head[:2000].lower() else "image/svg+xml"
    return Kind(
        content_type=content_type,
        is_risky=ending in RISKY_ENDINGS or content_type in RISKY_TYPES or looks_like_markup or head[:2] == b"MZ",
    )


def preview_of(content: bytes) -> bytes | None:
    """Return a small WebP of an image, without its metadata; None when it cannot or should not be drawn."""
    try:
        with Image.open(io.BytesIO(content), formats=list(PREVIEWED_FORMATS)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (PREVIEW_EDGE * 2, PREVIEW_EDGE * 2))
            small = image.convert("RGBA" if "A" in image.getbands() or image.mode == "P" else "RGB")
            small.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
            drawn = io.BytesIO()
            small.save(drawn, "WEBP", quality=80)
            return drawn.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _image(head: bytes) -> tuple[str, int, int] | None:
    try:
        with Image.open(io.BytesIO(head), formats=list(PREVIEWED_FORMATS)) as image:
            return PREVIEWED_FORMATS[str(image.format)], image.width, image.height
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _by_bytes(head: bytes, name: str) -> str:
    try:
        return puremagic.from_string(head, mime=True, filename=name) or ""
    except (puremagic.PureError, ValueError):
        return ""


def _by_claim(declared_type: str, head: bytes) -> str:
    """Believe the sender only where bytes have no mark of their own: text in all its kinds."""
    try:
        head.decode()
    except UnicodeDecodeError as problem:
        if problem.start < len(head) - 4:
            return "application/octet-stream"
    if b"\x00" in head:
        return "application/octet-stream"
    return declared_type if declared_type.startswith("text/") else "text/plain"
