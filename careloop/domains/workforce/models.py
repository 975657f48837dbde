"""Tables of the whole operation: none names what a customer said, and none stands behind a workspace's wall.

Whoever serves several programs has one state and one amount of room, so both are known once.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from careloop.domains.workforce.states import CHOSEN, State

__all__ = ["Holding", "PersonLanguage", "PersonSkill", "Seat", "Share", "Skill"]


class Skill(models.Model):
    """Something that people know more or less about, such as billing; known by one name in the whole operation."""

    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(is_active=True), name="workforce_skill_once")
        ]

    def __str__(self) -> str:
        return self.name


class PersonSkill(models.Model):
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "skill"], name="workforce_personskill_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=5), name="workforce_personskill_level"),
        ]

    def __str__(self) -> str:
        return f"skill {self.skill_id} of {self.user_id}: {self.level}"


class PersonLanguage(models.Model):
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "language"], name="workforce_personlanguage_once")]

    def __str__(self) -> str:
        return f"{self.user_id} speaks {self.language}"


class Seat(models.Model):
    """What somebody does now, and what they have room for. Whoever changes what a person holds locks this row first."""

    user = models.OneToOneField("people.User", on_delete=models.CASCADE, primary_key=True, related_name="+")
    # What they chose, and what they do; the second follows from the first, from offers and from live contacts.
    chosen = models.CharField(
        max_length=14, choices=[(state.value, state.label) for state in State if state in CHOSEN], default=State.OFFLINE
    )
    chosen_at = models.DateTimeField()
    state = models.CharField(max_length=14, choices=State, default=State.OFFLINE)
    reason = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    # Who put them there, when it was not themselves: an actor.
    forced_by = models.CharField(max_length=40, blank=True)
    wraps_until = models.DateTimeField(null=True)
    # The reason of what they chose, which shows when they do that.
    chosen_reason = models.CharField(max_length=40, blank=True)
    # Until when they rest after an abusive contact; before that they are nothing else but off work.
    rests_until = models.DateTimeField(null=True)
    is_on_hold = models.BooleanField(default=False)
    is_offered = models.BooleanField(default=False)
    # {kind: most at a time}, and the room for all of them together; each thing held takes its weight of that.
    most = models.JSONField(default=dict)
    room = models.PositiveSmallIntegerField()
    held = models.JSONField(default=dict)
    load = models.PositiveIntegerField(default=0)
    # What they can be offered at this moment: worked out whenever anything above changes.
    open_kinds = ArrayField(models.CharField(max_length=10), default=list)
    idle_since = models.DateTimeField(null=True)
    last_offered_at = models.DateTimeField(null=True)
    # Since when work is looked for, and until it was looked for everywhere.
    seeks_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["seeks_since"], condition=models.Q(seeks_since__isnull=False), name="workforce_seat_seeking"
            ),
            models.Index(fields=["user"], condition=~models.Q(open_kinds=[]), name="workforce_seat_open"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.state}"


class Holding(models.Model):
    """Something that somebody has in hand, in whatever workspace. It names no more than what it is."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", db_index=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    weight = models.PositiveSmallIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind", "subject_id"], name="workforce_holding_once")
        ]
        indexes = [models.Index(fields=["seat", "kind"], name="workforce_holding_of_seat")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} with {self.seat_id}"


class Share(models.Model):
    """How much of the operation's work a workspace ought to get, and how much it got lately."""

    workspace = models.OneToOneField(
        "workspaces.Workspace", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    agreed = models.FloatField(default=1.0)
    # Fades with time, so that what was given a while ago counts less.
    given = models.FloatField(default=0.0)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(agreed__gt=0), name="workforce_share_some")]

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.agreed}"
