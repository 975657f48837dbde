"""A call on its way to somebody else, as pure values: what each step of the telephone system makes of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from careloop.domains.calls.course import ENDS, Happened, Step
from careloop.domains.calls.states import TransferKind, TransferState, TransferWhy

__all__ = ["OPEN", "UNHEARD", "Passing", "heard"]

OPEN: Final = frozenset({TransferState.ASKED, TransferState.REFUSED})
"""States in which a call may still be taken, or come back."""
UNHEARD: Final = timedelta(minutes=1)
"""After so long whoever still talks to the caller has them back, whether we were told or not."""
ANSWERED: Final = "ANSWER"
WHYS: Final = {
    "BUSY": TransferWhy.BUSY,
    "NOANSWER": TransferWhy.NO_ANSWER,
    "CANCEL": TransferWhy.NO_ANSWER,
    "CHANUNAVAIL": TransferWhy.UNREACHABLE,
    "CONGESTION": TransferWhy.UNREACHABLE,
}
"""What Asterisk says of a phone that was rung (`DialStatus`), as a reason of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A call that somebody passes on.

    seat, phone: of the receiver, the phone as the system rings it; empty for a queue. sender_seat, sender_phone: of who has it
    until then.
    """

    kind: str
    sender_seat: str
    sender_phone: str
    seat: str = ""
    phone: str = ""
    state: str = TransferState.ASKED
    why: str = ""

    @property
    def is_to_queue(self) -> bool:
        return not self.phone


def heard(passing: Passing, step: Step) -> tuple[Passing, Step | None]:
    """Return what a step makes of a call that is being passed on, and the step that its course takes; None for no step."""
    if passing.state not in OPEN:
        return passing, step
    is_blind = passing.kind == TransferKind.BLIND
    match step.what:
        case Happened.PASSED_ON:
            return passing, step if is_blind else None
        case Happened.NOT_PASSED_ON if is_blind:
            return _refused(passing, TransferWhy.FAILED), None
        case Happened.TAKEN_OVER if not is_blind:
            return _taken(passing), replace(step, seat=passing.seat)
        case Happened.NOT_TAKEN_OVER if not is_blind:
            return replace(passing, state=TransferState.CAME_BACK, why=passing.why or TransferWhy.FAILED), None
        case Happened.NOT_PASSED_ON | Happened.TAKEN_OVER | Happened.NOT_TAKEN_OVER:
            return passing, None
        case Happened.DIALED:
            return _dialed(passing, step)
        case Happened.ANSWERED if is_blind:
            return _answered(passing, step), step
        case Happened.UNANSWERED if is_blind and passing.seat and step.seat == passing.seat:
            is_asked = passing.state == TransferState.ASKED
            return _refused(passing, TransferWhy.NO_ANSWER) if is_asked else passing, step
        case what if what in ENDS and passing.state == TransferState.ASKED:
            return replace(passing, state=TransferState.LOST), step
        case _:
            return passing, step


def _dialed(passing: Passing, step: Step) -> tuple[Passing, Step | None]:
    """Take in that a phone was rung. In a queue it is told by other words who answers."""
    if passing.is_to_queue:
        return passing, None
    is_answered = step.said == ANSWERED
    if _is_of(step.phone, passing.phone):
        if not is_answered:
            is_asked = passing.state == TransferState.ASKED
            return _refused(passing, WHYS.get(step.said, TransferWhy.FAILED)) if is_asked else passing, None
        if passing.kind == TransferKind.ATTENDED:
            return passing, None  # so far they talk to the sender
        return _taken(passing), replace(step, what=Happened.TAKEN_OVER, seat=passing.seat)
    if is_answered and passing.kind == TransferKind.BLIND and _is_of(step.phone, passing.sender_phone):
        back = replace(passing, state=TransferState.CAME_BACK)
        return back, replace(step, what=Happened.TAKEN_OVER, seat=passing.sender_seat)
    return passing, None


def _answered(passing: Passing, step: Step) -> Passing:
    """Take in that somebody in a queue has answered."""
    if step.seat == passing.sender_seat:
        return replace(passing, state=TransferState.CAME_BACK)
    if passing.is_to_queue or step.seat == passing.seat:
        return _taken(passing)
    return passing


def _taken(passing: Passing) -> Passing:
    return replace(passing, state=TransferState.TAKEN, why="")


def _refused(passing: Passing, why: TransferWhy) -> Passing:
    return replace(passing, state=TransferState.REFUSED, why=why)


def _is_of(channel: str, phone: str) -> bool:
    """Say whether a channel is of a phone: `PJSIP/101-0000002a` of `PJSIP/101`, `Local/101@in-00000002;1` of `Local/101@in/n`."""
    tech, _slash, rest = phone.partition("/")
    return channel.startswith(f"{tech}/{rest.partition('/')[0]}-")
