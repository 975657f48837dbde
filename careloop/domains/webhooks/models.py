from django.db import models

from careloop.domains.webhooks.states import DeliveryState, State, Trouble, Why
from careloop.kernel.models import TenantModel

__all__ = ["Attempt", "Delivery", "Webhook"]


class Webhook(TenantModel):
    """Where another system wants to be told. The secrets are sealed."""

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=2000)
    secret = models.BinaryField()
    # While a new secret is put in place, the one before it signs as well.
    old_secret = models.BinaryField(default=b"")
    old_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    why = models.CharField(max_length=8, choices=Why, default=Why.NONE, blank=True)
    # Since when no try has been taken; empty after one that was.
    failing_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "name"], condition=~models.Q(state="retired"), name="webhooks_webhook_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(TenantModel):
    """One message to another system; the same message has the same key and the same bytes at every try."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+", db_index=False)
    # By it the other system knows what it has had already.
    key = models.CharField(max_length=60)
    # What happened, as the log names it.
    kind = models.CharField(max_length=80)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    body = models.TextField()
    made_by = models.CharField(max_length=40)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    # Tries in all, and since a person sent it last.
    attempts = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    code = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=12, choices=Trouble, default=Trouble.NONE, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="webhooks_delivery_once")]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhooks_delivery_newest"),
            models.Index(fields=["case", "-id"], name="webhooks_delivery_of_case"),
            models.Index(fields=["workspace_id", "at"], name="webhooks_delivery_age"),
        ]

    def __str__(self) -> str:
        return self.key


class Attempt(TenantModel):
    """One try: written before the wire, concluded after it. What nobody concluded was interrupted."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    code = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=12, choices=Trouble, default=Trouble.UNKNOWN, blank=True)
    took_ms = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="webhooks_attempt_once")]

    def __str__(self) -> str:
        return f"try {self.number} of delivery {self.delivery_id}"
