from django.db import models

from careloop.domains.wallboards.types import LONGEST_NAME, OWN, Direction, Figure, Kind, Level
from careloop.kernel.models import TenantModel

__all__ = ["Alarm", "Count", "Feed", "Target", "Threshold", "Waiting"]


class Count(TenantModel):
    """How often something happened in a half hour: by our log, kept by its reader; by others' facts, kept by a feed."""

    source = models.CharField(max_length=LONGEST_NAME, default=OWN)
    starts_at = models.DateTimeField()
    # No foreign key: the log is read again after a team is gone.
    team_id = models.BigIntegerField(null=True)
    # What others call where one waits; whoever reads finds the team of that name. Empty for ours.
    queue = models.CharField(max_length=LONGEST_NAME, default="", blank=True)
    channel = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=Kind)
    band = models.PositiveSmallIntegerField(default=0)
    count = models.BigIntegerField()
    wait_us = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "starts_at", "team_id", "channel", "kind", "band", "source", "queue"],
                name="wallboards_count_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.count} from {self.starts_at:%Y-%m-%d %H:%M}"


class Waiting(TenantModel):
    """A segment that nobody has answered and that has not left: an interval that is open now.

    source, queue: as in Count. segment_id: null for those of others, which are told all together.
    """

    source = models.CharField(max_length=LONGEST_NAME, default=OWN)
    segment_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    queue = models.CharField(max_length=LONGEST_NAME, default="", blank=True)
    channel = models.CharField(max_length=12)
    queued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "segment_id"], name="wallboards_waiting_once")]
        indexes = [
            models.Index(fields=["workspace_id", "team_id", "channel", "queued_at"], name="wallboards_waiting_queue")
        ]

    def __str__(self) -> str:
        return f"segment {self.segment_id} since {self.queued_at:%Y-%m-%d %H:%M}"


class Feed(TenantModel):
    """Another source of facts that the wall shows, and how far it has come.

    through: until when the source is complete. live_at: when it was last seen to be of the moment, null if never.
    first_at: the first half hour that is counted of it. counted_from: the day of which all is counted; what came before is there
    only as what is usual. queues: places, as lists. agents: by state, how many; null while the source tells of none.
    """

    source = models.CharField(max_length=LONGEST_NAME)
    through = models.DateTimeField()
    live_at = models.DateTimeField(null=True)
    first_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField()
    queues = models.JSONField(default=list)
    agents = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "source"], name="wallboards_feed_once")]

    def __str__(self) -> str:
        return f"{self.source} through {self.through:%Y-%m-%d %H:%M}"


class Target(TenantModel):
    """Within which time a first answer is promised: for one team or all, on one channel or all."""

    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=12, blank=True)
    seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "team", "channel"], name="wallboards_target_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s"


class Threshold(TenantModel):
    """What somebody wants to be told of, and where it stands."""

    figure = models.CharField(max_length=32, choices=Figure)
    direction = models.CharField(max_length=5, choices=Direction)
    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    queue = models.ForeignKey("queues.Queue", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    warning = models.FloatField(null=True)
    alarm = models.FloatField(null=True)
    margin = models.FloatField(default=0)
    hold_seconds = models.PositiveIntegerField(default=60)
    is_active = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.NONE)
    # The level that the value has been at since then, if it is another one.
    next_level = models.PositiveSmallIntegerField(choices=Level, null=True)
    next_since = models.DateTimeField(null=True)
    value = models.FloatField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(warning__isnull=False) | models.Q(alarm__isnull=False),
                name="wallboards_threshold_has_a_level",
            ),
            models.CheckConstraint(
                condition=models.Q(next_level__isnull=True, next_since__isnull=True)
                | models.Q(next_level__isnull=False, next_since__isnull=False),
                name="wallboards_threshold_next_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(team__isnull=True) | models.Q(queue__isnull=True),
                name="wallboards_threshold_of_team_or_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.direction}"


class Alarm(TenantModel):
    """A level that was reached: when, by how much, who took notice, and when it was over."""

    threshold = models.ForeignKey(Threshold, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField(choices=Level)
    # As they were then: a threshold that is changed later changes no history.
    limit = models.FloatField()
    value = models.FloatField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["threshold"], condition=models.Q(cleared_at__isnull=True), name="wallboards_alarm_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | models.Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="wallboards_alarm_acknowledged_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["workspace_id", "-raised_at", "-id"], name="wallboards_alarm_history")]

    def __str__(self) -> str:
        return f"{self.level} at {self.raised_at:%Y-%m-%d %H:%M}"
