"""Acts on calls: the only code that writes these tables."""

from careloop.domains.calls.services.ending import note_end_failed, note_ending
from careloop.domains.calls.services.following import follow_calls
from careloop.domains.calls.services.handling import attach_call, hold_call, identify_caller, write_up_call
from careloop.domains.calls.services.intervening import note_intervention, note_intervention_failed
from careloop.domains.calls.services.passing import ask_transfer, check_transferable, note_not_transferred
from careloop.domains.calls.services.placing import (
    accept_calls,
    callee_of_call,
    callee_of_customer,
    caller_to_call_back,
    decline_calls,
    note_not_placed,
    place_call,
)
from careloop.domains.calls.services.playing import PLAY_OVER, end_forgotten_play, go_on_playing, play_call
from careloop.domains.calls.services.recording import (
    begin_pause,
    end_pause,
    hear_consent,
    hear_mute,
    note_consent,
    note_pause_done,
    note_pause_failed,
    note_resume_failed,
    open_recording,
)
from careloop.domains.calls.services.retelling import follow_told

__all__ = [
    "PLAY_OVER",
    "accept_calls",
    "ask_transfer",
    "attach_call",
    "begin_pause",
    "callee_of_call",
    "callee_of_customer",
    "caller_to_call_back",
    "check_transferable",
    "decline_calls",
    "end_forgotten_play",
    "end_pause",
    "follow_calls",
    "follow_told",
    "go_on_playing",
    "hear_consent",
    "hear_mute",
    "hold_call",
    "identify_caller",
    "note_consent",
    "note_end_failed",
    "note_ending",
    "note_intervention",
    "note_intervention_failed",
    "note_not_placed",
    "note_not_transferred",
    "note_pause_done",
    "note_pause_failed",
    "note_resume_failed",
    "open_recording",
    "place_call",
    "play_call",
    "write_up_call",
]
