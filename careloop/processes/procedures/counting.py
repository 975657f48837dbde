"""How many approvals wait for whom, kept where every page finds it at once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from careloop.domains.notifications.services import set_pending
from careloop.domains.notifications.types import Waiting
from careloop.domains.procedures.queries import waiting_approvals
from careloop.kernel.events import Recorded

__all__ = ["count_approvals", "recount_approvals"]


def count_approvals(recorded: Sequence[Recorded]) -> None:
    """Count again after whatever can change who is asked: that follows from people, teams and absences, not from one event."""
    recount_approvals(at=max(one.event.at for one in recorded))


def recount_approvals(*, at: datetime) -> None:
    """Count what waits for whose approval at a moment."""
    set_pending(Waiting.APPROVAL, Counter(key for row in waiting_approvals(at=at) for key in row.approvers.asked))
