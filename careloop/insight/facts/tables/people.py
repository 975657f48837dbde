"""People and time (metrics.md §1.2)."""

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
    text,
)
from careloop.insight.facts.tables.vocabulary import AgentState, Employment, SeparationKind

__all__ = ["TABLES"]

SECTION = "1.2"

AGENT = Table(
    name="agent",
    meaning="Somebody who serves customers, for as long as employed.",
    section=SECTION,
    key=("agent_id",),
    instant=None,
    columns=(
        ident("agent_id", "Names the person; no name is kept in the lake."),
        date("hire_date", "First day."),
        maybe(date("separation_date", "Last day.")),
        maybe(choice("separation_kind", SeparationKind, "Why it was the last.")),
        maybe(code("role", "Such as agent, lead, analyst.")),
        maybe(choice("employment_type", Employment, "By which contract.")),
    ),
)

AGENT_TEAM = Table(
    name="agent_team",
    meaning="Who was in which team when; a metric by team uses the team of the moment.",
    section=SECTION,
    key=("agent_id", "team_id", "valid_from"),
    instant=None,
    columns=(
        ident("agent_id", "The person."),
        ident("team_id", "The team."),
        maybe(ident("site_id", "Where the team works.")),
        maybe(ident("supervisor_id", "Who leads.")),
        instant("valid_from", "From this instant."),
        maybe(instant("valid_to", "Until before this instant; null while it lasts.")),
    ),
)

AGENT_STATE = Table(
    name="agent_state",
    meaning="What an agent did from when to when; no overlap but of contacts held at the same time.",
    section=SECTION,
    key=("agent_state_id",),
    instant="started_at",
    columns=(
        ident("agent_state_id", "Names the stretch."),
        ident("agent_id", "The person."),
        choice("state", AgentState, "What the person did."),
        maybe(code("reason", "The reason chosen for it, such as the kind of break.")),
        instant("started_at", "From this instant."),
        maybe(instant("ended_at", "Until before this instant; null while it lasts.")),
        maybe(ident("contact_id", "The contact held.")),
        maybe(ident("task_id", "The case or task worked on, for back-office work.")),
    ),
)

SCHEDULE_ACTIVITY = Table(
    name="schedule_activity",
    meaning="What an agent was to do from when to when, as published.",
    section=SECTION,
    key=("agent_id", "starts_at", "schedule_version"),
    instant="starts_at",
    columns=(
        ident("agent_id", "The person."),
        code("activity", "What was planned; activity_state_map says which states keep to it."),
        instant("starts_at", "From this instant."),
        instant("ends_at", "Until before this instant."),
        count("schedule_version", "Which publication of the schedule."),
        instant("published_at", "When it was made known."),
        maybe(instant("edited_at", "When it was changed after publication.")),
        maybe(ident("edited_by", "By whom.")),
        maybe(text("edit_reason", "Why.")),
    ),
)

ACTIVITY_STATE_MAP = Table(
    name="activity_state_map",
    meaning="Which states count as keeping to an activity.",
    section=SECTION,
    key=("activity",),
    instant=None,
    columns=(
        code("activity", "The activity."),
        idents("allowed_states", "States of agent_state that keep to it."),
        flag("is_work", "Scheduled work, as against a break or leave.", default=True),
        flag("is_paid", "Paid time.", default=True),
    ),
)

PAID_TIME = Table(
    name="paid_time",
    meaning="Hours of a person on a day, from the payroll.",
    section=SECTION,
    key=("agent_id", "local_date"),
    instant=None,
    columns=(
        ident("agent_id", "The person."),
        date("local_date", "The day, where the person works."),
        seconds("paid_s", "Paid time."),
        seconds("worked_s", "Worked time."),
        seconds("overtime_s", "Of it beyond the contract."),
        seconds("absence_s", "Absence from scheduled time."),
        maybe(code("absence_kind", "Such as leave, sickness, lateness, no_show.")),
        maybe(flag("is_absence_planned", "The absence was known when the schedule was published.")),
        maybe(seconds("scheduled_s", "Scheduled time.")),
    ),
)

