from django.db import models

from careloop.domains.commitments.states import About, Measure, Outcome, Way, Why
from careloop.kernel.models import TenantModel

__all__ = ["Callback", "Clock", "ClockTurn", "Policy", "PolicyVersion"]


class Policy(TenantModel):
    """A promise to a group of customers or for a kind of matter; of several that fit, the first one holds."""

    name = models.CharField(max_length=80)
    about = models.CharField(max_length=10, choices=About, default=About.CASES)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "name"], condition=models.Q(is_active=True), name="commitments_policy_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(TenantModel):
    """What a policy said from a moment on. It is never changed: what was promised under it stays what was promised."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    conditions = models.JSONField()
    # Whose hours count; empty: every hour of the day and the week.
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # {measure: {priority: seconds}}; what is not there is not promised.
    targets = models.JSONField()
    # Categories in which the clock of the solution stands still.
    pauses = models.JSONField(default=list)
    # [{"share": 0.75, "tell": ["assignee"], "priority": null}], by share: what happens as the time is used up.
    steps = models.JSONField(default=list)
    # {measure: share}: how many of all are to be kept in a period; what is not there is promised to each for themselves.
    levels = models.JSONField(default=dict)
    effective_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "version"], name="commitments_version_once")]

    def __str__(self) -> str:
        return f"version {self.version} of policy {self.policy_id}"


class Clock(TenantModel):
    """One promise to one customer, from the moment in which they began to wait for it; or one agreement on a task among us.

    It is promised in a case, or to a caller, who has none until somebody opens one.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    measure = models.CharField(max_length=20, choices=Measure)
    # What another team was asked to do, where that is timed.
    task = models.ForeignKey("tasks.Task", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    # Whose visitor waits for somebody of ours, where that is timed; each time they wait is a clock of its own.
    chat = models.ForeignKey("chats.Chat", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    # Whose caller stands in a queue, where that is timed; each time they come into one is a clock of its own.
    call = models.ForeignKey("calls.Call", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.RUNNING)
    # Empty while it stands still, and while nothing is promised.
    due_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    # Up to which share of its time the steps were taken, so that each is taken once.
    taken_share = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "measure"],
                condition=models.Q(outcome="running", task__isnull=True, chat__isnull=True),
                name="commitments_clock_one_runs",
            ),
            models.UniqueConstraint(
                fields=["chat"],
                condition=models.Q(outcome="running", chat__isnull=False),
                name="commitments_clock_one_of_chat",
            ),
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(task__isnull=False), name="commitments_clock_one_of_task"
            ),
            models.UniqueConstraint(
                fields=["call", "started_at"],
                condition=models.Q(call__isnull=False),
                name="commitments_clock_once_in_line",
            ),
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, call__isnull=True)
                | models.Q(case__isnull=True, call__isnull=False, task__isnull=True, chat__isnull=True),
                name="commitments_clock_of_case_or_call",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="running", ended_at__isnull=True)
                | (~models.Q(outcome="running") & models.Q(ended_at__isnull=False)),
                name="commitments_clock_ended_exactly_when_said",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "started_at", "id"], name="commitments_clock_of_case"),
            models.Index(
                fields=["chat", "started_at"],
                condition=models.Q(chat__isnull=False),
                name="commitments_clock_of_chat",
            ),
            models.Index(
                fields=["workspace_id", "due_at"],
                condition=models.Q(outcome="running", due_at__isnull=False),
                name="commitments_clock_due",
            ),
            models.Index(
                fields=["workspace_id", "missed_at"],
                condition=models.Q(outcome="running", missed_at__isnull=False),
                name="commitments_clock_missed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of case {self.case_id}" if self.case_id else f"{self.measure} of call {self.call_id}"


class ClockTurn(TenantModel):
    """From a moment on: under which version a clock counts, how much is promised, and whether it runs."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # Empty: nothing is promised from here on. Without a version, a person promised it, around the clock.
    target_s = models.PositiveIntegerField(null=True)
    runs = models.BooleanField()
    why = models.CharField(max_length=10, choices=Why)

    class Meta:
        indexes = [models.Index(fields=["clock", "at", "id"], name="commitments_turn_order")]

    def __str__(self) -> str:
        return f"{self.why} at {self.at:%Y-%m-%d %H:%M}"


class Callback(TenantModel):
    """The word that somebody gave a customer in one case: to come back by a time. Its clock says how it stands."""

    clock = models.OneToOneField(Clock, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=Way)
    note = models.CharField(max_length=500, blank=True)
    promised_by = models.CharField(max_length=40)
    # The customer is not called before; empty: at once.
    from_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    # After a try that did not reach them: not before. Empty: never again by itself, or not tried yet.
    again_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"callback of clock {self.clock_id}"
