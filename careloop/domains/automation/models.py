from django.db import models

from careloop.domains.automation.states import Outcome, State, Why
from careloop.kernel.models import TenantModel

__all__ = ["Macro", "Rule", "RuleVersion", "Run", "Wait"]


class Rule(TenantModel):
    """Something that the house does by itself; rules are asked in their order."""

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    why = models.CharField(max_length=10, choices=Why, default=Why.NONE, blank=True)
    version = models.PositiveIntegerField(default=1)
    # The place in the log from which on it acts; what stands before is none of its business.
    after_position = models.BigIntegerField(default=0)
    # Failed runs since the last one that did not fail.
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "name"],
                condition=~models.Q(state="retired"),
                name="automation_rule_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(TenantModel):
    """What a rule said from a moment on. It is never changed, so that every run can be explained."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    when = models.JSONField()
    # Empty: at once.
    delay_s = models.PositiveIntegerField(null=True)
    # Whose hours the delay counts; empty: every hour of the day and the week.
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    from_last = models.BooleanField(default=False)
    conditions = models.JSONField()
    # [{"kind": "tag", "value": "refund"}], in the order in which they are done.
    actions = models.JSONField()
    effective_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="automation_version_once")]

    def __str__(self) -> str:
        return f"version {self.version} of rule {self.rule_id}"


class Wait(TenantModel):
    """A rule that looks at a case when its timer rings. Without a case: at the call or chat that the event is of."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    event_id = models.BigIntegerField()
    root_id = models.BigIntegerField()
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "event_id"], name="automation_wait_once")]
        indexes = [models.Index(fields=["rule", "case"], name="automation_wait_of_case")]

    def __str__(self) -> str:
        return f"rule {self.rule_id} waits on case {self.case_id}"


class Run(TenantModel):
    """One run of a rule on a case: what it did, or why not. Without a case: on a call or chat that never got one."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    event_id = models.BigIntegerField()
    root_id = models.BigIntegerField()
    depth = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    why = models.CharField(max_length=10, choices=Why, default=Why.NONE, blank=True)
    error = models.CharField(max_length=80, blank=True)
    # [{"kind": …, "value": …, "result": …, "code": …, "made_id": …}]
    steps = models.JSONField(default=list)
    # Whether it sent the customer an automatic answer.
    has_replied = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # The receipt: whatever becomes of an event, a rule deals with it once.
            models.UniqueConstraint(fields=["rule", "event_id"], name="automation_run_once"),
            # The guard: in one chain a rule acts once.
            models.UniqueConstraint(
                fields=["rule", "root_id"], condition=models.Q(outcome="done"), name="automation_run_once_a_chain"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-id"], name="automation_run_newest"),
            models.Index(fields=["rule", "-id"], name="automation_run_of_rule"),
            models.Index(fields=["case", "-id"], name="automation_run_of_case"),
        ]

    def __str__(self) -> str:
        return f"rule {self.rule_id} on case {self.case_id}: {self.outcome}"


class Macro(TenantModel):
    """Actions under one name that a person applies to a case."""

    name = models.CharField(max_length=80)
    # Empty: for everybody in the workspace.
    owner = models.ForeignKey("people.User", on_delete=models.CASCADE, null=True, related_name="+")
    actions = models.JSONField()
    used_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "owner", "name"], name="automation_macro_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name
