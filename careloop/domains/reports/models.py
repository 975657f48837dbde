from django.db import models
from django.db.models.functions import Now

from careloop.domains.reports.schedule import Clock, Frequency
from careloop.domains.reports.states import RunState, Why
from careloop.kernel.models import TenantModel

__all__ = ["Reader", "Report", "Run"]


class Report(TenantModel):
    """A board that is mailed."""

    name = models.CharField(max_length=80)
    # A number, or the word of a board that every workspace has; so no foreign key.
    board_key = models.CharField(max_length=20)
    period = models.CharField(max_length=20, blank=True)
    frequency = models.CharField(max_length=8, choices=Frequency)
    weekday = models.PositiveSmallIntegerField(null=True)
    month_day = models.PositiveSmallIntegerField(null=True)
    at = models.TimeField()
    clock = models.CharField(max_length=10, choices=Clock)
    is_paused = models.BooleanField(default=False)
    maker = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reports_report_days",
                condition=models.Q(frequency=Frequency.DAILY, weekday=None, month_day=None)
                | models.Q(frequency=Frequency.WEEKLY, weekday__range=(1, 7), month_day=None)
                | models.Q(frequency=Frequency.MONTHLY, weekday=None, month_day__range=(1, 31)),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Reader(TenantModel):
    """Somebody who gets a report. Its timer carries this row's number."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="reports_reader_once")]

    def __str__(self) -> str:
        return f"{self.report_id} for {self.user_id}"


class Run(TenantModel):
    """One mail of a report to one reader; the row makes it one, whoever tries and how often."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    is_asked_for = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    why = models.CharField(max_length=16, choices=Why, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    tried_count = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "user", "due_at"], name="reports_run_once"),
            models.CheckConstraint(
                name="reports_run_settled",
                condition=models.Q(state__in=["waiting", "sending"]) ^ models.Q(settled_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["workspace_id", "report", "-due_at"], name="reports_run_newest")]

    def __str__(self) -> str:
        return f"{self.report_id} for {self.user_id} at {self.due_at:%Y-%m-%d %H:%M}"
