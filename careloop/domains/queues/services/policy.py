"""Acts on the queues of the workspace in scope, and on the rules by which cases go into them."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError
from django.db.models import F, Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import is_calendar
from careloop.domains.people.queries import is_team
from careloop.domains.queues import rules
from careloop.domains.queues.errors import (
    BadQueue,
    BadRule,
    MayNotKeepQueues,
    QueueInUse,
    QueueNameTaken,
    QueueNotFound,
    RuleNotFound,
)
from careloop.domains.queues.events import (
    QueueChanged,
    QueueMade,
    QueueRetired,
    RuleChanged,
    RuleMade,
    RuleMoved,
    RuleRemoved,
)
from careloop.domains.queues.models import Queue, Rule, Waiting
from careloop.domains.queues.reading import kept_needs
from careloop.domains.queues.services.hours import set_hours
from careloop.domains.queues.services.waiting import OPEN, stand_again
from careloop.domains.queues.states import Choice, Kind
from careloop.domains.queues.types import Needs, QueueSettings, RuleSettings
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.bells import ROUTING, ring_bell
from careloop.kernel.events import record, subject

__all__ = [
    "change_queue",
    "change_rule",
    "make_queue",
    "make_rule",
    "move_rule",
    "remove_rule",
    "retire_queue",
]

MOST_STEPS: Final = 20
LONGEST_S: Final = 7 * 86_400


@act
def make_queue(*, settings: QueueSettings, actor: Actor, at: datetime) -> int:
    """Make a queue and return its primary key. actor: an owner or a manager.

    That the skills exist is for the caller to know (processes.routing.keeping): they belong to a floor above.

    Raises MayNotKeepQueues, BadQueue, QueueNameTaken. Records QueueMade.
    """
    _refuse_unless_keeper(actor)
    queue = Queue(**_checked(settings, None))
    _save(queue)
    set_hours(queue, at=at)
    queue.save(update_fields=["is_open"])
    record(QueueMade(subject=subject("queue", queue.pk), actor=str(actor), at=at, name=queue.name))
    return queue.pk


@act
def change_queue(*, queue_id: int, settings: QueueSettings, actor: Actor, at: datetime) -> None:
    """Say something else about a queue; what waits in it is put in order anew.

    Raises MayNotKeepQueues, QueueNotFound, BadQueue, QueueNameTaken. Records QueueChanged.
    """
    _refuse_unless_keeper(actor)
    queue = _locked(queue_id)
    for name, value in _checked(settings, queue).items():
        setattr(queue, name, value)
    set_hours(queue, at=at)
    _save(queue)
    stand_again(queue)
    record(QueueChanged(subject=subject("queue", queue.pk), actor=str(actor), at=at, name=queue.name))
    ring_bell(ROUTING)


@act
def retire_queue(*, queue_id: int, actor: Actor, at: datetime) -> None:
    """Take a queue out of use, and the rules into it with it.

    Raises MayNotKeepQueues, QueueNotFound, QueueInUse while something waits in it or another queue flows over into it.
    Records QueueRetired, and RuleRemoved.
    """
    _refuse_unless_keeper(actor)
    queue = _locked(queue_id)
    if Waiting.objects.filter(queue=queue, stage__in=OPEN).exists():
        raise QueueInUse(_("Something still waits in this queue. Move it into another one first."))
    if Queue.objects.filter(overflow=queue, is_active=True).exists():
        raise QueueInUse(_("Another queue flows over into this one. Change that first."))
    for rule in Rule.objects.select_for_update().filter(queue=queue).order_by("pk"):
        _remove(rule, actor=actor, at=at)
    queue.is_active = False
    set_hours(queue, at=at)
    queue.save(update_fields=["is_active", "is_open"])
    record(QueueRetired(subject=subject("queue", queue.pk), actor=str(actor), at=at))


@act
def make_rule(*, settings: RuleSettings, actor: Actor, at: datetime) -> int:
    """Say which cases go into a queue, and return the rule's primary key; it is asked last.

    That the conditions can be asked is for the caller to know (processes.routing.keeping): cases live a floor above.

    Raises MayNotKeepQueues, QueueNotFound, BadRule. Records RuleMade.
    """
    _refuse_unless_keeper(actor)
    said = _checked_rule(settings)
    last = Rule.objects.aggregate(last=Max("position"))["last"]
    rule = Rule.objects.create(position=0 if last is None else last + 1, **said)
    record(RuleMade(subject=_about(rule), actor=str(actor), at=at, queue_id=rule.queue_id))
    return rule.pk


@act
def change_rule(*, rule_id: int, settings: RuleSettings, actor: Actor, at: datetime) -> None:
    """Say something else about which cases go into a queue. Raises as make_rule, and RuleNotFound. Records RuleChanged."""
    _refuse_unless_keeper(actor)
    rule = _locked_rule(rule_id)
    for name, value in _checked_rule(settings).items():
        setattr(rule, name, value)
    rule.save()
    record(RuleChanged(subject=_about(rule), actor=str(actor), at=at, queue_id=rule.queue_id))


@act
def move_rule(*, rule_id: int, position: int, actor: Actor, at: datetime) -> None:
    """Ask a rule earlier or later. position: 0 is asked first; beyond the last is the last.

    Raises MayNotKeepQueues, RuleNotFound, BadRule. Records RuleMoved.
    """
    _refuse_unless_keeper(actor)
    if position < 0:
        raise BadRule(_("The first place is 0."))
    rows = list(Rule.objects.select_for_update().order_by("position", "pk"))
    rule = next((row for row in rows if row.pk == rule_id), None)
    if rule is None:
        raise RuleNotFound(_("There is no such rule."))
    rows.remove(rule)
    rows.insert(position, rule)
    for place, row in enumerate(rows):
        row.position = place
    Rule.objects.bulk_update(rows, ["position"])
    record(RuleMoved(subject=_about(rule), actor=str(actor), at=at, position=rule.position))


@act
def remove_rule(*, rule_id: int, actor: Actor, at: datetime) -> None:
    """Ask a rule no more; what waits because of it stays. Raises MayNotKeepQueues, RuleNotFound. Records RuleRemoved."""
    _refuse_unless_keeper(actor)
    _remove(_locked_rule(rule_id), actor=actor, at=at)


def _remove(rule: Rule, *, actor: Actor, at: datetime) -> None:
    about, after = _about(rule), rule.position
    rule.delete()
    Rule.objects.filter(position__gt=after).update(position=F("position") - 1)
    record(RuleRemoved(subject=about, actor=str(actor), at=at))


def _checked(settings: QueueSettings, queue: Queue | None) -> dict[str, Any]:
    """Return what is kept of a queue's settings. Raises BadQueue with every problem by its field."""
    problems: dict[str, str | Promise] = {}
    name = settings.name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        problems["name"] = _("Write a name of 1 to 80 characters.")
    if not settings.kinds or not set(settings.kinds) <= set(Kind):
        problems["kinds"] = _("Choose at least one kind of work.")
    if not all(map(is_team, settings.team_ids)):
        problems["teams"] = _("This team does not exist any more. Choose another one.")
    if not _are_levels(settings.needs):
        problems["needs"] = _("Choose a level from 1 to 5 for each skill.")
    if not 0 <= settings.priority <= MOST_STEPS:
        problems["priority"] = _("Choose a priority from 0 to 20.")
    if not 1 <= settings.step_s <= LONGEST_S:
        problems["step"] = _("Choose a time of one second to a week.")
    if not all(tag.strip() and 0 <= steps <= MOST_STEPS for tag, steps in settings.tiers.items()):
        problems["tiers"] = _("Give each tag a priority from 0 to 20.")
    if settings.calendar_id is not None and not is_calendar(settings.calendar_id):
        problems["calendar"] = _("This calendar does not exist any more. Choose another one.")
    if (settings.overflow_id is None) != (settings.overflow_after_s is None):
        problems["overflow"] = _("Say both where it goes and after how long, or neither.")
    elif settings.overflow_after_s is not None and not 1 <= settings.overflow_after_s <= LONGEST_S:
        problems["overflow"] = _("Choose a time of one second to a week.")
    elif settings.overflow_id is not None and not _may_take_over(settings.overflow_id, settings, queue):
        problems["overflow"] = _("Choose another queue that is in use and takes the same kinds of work.")
    if settings.choice not in set(Choice):
        problems["choice"] = _("Choose how people are chosen.")
    if not 0 <= settings.same_agent_s <= LONGEST_S:
        problems["same_agent"] = _("Choose a time of at most a week.")
    if not 5 <= settings.offer_s <= 3600:
        problems["offer"] = _("Choose a time of five seconds to one hour.")
    if not 0 <= settings.wrap_s <= 3600:
        problems["wrap"] = _("Choose a time of at most one hour.")
    if not 1 <= settings.weight <= 100:
        problems["weight"] = _("Choose a weight from 1 to 100.")
    if problems:
        raise BadQueue(next(iter(problems.values())), fields=problems)
    return {
        "name": name,
        "kinds": sorted(map(str, settings.kinds)),
        "team_ids": sorted(set(settings.team_ids)),
        "needs": kept_needs(settings.needs),
        "is_by_language": settings.is_by_language,
        "priority": settings.priority,
        "step_s": settings.step_s,
        "tiers": {tag.strip(): steps for tag, steps in sorted(settings.tiers.items())},
        "calendar_id": settings.calendar_id,
        "overflow_id": settings.overflow_id,
        "overflow_after_s": settings.overflow_after_s,
        "choice": str(settings.choice),
        "same_agent_s": settings.same_agent_s,
        "offer_s": settings.offer_s,
        "wrap_s": settings.wrap_s,
        "weight": settings.weight,
    }


