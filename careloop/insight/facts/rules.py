"""The invariants that a single row has to keep (metrics.md §1.4), as conditions of DuckDB.

A rule says what breaks it; unknown values break nothing that is not required.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from careloop.insight.facts.columns import quoted
from careloop.insight.facts.reasons import Reason
from careloop.insight.facts.tables import TABLES, Column, Kind, Table

__all__ = ["Rule", "rules_of"]

ORDERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "contact": (("arrived_at", "ended_at"),),
    "contact_segment": (
        ("queued_at", "offered_at", "answered_at", "released_at", "wrap_ended_at"),
        ("queued_at", "left_queue_at"),
    ),
    "callback": (("window_start", "window_end"), ("promised_at", "connected_at")),
    "agent": (("hire_date", "separation_date"),),
    "agent_team": (("valid_from", "valid_to"),),
    "agent_state": (("started_at", "ended_at"),),
    "schedule_activity": (("starts_at", "ends_at"),),
    "cost_entry": (("period_start", "period_end"),),
    "pulse_wave": (("opened_at", "closed_at"),),
    "training_record": (("assigned_at", "completed_at"),),
    "case": (("opened_at", "first_response_at"), ("opened_at", "resolved_at"), ("opened_at", "closed_at")),
    "commitment": (("started_at", "ended_at"),),
    "complaint": (("received_at", "acknowledged_at"), ("received_at", "resolved_at")),
    "problem": (("opened_at", "closed_at"), ("opened_at", "verified_at")),
    "corrective_action": (("pre_from", "pre_until", "post_from", "post_until"), ("trigger_from", "trigger_until")),
    "survey_invite": (("decided_at", "sent_at", "opened_at"), ("sent_at", "started_at", "completed_at")),
    "evaluation": (("evaluated_at", "published_at", "acknowledged_at"),),
    "dispute": (("raised_at", "decided_at"),),
    "self_service_session": (("started_at", "ended_at"),),
    "journey": (("started_at", "goal_reached_at"),),
    "knowledge_search": (("at", "opened_at"), ("at", "session_ended_at")),
    "procedure_ack": (("opened_at", "acked_at"),),
    "quiz_attempt": (("started_at", "ended_at"),),
    "procedure_issue": (("raised_at", "answered_at"), ("raised_at", "implemented_at")),
    "suggestion": (("raised_at", "answered_at", "implemented_at"),),
    "customer": (("since", "until"),),
    "customer_link": (("valid_from", "valid_to"),),
    "subscription": (("start_date", "end_date"),),
    "target": (("starts_at", "due_at"),),
    "calendar": (("opens_s", "closes_s"),),
}
# What these tables say has happened; the others also plan, promise and forecast.
HAPPENED = frozenset(
    {
        "contact.arrived_at",
        "contact.ended_at",
        "contact_segment.queued_at",
        "contact_segment.left_queue_at",
        "contact_segment.released_at",
        "contact_segment.wrap_ended_at",
        "blocked_attempt.bucket_start",
        "callback_attempt.at",
        "message.at",
        "agent_state.started_at",
        "agent_state.ended_at",
        "abuse_event.at",
        "case.opened_at",
        "case.resolved_at",
        "case_event.at",
        "commitment.started_at",
        "commitment.ended_at",
        "survey_answer.answered_at",
        "evaluation.evaluated_at",
        "complaint.received_at",
        "purchase.at",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """reason: what a row that breaks it is set aside for. column: where it shows, which its sentence names.

    breaks: the condition of a row that breaks it. shown: SQL of the value that its sentence names.
    """

    reason: Reason
    column: str
    breaks: str
    shown: str


MISFIT = Rule(reason=Reason.MISFIT, column="", breaks="_misfit IS NOT NULL", shown="_misfit_value")


@cache
def rules_of(table: Table) -> tuple[Rule, ...]:
    """Return the rules of a table, in the order in which the first broken one is told."""
    # A wait worked out of instants in the wrong order is negative; the order is what was wrong.
    return (MISFIT, *_rules_of_order(table), *_rules_of_columns(table), *OWN.get(table.name, ()))


def _rules_of_columns(table: Table) -> Iterator[Rule]:
    for column in table.columns:
        name = quoted(column.name)
        if not column.is_optional:
            empty = " OR trim(" + name + ") = ''" if column.kind in {Kind.ID, Kind.ENUM} else ""
            yield _rule(Reason.MISSING, column.name, f"{name} IS NULL{empty}")
        yield from _rules_of_kind(table, column, name)
    yield _rule(Reason.NEGATIVE, "record_version", "record_version < 1")


def _rules_of_kind(table: Table, column: Column, name: str) -> Iterator[Rule]:
    match column.kind:
        case Kind.ENUM:
            words = ", ".join(f"'{word}'" for word in column.members)
            yield _rule(Reason.UNKNOWN_WORD, column.name, f"{name} NOT IN ({words})")
        case Kind.NUMBER:
            yield _rule(Reason.NOT_FINITE, column.name, f"NOT isfinite({name})")
        case Kind.SECONDS:
            yield _rule(Reason.NOT_FINITE, column.name, f"NOT isfinite({name})")
            yield _rule(Reason.NEGATIVE, column.name, f"{name} < 0")
        case Kind.COUNT:
            yield _rule(Reason.NEGATIVE, column.name, f"{name} < 0")
        case Kind.SHARE:
            least = "<= 0" if column.name == "inclusion_prob" else "< 0"
            yield _rule(Reason.NO_SHARE, column.name, f"isnan({name}) OR {name} {least} OR {name} > 1")
        case Kind.INSTANT:
            future = f" OR {name} > _at + INTERVAL 1 DAY" if f"{table.name}.{column.name}" in HAPPENED else ""
            yield _rule(Reason.CLOCK_JUMPED, column.name, f"{name} < TIMESTAMPTZ '1990-01-01 00:00:00+00'{future}")
        case _:
            pass


def _rules_of_order(table: Table) -> Iterator[Rule]:
    for order in ORDERS.get(table.name, ()):
        # Unknown links leave gaps, so each pair is compared, not only neighbors.
        for place, later in enumerate(order):
            for earlier in order[:place]:
                yield Rule(
                    reason=Reason.WRONG_ORDER,
                    column=later,
                    breaks=f"{quoted(later)} < {quoted(earlier)}",
                    shown=f"concat({quoted(later)}, ' < ', {quoted(earlier)})",
                )


def _rule(reason: Reason, column: str, breaks: str) -> Rule:
    return Rule(reason=reason, column=column, breaks=breaks, shown=f"{quoted(column)}::VARCHAR")


def _between(start: str, end: str) -> str:
    return f"(epoch_us({end}) - epoch_us({start})) / 1e6"


_CALL = _between("queued_at", "coalesce(wrap_ended_at, released_at, left_queue_at)")
_SPOKEN = "coalesce(talk_s, 0) + coalesce(hold_s, 0)"
OWN: dict[str, tuple[Rule, ...]] = {
    "contact_segment": (
        Rule(
            reason=Reason.TOO_LONG,
            column="released_at",
            breaks=f"channel = 'voice' AND ({_CALL} > 86400 OR {_SPOKEN} > 86400)",
            shown=f"greatest({_CALL}, {_SPOKEN})::VARCHAR",
        ),
        _rule(
            Reason.ANSWER_UNCLEAR,
            "answered_at",
            "(exit = 'answered') != (answered_at IS NOT NULL) OR (answered_at IS NOT NULL AND left_queue_at != answered_at)",
        ),
        _rule(Reason.EXIT_UNCLEAR, "exit", "(exit IS NULL) != (left_queue_at IS NULL)"),
        _rule(Reason.WAIT_DIFFERS, "wait_s", f"abs(wait_s - {_between('queued_at', 'left_queue_at')}) > 1"),
        Rule(
            reason=Reason.TALK_DIFFERS,
            column="talk_s",
            breaks=f"talk_s IS NOT NULL AND abs({_SPOKEN} - {_between('answered_at', 'released_at')}) > 1",
            shown=f"({_SPOKEN})::VARCHAR",
        ),
        _rule(Reason.WRAP_DIFFERS, "wrap_s", f"abs(wrap_s - {_between('released_at', 'wrap_ended_at')}) > 1"),
    ),
    "survey_invite": (
        _rule(Reason.UNDELIVERED, "delivered", "completed_at IS NOT NULL AND delivered IS DISTINCT FROM true"),
    ),
    "survey_answer": (_rule(Reason.OFF_SCALE, "value", "value < scale_min OR value > scale_max"),),
    "pulse_answer": (_rule(Reason.OFF_SCALE, "value", "value < scale_min OR value > scale_max"),),
    "evaluation": (
        _rule(Reason.NO_CHANCE_KNOWN, "inclusion_prob", "sample_kind IN ('random', 'risk') AND inclusion_prob IS NULL"),
        _rule(Reason.OFF_SCALE, "points", "points < 0 OR points > max_points"),
    ),
}

if unknown := {*ORDERS, *OWN, *(name.partition(".")[0] for name in HAPPENED)} - set(TABLES):
    raise LookupError(f"Rules for tables that are not there: {unknown}")
