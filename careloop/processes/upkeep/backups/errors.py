from careloop.kernel.errors import Conflict, Refusal

__all__ = ["ArchiveDamaged", "NotEmpty", "RestoredDiffers"]


class ArchiveDamaged(Refusal):
    """The archive is no backup of ours, or not what was written."""


class NotEmpty(Conflict):
    """A backup is brought back into an empty installation only."""


class RestoredDiffers(Refusal):
    """What came back is not what was saved."""

    status = 500
