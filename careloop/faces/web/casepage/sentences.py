"""What happened in a case, as sentences in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careloop.domains.automation.queries import rule_names
from careloop.domains.automation.types import run_of
from careloop.domains.calls.events import CallAttached
from careloop.domains.cases import events as e
from careloop.domains.cases.queries import case_types, reasons, statuses
from careloop.domains.cases.types import Priority
from careloop.domains.commitments.events import (
    CallbackCancelled,
    CallbackDone,
    CallbackMoved,
    CallbackPromised,
    CallbackTried,
    CommitmentKept,
    CommitmentMissed,
)
from careloop.domains.commitments.states import Measure, NotReached, Reason, Way
from careloop.domains.conversations.types import Channel
from careloop.domains.customers.queries import rows_of
from careloop.domains.people.queries import names_of, team_names_of
from careloop.faces.web.casepage.procedural import procedural
from careloop.faces.web.casepage.protective import protective
from careloop.faces.web.casepage.routed import routed
from careloop.faces.web.casepage.tasked import tasked
from careloop.faces.web.casepage.types import Sentence
from careloop.kernel.events import Event, Recorded
from careloop.ui.moments import length, length_to_second

__all__ = ["Sentence", "told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    users: Mapping[int, str]
    customers: Mapping[int, str]
    teams: Mapping[int, str]
    statuses: Mapping[int, str]
    types: Mapping[int, str]
    reasons: Mapping[str, str]
    rules: Mapping[int, str]

    def who(self, actor: str) -> str:
        if (run := run_of(actor)) is not None and run[0] in self.rules:
            return _("The rule “%(name)s”") % {"name": self.rules[run[0]]}
        kind, _colon, key = actor.partition(":")
        number = int(key) if key.isdigit() else 0
        if kind == "house":
            return "Careloop"
        return (self.customers if kind == "customer" else self.users).get(number) or _("Somebody")


def told(events: Iterable[Recorded]) -> dict[int, Sentence]:
    """Return the sentence of each event by its id, with one question per kind of thing that is named."""
    found = list(events)
    names, said = _names(found), routed(found) | procedural(found) | protective(found) | tasked(found)
    return {recorded.id: _by_rule(said.get(recorded.id) or _sentence(recorded, names), recorded) for recorded in found}


def _by_rule(sentence: Sentence, recorded: Recorded) -> Sentence:
    run = run_of(recorded.event.actor)
    return sentence if run is None else replace(sentence, rule_id=run[0])


def _sentence(recorded: Recorded, names: _Names) -> Sentence:
    event = recorded.event
    who = names.who(event.actor)
    match event:
        case e.CaseOpened():
            channel = Channel(event.channel).label if event.channel in Channel.values else event.channel
            return Sentence(
                text=_("The case was opened. It came by: %(channel)s.") % {"channel": channel}, icon="inbox"
            )
        case e.CaseStatusChanged():
            status = names.statuses.get(event.now_status_id, "")
            words = _("%(who)s set the status to “%(status)s”.") % {"who": who, "status": status}
            return Sentence(text=words, icon="circle-dot")
        case e.CaseSolved():
            return Sentence(text=_("%(who)s solved the case.") % {"who": who}, icon="circle-check", tone="solved")
        case e.CaseClosed():
            return Sentence(text=_("%(who)s closed the case.") % {"who": who}, icon="lock")
        case e.CaseReopened():
            return Sentence(text=_("%(who)s opened the case again.") % {"who": who}, icon="rotate-ccw", tone="open")
        case e.CaseAssigned():
            return Sentence(text=_assignment(event, who, names), icon="user-plus")
        case e.CaseMarkedSpam():
            return Sentence(text=_("%(who)s marked the case as spam.") % {"who": who}, icon="shield-alert")
        case e.CaseUnmarkedSpam():
            return Sentence(text=_("%(who)s took the case out of the spam.") % {"who": who}, icon="shield-check")
        case e.CasePrioritized():
            level = Priority(event.now).label
            words = _("%(who)s set the priority to “%(level)s”.") % {"who": who, "level": level}
            return Sentence(text=words, icon="flag")
        case e.CaseRenamed():
            return Sentence(text=_("%(who)s changed the subject.") % {"who": who}, icon="pencil")
        case e.CaseTyped():
            name = names.types.get(event.now, "")
            return Sentence(text=_("%(who)s set the type to “%(name)s”.") % {"who": who, "name": name}, icon="shapes")
        case e.CaseReasoned() if event.now:
            name = names.reasons.get(event.now, event.now)
            words = _("%(who)s gave the reason “%(name)s”.") % {"who": who, "name": name}
            return Sentence(text=words, icon="list-tree")
        case e.CaseReasoned():
            return Sentence(text=_("%(who)s removed the reason.") % {"who": who}, icon="list-tree")
        case e.CaseTagged():
            return Sentence(text=_tagging(event, who), icon="tag")
        case e.CaseFollowed() if event.actor != f"user:{event.user_id}":
            values = {"who": who, "person": names.users.get(event.user_id) or _("Somebody")}
            return Sentence(text=_("%(who)s lets %(person)s follow the case.") % values, icon="bell")
        case e.CaseUnfollowed() if event.actor != f"user:{event.user_id}":
            values = {"who": who, "person": names.users.get(event.user_id) or _("Somebody")}
            return Sentence(text=_("%(who)s took %(person)s off the followers.") % values, icon="bell-off")
        case e.CaseFollowed():
            return Sentence(text=_("%(who)s follows the case.") % {"who": who}, icon="bell")
        case e.CaseUnfollowed():
            return Sentence(text=_("%(who)s no longer follows the case.") % {"who": who}, icon="bell-off")
        case e.ParticipantAdded():
            customer = names.customers.get(event.customer_id, _("A customer"))
            return Sentence(text=_("%(customer)s takes part now.") % {"customer": customer}, icon="users")
        case e.ParticipantRemoved():
            customer = names.customers.get(event.customer_id, _("A customer"))
            return Sentence(text=_("%(customer)s no longer takes part.") % {"customer": customer}, icon="users")
        case CallbackPromised() | CallbackMoved() | CallbackTried() | CallbackDone() | CallbackCancelled():
            return _callback(event, who)
        case CallAttached():
            words = (
                _("%(who)s opened the case for a call.")
                if event.is_new_case
                else _("%(who)s added a call to the case.")
            )
            return Sentence(text=words % {"who": who}, icon="phone")
        case CommitmentKept():
            took = length_to_second(event.spent_s) if event.measure == Measure.WAIT else length(event.spent_s)
            values = {"promise": str(Measure(event.measure).label), "length": took}
            return Sentence(
                text=_("Promise kept: %(promise)s, after %(length)s.") % values, icon="timer", tone="solved"
            )
        case CommitmentMissed():
            words = _("Promise missed: %(promise)s.") % {"promise": Measure(event.measure).label}
            return Sentence(text=words, icon="timer-off", tone="missed")
        case _:
            return Sentence(text=_("%(who)s changed the case.") % {"who": who}, icon="circle-dot")


def _callback(event: Event, who: str) -> Sentence:
    match event:
        case CallbackPromised(way=Way.CALL, from_at=datetime() as from_at):
            window = {"who": who, "from": _moment(from_at), "due": _moment(event.due_at)}
            words = _("%(who)s promised the customer to call between %(from)s and %(due)s.") % window
            return Sentence(text=words, icon="phone-outgoing")
        case CallbackPromised(way=Way.CALL):
            words = _("%(who)s promised the customer to call by %(due)s.") % {"who": who, "due": _moment(event.due_at)}
            return Sentence(text=words, icon="phone-outgoing")
        case CallbackPromised():
            words = _("%(who)s promised the customer to write by %(due)s.") % {"who": who, "due": _moment(event.due_at)}
            return Sentence(text=words, icon="phone-outgoing")
        case CallbackMoved():
            values = {"who": who, "now": _moment(event.now), "reason": Reason(event.reason).label}
            words = _("%(who)s moved the promised callback to %(now)s. Reason: %(reason)s.") % values
            return Sentence(text=words, icon="calendar-clock")
        case CallbackTried():
            return Sentence(text=_tried(event, who), icon="phone-missed")
        case CallbackDone(is_by_answer=True):
            return Sentence(text=_("The answer was the promised callback."), icon="timer", tone="solved")
        case CallbackDone():
            words = _("%(who)s came back to the customer as promised.") % {"who": who}
            return Sentence(text=words, icon="timer", tone="solved")
        case _:
            values = {"who": who, "reason": Reason(event.reason).label}  # type: ignore[attr-defined]
            words = _("%(who)s took the promised callback back. Reason: %(reason)s.") % values
            return Sentence(text=words, icon="circle-minus")


def _tried(event: CallbackTried, who: str) -> str:
    values = {"who": who, "outcome": NotReached(event.outcome).label}
    if event.again_at is None:
        words = _("%(who)s called as promised and did not reach the customer: %(outcome)s. That was the last try.")
        return words % values
    words = _("%(who)s called as promised and did not reach the customer: %(outcome)s. We call again from %(again)s.")
    return words % {**values, "again": _moment(event.again_at)}


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _assignment(event: e.CaseAssigned, who: str, names: _Names) -> str:
    (_was, was_person, was_team, _spam), (_now, person, team, _still) = event.was, event.now
    values = {"who": who, "person": names.users.get(person or 0, ""), "team": names.teams.get(team or 0, "")}
    if person != was_person and person is not None and event.actor == f"user:{person}":
        return _("%(who)s took the case.") % values
    if person != was_person and person is not None:
        return _("%(who)s assigned the case to %(person)s.") % values
    if team != was_team and team is not None:
        return _("%(who)s gave the case to the team %(team)s.") % values
    if person != was_person:
        return _("%(who)s put the case back: it is nobody's now.") % values
    return _("%(who)s took the case out of its team.") % values


def _tagging(event: e.CaseTagged, who: str) -> str:
    values = {"who": who, "added": ", ".join(event.added), "removed": ", ".join(event.removed)}
    if event.added and event.removed:
        return _("%(who)s added the tags %(added)s and removed %(removed)s.") % values
    if event.added:
        return _("%(who)s added the tags %(added)s.") % values
    return _("%(who)s removed the tags %(removed)s.") % values


def _names(found: list[Recorded]) -> _Names:
    users, customers, teams = set[int](), set[int](), set[int]()
    for recorded in found:
        kind, _colon, key = recorded.event.actor.partition(":")
        if key.isdigit():
            (customers if kind == "customer" else users).add(int(key))
        match recorded.event:
            case e.CaseAssigned(now=(_category, person, team, _spam)):
                users |= {person} if person is not None else set()
                teams |= {team} if team is not None else set()
            case e.CaseFollowed(user_id=user_id) | e.CaseUnfollowed(user_id=user_id):
                users.add(user_id)
            case e.ParticipantAdded(customer_id=customer_id) | e.ParticipantRemoved(customer_id=customer_id):
                customers.add(customer_id)
    names = {type(recorded.event) for recorded in found}
    runs = [run_of(recorded.event.actor) for recorded in found]
    return _Names(
        users=names_of(users),
        customers={key: row.name for key, row in rows_of(customers).items()} if customers else {},
        teams=team_names_of(teams) if teams else {},
        statuses={row.id: row.name for row in statuses(with_retired=True)} if e.CaseStatusChanged in names else {},
        types={row.id: row.name for row in case_types(with_retired=True)} if e.CaseTyped in names else {},
        reasons={row.code: " › ".join(row.path) for row in reasons()} if e.CaseReasoned in names else {},
        rules=rule_names({run[0] for run in runs if run is not None}),
    )
