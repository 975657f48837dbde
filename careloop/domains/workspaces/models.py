from django.db import models
from django.db.models.functions import Now

__all__ = ["Host", "Operation", "Workspace"]


class Operation(models.Model):
    """The service organization that runs this installation; there is one."""

    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Workspace(models.Model):
    """One program of the operation: its own service, or one client of an outsourcer."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    accent_color = models.CharField(max_length=7, default="#2f6f5e")
    # A demo workspace writes its mail into the log of sent mail and never onto the wire.
    may_send = models.BooleanField(default=True)
    undo_send_seconds = models.PositiveSmallIntegerField(default=10)
    contact_quiet_hours = models.PositiveSmallIntegerField(default=72)
    day_begins = models.CharField(max_length=5, default="00:00")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A host name that leads straight to one workspace's portal."""

    host = models.CharField(max_length=253, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.host
