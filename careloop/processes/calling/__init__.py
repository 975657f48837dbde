"""Calls at the agent's hands: from what telephone systems send to the screen, and back into the case."""

from careloop.processes.calling.ending import end_call, end_call_about
from careloop.processes.calling.following import follow_phones
from careloop.processes.calling.handling import attach, open_case_for_call, write_up
from careloop.processes.calling.intervening import go_into_call
from careloop.processes.calling.leaving import LeftFile, take_left
from careloop.processes.calling.offering import BookedCallback, CallbackWindow, book_callback, callback_window
from careloop.processes.calling.passing import Colleague, TransferTargets, transfer_call, transfer_targets
from careloop.processes.calling.placing import call_back, call_customer
from careloop.processes.calling.playing import end_play, hang_up_play, pick_up_play, play_call
from careloop.processes.calling.promised import keep_callbacks
from careloop.processes.calling.recording import pause_recording, resume_recording, say_consent
from careloop.processes.calling.webhooks import WrongSignature, answer, fetch_recording, keep_hook
from careloop.processes.calling.wishing import CallbackNotOffered, is_callback_offered, wish_callback

__all__ = [
    "BookedCallback",
    "CallbackNotOffered",
    "CallbackWindow",
    "Colleague",
    "LeftFile",
    "TransferTargets",
    "WrongSignature",
    "answer",
    "attach",
    "book_callback",
    "call_back",
    "call_customer",
    "callback_window",
    "end_call",
    "end_call_about",
    "end_play",
    "fetch_recording",
    "follow_phones",
    "go_into_call",
    "hang_up_play",
    "is_callback_offered",
    "keep_callbacks",
    "keep_hook",
    "open_case_for_call",
    "pause_recording",
    "pick_up_play",
    "play_call",
    "resume_recording",
    "say_consent",
    "take_left",
    "transfer_call",
    "transfer_targets",
    "wish_callback",
    "write_up",
]
