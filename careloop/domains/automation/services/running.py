"""The log of what rules did, the guard against loops, and rules that wait for their time. For the house itself."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from careloop.domains.automation.events import RulePaused
from careloop.domains.automation.models import Rule, Run, Wait
from careloop.domains.automation.states import ActionKind, Outcome, Result, State, Why
from careloop.domains.automation.types import Chain, RuleRow, Step, WaitRow, rule_actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.timers import set_timer

__all__ = [
    "DAY",
    "FAILURES",
    "MOST_A_DAY",
    "MOST_DEPTH",
    "RULE_DUE",
    "begin_run",
    "end_run",
    "fail_run",
    "forget_runs",
    "stop_run",
    "take_wait",
    "wait",
]

RULE_DUE: Final = "rule.due"
"""The timer that lets a waiting rule look at its case. Its subject is the wait."""
MOST_DEPTH: Final = 5
"""How many runs of rules may follow from each other."""
MOST_A_DAY: Final = 20
"""How often one rule acts on one case in a day; it holds loops that pass through the world outside, where no chain is known."""
FAILURES: Final = 5
"""After how many failed runs in a row a rule is paused."""
DAY: Final = timedelta(days=1)


@act
def begin_run(*, rule: RuleRow, case_id: int | None, event_id: int, chain: Chain, at: datetime) -> int:
    """Write down that a rule acts on a case, before it does, and return the run's primary key.

    case_id: None where it acts on a call or chat that has none yet.

    Raises IntegrityError when it dealt with the event or acted in the chain already: whoever writes first acts.
    """
    return _write(rule, case_id, event_id, chain, at, outcome=Outcome.DONE).pk


@act
def end_run(*, run_id: int, case_id: int, steps: Sequence[Step]) -> None:
    """Write down in which case a run that has begun acted, and what became of its actions."""
    run = Run.objects.get(pk=run_id)
    run.case_id = case_id
    run.steps = [asdict(step) for step in steps]
    run.has_replied = any(one.kind is ActionKind.REPLY and one.result is Result.DONE for one in steps)
    run.save(update_fields=["case", "steps", "has_replied"])
    Rule.objects.filter(pk=run.rule_id, failures__gt=0).update(failures=0)


@act
def stop_run(*, rule: RuleRow, case_id: int | None, event_id: int, chain: Chain, why: Why, at: datetime) -> None:
    """Write down that the guard kept a rule from acting."""
    _write(rule, case_id, event_id, chain, at, outcome=Outcome.STOPPED, why=why)


@act
def fail_run(*, rule: RuleRow, case_id: int | None, event_id: int, chain: Chain, error: str, at: datetime) -> bool:
    """Write down that a run broke and was undone; the rule is paused when that happened several times in a row.

    error: the kind of error, such as "KeyError".

    Returns whether it is paused now. Records RulePaused then.
    """
    run = _write(rule, case_id, event_id, chain, at, outcome=Outcome.FAILED, error=error)
    Rule.objects.filter(pk=rule.id).update(failures=F("failures") + 1)
    paused = Rule.objects.filter(pk=rule.id, state=State.ACTIVE, failures__gte=FAILURES)
    if not paused.update(state=State.PAUSED, why=Why.FAILURES):
        return False
    Wait.objects.filter(rule_id=rule.id).delete()
    actor, about = rule_actor(rule_id=rule.id, run_id=run.pk), subject("rule", rule.id)
    record(RulePaused(subject=about, actor=str(actor), at=at, why=Why.FAILURES, case_id=case_id))
    return True


@act
def wait(*, rule: RuleRow, case_id: int | None, event_id: int, chain: Chain, due_at: datetime) -> None:
    """Let a rule look at a case later; asked twice for an event, it waits once.

    case_id: None where it looks at the call or chat that the event is of.

    Where the rule counts from the last such event, what it waited for on this case before is forgotten.
    """
    if Run.objects.filter(rule_id=rule.id, event_id=event_id).exists():
        return
    if rule.settings.from_last and case_id is not None:
        Wait.objects.filter(rule_id=rule.id, case_id=case_id, event_id__lt=event_id).delete()
    waits, is_new = Wait.objects.get_or_create(
        rule_id=rule.id,
        event_id=event_id,
        defaults={"case_id": case_id, "root_id": chain.root_id, "depth": chain.depth},
    )
    if is_new:
        set_timer(kind=RULE_DUE, subject_id=waits.pk, due_at=due_at)


@act
def take_wait(*, wait_id: int) -> WaitRow | None:
    """Return a wait whose time has come, once; None when it was forgotten meanwhile."""
    found = Wait.objects.select_for_update().filter(pk=wait_id).first()
    if found is None:
        return None
    row = WaitRow(
        id=wait_id,
        rule_id=found.rule_id,
        case_id=found.case_id,
        event_id=found.event_id,
        chain=Chain(root_id=found.root_id, depth=found.depth),
    )
    found.delete()
    return row


@act
def forget_runs(*, before: datetime, most: int = 5000) -> int:
    """Throw away runs that are older than a moment, at most so many, and return how many were."""
    old = list(Run.objects.filter(at__lt=before).order_by("pk").values_list("pk", flat=True)[:most])
    return Run.objects.filter(pk__in=old).delete()[0]


def _write(
    rule: RuleRow,
    case_id: int | None,
    event_id: int,
    chain: Chain,
    at: datetime,
    *,
    outcome: Outcome,
    why: Why = Why.NONE,
    error: str = "",
) -> Run:
    return Run.objects.create(
        rule_id=rule.id,
        version=rule.version,
        case_id=case_id,
        event_id=event_id,
        root_id=chain.root_id,
        depth=chain.depth,
        at=at,
        outcome=outcome,
        why=why,
        error=error[:80],
    )
