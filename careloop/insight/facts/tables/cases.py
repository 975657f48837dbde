"""Cases, complaints, problems and what was done about them (metrics.md §1.3)."""

from careloop.insight.facts.tables.schema import (
    Table,
    choice,
    code,
    count,
    flag,
    ident,
    instant,
    maybe,
    money,
    number,
    share,
    text,
)
from careloop.insight.facts.tables.vocabulary import (
    ActionDesign,
    ActionKind,
    CaseState,
    Channel,
    GoalDirection,
    Liability,
    ResolutionKind,
    Upheld,
    Verdict,
)

__all__ = ["TABLES"]

SECTION = "1.3"

CASE = Table(
    name="case",
    meaning="A matter to be solved.",
    section=SECTION,
    key=("case_id",),
    instant="opened_at",
    columns=(
        ident("case_id", "Names the case."),
        maybe(ident("customer_id", "Whose matter; a pseudonym.")),
        maybe(choice("channel", Channel, "The way it first came.")),
        instant("opened_at", "When it was opened."),
        maybe(instant("first_response_at", "First answer by a human; receipts do not count.")),
        maybe(instant("resolved_at", "When it was solved for good: the last time, if reopened.")),
        maybe(instant("closed_at", "When nothing can be added any more.")),
        count("reopen_count", "How often it was reopened."),
        maybe(code("priority", "How urgent.")),
        maybe(code("case_type", "Which kind.")),
        maybe(code("reason_code", "Why the customer came.")),
        maybe(code("reason_group", "The governed group of that reason.")),
        maybe(code("product", "What it is about.")),
        maybe(ident("owner_team", "The team that owns it.")),
        maybe(ident("owner_agent", "The agent who owns it.")),
        maybe(ident("sla_policy_id", "The commitment that applies.")),
        maybe(choice("resolution_kind", ResolutionKind, "How it was solved.")),
        maybe(ident("problem_id", "The cause behind it.")),
        maybe(ident("duplicate_of", "The case it repeats.")),
        flag("is_test", "Made by ourselves to try something.", default=False),
        flag("is_spam", "No customer's matter.", default=False),
    ),
)

CASE_EVENT = Table(
    name="case_event",
    meaning="One change of state of a case; its opening is the first, from nothing to new or open.",
    section=SECTION,
    key=("case_event_id",),
    instant="at",
    columns=(
        ident("case_event_id", "Names the change."),
        ident("case_id", "The case."),
        maybe(choice("from_state", CaseState, "The category before; null at the opening.")),
        choice("to_state", CaseState, "The category from now on."),
        maybe(code("from_status", "The workspace's own name of the status before.")),
        maybe(code("to_status", "The workspace's own name of the status from now on.")),
        maybe(code("from_priority", "The priority before, where it changed.")),
        maybe(code("to_priority", "The priority from now on, where it changed.")),
        maybe(ident("from_team", "The team before, where it changed.")),
        maybe(ident("to_team", "The team from now on, where it changed.")),
        instant("at", "When."),
        maybe(ident("by", "Who: an agent, or nobody when the house did it.")),
        maybe(code("pause_reason", "Why the clock stands, in a waiting state.")),
        flag("is_reopening", "From solved or closed back to work.", default=False),
        maybe(flag("is_rework", "Returned to an earlier step, or corrected after a check.")),
        maybe(flag("is_escalation", "Moved to a higher tier or a supervisor.")),
        maybe(flag("is_bulk", "One of many changed by one act.")),
    ),
)

