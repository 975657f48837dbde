"""People whose telephone system is not heard any more: nobody is held by a call of which nobody hears whether it goes on."""

from datetime import datetime, timedelta
from typing import Final

from careloop.domains.calls.queries import calls_now
from careloop.domains.calls.states import CallState
from careloop.domains.telephony.hearing import heard_again, unheard
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.queries import is_at_work
from careloop.processes.routing.house import ROUTER

__all__ = ["LET_GO_AFTER", "follow_silence"]

LET_GO_AFTER: Final = timedelta(minutes=10)
"""So long a call may go on unheard; most are over by then."""
JUST_BACK: Final = timedelta(minutes=2)
WEIGHT: Final = 1


def follow_silence(*, at: datetime) -> None:
    """Let go of people who talk on a telephone system that has been silent for long, and hold those again whom it still knows.

    Which of its calls are over, it says itself when it is back; see `processes.calling.following`. Done twice, nothing changes.

    Records PresenceChanged where it shows.
    """
    silent = {one.pbx_id for one in unheard(at=at) if at - one.since >= LET_GO_AFTER}
    back = heard_again(since=at - JUST_BACK, at_least=LET_GO_AFTER) - silent
    if not silent and not back:
        return
    for call in calls_now(viewer=ROUTER):
        if call.agent_id is None or call.state not in {CallState.TALKING, CallState.CALLING}:
            continue
        if call.pbx_id in silent:
            workforce.let_go(kind="call", subject_id=call.id, actor=ROUTER, at=at)
        elif call.pbx_id in back and is_at_work(call.agent_id):
            workforce.hold(user_id=call.agent_id, kind="call", subject_id=call.id, weight=WEIGHT, actor=ROUTER, at=at)
