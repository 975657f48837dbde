"""One step of the house's own work: give positions, let readers read, let timers ring, settle what waits."""

from datetime import datetime
from functools import partial

from careloop.kernel import clock
from careloop.kernel.readers import catch_up, number_events
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.kernel.timers import due_workspaces, ring_due
from careloop.processes.intake import settle_waiting
from careloop.processes.reactions import retry_failed
from careloop.processes.subscriptions import READERS, RINGS, SUBSCRIPTIONS

__all__ = ["drain", "follow_log", "follow_log_of", "work_off_due"]


def follow_log(sheltering: Sheltering = unsheltered) -> int:
    """Number what was committed and let every reader read one batch; return how much was done.

    sheltering: what becomes of work that fails in one workspace.
    """
    return number_events() + sum(catch_up(reader, sheltering=sheltering) for reader in READERS)


def follow_log_of(workspace_id: int) -> int:
    """Number what was committed and let every reader read one batch of one workspace; return how many events were read."""
    number_events()
    return sum(catch_up(reader, only=workspace_id) for reader in READERS)


def work_off_due(at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Let due timers ring, try failed reactions again, and settle mail that waits; return how much was done.

    sheltering: what becomes of work that fails in one workspace.
    """
    done = 0
    for workspace_id in due_workspaces(at):
        done += sheltering("timers", workspace_id, partial(ring_due, workspace_id, rings=RINGS, at=at))
        done += sheltering(
            "failed reactions", workspace_id, partial(retry_failed, workspace_id, subscriptions=SUBSCRIPTIONS, at=at)
        )
    return done + settle_waiting(at=at, sheltering=sheltering)


def drain() -> None:
    """Work until nothing is left to do now: for the demo, for measuring, and for tests."""
    while follow_log() or work_off_due(clock.now()):
        pass
