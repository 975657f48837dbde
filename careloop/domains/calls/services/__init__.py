"""Acts on calls: the only code that writes these tables."""

from careloop.domains.calls.services.following import follow_calls
from careloop.domains.calls.services.handling import attach_call, identify_caller, write_up_call
from careloop.domains.calls.services.intervening import note_intervention, note_intervention_failed
from careloop.domains.calls.services.placing import (
    accept_calls,
    callee_of_call,
    callee_of_customer,
    decline_calls,
    note_not_placed,
    place_call,
)
from careloop.domains.calls.services.retelling import follow_told

__all__ = [
    "accept_calls",
    "attach_call",
    "callee_of_call",
    "callee_of_customer",
    "decline_calls",
    "follow_calls",
    "follow_told",
    "identify_caller",
    "note_intervention",
    "note_intervention_failed",
    "note_not_placed",
    "place_call",
    "write_up_call",
]
