"""Acts on what is promised: policies that people make, callbacks they give their word for, and clocks that the log keeps."""

from careloop.domains.commitments.services.callbacks import (
    cancel_callback,
    finish_callback,
    move_callback,
    promise_callback,
    try_callback,
)
from careloop.domains.commitments.services.following import follow_cases, follow_tasks, recount, ring
from careloop.domains.commitments.services.keeping import COMMITMENT
from careloop.domains.commitments.services.policies import change_policy, make_policy, move_policy, retire_policy
from careloop.domains.commitments.services.waiting import follow_calls, follow_chats

__all__ = [
    "COMMITMENT",
    "cancel_callback",
    "change_policy",
    "finish_callback",
    "follow_calls",
    "follow_cases",
    "follow_chats",
    "follow_tasks",
    "make_policy",
    "move_callback",
    "move_policy",
    "promise_callback",
    "recount",
    "retire_policy",
    "ring",
    "try_callback",
]
