"""Run the rules: a reader of the log asks them in their order, once an event; those that wait are rung by their timers.

A run writes itself down before it acts, and its primary key is in the name of whoever acts in it. So every event says by
which run it came about, and the log of runs says how that run came about: that is the chain the guard looks at.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import OperationalError

from careloop.domains.automation.contacts import tree_of
from careloop.domains.automation.events import RulePaused
from careloop.domains.automation.queries import active_rules, chain_of, guard, has_dealt
from careloop.domains.automation.services import begin_run, end_run, fail_run, stop_run, take_wait, wait
from careloop.domains.automation.services.running import MOST_A_DAY, MOST_DEPTH
from careloop.domains.automation.states import EVENTS, Why
from careloop.domains.automation.types import Chain, RuleRow, RuleSettings, rule_actor
from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.cases.queries import case_briefs, holding, visible_case_ids
from careloop.domains.conversations.events import DeliveryChanged
from careloop.domains.conversations.states import WORRYING
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind, Notice
from careloop.domains.people.queries import people_choices
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.acts import attempt
from careloop.kernel.conditions import comparisons_of, matches
from careloop.kernel.events import Recorded, events_by_id
from careloop.kernel.hours import NotEnoughHours, add_open_seconds
from careloop.kernel.readers import Reader
from careloop.processes.automation.acting import act_for_rule
from careloop.processes.automation.contacts import Contact, case_of, contacts_in, facts_of, is_nobodys, take_up

__all__ = ["RULES", "due_at_of", "ring_wait", "run_rules", "tell_about_rule"]

log = logging.getLogger(__name__)


def run_rules(recorded: Sequence[Recorded]) -> None:
    """Let the rules deal with some events, the oldest event first, each by the rules in their order."""
    rules = active_rules()
    if not rules:
        return
    awaited = {when for rule in rules for when in rule.settings.when}
    wanted = [one for one in recorded if EVENTS.get(one.name) in awaited and not _is_quiet(one)]
    case_ids, contacts = _cases_of(wanted), contacts_in(wanted)
    known = [one for one in wanted if one.id in case_ids or one.id in contacts]
    if not known:
        return
    of_cases = [rule for rule in rules if not rule.settings.is_of_contacts]
    found = _Found(of_cases, set(case_ids.values()), now=max(one.event.at for one in known))
    for one in known:
        if one.id in contacts:
            _deal_with_contact(one, [rule for rule in rules if rule.settings.is_of_contacts], found)
        else:
            _deal_with(one, case_ids[one.id], of_cases, found)


def ring_wait(wait_id: int, at: datetime) -> None:
    """Let a rule that waited look at its case: it acts when its conditions hold now."""
    waited = take_wait(wait_id=wait_id)
    if waited is None:
        return
    rule = next((one for one in active_rules() if one.id == waited.rule_id), None)
    if rule is None or rule.settings.delay_s is None or rule.settings.is_of_contacts is not (waited.case_id is None):
        return
    if waited.case_id is None:
        contact = _contact_of(waited.event_id)
        if contact is not None and _holds(rule, contact, at):
            _run(rule, contact, waited.event_id, waited.chain, at)
    elif holding([waited.case_id], [rule.settings.conditions or {}], now=at).get(waited.case_id):
        _run(rule, waited.case_id, waited.event_id, waited.chain, at)


def tell_about_rule(recorded: Sequence[Recorded]) -> None:
    """Tell owners and managers that a rule was paused because it kept failing, each of the case on which it failed last.

    A rule on calls and chats may have failed before there was a case.
    """
    paused = [(one, one.event) for one in recorded if isinstance(one.event, RulePaused)]
    failed = [(one, event) for one, event in paused if event.why == Why.FAILURES]
    cases = case_briefs({event.case_id for _one, event in failed if event.case_id})
    people = [user_id for user_id, _name, role in people_choices(HOUSE) if Role(role) in {Role.OWNER, Role.MANAGER}]
    notify(
        [
            Notice(
                user_id=user_id,
                kind=Kind.RULE_PAUSED,
                case_id=event.case_id,
                case_number=cases[event.case_id].number if event.case_id else None,
                actor=event.actor,
                event_id=one.id,
                at=event.at,
            )
            for one, event in failed
            if event.case_id is None or event.case_id in cases
            for user_id in people
        ]
    )


def due_at_of(settings: RuleSettings, since: datetime) -> datetime:
    """Return when a rule that waits looks at a case. since: when that happened which it waits for. Raises NotEnoughHours."""
    delay_s = settings.delay_s or 0
    if settings.calendar_id is None:
        return since + timedelta(seconds=delay_s)
    return add_open_seconds(hours_by_id(at=since)[settings.calendar_id], since, delay_s)


class _Found:
    """Which rules hold for which cases, asked once for a batch and again for a case that a rule has touched.

    resting: rules that were paused within the batch.
    """

    def __init__(self, rules: Sequence[RuleRow], case_ids: Collection[int], *, now: datetime) -> None:
        self.resting: set[int] = set()
        self._rules = rules
        self._now = now
        self._conditions = [rule.settings.conditions or {} for rule in rules]
        self._held = holding(case_ids, self._conditions, now=now)

    def holds(self, rule: RuleRow, case_id: int) -> bool:
        """Say whether a rule's conditions hold for a case as it is now."""
        return self._rules.index(rule) in self._held.get(case_id, frozenset())

    def ask_again(self, case_id: int) -> None:
        """Look at a case again, because it was touched."""
        self._held.update(holding([case_id], self._conditions, now=self._now))


