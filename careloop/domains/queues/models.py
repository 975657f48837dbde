from django.contrib.postgres.fields import ArrayField
from django.db import models

from careloop.domains.queues.states import Choice, Kind, Outcome, Stage
from careloop.kernel.models import TenantModel

__all__ = ["Line", "Offer", "Queue", "Rule", "Waiting"]


class Queue(TenantModel):
    """What waits for the same people, and by which rules it is given to them."""

    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind))
    # Teams whose people serve it; none: everybody of the workspace who works on cases.
    team_ids = ArrayField(models.BigIntegerField(), default=list)
    # {skill: least level}. Skills belong to the operation and live a floor above.
    needs = models.JSONField(default=dict)
    # Whether the customer's language, where it is known, must be spoken by whoever takes it.
    is_by_language = models.BooleanField(default=True)
    priority = models.PositiveSmallIntegerField(default=0)
    # How much longer something seems to have waited for every step of its priority.
    step_s = models.PositiveIntegerField(default=600)
    # {tag of the customer: steps that such a customer is ahead}; of several, the most.
    tiers = models.JSONField(default=dict)
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Kept by a timer at each opening and closing, so that the search for work need not count hours.
    is_open = models.BooleanField(default=True)
    overflow = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    overflow_after_s = models.PositiveIntegerField(null=True)
    choice = models.CharField(max_length=14, choices=Choice, default=Choice.LONGEST_IDLE)
    # How much longer something seems to have waited to whoever served the customer last; 0: it is not asked who did.
    same_agent_s = models.PositiveIntegerField(default=0)
    offer_s = models.PositiveSmallIntegerField(default=30)
    wrap_s = models.PositiveSmallIntegerField(default=0)
    # How much room of a person one thing takes.
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "name"], condition=models.Q(is_active=True), name="queues_queue_once"
            ),
            models.CheckConstraint(condition=models.Q(step_s__gt=0), name="queues_queue_ages"),
        ]

    def __str__(self) -> str:
        return self.name


class Rule(TenantModel):
    """Which cases go into which queue; of several that fit, the first one holds."""

    position = models.PositiveSmallIntegerField(default=0)
    conditions = models.JSONField(default=dict)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Steps of priority that such cases are ahead.
    tier = models.PositiveSmallIntegerField(default=0)
    # {skill: least level}, beside what the queue asks for.
    needs = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"rule {self.position} into queue {self.queue_id}"


class Line(TenantModel):
    """All that waits in one queue with the same demands on whoever takes it: one order, whose head is found at once."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    # Empty: whoever takes it need not speak anything in particular.
    language = models.CharField(max_length=10, blank=True)
    needs = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "kind", "language", "needs"], name="queues_line_once"),
        ]
        indexes = [models.Index(fields=["workspace_id"], name="queues_line_of_workspace")]

    def __str__(self) -> str:
        return f"{self.kind} of queue {self.queue_id}"


class Waiting(TenantModel):
    """Something that waits for somebody to take it, once, and what became of that."""

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    subject_id = models.BigIntegerField()
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.WAITING)
    entered_at = models.DateTimeField()
    # Stands as if it had come in then; empty: since it did.
    stands_from = models.DateTimeField(null=True)
    # When it would have come in had it no priority. It never changes with time, so an index is the order of the queue.
    rank_at = models.DateTimeField()
    priority = models.PositiveSmallIntegerField(default=0)
    tier = models.PositiveSmallIntegerField(default=0)
    needs = models.JSONField(default=dict)
    language = models.CharField(max_length=10, blank=True)
    last_user = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    # Nobody has been looked for since it came, or came back.
    is_fresh = models.BooleanField(default=True)
    overflow_count = models.PositiveSmallIntegerField(default=0)
    taken_by = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "kind", "subject_id"],
                condition=models.Q(stage__in=["waiting", "offered"]),
                name="queues_waiting_once",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["taken", "left"], ended_at__isnull=False)
                | (~models.Q(stage__in=["taken", "left"]) & models.Q(ended_at__isnull=True)),
                name="queues_ended_exactly_when_said",
            ),
        ]
        indexes = [
            models.Index(
                fields=["line", "rank_at", "id"], condition=models.Q(stage="waiting"), name="queues_waiting_order"
            ),
            models.Index(
                fields=["last_user", "rank_at", "id"],
                condition=models.Q(stage="waiting", last_user__isnull=False),
                name="queues_waiting_for_last",
            ),
            models.Index(
                fields=["workspace_id", "rank_at", "id"],
                condition=models.Q(stage="waiting", is_fresh=True),
                name="queues_waiting_fresh",
            ),
            models.Index(
                fields=["queue", "rank_at", "id"],
                condition=models.Q(stage__in=["waiting", "offered"]),
                name="queues_waiting_of_queue",
            ),
            models.Index(fields=["workspace_id", "kind", "subject_id", "-id"], name="queues_waiting_of_subject"),
            models.Index(
                fields=["queue", "kind", "-ended_at"],
                condition=models.Q(stage="taken"),
                name="queues_waiting_last_taken",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} in queue {self.queue_id}"


class Offer(TenantModel):
    """Something that waits, put before one person; the database lets no two offers of it be open."""

    waiting = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    reason = models.CharField(max_length=40, blank=True)
    why = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["waiting"], condition=models.Q(outcome="open"), name="queues_offer_never_double"
            ),
            # Over all workspaces: whoever is asked in one is not asked in another at the same time.
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(outcome="open"), name="queues_offer_one_for_each"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="open", answered_at__isnull=True)
                | (~models.Q(outcome="open") & models.Q(answered_at__isnull=False)),
                name="queues_offer_answered_exactly_when_said",
            ),
        ]
        indexes = [
            models.Index(fields=["waiting", "user", "-offered_at"], name="queues_offer_of_waiting"),
            models.Index(fields=["workspace_id", "user", "-offered_at"], name="queues_offer_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.waiting_id} to {self.user_id}"
