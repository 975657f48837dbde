"""Calls as they stand by everything that was told of them so far: what comes late is as if it had come in time."""

from collections.abc import Mapping
from datetime import datetime

from careloop.domains.calls.course import CallCourse
from careloop.domains.calls.models import Call, Followed
from careloop.domains.calls.services.following import WITH_AGENT, begun, known_caller, known_course, put, tell
from careloop.domains.calls.types import Moved
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["follow_told"]


@act
def follow_told(
    *,
    pbx_id: int,
    until: int,
    courses: Mapping[str, CallCourse],
    people: Mapping[str, int],
    actor: Actor,
    at: datetime,
) -> list[Moved]:
    """Let calls stand as their whole courses say, and return whose talks began or ended.

    until: the number of the last thing that was told. courses: by the key of each call. people: who stands behind each seat.

    Records CallBegan, CallRang, CallMissed, CallAnswered, CallHandedOn, CallEnded.
    """
    Followed.objects.bulk_create([Followed(pbx_id=pbx_id, piece=0)], ignore_conflicts=True)
    followed = Followed.objects.select_for_update().get(pbx_id=pbx_id)
    rows = Call.objects.filter(pbx_id=pbx_id, key__in=courses).select_for_update().order_by("pk")
    calls = {call.key: call for call in rows}
    moved = [one for key, now in courses.items() for one in _stand(pbx_id, key, calls.get(key), now, people, actor)]
    if until > followed.piece:
        followed.piece = until
        followed.save(update_fields=["piece"])
    return moved


def _stand(
    pbx_id: int, key: str, call: Call | None, now: CallCourse, people: Mapping[str, int], actor: Actor
) -> list[Moved]:
    before = known_course(call) if call is not None else None
    if now == before:
        return []
    if call is None:
        call = begun(pbx_id, key, now, actor)
    elif not call.number and now.number and call.customer_id is None:
        call.customer_id = known_caller(now.number)
    was_agent = call.agent_id if call.state in WITH_AGENT else None
    if now.answered_at is not None and (now.seat != call.seat or call.agent_id is None):
        call.agent_id = people.get(now.seat)
    put(call, now)
    call.save()
    tell(call, before, now, people, actor)
    is_agent = call.agent_id if call.state in WITH_AGENT else None
    if was_agent == is_agent:
        return []
    return [
        Moved(call_id=call.pk, agent_id=who, talks=talks, at=now.seen_at)
        for who, talks in ((was_agent, False), (is_agent, True))
        if who is not None
    ]
