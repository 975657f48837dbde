from django.db import models

from careloop.domains.integrity.states import Reason, Said, State, Step
from careloop.domains.integrity.types import About, Method, Severity
from careloop.kernel.models import TenantModel

__all__ = ["Flag", "FlagStep", "LastExamination"]


class Flag(TenantModel):
    """A failed check of one month, about everything or one part; the same finding is the same row, however often it is found."""

    check_id = models.CharField(max_length=60)
    about = models.CharField(max_length=10, choices=About, blank=True)
    # As the facts name it: of a person or team of ours, or of somebody else's switch.
    key = models.TextField(blank=True)
    # Of ours, where the key is one; no foreign key: facts outlive accounts.
    user_id = models.BigIntegerField(null=True)
    month = models.DateField()
    method = models.CharField(max_length=8, choices=Method)
    severity = models.CharField(max_length=8, choices=Severity)
    # What the check said when it failed the last time, in every language, and which numbers it guards: faces need no catalogue.
    sentence = models.JSONField()
    metrics = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    value = models.FloatField()
    limit = models.FloatField()
    count = models.FloatField(null=True)
    of_count = models.FloatField(null=True)
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    said = models.CharField(max_length=10, choices=Said, blank=True)
    words = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # How much had been found when the answer was given: it is no answer to much more.
    answered_amount = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "check_id", "about", "key", "month"], name="integrity_flag_once"
            ),
            models.CheckConstraint(
                name="integrity_flag_answer_is_whole",
                condition=models.Q(said="", answered_at__isnull=True, answered_amount__isnull=True)
                | (~models.Q(said="") & models.Q(answered_at__isnull=False, answered_amount__isnull=False)),
            ),
            models.CheckConstraint(
                name="integrity_flag_answered_has_an_answer",
                condition=~models.Q(state=State.ANSWERED) | ~models.Q(said=""),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-opened_at", "-id"], name="integrity_flag_newest"),
            models.Index(fields=["workspace_id", "since", "until"], name="integrity_flag_beside"),
        ]

    def __str__(self) -> str:
        return f"{self.check_id} {self.about} {self.key} {self.month:%Y-%m}"

    @property
    def amount(self) -> float:
        """Return how much was found: rows where they can be counted, else the figure itself."""
        return self.value if self.count is None else self.count


class FlagStep(TenantModel):
    """One line of a flag's history; never changed."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField()
    user = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    said = models.CharField(max_length=10, choices=Said, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    words = models.TextField(blank=True)
    value = models.FloatField()
    count = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"{self.step} {self.at:%Y-%m-%d %H:%M}"


class LastExamination(TenantModel):
    """When the checks of a workspace were made the last time; its row is what two examiners wait for each other at."""

    at = models.DateTimeField(null=True)
    lake = models.CharField(max_length=40, blank=True)
    last = models.CharField(max_length=60, blank=True)
    seconds = models.FloatField(default=0.0)
    seen = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="integrity_examination_once")]

    def __str__(self) -> str:
        return self.lake
