"""What programs were given lately."""

from datetime import datetime

from django.db import connection

from careloop.domains.workforce.fading import HALF_S
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace

__all__ = ["note_given"]


@act
def note_given(*, weight: float, at: datetime) -> None:
    """Count work of the workspace in scope that was offered, or, with a weight below 0, that nobody took after all.

    For the process that offers, as the last thing of its transaction: everybody who offers for this workspace waits here for the
    others.
    """
    with connection.cursor() as cursor:
        # What fading.py says, in the one statement that holds the lock no longer than it must.
        cursor.execute(
            "INSERT INTO workforce_share AS s (workspace_id, agreed, given, given_at) VALUES (%(workspace)s, 1, "
            "greatest(0, %(weight)s), %(at)s) ON CONFLICT (workspace_id) DO UPDATE SET given = greatest(0, "
            "s.given * 0.5 ^ (greatest(0, extract(epoch FROM %(at)s - s.given_at)) / %(half)s) + %(weight)s), "
            "given_at = greatest(s.given_at, %(at)s)",
            {"workspace": current_workspace(), "weight": weight, "at": at, "half": HALF_S},
        )
