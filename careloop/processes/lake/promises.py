"""What was promised, and what became of each promise, folded from stories of cases and calls; policies as they stand beside them.

The clocks are those of the commitments domain, and the log tells all that they ever said (docs/decisions/0014). So a number made of
these facts is what the clocks said, not another reckoning of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from careloop.domains.calls.events import CallQueued
from careloop.domains.cases.types import Priority
from careloop.domains.commitments import events as commitments
from careloop.domains.commitments.states import Measure, Reason
from careloop.domains.commitments.types import TermsRow
from careloop.insight.facts.tables.vocabulary import (
    CallbackOutcome,
    Channel,
    CommitmentKind,
    CommitmentOutcome,
    MeasuredClock,
)
from careloop.kernel.actors import ActorKind
from careloop.kernel.events import Recorded
from careloop.processes.lake.naming import ours, ours_or_none

__all__ = ["POLICY", "callbacks_of", "commitments_of", "policy_rows", "versions_in"]

POLICY = "commitment_policy"
EVERY = len(Priority)

Row = dict[str, Any]


def versions_in(story: Iterable[Recorded]) -> set[int]:
    """Return the versions of policies under which something was promised."""
    made = (one.event.version_id for one in story if isinstance(one.event, commitments.CommitmentMade))
    return {version_id for version_id in made if version_id is not None}


def commitments_of(
    story: Sequence[Recorded], versions: Mapping[int, TermsRow], *, contact_id: str | None = None
) -> list[Row]:
    """Fold what was promised in one case, or to the caller of one call, one row for each clock.

    versions: by id, all of `versions_in`. contact_id: what the call is called in the facts; None for a case.
    """
    rows: dict[int, Row] = {}
    queues: dict[datetime, str] = {}
    for one in story:
        event = one.event
        match event:
            case CallQueued():
                queues[event.at] = event.queue
            case commitments.CommitmentMade():
                begun = {
                    "commitment_id": ours("clock", event.clock_id),
                    **_whose(one, contact_id, queues.get(event.started_at)),
                    "measure": event.measure,
                    "started_at": event.started_at,
                    "outcome": CommitmentOutcome.RUNNING,
                }
                promised = _by_hand(event) if event.version_id is None else _promised(event, versions[event.version_id])
                rows.setdefault(event.clock_id, begun).update(promised)
            case commitments.CommitmentDueMoved():
                rows[event.clock_id]["due_at"] = event.due_at
            case commitments.CommitmentMissed():
                rows[event.clock_id]["missed_at"] = event.at
            case commitments.CommitmentKept() | commitments.CommitmentEndedLate():
                is_kept = isinstance(event, commitments.CommitmentKept)
                rows[event.clock_id] |= {
                    "outcome": CommitmentOutcome.KEPT if is_kept else CommitmentOutcome.MISSED,
                    # The news may come late: then it was thought to be missed meanwhile.
                    **({"missed_at": None} if is_kept else {}),
                    "ended_at": event.at,
                    "due_at": event.due_at,
                    "spent_s": float(event.spent_s),
                    "paused_s": float(event.paused_s),
                }
            case commitments.CommitmentCalledOff():
                rows[event.clock_id] |= {
                    "outcome": CommitmentOutcome.CALLED_OFF,
                    "ended_at": event.at,
                    "due_at": event.due_at,
                    "missed_at": None,
                }
            case _:
                pass
    return list(rows.values())


def _whose(one: Recorded, contact_id: str | None, queue: str | None) -> Row:
    """Return who waits: the customer of a case, or a caller in a queue, whose channel no case tells."""
    if one.event.subject.startswith("case:"):
        return {"case_id": ours("case", one.subject_id)}
    return {"case_id": None, "contact_id": contact_id, "channel": Channel.VOICE, "queue_id": queue}


def callbacks_of(story: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    """Fold the callbacks that people promised in one case, and the tries to reach the customer.

    A callback that was taken back in time was not owed any more: its row says that it is none. One that was taken back because
    nobody could be reached was owed, and its tries say whether that counts.
    """
    rows: dict[int, Row] = {}
    tries: dict[int, list[Row]] = defaultdict(list)
    in_vain: set[int] = set()
    for one in story:
        event = one.event
        match event:
            case commitments.CallbackPromised():
                rows[event.clock_id] = {
                    "callback_id": ours("clock", event.clock_id),
                    "case_id": ours("case", one.subject_id),
                    "promised_at": event.at,
                    "window_start": event.from_at or event.at,
                    "window_end": event.due_at,
                }
            case commitments.CallbackMoved():
                row = rows[event.clock_id]
                row |= {"window_start": event.from_at or row["promised_at"], "window_end": event.now}
            case commitments.CallbackTried():
                told = tries[event.clock_id]
                rang = {} if event.ring_s is None else {"ring_s": float(event.ring_s)}
                dialed_at = event.at - timedelta(seconds=event.ring_s or 0)
                told.append(_try(event, len(told) + 1, dialed_at, CallbackOutcome(event.outcome)) | rang)
            case commitments.CallbackDone():
                told = tries[event.clock_id]
                rows[event.clock_id]["connected_at"] = event.at
                told.append(_try(event, len(told) + 1, event.at, CallbackOutcome.CONNECTED))
            case commitments.CallbackCancelled() if event.reason == Reason.NOT_REACHED and tries[event.clock_id]:
                in_vain.add(event.clock_id)
            case commitments.CommitmentCalledOff() if event.measure == Measure.CALLBACK:
                if event.clock_id not in in_vain:
                    rows[event.clock_id] = {"callback_id": ours("clock", event.clock_id), "is_retracted": True}
            case _:
                pass
    return list(rows.values()), [one for told in tries.values() for one in told]


def _try(
    event: commitments.CallbackTried | commitments.CallbackDone, number: int, at: datetime, outcome: CallbackOutcome
) -> Row:
    return {
        "callback_id": ours("clock", event.clock_id),
        "attempt_no": number,
        "at": at,
        "agent_id": _agent(event.actor),
        "outcome": outcome,
    }


def policy_rows(versions: Iterable[TermsRow]) -> list[Row]:
    """Return what policies promised, version by version."""
    return [
        {
            **_of_policy(row, measure, priority),
            "measure": measure.value,
            "priority": None if _is_for_all(row, measure) else str(priority),
            "limit_s": float(seconds),
            "clock": MeasuredClock.ELAPSED if row.calendar_id is None else MeasuredClock.BUSINESS,
            "calendar_id": ours_or_none("calendar", row.calendar_id),
            # Whoever waits for an answer waits whatever the status is called.
            "pause_states": list(row.pauses) if measure is Measure.RESOLUTION else [],
            "effective_at": row.effective_at,
        }
        for row in versions
        for measure, by_priority in row.targets.items()
        for priority, seconds in (list(by_priority.items())[:1] if _is_for_all(row, measure) else by_priority.items())
    ]


def _promised(event: commitments.CommitmentMade, version: TermsRow) -> Row:
    return {
        **_of_policy(version, Measure(event.measure), event.priority),
        "policy_id": ours(POLICY, version.policy_id),
        # A call has none.
        "priority": str(event.priority) if event.subject.startswith("case:") else None,
        "limit_s": float(event.target_s),
    }


def _by_hand(event: commitments.CommitmentMade) -> Row:
    """Return what a person gave their word for: no policy, and each for itself."""
    return {
        "policy_id": None,
        "sla_policy_id": None,
        "version": None,
        "kind": CommitmentKind.WITHIN,
        "share": None,
        "priority": str(event.priority),
        "limit_s": float(event.target_s),
    }


def _of_policy(row: TermsRow, measure: Measure, priority: int) -> Row:
    """Return which promise it is. A row of `sla_policy` has one limit, so a priority with a time of its own has its own name."""
    level = row.levels.get(measure)
    kind = CommitmentKind.WITHIN if level is None else CommitmentKind.SHARE if level < 1 else CommitmentKind.MAX
    name = ours(POLICY, row.policy_id)
    return {
        "sla_policy_id": name if _is_for_all(row, measure) else f"{name}:{priority}",
        "version": row.version,
        "kind": kind,
        "share": level if kind is CommitmentKind.SHARE else None,
    }


def _agent(actor: str) -> str | None:
    kind, _colon, key = actor.partition(":")
    return ours("user", int(key)) if kind == ActorKind.USER else None


def _is_for_all(row: TermsRow, measure: Measure) -> bool:
    """Say whether every priority is promised the same time."""
    return len(row.targets[measure]) == EVERY and len(set(row.targets[measure].values())) == 1
