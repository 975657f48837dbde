"""The lines that both routes out of Asterisk are turned into: what its queue log would say, at microseconds."""

from collections.abc import Mapping
from enum import StrEnum

import pyarrow as pa

__all__ = ["CALL_VERBS", "EVENTS", "KNOWN_VERBS", "MEMBER_VERBS", "NOBODY", "REFUSED", "Custom", "kinds"]

EVENTS = pa.schema(
    [
        ("line", pa.int64()),
        ("at_us", pa.int64()),
        ("call_id", pa.string()),
        ("queue", pa.string()),
        ("agent", pa.string()),
        ("verb", pa.string()),
        *((f"d{number}", pa.string()) for number in range(1, 6)),
    ]
)
NOBODY = ("NONE", "MANAGER", "CLI", "REALTIME", "")
"""Stand in the place of a call where no call is meant."""

ENDS = {
    "COMPLETECALLER": "release_customer",
    "COMPLETEAGENT": "release_agent",
    "BLINDTRANSFER": "cold",
    "TRANSFER": "cold",  # until Asterisk 11
    "ATTENDEDTRANSFER": "warm",
    "ABANDON": "abandon",
    "EXITWITHTIMEOUT": "timeout",
    "EXITWITHKEY": "key",
    "EXITEMPTY": "empty",
    "WITHDRAW": "withdraw",
}
CALL_VERBS: Mapping[str, str] = {
    "ENTERQUEUE": "enter",
    "CONNECT": "connect",
    "HELD": "held",
    "LOSTWAITING": "lost_waiting",
    "LOSTTALKING": "lost_talking",
    "HUNGUP": "hung_up",
    "OUTCALL": "outcall",
    **ENDS,
}
"""What a verb means for a call. Four are ours.

HELD: seconds on hold, which the queue log does not know. LOSTWAITING, LOSTTALKING: it was over when the connection to the
telephone system came back, and nobody heard how. HUNGUP: a caller who had been in a queue is gone, which a live connection
hears when the rest has been told already.
"""

REFUSED = "QUEUESTATUS"
"""Our verb for a caller whom the queue did not take: Asterisk writes no line for these."""

RING_VERBS = ("RINGNOANSWER", "RINGCANCELED")
MEMBER_VERBS = ("ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE")
SILENT_VERBS = (
    *("PAUSEALL", "UNPAUSEALL"),  # the same once more, before a line for each queue
    *("QUEUESTART", "CONFIGRELOAD", "PENALTY", "ADDPENALTY", "RINGINUSE", "DID", "INFO", "SYSCOMPAT", "REMOVEDMEMBER"),
    *("AGENTLOGIN", "AGENTLOGOFF", "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF", "AGENTDUMP"),
)
KNOWN_VERBS = (*CALL_VERBS, REFUSED, *RING_VERBS, *MEMBER_VERBS, *SILENT_VERBS)


class Custom(StrEnum):
    """What a verb or user event of the site's own dialplan may be told to mean.

    OUTBOUND is for user events only: fields Agent, Number, Status, Talk of an outbound call that ended.
    """

    BLOCKED = "blocked"
    CALLBACK = "callback"
    OUTBOUND = "outbound"
    IGNORED = "ignored"


def kinds(custom: Mapping[str, Custom]) -> dict[str, str]:
    """Return what each verb that concerns a call means, those of the dialplan included."""
    return {
        **CALL_VERBS,
        REFUSED: "blocked",
        **{verb: str(kind) for verb, kind in custom.items() if kind in (Custom.BLOCKED, Custom.CALLBACK)},
    }