def _may_take_over(queue_id: int, settings: QueueSettings, queue: Queue | None) -> bool:
    after = Queue.objects.filter(pk=queue_id, is_active=True).first()
    return after is not None and after != queue and set(settings.kinds) <= set(after.kinds)


def _are_levels(needs: Needs) -> bool:
    return all(1 <= level <= 5 for level in needs.values())


def _checked_rule(settings: RuleSettings) -> dict[str, Any]:
    queue = Queue.objects.filter(pk=settings.queue_id, is_active=True).first()
    if queue is None:
        raise QueueNotFound(_("There is no such queue."))
    problems: dict[str, str | Promise] = {}
    if Kind.CASE not in queue.kinds:
        problems["queue"] = _("This queue takes no cases. Choose another one.")
    if not 0 <= settings.tier <= MOST_STEPS:
        problems["tier"] = _("Choose a priority from 0 to 20.")
    if not _are_levels(settings.needs):
        problems["needs"] = _("Choose a level from 1 to 5 for each skill.")
    if problems:
        raise BadRule(next(iter(problems.values())), fields=problems)
    return {
        "queue_id": queue.pk,
        "conditions": dict(settings.conditions or {}),
        "tier": settings.tier,
        "needs": kept_needs(settings.needs),
    }


def _refuse_unless_keeper(actor: Actor) -> None:
    if not rules.may_keep_queues(actor):
        raise MayNotKeepQueues(_("Only an owner or a manager can change queues."))


def _locked(queue_id: int) -> Queue:
    queue = Queue.objects.select_for_update().filter(pk=queue_id, is_active=True).first()
    if queue is None:
        raise QueueNotFound(_("There is no such queue."))
    return queue


def _locked_rule(rule_id: int) -> Rule:
    rule = Rule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise RuleNotFound(_("There is no such rule."))
    return rule


def _save(queue: Queue) -> None:
    try:
        with attempt():
            queue.save()
    except IntegrityError:
        problem = _("Another queue has this name. Choose a different one.")
        raise QueueNameTaken(problem, fields={"name": problem}) from None


def _about(rule: Rule) -> str:
    return subject("queue_rule", rule.pk)
