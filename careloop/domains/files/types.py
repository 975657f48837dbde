from dataclasses import dataclass

__all__ = ["FileRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file as pages and the API show it.

    content_type: what the bytes say it is. is_risky: never shown inside a page, only downloaded after a warning.
    width, height: in pixels, for images that can be previewed.
    """

    id: int
    name: str
    content_type: str
    byte_count: int
    sha256: str
    preview_sha256: str
    is_risky: bool
    width: int | None
    height: int | None

    @property
    def is_previewed(self) -> bool:
        return bool(self.preview_sha256)

    @property
    def is_picture(self) -> bool:
        """Whether a small picture of it is drawn, or will be in a moment."""
        return self.width is not None and not self.is_risky

    @property
    def is_sound(self) -> bool:
        """Whether a page may play it."""
        return self.content_type.startswith("audio/") and not self.is_risky
