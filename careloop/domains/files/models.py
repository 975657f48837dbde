from django.db import models
from django.db.models.functions import Now

from careloop.kernel.models import TenantModel

__all__ = ["File"]


class File(TenantModel):
    """A file under the name it came with. Its type is what its bytes say, not what its sender says."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    byte_count = models.BigIntegerField()
    is_risky = models.BooleanField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    preview_sha256 = models.CharField(max_length=64, blank=True)
    # Uploaded but not yet part of a message: swept after a day unless a draft holds it.
    is_loose = models.BooleanField(default=False)
    uploaded_by = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "created_at"], name="files_loose", condition=models.Q(is_loose=True))
        ]

    def __str__(self) -> str:
        return self.name
