from django.db import models

from careloop.kernel.models import TenantModel

__all__ = ["Statement"]


class Statement(TenantModel):
    """What a client is billed for in a month. Written once; nothing about it ever changes."""

    month = models.DateField()
    zone = models.CharField(max_length=60)
    contacts = models.BigIntegerField()
    unmeasured = models.BigIntegerField()
    handled_seconds = models.FloatField()
    kept = models.BigIntegerField()
    made = models.BigIntegerField()
    # What earlier months come to more or less than was stated of them.
    corrected_contacts = models.BigIntegerField()
    corrected_unmeasured = models.BigIntegerField()
    corrected_seconds = models.FloatField()
    corrected_kept = models.BigIntegerField()
    corrected_made = models.BigIntegerField()
    correction_count = models.PositiveBigIntegerField()
    row_count = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    complete_until = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    issuer = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "month"], name="invoices_statement_once")]
        indexes = [models.Index(fields=["workspace_id", "sha256"], name="invoices_statement_blob")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