COST_ENTRY = Table(
    name="cost_entry",
    meaning="What service cost, from the books.",
    section=SECTION,
    key=("cost_entry_id",),
    instant=None,
    columns=(
        ident("cost_entry_id", "Names the entry."),
        date("period_start", "First day it covers."),
        date("period_end", "The day after the last it covers."),
        code("cost_centre", "Whose cost."),
        code("kind", "Such as wages, telephony, licenses, rooms."),
        *money("amount", "The amount."),
    ),
)

ABUSE_EVENT = Table(
    name="abuse_event",
    meaning="A customer was abusive, and what was done to protect the agent.",
    section=SECTION,
    key=("abuse_event_id",),
    instant="at",
    columns=(
        ident("abuse_event_id", "Names the event."),
        ident("contact_id", "In which contact."),
        ident("agent_id", "Who had to bear it."),
        code("kind", "Such as insult, threat, sexual."),
        instant("at", "When."),
        maybe(
            code(
                "protective_action",
                "The most that was done, such as warning, break, transfer, end_contact or end_call; null when nothing was.",
            )
        ),
    ),
)

PULSE_ANSWER = Table(
    name="pulse_answer",
    meaning="One anonymous answer of a colleague; whose it is, is not kept.",
    section=SECTION,
    key=("wave", "respondent_token", "question_key"),
    instant=None,
    columns=(
        code("wave", "Which round of asking."),
        ident("team_id", "The team answered for."),
        code("question_key", "Which question."),
        number("value", "The answer."),
        number("scale_min", "Lowest value offered."),
        number("scale_max", "Highest value offered."),
        ident("respondent_token", "Random for each person and wave; leads to nobody."),
    ),
)

PULSE_WAVE = Table(
    name="pulse_wave",
    meaning="How many were asked, for the share who answered.",
    section=SECTION,
    key=("wave", "team_id"),
    instant=None,
    columns=(
        code("wave", "Which round of asking."),
        ident("team_id", "The team."),
        instant("opened_at", "From when it could be answered."),
        instant("closed_at", "Until when."),
        count("invited_count", "How many were asked."),
    ),
)

TRAINING_RECORD = Table(
    name="training_record",
    meaning="A course a person was to take or took.",
    section=SECTION,
    key=("agent_id", "course_id", "assigned_at"),
    instant=None,
    columns=(
        ident("agent_id", "The person."),
        ident("course_id", "The course."),
        instant("assigned_at", "When it was decided."),
        maybe(instant("due_at", "Until when it should be completed.")),
        maybe(instant("completed_at", "When it was.")),
        seconds("delivered_s", "Time spent on it."),
        flag("is_new_hire", "Part of starting in the job.", default=False),
    ),
)

FORECAST = Table(
    name="forecast",
    meaning="What was expected of an interval, as frozen at a horizon.",
    section=SECTION,
    key=("queue_id", "interval_start", "horizon", "forecast_version"),
    instant="interval_start",
    columns=(
        ident("queue_id", "The queue."),
        instant("interval_start", "Start of the interval."),
        seconds("interval_s", "Its length."),
        code("horizon", "How long before: intraday, 1d, 1w or 4w."),
        code("forecast_version", "Which forecast."),
        instant("issued_at", "When it was frozen."),
        number("contacts", "Offered contacts expected."),
        maybe(seconds("handle_s", "Average handle time expected.")),
        maybe(number("required_agents", "Agents it asks for.")),
    ),
)

TABLES = (
    AGENT,
    AGENT_TEAM,
    AGENT_STATE,
    SCHEDULE_ACTIVITY,
    ACTIVITY_STATE_MAP,
    PAID_TIME,
    COST_ENTRY,
    ABUSE_EVENT,
    PULSE_ANSWER,
    PULSE_WAVE,
    TRAINING_RECORD,
    FORECAST,
)
