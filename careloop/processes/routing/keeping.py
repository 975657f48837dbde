"""Queues and rules as people keep them: what they ask for is checked against skills and cases, which live on other floors."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.conditions import validated
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.errors import BadQueue, BadRule
from careloop.domains.queues.types import Needs, QueueSettings, RuleSettings
from careloop.domains.workforce.queries import skill_names
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["change_queue", "change_rule", "make_queue", "make_rule"]


@act
def make_queue(*, settings: QueueSettings, actor: Actor, at: datetime) -> int:
    """Make a queue and return its primary key. Refusals as queues.services.make_queue; BadQueue also for unknown skills."""
    _check_queue(settings)
    return queue_acts.make_queue(settings=settings, actor=actor, at=at)


@act
def change_queue(*, queue_id: int, settings: QueueSettings, actor: Actor, at: datetime) -> None:
    """Say something else about a queue. Refusals as queues.services.change_queue; BadQueue also for unknown skills."""
    _check_queue(settings)
    queue_acts.change_queue(queue_id=queue_id, settings=settings, actor=actor, at=at)


@act
def make_rule(*, settings: RuleSettings, actor: Actor, at: datetime) -> int:
    """Say which cases go into a queue. Refusals as queues.services.make_rule; BadRule also for what cannot be asked."""
    return queue_acts.make_rule(settings=_checked(settings), actor=actor, at=at)


@act
def change_rule(*, rule_id: int, settings: RuleSettings, actor: Actor, at: datetime) -> None:
    """Say something else about a rule. Refusals as queues.services.change_rule; BadRule also for what cannot be asked."""
    queue_acts.change_rule(rule_id=rule_id, settings=_checked(settings), actor=actor, at=at)


def _check_queue(settings: QueueSettings) -> None:
    if not _are_known(settings.needs):
        problem = _("This skill does not exist any more. Choose another one.")
        raise BadQueue(problem, fields={"needs": problem})


def _checked(settings: RuleSettings) -> RuleSettings:
    if not _are_known(settings.needs):
        problem = _("This skill does not exist any more. Choose another one.")
        raise BadRule(problem, fields={"needs": problem})
    try:
        return replace(settings, conditions=validated(settings.conditions))
    except CaseUnclear as problem:
        raise BadRule(problem.message, fields={"conditions": problem.message}) from None


def _are_known(needs: Needs) -> bool:
    return set(skill_names(needs)) == set(needs)
