"""Acts on queues, on what waits in them, and on offers.

Whoever answers, moves or ends something locks what waits, then the offer, then the person (workforce), then a case. The search
for work begins with the person, and therefore waits for no lock at all: what somebody else decides about is passed over.
"""

from careloop.domains.queues.services.closing import EXPIRY
from careloop.domains.queues.services.hours import HOURS, turn_hours
from careloop.domains.queues.services.offering import accept, end, make_offer
from careloop.domains.queues.services.policy import (
    change_queue,
    change_rule,
    make_queue,
    make_rule,
    move_rule,
    remove_rule,
    retire_queue,
)
from careloop.domains.queues.services.waiting import (
    OVERFLOW,
    enter,
    leave,
    move,
    overflow,
    prioritize,
    searched,
    take,
    take_back,
)

__all__ = [
    "EXPIRY",
    "HOURS",
    "OVERFLOW",
    "accept",
    "change_queue",
    "change_rule",
    "end",
    "enter",
    "leave",
    "make_offer",
    "make_queue",
    "make_rule",
    "move",
    "move_rule",
    "overflow",
    "prioritize",
    "remove_rule",
    "retire_queue",
    "searched",
    "take",
    "take_back",
    "turn_hours",
]
