"""The closed sets of words in fact tables. Values are added, never renamed."""

from enum import StrEnum

__all__ = [
    "ActionDesign",
    "ActionKind",
    "AgentState",
    "CallbackOutcome",
    "CaseState",
    "Channel",
    "CommitmentKind",
    "CommitmentOutcome",
    "ContactOutcome",
    "DeviationCause",
    "Direction",
    "Employment",
    "EvaluationSample",
    "GoalDirection",
    "Liability",
    "LinkKind",
    "MeasuredClock",
    "MessageSender",
    "NoticeArm",
    "ReasonSource",
    "ReleaseParty",
    "ResolutionKind",
    "SegmentExit",
    "SeparationKind",
    "SurveySelection",
    "TransferKind",
    "Upheld",
    "UserKind",
    "Verdict",
]


class Channel(StrEnum):
    VOICE = "voice"
    CHAT = "chat"
    MESSAGING = "messaging"
    EMAIL = "email"
    WEB_FORM = "web_form"
    VIDEO = "video"
    SOCIAL = "social"
    IN_PERSON = "in_person"
    BOT = "bot"
    IVR = "ivr"
    LETTER = "letter"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class ContactOutcome(StrEnum):
    HANDLED = "handled"
    ABANDONED_IVR = "abandoned_ivr"
    ABANDONED_QUEUE = "abandoned_queue"
    CONTAINED = "contained"
    BLOCKED = "blocked"
    OUT_OF_HOURS = "out_of_hours"
    FLOW_OUT = "flow_out"
    VOICEMAIL = "voicemail"
    CALLBACK_BOOKED = "callback_booked"
    SYSTEM_FAILURE = "system_failure"
    OPEN = "open"


class ReasonSource(StrEnum):
    AGENT = "agent"
    MODEL = "model"
    CUSTOMER = "customer"


class SegmentExit(StrEnum):
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    FLOW_OUT_QUEUE = "flow_out_queue"
    FLOW_OUT_CALLBACK = "flow_out_callback"
    FLOW_OUT_VOICEMAIL = "flow_out_voicemail"
    SYSTEM_DISCONNECT = "system_disconnect"


class ReleaseParty(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class TransferKind(StrEnum):
    NONE = "none"
    WARM = "warm"
    COLD = "cold"


class CallbackOutcome(StrEnum):
    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"


class MessageSender(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"
    THIRD_PARTY = "third_party"


class AgentState(StrEnum):
    AVAILABLE = "available"
    RINGING = "ringing"
    CONTACT = "contact"
    HOLD = "hold"
    WRAP = "wrap"
    AUX_PRODUCTIVE = "aux_productive"
    TRAINING = "training"
    COACHING = "coaching"
    MEETING = "meeting"
    BREAK = "break"
    SYSTEM_ISSUE = "system_issue"
    OFFLINE = "offline"


class SeparationKind(StrEnum):
    VOLUNTARY = "voluntary"
    INVOLUNTARY = "involuntary"
    TRANSFER = "transfer"


class Employment(StrEnum):
    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    AGENCY = "agency"
    OUTSOURCED = "outsourced"


class CaseState(StrEnum):
    """The fixed categories of statuses (design.md D4)."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"


class ResolutionKind(StrEnum):
    PERMANENT_FIX = "permanent_fix"
    WORKAROUND = "workaround"
    INFO = "info"
    NO_FIX = "no_fix"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class SurveySelection(StrEnum):
    RANDOM = "random"
    RULE = "rule"
    AGENT = "agent"
    CUSTOMER = "customer"


class EvaluationSample(StrEnum):
    RANDOM = "random"
    RISK = "risk"
    COMPLAINT = "complaint"
    NEW_AGENT = "new_agent"
    CALIBRATION = "calibration"
    REQUESTED = "requested"


class DeviationCause(StrEnum):
    DID_NOT_KNOW = "did_not_know"
    COULD_NOT_FIND = "could_not_find"
    PROCEDURE_UNFIT = "procedure_unfit"
    CHOSE_NOT = "chose_not"
    SYSTEM = "system"


class Upheld(StrEnum):
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class Liability(StrEnum):
    AGENT = "agent"
    PROCESS = "process"
    PRODUCT = "product"
    SYSTEM = "system"
    POLICY = "policy"
    PARTNER = "partner"


class ActionKind(StrEnum):
    CONTAINMENT = "containment"
    WORKAROUND = "workaround"
    PERMANENT_FIX = "permanent_fix"
    PREVENTIVE = "preventive"


class ActionDesign(StrEnum):
    ITS = "its"
    DID = "did"
    EXPERIMENT = "experiment"


class Verdict(StrEnum):
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    NOT_YET_KNOWN = "not_yet_known"
    NOT_SHOWN = "not_shown"


class GoalDirection(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"


class UserKind(StrEnum):
    AGENT = "agent"
    CUSTOMER = "customer"


class LinkKind(StrEnum):
    REUSED = "reused"
    CREATED = "created"
    IMPROVED = "improved"
    CITED = "cited"


class NoticeArm(StrEnum):
    NOTIFY = "notify"
    HOLDOUT = "holdout"


class CommitmentKind(StrEnum):
    WITHIN = "within"
    SHARE = "share"
    MAX = "max"


class CommitmentOutcome(StrEnum):
    RUNNING = "running"
    KEPT = "kept"
    MISSED = "missed"
    CALLED_OFF = "called_off"


class MeasuredClock(StrEnum):
    ELAPSED = "elapsed"
    BUSINESS = "business"
