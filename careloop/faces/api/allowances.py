"""How often a token may ask: so many times a minute, counted in one row across all processes."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase

__all__ = ["Spent", "spend"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What is left of a token's minute. limit, count: requests a minute; reset_seconds: until the next minute."""

    limit: int
    count: int
    reset_seconds: int

    @property
    def is_over(self) -> bool:
        return self.count > self.limit

    def write_on(self, response: HttpResponseBase) -> None:
        """Tell the machine how much is left, and when to come back."""
        response["RateLimit-Limit"] = str(self.limit)
        response["RateLimit-Remaining"] = str(max(0, self.limit - self.count))
        response["RateLimit-Reset"] = str(self.reset_seconds)
        if self.is_over:
            response["Retry-After"] = str(self.reset_seconds)


def spend(*, token_id: int, at: datetime) -> Spent:
    """Count one request of a token. Outside any transaction, so that nobody waits for another's and refusals count, too."""
    seconds = int(at.timestamp())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_allowance (token_id, minute, count) VALUES (%s, %s, 1) ON CONFLICT (token_id) DO UPDATE "
            "SET count = CASE WHEN api_allowance.minute = excluded.minute THEN api_allowance.count + 1 ELSE 1 END, "
            "minute = excluded.minute RETURNING count",
            [token_id, seconds // 60],
        )
        (count,) = cursor.fetchone()
    return Spent(limit=settings.API_REQUESTS_PER_MINUTE, count=count, reset_seconds=60 - seconds % 60)
