from django.db import models

from careloop.kernel.models import TenantModel

__all__ = ["Allowance", "KeptAnswer"]


class KeptAnswer(TenantModel):
    """What a POST with an idempotency key was answered, kept for a day and committed together with its act."""

    token_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    # Of the method, the path and the body, so that a key is never taken for another request.
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "api_kept_answer"
        constraints = [models.UniqueConstraint(fields=["token_id", "key"], name="api_kept_answer_once")]
        indexes = [models.Index(fields=["token_id", "made_at"], name="api_kept_answer_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"


class Allowance(models.Model):
    """How often a token has asked in its present minute. One row a token, without a wall: it is counted before one is known.

    The table is unlogged: a crash forgets at most a minute of counting, and counting costs no flush to disk.
    """

    token_id = models.BigIntegerField(primary_key=True)
    minute = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "api_allowance"

    def __str__(self) -> str:
        return f"{self.token_id}: {self.count}"
