"""The reader that counts cases by where they lie, so that no page has to."""

from collections import Counter
from collections.abc import Sequence

from django.db import connection

from careloop.domains.cases.events import CaseOpened, Moving, Place
from careloop.kernel.events import Recorded
from careloop.kernel.readers import Reader
from careloop.kernel.scope import current_workspace

__all__ = ["TALLIES"]


def _count(events: Sequence[Recorded]) -> None:
    changes: Counter[Place] = Counter()
    for recorded in events:
        event = recorded.event
        if not isinstance(event, Moving):
            continue
        changes[event.now] += 1  # type: ignore[attr-defined]
        if not isinstance(event, CaseOpened):
            changes[event.was] -= 1  # type: ignore[attr-defined]
    values = [
        [current_workspace(), category, assignee_id, team_id, is_spam, change]
        for (category, assignee_id, team_id, is_spam), change in sorted(changes.items(), key=str)
        if change
    ]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO cases_tally (workspace_id, category, assignee_id, team_id, is_spam, count) "
                "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (workspace_id, category, assignee_id, team_id, is_spam) "
                "DO UPDATE SET count = cases_tally.count + excluded.count",
                values,
            )


TALLIES = Reader(name="cases.tallies", read=_count)
