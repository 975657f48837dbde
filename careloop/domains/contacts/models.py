from django.db import models

from careloop.domains.contacts.types import Outcome, SegmentExit
from careloop.kernel.models import TenantModel

__all__ = ["Contact", "Segment"]


class Contact(TenantModel):
    """One interaction as the customer lives it."""

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=12)
    direction = models.CharField(max_length=10)
    arrived_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_inbound_at = models.DateTimeField(null=True)
    last_reply_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(ended_at__isnull=True), name="contacts_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="open", ended_at__isnull=True)
                | (~models.Q(outcome="open") & models.Q(ended_at__isnull=False)),
                name="contacts_open_exactly_until_end",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("arrived_at")),
                name="contacts_end_after_arrival",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "customer", "-arrived_at"], name="contacts_by_customer"),
            models.Index(fields=["conversation"], name="contacts_by_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} at {self.arrived_at:%Y-%m-%d %H:%M}"


class Segment(TenantModel):
    """One leg of a contact, with one team and at most one agent."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    sequence = models.PositiveSmallIntegerField()
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    agent = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    queued_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    exit = models.CharField(max_length=20, choices=SegmentExit, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "sequence"], name="contacts_segment_order"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(answered_at__gte=models.F("queued_at")),
                name="contacts_segment_answer_after_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}/{self.sequence}"
