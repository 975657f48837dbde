from django.db import models

from careloop.kernel.scope import current_workspace

__all__ = ["FailedReaction", "TenantModel", "Timer"]


class TenantModel(models.Model):
    """A row of one workspace. The database fills and guards the workspace; no service has to remember it."""

    workspace_id = models.BigIntegerField(default=current_workspace, editable=False)

    class Meta:
        abstract = True


class Timer(TenantModel):
    """Something that is to happen because time passes: claimed once, by one worker, in the act's own transaction."""

    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "kind", "subject_id"], name="kernel_timer_once")]
        indexes = [models.Index(fields=["due_at"], name="kernel_timer_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} at {self.due_at:%Y-%m-%d %H:%M}"


class FailedReaction(TenantModel):
    """A reaction that failed on an event, waiting for its next try or for a person."""

    position = models.BigIntegerField()
    reaction = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=1)
    error = models.TextField()
    due_at = models.DateTimeField(null=True)  # null: gave up, a person has to look

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "position", "reaction"], name="kernel_failed_reaction_once")
        ]

    def __str__(self) -> str:
        return f"{self.reaction} at {self.position}"
