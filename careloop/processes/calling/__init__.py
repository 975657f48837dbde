"""Calls at the agent's hands: from what telephone systems send to the screen, and back into the case."""

from careloop.processes.calling.following import follow_phones
from careloop.processes.calling.handling import attach, open_case_for_call, write_up
from careloop.processes.calling.intervening import go_into_call
from careloop.processes.calling.leaving import LeftFile, take_left
from careloop.processes.calling.placing import call_back, call_customer
from careloop.processes.calling.webhooks import WrongSignature, answer, fetch_recording, keep_hook

__all__ = [
    "LeftFile",
    "WrongSignature",
    "answer",
    "attach",
    "call_back",
    "call_customer",
    "fetch_recording",
    "follow_phones",
    "go_into_call",
    "keep_hook",
    "open_case_for_call",
    "take_left",
    "write_up",
]
