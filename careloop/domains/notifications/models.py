from django.db import models
from django.utils.translation import gettext_lazy as _

from careloop.kernel.models import TenantModel

__all__ = ["Kind", "Notification"]


class Kind(models.TextChoices):
    ASSIGNED = "assigned", _("A case was given to you")
    MENTIONED = "mentioned", _("You were mentioned")
    CUSTOMER_WROTE = "customer_wrote", _("A customer wrote in a case of yours")
    FOLLOWED_CHANGED = "followed_changed", _("Something happened in a case you follow")
    DELIVERY_FAILED = "delivery_failed", _("An answer of yours did not arrive")


class Notification(TenantModel):
    """One thing a person should hear about. Codes and numbers only: it is worded in the reader's language when shown."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    case_id = models.BigIntegerField()
    case_number = models.BigIntegerField()
    actor = models.CharField(max_length=40)
    event_id = models.BigIntegerField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event_id", "kind"], name="notifications_once")]
        indexes = [
            models.Index(fields=["workspace_id", "user", "-id"], name="notifications_of_user"),
            models.Index(
                fields=["workspace_id", "user"], name="notifications_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
