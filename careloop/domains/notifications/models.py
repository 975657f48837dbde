from django.db import models

from careloop.domains.notifications.types import Kind, Waiting
from careloop.kernel.models import TenantModel

__all__ = ["Notification", "Pending"]


class Notification(TenantModel):
    """One thing a person should hear about. Codes and numbers only: it is worded in the reader's language when shown."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    case_id = models.BigIntegerField(null=True)
    case_number = models.BigIntegerField(null=True)
    flag_id = models.BigIntegerField(null=True)
    hand_id = models.BigIntegerField(null=True)
    # Of a call, whose caller waits.
    call_id = models.BigIntegerField(null=True)
    # Beside the case: of one of its tasks, for those who see the task and perhaps not the case.
    task_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=40)
    event_id = models.BigIntegerField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event_id", "kind"], name="notifications_once"),
            models.CheckConstraint(
                name="notifications_of_something",
                condition=models.Q(
                    case_id__isnull=False,
                    case_number__isnull=False,
                    flag_id__isnull=True,
                    hand_id__isnull=True,
                    call_id__isnull=True,
                )
                | models.Q(
                    case_id__isnull=True,
                    case_number__isnull=True,
                    flag_id__isnull=False,
                    hand_id__isnull=True,
                    call_id__isnull=True,
                )
                | models.Q(
                    case_id__isnull=True,
                    case_number__isnull=True,
                    flag_id__isnull=True,
                    hand_id__isnull=False,
                    call_id__isnull=True,
                )
                | models.Q(
                    case_id__isnull=True,
                    case_number__isnull=True,
                    flag_id__isnull=True,
                    hand_id__isnull=True,
                    call_id__isnull=False,
                )
                # Of a rule alone, which is in the name of the actor: it failed before there was a case.
                | models.Q(
                    case_id__isnull=True,
                    case_number__isnull=True,
                    flag_id__isnull=True,
                    hand_id__isnull=True,
                    call_id__isnull=True,
                    kind="rule_paused",
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "user", "-id"], name="notifications_of_user"),
            models.Index(
                fields=["workspace_id", "user"], name="notifications_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class Pending(TenantModel):
    """How much of a kind waits for a person or a team, kept by the log's reader, so that no page has to count it."""

    kind = models.CharField(max_length=10, choices=Waiting)
    user_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "kind", "user_id", "team_id"],
                name="notifications_pending_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(user_id__isnull=False, team_id__isnull=True)
                | models.Q(user_id__isnull=True, team_id__isnull=False),
                name="notifications_pending_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"
