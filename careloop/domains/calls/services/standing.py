"""How callers stand in the queues of a telephone system goes into the log: each time they come into one, each time they leave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from careloop.domains.calls.events import CallLeftQueue, CallQueued
from careloop.domains.calls.models import Call
from careloop.domains.calls.standing import OF_STANDING, Came, Left
from careloop.domains.calls.states import Leaving
from careloop.kernel.actors import Actor
from careloop.kernel.events import record, stories, subject

__all__ = ["retell_standing", "tell_standing"]


def tell_standing(call: Call, told: Iterable[Came | Left], *, actor: Actor) -> None:
    """Say how a caller stands in a queue now. A call that somebody plays stands in none, because it is in no number.

    Records CallQueued, CallLeftQueue.
    """
    if call.key.startswith(Call.PLAYED):
        return
    about, by = subject("call", call.pk), str(actor)
    for one in told:
        match one:
            case Came():
                came = CallQueued(
                    subject=about, actor=by, at=one.at, pbx_id=call.pbx_id, queue=one.queue, place=one.place
                )
                record(came)
            case Left():
                left = CallLeftQueue(
                    subject=about,
                    actor=by,
                    at=one.at,
                    pbx_id=call.pbx_id,
                    queue=one.queue,
                    queued_at=one.came_at,
                    how=one.how.value,
                )
                record(left)


def retell_standing(calls: Mapping[Call, Sequence[Came | Left]], *, actor: Actor) -> None:
    """Say of some calls what was not said yet, given all that is known of them by now.

    What was said of a queue into which, as is known now, nobody came at that moment is over, and nobody knows how.

    Records CallQueued, CallLeftQueue.
    """
    came: dict[int, dict[datetime, str]] = defaultdict(dict)
    left: dict[int, set[datetime]] = defaultdict(set)
    for one in stories([subject("call", call.pk) for call in calls], names=OF_STANDING) if calls else ():
        match one.event:
            case CallQueued(at=at, queue=queue):
                came[one.subject_id][at] = queue
            case CallLeftQueue(queued_at=at):
                left[one.subject_id].add(at)
    for call, told in calls.items():
        known, over = came[call.pk], left[call.pk]
        true = {one.at for one in told if isinstance(one, Came)}
        untrue = [
            Left(queue=queue, came_at=at, at=at, how=Leaving.UNKNOWN)
            for at, queue in sorted(known.items())
            if at not in true and at not in over
        ]
        new = [one for one in told if (one.at not in known if isinstance(one, Came) else one.came_at not in over)]
        tell_standing(call, [*untrue, *new], actor=actor)
