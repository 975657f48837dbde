from django.db import models

from careloop.domains.exports.states import ExportState, Why
from careloop.kernel.models import TenantModel

__all__ = ["Export"]


class Export(TenantModel):
    """Facts that somebody asked to have as a file. The row and its file stay for a day."""

    table = models.CharField(max_length=60)
    file_format = models.CharField(max_length=8)
    since = models.DateTimeField()
    until = models.DateTimeField()
    zone = models.CharField(max_length=60)
    maker = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    why = models.CharField(max_length=16, choices=Why, blank=True)
    rows_written = models.BigIntegerField(default=0)
    rows_in_all = models.BigIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exports_export_settled",
                condition=models.Q(state__in=["waiting", "writing"]) ^ models.Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="exports_export_file", condition=~(models.Q(state="ready") ^ ~models.Q(sha256=""))
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "maker", "-asked_at"], name="exports_export_newest"),
            models.Index(fields=["workspace_id", "sha256"], name="exports_export_blob"),
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.file_format} for {self.maker_id}"
