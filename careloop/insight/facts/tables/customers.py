"""Customers, and the rules and changes that numbers are read by (metrics.md §1.3)."""

from careloop.insight.facts.tables.schema import (
    Table,
    choice,
    code,
    count,
    date,
    flag,
    ident,
    idents,
    instant,
    maybe,
    money,
    number,
    seconds,
    share,
    text,
)
from careloop.insight.facts.tables.vocabulary import (
    Channel,
    CommitmentKind,
    CommitmentOutcome,
    GoalDirection,
    MeasuredClock,
)

__all__ = ["TABLES"]

SECTION = "1.3"

CUSTOMER = Table(
    name="customer",
    meaning="A customer, under a pseudonym whose key erasure deletes.",
    section=SECTION,
    key=("customer_id",),
    instant=None,
    columns=(
        ident("customer_id", "Names the customer; a pseudonym."),
        instant("since", "When the relation began."),
        maybe(instant("until", "When it ended.")),
        maybe(code("segment", "Which kind of customer.")),
        maybe(code("region", "Where.")),
    ),
)

CUSTOMER_LINK = Table(
    name="customer_link",
    meaning="Which number or address was held to be whose, from when to when.",
    section="0.6",
    key=("contact_point_hash", "valid_from"),
    instant=None,
    columns=(
        ident("contact_point_hash", "Keyed hash of the number or address."),
        ident("customer_id", "The customer; a pseudonym."),
        share("confidence", "How sure."),
        instant("valid_from", "From this instant."),
        maybe(instant("valid_to", "Until before this instant; null while it holds.")),
    ),
)

SUBSCRIPTION = Table(
    name="subscription",
    meaning="A contract that brings recurring revenue.",
    section=SECTION,
    key=("subscription_id",),
    instant=None,
    columns=(
        ident("subscription_id", "Names the contract."),
        ident("customer_id", "Whose; a pseudonym."),
        maybe(code("product", "For what.")),
        date("start_date", "First day."),
        maybe(date("end_date", "The day after the last.")),
        *money("monthly_amount", "What it brings in a month."),
        maybe(code("end_reason", "Why it ended.")),
        maybe(flag("is_voluntary", "The customer ended it.")),
        maybe(instant("cancel_requested_at", "When the customer asked to end it.")),
    ),
)

PURCHASE = Table(
    name="purchase",
    meaning="A customer bought something.",
    section=SECTION,
    key=("purchase_id",),
    instant="at",
    columns=(
        ident("purchase_id", "Names the purchase."),
        ident("customer_id", "Who; a pseudonym."),
        instant("at", "When."),
        maybe(code("product", "What.")),
        *money("amount", "For how much."),
    ),
)

SLA_POLICY = Table(
    name="sla_policy",
    meaning="A commitment: what is promised, within which limit, by which clock.",
    section=SECTION,
    key=("sla_policy_id", "version", "measure"),
    instant=None,
    columns=(
        ident("sla_policy_id", "The policy."),
        count("version", "Which version."),
        code("measure", "What is timed: first_response, next_response, resolution, task, wait or acknowledgement."),
        choice("kind", CommitmentKind, "Each item within a limit, a share of them, or none beyond."),
        maybe(code("priority", "For which priority; null for all.")),
        seconds("limit_s", "The limit."),
        maybe(share("share", "The share that has to keep it, where kind is share.")),
        choice("clock", MeasuredClock, "All time, or business hours."),
        maybe(ident("calendar_id", "Whose business hours.")),
        idents("pause_states", "States in which the clock stands."),
        instant("effective_at", "From when it holds."),
    ),
)

