"""Acts on what is promised: policies that people make, and clocks that the log keeps."""

from careloop.domains.commitments.services.following import COMMITMENT, follow_cases, recount, ring
from careloop.domains.commitments.services.policies import change_policy, make_policy, move_policy, retire_policy

__all__ = [
    "COMMITMENT",
    "change_policy",
    "follow_cases",
    "make_policy",
    "move_policy",
    "recount",
    "retire_policy",
    "ring",
]