COMPLAINT = Table(
    name="complaint",
    meaning="An expression of dissatisfaction that expects a response.",
    section=SECTION,
    key=("complaint_id",),
    instant="received_at",
    columns=(
        ident("complaint_id", "Names the complaint."),
        maybe(ident("customer_id", "Whose; a pseudonym.")),
        maybe(ident("case_id", "The case that carries it.")),
        maybe(ident("origin_contact_id", "The contact complained about.")),
        instant("received_at", "When it came."),
        choice("channel", Channel, "The way it came."),
        maybe(code("category", "What it is about.")),
        maybe(code("reason_group", "The governed group of its reason.")),
        maybe(code("product", "Which product.")),
        maybe(code("region", "Where the customer is.")),
        maybe(code("severity", "How grave.")),
        maybe(instant("acknowledged_at", "When receipt was confirmed.")),
        maybe(flag("is_personal_ack", "A person confirmed it, not a machine.")),
        maybe(instant("due_at", "Until when it has to be resolved.")),
        maybe(instant("resolved_at", "When it was.")),
        maybe(choice("upheld", Upheld, "Whether the customer was right.")),
        maybe(choice("liability", Liability, "Whose fault it was.")),
        maybe(ident("liable_agent_id", "The agent, where liability is agent.")),
        maybe(code("external_body", "Regulator, ombudsman or consumer body it was lodged with.")),
        maybe(ident("repeat_of", "The earlier complaint it repeats.")),
        maybe(ident("root_cause_id", "The cause that was found.")),
        maybe(instant("root_cause_verified_at", "When somebody else confirmed the cause.")),
        *(maybe(column) for column in money("remedy", "What the customer was given.")),
    ),
)

PROBLEM = Table(
    name="problem",
    meaning="A cause behind many cases.",
    section=SECTION,
    key=("problem_id",),
    instant="opened_at",
    columns=(
        ident("problem_id", "Names the problem."),
        instant("opened_at", "When it was seen."),
        maybe(ident("root_cause_id", "The cause that was found.")),
        maybe(flag("is_human_error_only", "The cause says no more than that somebody erred; that verifies nothing.")),
        maybe(ident("verified_by", "Who confirmed the cause.")),
        maybe(instant("verified_at", "When.")),
        maybe(instant("closed_at", "When it was closed.")),
        maybe(choice("closed_as", ActionKind, "With which kind of fix; null for an accepted risk.")),
    ),
)

RECURRENCE = Table(
    name="recurrence",
    meaning="A closed problem came back.",
    section=SECTION,
    key=("recurrence_id",),
    instant="at",
    columns=(
        ident("recurrence_id", "Names the event."),
        ident("problem_id", "The problem."),
        instant("at", "When it was seen again."),
        flag("is_confirmed", "Somebody looked and agreed.", default=False),
    ),
)

CORRECTIVE_ACTION = Table(
    name="corrective_action",
    meaning="What was done about a problem, and whether it worked.",
    section=SECTION,
    key=("action_id",),
    instant=None,
    columns=(
        ident("action_id", "Names the action."),
        ident("problem_id", "The problem."),
        choice("kind", ActionKind, "How deep it goes."),
        instant("due_at_first", "When it was first promised for."),
        instant("due_at", "When it is promised for now."),
        maybe(instant("implemented_at", "When it was done.")),
        maybe(code("metric_id", "The metric that is to move.")),
        maybe(text("scope", "Which part of it, as a condition.")),
        maybe(choice("direction", GoalDirection, "Which way is better.")),
        maybe(number("mcid", "Smallest effect worth having, in the metric's unit.")),
        maybe(choice("design", ActionDesign, "How the effect is told from chance.")),
        maybe(instant("pre_from", "Baseline from.")),
        maybe(instant("pre_until", "Baseline until; before the trigger.")),
        maybe(instant("post_from", "Effect measured from.")),
        maybe(instant("post_until", "Effect measured until.")),
        maybe(choice("verdict", Verdict, "Whether it worked.")),
        maybe(instant("verdict_at", "When that was decided.")),
        maybe(instant("trigger_from", "Start of the spike that led to it; no part of the baseline.")),
        maybe(instant("trigger_until", "End of that spike.")),
    ),
)

TRIAGE_PREDICTION = Table(
    name="triage_prediction",
    meaning="What a model said a case or contact is, and what it was.",
    section=SECTION,
    key=("object_id", "aspect", "model_version"),
    instant="at",
    columns=(
        ident("object_id", "The case or contact."),
        code("aspect", "What was predicted: class, priority or queue."),
        code("model_version", "Which model."),
        instant("at", "When."),
        code("predicted", "What it said."),
        share("probability", "How sure it was."),
        maybe(code("final", "What it became.")),
        flag("is_final_verified", "A person checked it in an audit.", default=False),
        maybe(share("inclusion_prob", "Chance of being drawn for that audit.")),
    ),
)

TABLES = (CASE, CASE_EVENT, COMPLAINT, PROBLEM, RECURRENCE, CORRECTIVE_ACTION, TRIAGE_PREDICTION)