COMMITMENT = Table(
    name="commitment",
    meaning="One promise to one customer and what became of it, as the clock that kept it says.",
    section=SECTION,
    key=("commitment_id",),
    instant="started_at",
    columns=(
        ident("commitment_id", "Names the promise."),
        maybe(ident("case_id", "The case in which they wait; null for a caller.")),
        maybe(ident("contact_id", "The call whose caller stands in a queue, where there is no case.")),
        maybe(choice("channel", Channel, "The way they came, where there is no case that says so.")),
        maybe(ident("queue_id", "The queue in which a caller stands.")),
        code("measure", "What is timed, as in sla_policy; or callback, which a person promised."),
        maybe(ident("policy_id", "The policy, whatever the priority; null where a person promised.")),
        maybe(ident("sla_policy_id", "The policy as it promises this, as in sla_policy.")),
        maybe(count("version", "Which version of it; a later one changes nothing here.")),
        choice("kind", CommitmentKind, "Each item within the limit, a share of them, or none beyond."),
        maybe(share("share", "The share that has to keep it, where kind is share.")),
        maybe(code("priority", "The priority that it was promised for.")),
        seconds("limit_s", "How long was promised, in the hours of the policy."),
        instant("started_at", "Since when they wait."),
        maybe(instant("due_at", "When the time is over, or was; null while the clock stands still.")),
        maybe(instant("missed_at", "When it was over and they still waited.")),
        maybe(instant("ended_at", "When it was done, or nobody waited any more; null while it runs.")),
        choice("outcome", CommitmentOutcome, "Missed only once it has ended; until then missed_at says so."),
        maybe(seconds("spent_s", "How long it took, in the hours of the policy; null while it runs.")),
        maybe(seconds("paused_s", "How long the clock stood still, by any clock; null while it runs.")),
    ),
)

TARGET = Table(
    name="target",
    meaning="A goal: which number, from where to where, until when, whose.",
    section=SECTION,
    key=("target_id",),
    instant=None,
    columns=(
        ident("target_id", "Names the goal."),
        code("metric_id", "Which metric."),
        count("metric_version", "Which version of it."),
        text("metric_options", "Its options, as printed with the number."),
        maybe(text("scope", "Which part of it, as a condition.")),
        choice("direction", GoalDirection, "Which way is better."),
        number("baseline", "Where it began."),
        number("goal", "Where it should come."),
        instant("starts_at", "From when."),
        instant("due_at", "Until when."),
        ident("owner", "Whose goal."),
        text("why_attainable", "Why it can be reached."),
        text("relevance", "Why it matters."),
    ),
)

CALENDAR = Table(
    name="calendar",
    meaning="Opening hours of a day: holidays have none, make-up days do.",
    section=SECTION,
    key=("calendar_id", "version", "local_date", "opens_s"),
    instant=None,
    columns=(
        ident("calendar_id", "The calendar."),
        count("version", "Which version."),
        code("zone", "Its IANA time zone."),
        date("local_date", "The day there."),
        code("day_kind", "Such as work, weekend, holiday, make_up."),
        seconds("opens_s", "Opens, in seconds of the local clock since midnight; closed when closes_s is the same."),
        seconds("closes_s", "Closes, likewise."),
    ),
)

OPTION_CHANGE = Table(
    name="option_change",
    meaning="A definition, option or setting changed; charts mark it.",
    section=SECTION,
    key=("change_id",),
    instant="at",
    columns=(
        ident("change_id", "Names the change."),
        instant("at", "When."),
        maybe(code("metric_id", "For which metric; null when for all.")),
        code("option", "What changed."),
        maybe(text("was", "Before.")),
        maybe(text("now", "From now on.")),
        maybe(ident("by", "Who.")),
        maybe(text("note", "Why.")),
    ),
)

INTEGRITY_FLAG = Table(
    name="integrity_flag",
    meaning="A check of a metric failed; open until a person answers.",
    section="2.J",
    key=("flag_id",),
    instant="opened_at",
    columns=(
        ident("flag_id", "Names the flag."),
        code("metric_id", "Which metric."),
        code("check_id", "Which check."),
        code("severity", "Such as note, warning, severe."),
        maybe(text("scope", "Where, as a condition.")),
        instant("opened_at", "When it failed."),
        maybe(instant("answered_at", "When a person answered.")),
        maybe(ident("answered_by", "Who.")),
        maybe(code("answer", "Such as explained, fixed, accepted.")),
    ),
)

TABLES = (
    CUSTOMER,
    CUSTOMER_LINK,
    SUBSCRIPTION,
    PURCHASE,
    SLA_POLICY,
    COMMITMENT,
    TARGET,
    CALENDAR,
    OPTION_CHANGE,
    INTEGRITY_FLAG,
)
