"""Calls as they stand by everything that was told of them so far: what comes late is as if it had come in time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from careloop.domains.calls.course import CallCourse, Happened, Step
from careloop.domains.calls.models import Call, Followed
from careloop.domains.calls.services.following import begun, course_of_row, on_its_way, stand
from careloop.domains.calls.services.passing import open_transfers
from careloop.domains.calls.services.standing import retell_standing
from careloop.domains.calls.standing import Came, Left
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
    standing: Mapping[str, Sequence[Came | Left]],
    passed_on: Mapping[int, Sequence[Step]],
    people: Mapping[str, int],
    actor: Actor,
    at: datetime,
) -> list[Moved]:
    """Let calls stand as their whole courses say, and return whose talks began or ended.

    until: the number of the last thing that was told. courses: by the key of each call. standing: the same, how its caller came
    into queues and left them. passed_on: by transfer, what was told of its call since it was sent on. people: who stands behind
    each seat.

    Records CallBegan, CallQueued, CallLeftQueue, CallRang, CallMissed, CallAnswered, CallHandedOn, CallEnded, CallTransferEnded.
    """
    Followed.objects.bulk_create([Followed(pbx_id=pbx_id, piece=0)], ignore_conflicts=True)
    followed = Followed.objects.select_for_update().get(pbx_id=pbx_id)
    rows = Call.objects.filter(pbx_id=pbx_id, key__in=courses).select_for_update().order_by("pk")
    calls = {call.key: call for call in rows}
    transfers = open_transfers([call.pk for call in calls.values()])
    moved: list[Moved] = []
    stands: dict[Call, Sequence[Came | Left]] = {}
    for key, now in courses.items():
        call = calls.get(key)
        before = course_of_row(call) if call is not None else None
        if now != before:
            row = call or begun(pbx_id, key, now, actor)
            moved += stand(row, before, now, people, actor)
            stands[row] = standing.get(key, ())
        transfer = transfers.get(call.pk) if call is not None else None
        if transfer is not None:
            over = [] if now.ended_at is None else [Step(what=Happened.HUNG_UP, key=key, at=now.ended_at)]
            for step in (*passed_on.get(transfer.pk, ()), *over):
                on_its_way(transfer, step, actor)
    retell_standing(stands, actor=actor)
    if until > followed.piece:
        followed.piece = until
        followed.save(update_fields=["piece"])
    return moved
