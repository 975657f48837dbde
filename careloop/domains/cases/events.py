"""What happens to cases. Merging, splitting and undoing will add events beside these; none of these has to change for it."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "CaseAnswered",
    "CaseAssigned",
    "CaseClosed",
    "CaseConversationLinked",
    "CaseConversationUnlinked",
    "CaseFollowed",
    "CaseMarkedSpam",
    "CaseNoted",
    "CaseOpened",
    "CasePrioritized",
    "CaseReasoned",
    "CaseRenamed",
    "CaseReopened",
    "CaseSolved",
    "CaseStatusChanged",
    "CaseTagged",
    "CaseTyped",
    "CaseUnfollowed",
    "CaseUnmarkedSpam",
    "CustomerAnsweredBack",
    "Moving",
    "ParticipantAdded",
    "ParticipantRemoved",
    "Place",
    "PolicyChanged",
    "ThirdPartyAnswered",
]

Place = tuple[str, int | None, int | None, bool]
"""Where a case lies: its category, its assignee, its team, and whether it is spam."""


class Moving(Event):
    """Something that may take a case from one place to another; the counters follow these."""


@event_type("case.opened")
class CaseOpened(Moving):
    """is_quiet: nobody is to be told, because it was imported. waits: a customer waits for an answer, because they spoke first."""

    number: int
    requester_id: int
    channel: str
    type_id: int
    priority: int
    now: Place
    is_quiet: bool = False
    waits: bool = True


@event_type("case.status_changed")
class CaseStatusChanged(Moving):
    was_status_id: int
    now_status_id: int
    was: Place
    now: Place


@event_type("case.solved")
class CaseSolved(Moving):
    """cycle: which way from open to solved this was. open_seconds: how long that way took, by the calendar."""

    was_status_id: int
    now_status_id: int
    cycle: int
    open_seconds: int
    was: Place
    now: Place


@event_type("case.closed")
class CaseClosed(Moving):
    was_status_id: int
    now_status_id: int
    was: Place
    now: Place


@event_type("case.reopened")
class CaseReopened(Moving):
    """cycle: the way that begins now."""

    was_status_id: int
    now_status_id: int
    cycle: int
    was: Place
    now: Place


@event_type("case.assigned")
class CaseAssigned(Moving):
    was: Place
    now: Place


@event_type("case.marked_spam")
class CaseMarkedSpam(Moving):
    was: Place
    now: Place


@event_type("case.unmarked_spam")
class CaseUnmarkedSpam(Moving):
    was: Place
    now: Place


@event_type("case.answered")
class CaseAnswered(Event):
    """waited_seconds: since the customer's first unanswered word; None when nobody was waiting."""

    message_id: int
    is_first: bool
    waited_seconds: int | None
    is_quiet: bool = False


@event_type("case.customer_wrote")
class CustomerAnsweredBack(Event):
    message_id: int
    customer_id: int
    is_quiet: bool = False


@event_type("case.third_party_wrote")
class ThirdPartyAnswered(Event):
    message_id: int
    customer_id: int
    is_quiet: bool = False


@event_type("case.prioritized")
class CasePrioritized(Event):
    was: int
    now: int


@event_type("case.renamed")
class CaseRenamed(Event):
    pass


@event_type("case.typed")
class CaseTyped(Event):
    was: int
    now: int


@event_type("case.reasoned")
class CaseReasoned(Event):
    """was, now: codes of reasons; tree_version: the version of the tree they were chosen from."""

    was: str
    now: str
    tree_version: int


@event_type("case.tagged")
class CaseTagged(Event):
    added: tuple[str, ...]
    removed: tuple[str, ...]


@event_type("case.noted")
class CaseNoted(Event):
    note_id: int
    mentions: tuple[int, ...]


@event_type("case.followed")
class CaseFollowed(Event):
    user_id: int


@event_type("case.unfollowed")
class CaseUnfollowed(Event):
    user_id: int


@event_type("case.participant_added")
class ParticipantAdded(Event):
    customer_id: int


@event_type("case.participant_removed")
class ParticipantRemoved(Event):
    customer_id: int


@event_type("case.conversation_linked")
class CaseConversationLinked(Event):
    """first_message_id, last_message_id: which part of the conversation; None leaves that end open."""

    conversation_id: int
    first_message_id: int | None
    last_message_id: int | None


@event_type("case.conversation_unlinked")
class CaseConversationUnlinked(Event):
    conversation_id: int
    first_message_id: int | None
    last_message_id: int | None


@event_type("case.policy_changed")
class PolicyChanged(Event):
    """subject: "status:3", "case_type:2", "reason_tree:5" or "view:9". change: made, changed or retired."""

    change: str
