from django.db import models

from careloop.domains.supervision.states import AbuseKind
from careloop.kernel.models import TenantModel

__all__ = ["Abuse", "Hand", "Recipient", "TeamMessage"]


class Hand(TenantModel):
    """Somebody at work needs help, from when they say so until it is over."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    # A word about what, as the colleague wrote it; may be empty.
    about = models.CharField(max_length=200, blank=True)
    # What they had before them.
    case_id = models.BigIntegerField(null=True)
    chat_id = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField()
    helper = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)
    lowered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "user"],
                condition=models.Q(lowered_at__isnull=True),
                name="supervision_hand_one_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace_id", "raised_at", "id"],
                condition=models.Q(lowered_at__isnull=True),
                name="supervision_hand_up",
            ),
        ]

    def __str__(self) -> str:
        return f"hand of {self.user_id} since {self.raised_at:%H:%M}"


class TeamMessage(TenantModel):
    """A short word of whoever leads to a team, or to everybody who was at work."""

    sender = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    # Empty: to everybody at work.
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    text = models.CharField(max_length=300)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-id"], name="supervision_message_newest")]

    def __str__(self) -> str:
        return f"message of {self.sender_id} at {self.sent_at:%H:%M}"


class Recipient(TenantModel):
    """To whom a message went, and when they had read it."""

    message = models.ForeignKey(TeamMessage, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="supervision_recipient_once")]
        indexes = [
            models.Index(
                fields=["workspace_id", "user", "message"],
                condition=models.Q(read_at__isnull=True),
                name="supervision_recipient_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id} to {self.user_id}"


class Abuse(TenantModel):
    """A customer abused somebody of ours in a contact, and what was done for them. Steps are added, none is taken away."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    case_id = models.BigIntegerField()
    chat_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=AbuseKind)
    noted_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rested_at = models.DateTimeField(null=True)
    rest_s = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "contact_id", "user"], name="supervision_abuse_once"),
            # Of two who warn, or end, at the same moment the database lets in one.
            models.UniqueConstraint(
                fields=["workspace_id", "contact_id"],
                condition=models.Q(warned_at__isnull=False),
                name="supervision_abuse_warned_once",
            ),
            models.UniqueConstraint(
                fields=["workspace_id", "contact_id"],
                condition=models.Q(ended_at__isnull=False),
                name="supervision_abuse_ended_once",
            ),
            models.CheckConstraint(
                condition=models.Q(rested_at__isnull=True, rest_s__isnull=True)
                | models.Q(rested_at__isnull=False, rest_s__isnull=False),
                name="supervision_abuse_rest_has_length",
            ),
        ]
        indexes = [models.Index(fields=["workspace_id", "case_id", "id"], name="supervision_abuse_of_case")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id} at {self.noted_at:%Y-%m-%d %H:%M}"
