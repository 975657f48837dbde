"""Contacts and what they are made of (metrics.md §1.1)."""

from careloop.insight.facts.tables.schema import (
    Table,
    choice,
    code,
    count,
    flag,
    ident,
    idents,
    instant,
    maybe,
    number,
    seconds,
)
from careloop.insight.facts.tables.vocabulary import (
    CallbackOutcome,
    Channel,
    ContactOutcome,
    Direction,
    MessageSender,
    ReasonSource,
    ReleaseParty,
    SegmentExit,
    TransferKind,
)

__all__ = ["TABLES"]

SECTION = "1.1"

CONTACT = Table(
    name="contact",
    meaning="One interaction as the customer sees it; transfers inside it do not make a new one.",
    section=SECTION,
    key=("contact_id",),
    instant="arrived_at",
    columns=(
        ident("contact_id", "Names the contact."),
        choice("channel", Channel, "The way it came."),
        choice("direction", Direction, "Who began it."),
        maybe(ident("customer_id", "The customer, once known who it is; a pseudonym.")),
        maybe(ident("contact_point_hash", "Keyed hash of the number or address it came from.")),
        maybe(ident("site_id", "Where it was taken.")),
        maybe(code("entry_point", "The number, mailbox or button that was used.")),
        maybe(code("language", "Language of the conversation, by BCP 47.")),
        instant("arrived_at", "First touch: voice menu, bot, greeting or message."),
        maybe(instant("ended_at", "The customer leaves for good.")),
        choice(
            "outcome", ContactOutcome, "How it ended; handled needs an answer by a human, by a bot it is contained."
        ),
        maybe(code("reason_code", "Why the customer came.")),
        maybe(code("reason_group", "The governed group of that reason.")),
        maybe(code("reason_group_version", "Which version of the grouping was used.")),
        maybe(choice("reason_source", ReasonSource, "Who chose the reason.")),
        maybe(code("disposition", "What became of it, such as solved, promised, escalated, refused, wrong_number.")),
        maybe(ident("case_id", "The case it belongs to.")),
        maybe(ident("parent_contact_id", "The contact that a callback answers.")),
        maybe(ident("journey_id", "The journey it is part of.")),
        maybe(count("transfer_count", "Transfers inside it.")),
        maybe(count("agent_legs", "Segments that a human answered.")),
        flag("is_test", "Made by ourselves to try something.", default=False),
        maybe(code("test_rule", "Which rule says so.")),
        flag("is_ghost", "Nobody was there.", default=False),
        maybe(code("ghost_rule", "Which rule says so.")),
        flag("is_duplicate_dial", "The same call, counted twice on its way.", default=False),
        maybe(code("duplicate_dial_rule", "Which rule says so.")),
        maybe(instant("commitment_due_at", "When a promised callback or follow-up is due.")),
    ),
)

CONTACT_SEGMENT = Table(
    name="contact_segment",
    meaning="One leg of a contact, in one queue and with at most one agent.",
    section=SECTION,
    key=("segment_id",),
    instant="queued_at",
    columns=(
        ident("segment_id", "Names the segment."),
        ident("contact_id", "Its contact."),
        count("seq", "Its place in the contact, from 1."),
        maybe(ident("queue_id", "The queue; null for a leg that had none.")),
        maybe(choice("channel", Channel, "The channel of its contact.")),
        maybe(ident("agent_id", "Who answered.")),
        instant("queued_at", "Enters the queue; the service-level clock starts."),
        maybe(instant("offered_at", "Presented to an agent.")),
        maybe(seconds("ring_s", "From being offered to being answered.")),
        maybe(instant("answered_at", "A human is connected, or writes the first human message.")),
        maybe(instant("left_queue_at", "answered_at, or the moment of leaving; null while waiting.")),
        maybe(seconds("wait_s", "left_queue_at less queued_at, whatever the exit; worked out where not given.")),
        maybe(choice("exit", SegmentExit, "How it left the queue; null while waiting.")),
        maybe(seconds("talk_s", "Talking, without hold.")),
        maybe(seconds("hold_s", "On hold, without talk.")),
        maybe(count("hold_count", "How often put on hold.")),
        maybe(seconds("wrap_s", "Work after release.")),
        maybe(instant("released_at", "The agent and the customer part.")),
        maybe(instant("wrap_ended_at", "The work afterwards is done.")),
        maybe(choice("release_party", ReleaseParty, "Who ended it.")),
        maybe(choice("transfer_kind", TransferKind, "Whether and how it was passed on.")),
        maybe(ident("transfer_to", "The queue, agent or number it was passed to.")),
        maybe(flag("is_escalation", "Passed on to a higher tier or a supervisor.")),
        maybe(flag("is_routed_by_design", "A transfer that the governed list of routes provides for.")),
        maybe(seconds("concurrent_share_s", "∫ 1/k(t) dt with k the contacts the agent held at t.")),
        maybe(idents("skills_required", "What the queue asked for.")),
        maybe(number("priority", "Higher goes first.")),
    ),
)

