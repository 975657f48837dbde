"""What nobody's event says: people who are gone, and whatever was missed. Looked for now and then, by one worker at a time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from careloop.domains.people.queries import workspaces_served_by
from careloop.domains.queues.queries import has_queues
from careloop.domains.workforce import queries as workforce
from careloop.domains.workforce import services as workforce_acts
from careloop.domains.workspaces.queries import workspace_ids
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.routing.chats import sweep_chats
from careloop.processes.routing.placing import sweep
from careloop.processes.routing.presence import GONE_AFTER, take_back_from
from careloop.processes.routing.unheard import follow_silence

__all__ = ["Care", "take_care"]

LOOK_EVERYWHERE_EVERY: Final = timedelta(minutes=1)
CASES_AT_ONCE: Final = 500


@dataclass(slots=True)
class Care:
    """How far the one who takes care has come. swept: by workspace, as `placing.sweep` says it."""

    swept: dict[int, tuple[int, int]] = field(default_factory=dict)
    looked_at: datetime | None = None


def take_care(care: Care, *, at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Take back what people who are gone had, look at some cases that may have been missed, and return how many were gone.

    Somebody is gone whose pages have not been heard of, in any workspace, for GONE_AFTER: a laptop that sleeps says nothing.
    """
    gone = [
        user_id
        for user_id, since, seen_at in workforce.expected_people()
        if max(since, seen_at or since) < at - GONE_AFTER
    ]
    for user_id in gone:
        for workspace_id in sorted(workspaces_served_by(user_id)):
            sheltering("routing", workspace_id, partial(_take_back, workspace_id, user_id, at))
    for workspace_id in workspace_ids():
        sheltering("routing", workspace_id, partial(_sweep, care, workspace_id, at))
    if care.looked_at is None or at - care.looked_at >= LOOK_EVERYWHERE_EVERY:
        care.looked_at = at
        workforce_acts.look_everywhere(at=at)
    return len(gone)


def _take_back(workspace_id: int, user_id: int, at: datetime) -> int:
    with workspace_scope(workspace_id):
        take_back_from(user_id=user_id, at=at)
    return 1


def _sweep(care: Care, workspace_id: int, at: datetime) -> int:
    with workspace_scope(workspace_id):
        care.swept[workspace_id] = sweep(after=care.swept.get(workspace_id, (0, 0)), limit=CASES_AT_ONCE, at=at)
        if has_queues():
            sweep_chats(limit=CASES_AT_ONCE, at=at)
        follow_silence(at=at)
    return 0
