"""Calls at the agent's hands: from what telephone systems send to the screen, and back into the case."""

from careloop.processes.calling.following import follow_phones
from careloop.processes.calling.handling import attach, open_case_for_call, write_up
from careloop.processes.calling.intervening import go_into_call
from careloop.processes.calling.leaving import take_left
from careloop.processes.calling.placing import call_back, call_customer

__all__ = [
    "attach",
    "call_back",
    "call_customer",
    "follow_phones",
    "go_into_call",
    "open_case_for_call",
    "take_left",
    "write_up",
]