BLOCKED_ATTEMPT = Table(
    name="blocked_attempt",
    meaning="Attempts that reached nobody, counted by the carrier or switch per interval.",
    section=SECTION,
    key=("bucket_start", "entry_point", "cause"),
    instant="bucket_start",
    columns=(
        instant("bucket_start", "Start of the interval."),
        seconds("bucket_s", "Length of the interval."),
        code("entry_point", "The number or trunk."),
        code("cause", "Such as trunk_busy, queue_full, no_capacity, out_of_hours."),
        count("count", "How many attempts."),
    ),
)

CALLBACK = Table(
    name="callback",
    meaning="A promise to call back.",
    section=SECTION,
    key=("callback_id",),
    instant="promised_at",
    columns=(
        ident("callback_id", "Names the promise."),
        maybe(ident("contact_id", "The contact in which it was made.")),
        maybe(ident("case_id", "The case in which it was promised.")),
        maybe(ident("queue_id", "The queue that owes it.")),
        instant("promised_at", "When it was promised."),
        instant("window_start", "From when the customer expects it."),
        instant("window_end", "Until when."),
        maybe(instant("connected_at", "When the customer was reached.")),
        maybe(ident("callback_contact_id", "The outbound contact that kept it.")),
    ),
)

CALLBACK_ATTEMPT = Table(
    name="callback_attempt",
    meaning="One try to keep a promised callback.",
    section=SECTION,
    key=("callback_id", "attempt_no"),
    instant="at",
    columns=(
        ident("callback_id", "The promise."),
        count("attempt_no", "From 1."),
        instant("at", "When it was dialed."),
        maybe(ident("agent_id", "Who tried.")),
        maybe(seconds("ring_s", "How long it rang.")),
        choice("outcome", CallbackOutcome, "What came of it."),
    ),
)

MESSAGE = Table(
    name="message",
    meaning="One turn of a written conversation.",
    section=SECTION,
    key=("message_id",),
    instant="at",
    columns=(
        ident("message_id", "Names the message."),
        ident("conversation_id", "The thread."),
        maybe(ident("contact_id", "The contact it belongs to.")),
        maybe(ident("case_id", "The case it belongs to.")),
        maybe(choice("channel", Channel, "The way it came or went.")),
        choice("sender", MessageSender, "Whose words."),
        maybe(ident("agent_id", "The agent, where sender is agent.")),
        maybe(ident("customer_id", "The customer, where sender is customer.")),
        instant("at", "When it was received or sent."),
        flag("is_auto", "Nobody wrote it: a receipt, an absence note, a reminder.", default=False),
        maybe(ident("text_hash", "Keyed hash of its normalized words; alike first replies have the same.")),
    ),
)

TABLES = (CONTACT, CONTACT_SEGMENT, BLOCKED_ATTEMPT, CALLBACK, CALLBACK_ATTEMPT, MESSAGE)
