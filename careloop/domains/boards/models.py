from django.db import models
from django.db.models.functions import Now

from careloop.domains.boards.types import Comparison, TileKind, Width
from careloop.kernel.models import TenantModel

__all__ = ["Board", "Reading", "Tile"]


class Board(TenantModel):
    """Tiles under a name."""

    name = models.CharField(max_length=80)
    period = models.CharField(max_length=20)
    # Empty: shared with everybody in the workspace who may see numbers.
    owner = models.ForeignKey("people.User", on_delete=models.CASCADE, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Tile(TenantModel):
    """One question on a board, and how its answer is shown."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=TileKind)
    metric = models.CharField(max_length=60)
    options = models.JSONField(default=dict)
    by = models.CharField(max_length=40, blank=True)
    conditions = models.JSONField(default=dict)
    period = models.CharField(max_length=20, blank=True)
    comparison = models.CharField(max_length=8, choices=Comparison)
    target = models.FloatField(null=True)
    width = models.PositiveSmallIntegerField(choices=Width)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="boards_tile_target",
                condition=models.Q(comparison=Comparison.TARGET) ^ models.Q(target__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} on {self.board_id}"


class Reading(TenantModel):
    """What a question came to, so that a board that is opened again does not ask the facts again."""

    # The hash of the question with everything that can change its answer but the facts.
    key = models.CharField(max_length=64)
    lake = models.CharField(max_length=40)
    answer = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="boards_reading_once")]
        indexes = [models.Index(fields=["workspace_id", "made_at"], name="boards_reading_old")]

    def __str__(self) -> str:
        return self.key