def _deal_with(one: Recorded, case_id: int, rules: Sequence[RuleRow], found: _Found) -> None:
    for rule in rules:
        if not _is_asked(rule, one, found):
            continue
        if rule.settings.delay_s is not None:
            is_resting = _wait(rule, case_id, one)
        elif found.holds(rule, case_id):
            # As with all that follows from an event, its time is the event's.
            is_resting = _run(rule, case_id, one.id, chain_of(one.id, one.event.actor), one.event.at)
            found.ask_again(case_id)
        else:
            continue
        if is_resting:
            found.resting.add(rule.id)


def _deal_with_contact(one: Recorded, rules: Sequence[RuleRow], found: _Found) -> None:
    for rule in rules:
        if not _is_asked(rule, one, found):
            continue
        contact = _contact_of(one.id)  # a rule before may have opened its case
        if contact is None:
            return
        if rule.settings.delay_s is not None:
            is_resting = _wait(rule, None, one)
        elif _holds(rule, contact, one.event.at):
            is_resting = _run(rule, contact, one.id, chain_of(one.id, one.event.actor), one.event.at)
            touched = case_of(contact)
            if touched is not None:
                found.ask_again(touched)
        else:
            continue
        if is_resting:
            found.resting.add(rule.id)


def _is_asked(rule: RuleRow, one: Recorded, found: _Found) -> bool:
    is_awaited = EVENTS[one.name] in rule.settings.when and one.position > rule.after_position
    return is_awaited and rule.id not in found.resting


def _contact_of(event_id: int) -> Contact | None:
    return contacts_in(list(events_by_id([event_id]).values())).get(event_id)


def _holds(rule: RuleRow, contact: Contact, at: datetime) -> bool:
    """Say whether a rule's conditions hold for a call or chat at a moment."""
    tree = tree_of(rule.settings)
    (facts,) = facts_of([(contact, at)], {one.field for one in comparisons_of(tree)})
    return matches(tree, facts, at)


def _wait(rule: RuleRow, case_id: int | None, one: Recorded) -> bool:
    """Let a rule wait on a case; say whether that failed so often that it is paused now."""
    chain = chain_of(one.id, one.event.actor)
    try:
        due_at = due_at_of(rule.settings, one.event.at)
    except NotEnoughHours as problem:
        if has_dealt(rule_id=rule.id, event_id=one.id):
            return False
        error = type(problem).__name__
        return fail_run(rule=rule, case_id=case_id, event_id=one.id, chain=chain, error=error, at=one.event.at)
    wait(rule=rule, case_id=case_id, event_id=one.id, chain=chain, due_at=due_at)
    return False


def _run(rule: RuleRow, where: int | Contact, event_id: int, chain: Chain, at: datetime) -> bool:
    """Let a rule act on a case unless it dealt with the event already or the guard stops it; what breaks is undone.

    where: the case, or a call or chat, whose case is opened where it has none.

    Returns whether it failed so often that it is paused now.
    """
    if has_dealt(rule_id=rule.id, event_id=event_id):
        return False
    case_id = case_of(where) if isinstance(where, Contact) else where
    why = guard(rule_id=rule.id, case_id=case_id, chain=chain, most_depth=MOST_DEPTH, most_a_day=MOST_A_DAY, at=at)
    if why is None and case_id is None and isinstance(where, Contact) and is_nobodys(where):
        why = Why.NOBODY
    if why is not None:
        stop_run(rule=rule, case_id=case_id, event_id=event_id, chain=chain, why=why, at=at)
        return False
    try:
        with attempt():
            run_id = begin_run(rule=rule, case_id=case_id, event_id=event_id, chain=chain, at=at)
            actor = rule_actor(rule_id=rule.id, run_id=run_id)
            touched = take_up(where, actor=actor, at=at) if isinstance(where, Contact) else where
            steps = act_for_rule(rule.settings.actions, case_id=touched, event_id=event_id, actor=actor, at=at)
            end_run(run_id=run_id, case_id=touched, steps=steps)
    except OperationalError:
        raise  # a deadlock or a lost connection is nobody's rule: the whole batch is read again
    except Exception as problem:
        log.error("rule.failed", exc_info=problem, extra={"rule_id": rule.id, "event_id": event_id})
        error = type(problem).__name__
        return fail_run(rule=rule, case_id=case_id, event_id=event_id, chain=chain, error=error, at=at)
    return False


def _cases_of(recorded: Sequence[Recorded]) -> dict[int, int]:
    """Return by the id of each event the case it is about; what is about none is left out."""
    found = {one.id: one.subject_id for one in recorded if one.event.subject.startswith("case:")}
    lost = [
        (one, one.event) for one in recorded if isinstance(one.event, DeliveryChanged) and one.event.now in WORRYING
    ]
    conversations = visible_case_ids({one.subject_id for one, _event in lost}, viewer=HOUSE) if lost else {}
    found |= {one.id: conversations[one.subject_id] for one, _event in lost if one.subject_id in conversations}
    there = case_briefs(set(found.values()))  # a case may be erased before the log is read
    return {event_id: case_id for event_id, case_id in found.items() if case_id in there}


def _is_quiet(one: Recorded) -> bool:
    return bool(getattr(one.event, "is_quiet", False))


RULES: Final = Reader(name="rules", read=run_rules)
