"""Calls in tests: made by what a telephone system tells of them, step by step."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from careloop.domains.calls import queries
from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.models import Call
from careloop.domains.calls.services import follow_calls
from careloop.domains.calls.types import CallRow
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.models import Seat
from careloop.domains.telephony.queries import seats
from careloop.kernel.actors import HOUSE

__all__ = ["SEAT", "connect", "ringing", "rows", "steps", "talked", "talking", "tell", "waiting"]

SEAT = "Ada P."
KEY = "1795296936.7"
_pieces = count(1)


def connect(*, user_id: int | None, seat: str = SEAT, at: datetime, name: str = "Main") -> int:
    """Let a telephone system go live with one seat, and return it."""
    settings = telephony.PbxSettings(name=name, host="pbx.north.example", user="careloop", secret="x", inbound=["in"])
    pbx_id = telephony.add_pbx(settings=settings, actor=HOUSE, at=at)
    telephony.note_names(pbx_id=pbx_id, names=[seat], actor=HOUSE, at=at)
    if user_id is not None:
        Seat.objects.filter(pk=seats(pbx_id)[0].id).update(person_id=user_id)
    telephony.go_live(pbx_id=pbx_id, actor=HOUSE, at=at)
    return pbx_id


def tell(pbx_id: int, told: Sequence[Step], *, people: Mapping[str, int], at: datetime) -> None:
    """Let a telephone system tell some steps in one piece."""
    follow_calls(
        pbx_id=pbx_id,
        piece=next(_pieces),
        steps=told,
        present=None,
        standing_at=None,
        people=people,
        actor=HOUSE,
        at=at,
    )


def steps(
    *, at: datetime, key: str = KEY, number: str = "01012345678", seat: str = SEAT, queue: str = "billing"
) -> list[Step]:
    """Return a whole call: in the queue, rung in vain, rung again, answered, over after 187 seconds."""
    plan = [
        (Happened.BEGAN, 0.0),
        (Happened.QUEUED, 1.0),
        (Happened.RANG, 2.0),
        (Happened.UNANSWERED, 12.0),
        (Happened.RANG, 13.0),
        (Happened.ANSWERED, 16.0),
        (Happened.RELEASED, 203.0),
        (Happened.HUNG_UP, 203.001),
    ]
    return [
        Step(
            what=what,
            key=key,
            at=at + timedelta(seconds=seconds),
            number=number if what in {Happened.BEGAN, Happened.QUEUED} else "",
            queue=queue if what in {Happened.QUEUED, Happened.RANG, Happened.ANSWERED} else "",
            seat=seat if what in {Happened.RANG, Happened.UNANSWERED, Happened.ANSWERED, Happened.RELEASED} else "",
        )
        for what, seconds in plan
    ]


def _until(end: int, pbx_id: int, people: Mapping[str, int], at: datetime, **told: str) -> int:
    tell(pbx_id, steps(at=at, **told)[:end], people=people, at=at)
    return int(Call.objects.get(pbx_id=pbx_id, key=told.get("key", KEY)).pk)


def waiting(pbx_id: int, *, people: Mapping[str, int], at: datetime, **told: str) -> int:
    """Let somebody call who waits in a queue, and return the call. told: key, number, seat and queue, as for `steps`."""
    return _until(2, pbx_id, people, at, **told)


def ringing(pbx_id: int, *, people: Mapping[str, int], at: datetime, **told: str) -> int:
    """Let somebody call whose call rings at a seat, and return the call."""
    return _until(3, pbx_id, people, at, **told)


def talking(pbx_id: int, *, people: Mapping[str, int], at: datetime, **told: str) -> int:
    """Let somebody call who is answered, and return the call."""
    return _until(6, pbx_id, people, at, **told)


def talked(pbx_id: int, *, people: Mapping[str, int], at: datetime, **told: str) -> int:
    """Let somebody call and be answered until the call is over, and return the call."""
    return _until(8, pbx_id, people, at, **told)


def rows() -> list[CallRow]:
    """Return all calls of the workspace in scope, the oldest first."""
    return [queries.call_row(key) for key in Call.objects.order_by("pk").values_list("pk", flat=True)]
