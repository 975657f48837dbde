from django.contrib.postgres.fields import ArrayField
from django.db import models

from careloop.domains.procedures.states import Begins, Doing, RunState, State
from careloop.kernel.models import TenantModel

__all__ = ["Absence", "Done", "Procedure", "ProcedureVersion", "Request", "Run"]


class Procedure(TenantModel):
    """Something that must be done properly in some cases."""

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "name"],
                condition=~models.Q(state="retired"),
                name="procedures_procedure_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProcedureVersion(TenantModel):
    """What a procedure says to the cases that begin it in this version. It is never changed."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    begins = models.CharField(max_length=8, choices=Begins)
    conditions = models.JSONField()
    stages = models.JSONField()
    effective_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "version"], name="procedures_version_once")]

    def __str__(self) -> str:
        return f"procedure {self.procedure_id}, version {self.version}"


class Run(TenantModel):
    """A procedure in a case."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+", db_index=False)
    said = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.OPEN)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)
    # Why the rest of it was left out.
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "procedure"], condition=models.Q(state="open"), name="procedures_run_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at__isnull=True)
                | (~models.Q(state="open") & models.Q(ended_at__isnull=False)),
                name="procedures_run_ended_exactly_when_said",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="procedures_run_of_case"),
            models.Index(fields=["procedure", "state"], name="procedures_run_of_procedure"),
        ]

    def __str__(self) -> str:
        return f"procedure {self.procedure_id} in case {self.case_id}: {self.state}"


class Done(TenantModel):
    """What somebody did in a step. Nothing is changed or taken away: how far a run is follows from all of them."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    step = models.CharField(max_length=20)
    doing = models.CharField(max_length=10, choices=Doing)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    values = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    rung = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="procedures_done_of_run")]

    def __str__(self) -> str:
        return f"{self.step} of run {self.run_id}: {self.doing}"


class Request(TenantModel):
    """An approval that is waited for now; what became of it is told by what was done."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    step = models.CharField(max_length=20)
    rung = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    # Who heard of it, so that only those hear again who are asked since: a deputy, say.
    told_ids = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="procedures_request_once")]

    def __str__(self) -> str:
        return f"{self.step} of run {self.run_id}, rung {self.rung}"


class Absence(TenantModel):
    """Somebody is away, as they said themselves."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    deputy = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "user"], name="procedures_absence_once")]

    def __str__(self) -> str:
        return f"user {self.user_id} is away"
