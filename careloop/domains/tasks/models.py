from django.contrib.postgres.fields import ArrayField
from django.db import models

from careloop.domains.tasks.states import Share, State, Why
from careloop.kernel.models import TenantModel

__all__ = ["Task"]

_RUNNING = models.Q(state__in=[State.ASKED, State.ACCEPTED])


class Task(TenantModel):
    """Something that a team or a person is asked to do for a case."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # By when whoever asks wishes it; by when we agreed to do it, kept by whoever times it; and the first of the two that there is.
    due_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    by_at = models.DateTimeField(null=True)
    shares = ArrayField(models.CharField(max_length=8, choices=Share), default=list)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    taken_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    # The answer, or why it was refused or withdrawn.
    said = models.TextField(blank=True)
    why = models.CharField(max_length=8, choices=Why, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team__isnull=False) | models.Q(person__isnull=False), name="tasks_task_for_somebody"
            ),
            models.CheckConstraint(
                condition=(_RUNNING & models.Q(ended_at__isnull=True)) | (~_RUNNING & models.Q(ended_at__isnull=False)),
                name="tasks_task_ended_exactly_when_said",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.DONE, State.REFUSED]) | ~models.Q(said=""),
                name="tasks_task_never_without_words",
            ),
            models.CheckConstraint(
                condition=(models.Q(state=State.WITHDRAWN) & ~models.Q(why=""))
                | (~models.Q(state=State.WITHDRAWN) & models.Q(why="")),
                name="tasks_task_withdrawn_for_a_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="tasks_of_case"),
            models.Index(
                fields=["workspace_id", "team", "by_at", "id"], condition=_RUNNING, name="tasks_running_of_team"
            ),
            models.Index(
                fields=["workspace_id", "person", "by_at", "id"], condition=_RUNNING, name="tasks_running_of_person"
            ),
            models.Index(fields=["workspace_id", "team", "-id"], name="tasks_of_team"),
            models.Index(fields=["workspace_id", "person", "-id"], name="tasks_of_person"),
            models.Index(fields=["workspace_id", "asked_by", "-id"], name="tasks_of_asker"),
        ]

    def __str__(self) -> str:
        return self.title
