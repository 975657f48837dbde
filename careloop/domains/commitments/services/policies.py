"""Acts on the policies of the workspace in scope."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError
from django.db.models import F, Max
from django.utils.functional import Promise as Lazily
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id, is_calendar
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.states import DONE, Category
from careloop.domains.cases.types import Priority
from careloop.domains.commitments import rules
from careloop.domains.commitments.callers import tree_of
from careloop.domains.commitments.errors import (
    BadPolicy,
    MayNotPromise,
    PolicyNameTaken,
    PolicyNotFound,
    PolicyUnchanged,
)
from careloop.domains.commitments.events import (
    CommitmentPolicyChanged,
    CommitmentPolicyMade,
    CommitmentPolicyMoved,
    CommitmentPolicyRetired,
)
from careloop.domains.commitments.models import Policy, PolicyVersion
from careloop.domains.commitments.states import PROMISED, About, Measure
from careloop.domains.commitments.types import PolicySettings
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.conditions import ME, comparisons_of, to_json
from careloop.kernel.events import record, subject
from careloop.kernel.hours import NotEnoughHours, add_open_seconds

__all__ = ["OURS", "change_policy", "checked", "make_policy", "move_policy", "retire_policy"]

LONGEST_S: Final = 366 * 86_400
SHORTEST_S: Final = 60
SHORTEST_WAIT_S: Final = 5
LEAST_SHARE: Final = 0.01
MOST_SHARE: Final = 10.0
OURS: Final = frozenset({"due_at", "is_overdue"})
"""What cases know from policies; a policy that asks for it would move what it stands on."""
_SAID: Final = ("conditions", "calendar_id", "targets", "pauses", "steps", "levels")


@act
def make_policy(*, settings: PolicySettings, actor: Actor, at: datetime) -> int:
    """Promise something for what begins from now on, and return the policy's primary key; it is asked last.

    actor: an owner or a manager.

    Raises MayNotPromise, BadPolicy, PolicyNameTaken. Records CommitmentPolicyMade.
    """
    _refuse_unless_manager(actor)
    said = checked(settings, at=at)
    last = Policy.objects.filter(is_active=True).aggregate(last=Max("position"))["last"]
    policy = Policy(name=settings.name.strip(), about=settings.about, position=0 if last is None else last + 1)
    _save(policy)
    PolicyVersion.objects.create(policy=policy, version=1, effective_at=at, made_by=str(actor), **said)
    record(CommitmentPolicyMade(subject=_about(policy), actor=str(actor), at=at, name=policy.name))
    return policy.pk


@act
def change_policy(*, policy_id: int, settings: PolicySettings, actor: Actor, at: datetime) -> None:
    """Promise something else for what begins from now on. Clocks that run keep what they were promised, and so does what is over.

    settings: all of them, as they shall be. actor: an owner or a manager.

    Raises MayNotPromise, PolicyNotFound, BadPolicy, PolicyNameTaken, PolicyUnchanged. Records CommitmentPolicyChanged.
    """
    _refuse_unless_manager(actor)
    policy = _locked(policy_id)
    if settings.about != policy.about:
        problem = _("What a policy is about never changes. Make another policy instead.")
        raise BadPolicy(problem, fields={"about": problem})
    said = checked(settings, at=at)
    current = PolicyVersion.objects.get(policy=policy, version=policy.version)
    name = settings.name.strip()
    is_other = any(getattr(current, column) != said[column] for column in _SAID)
    if not is_other and name == policy.name:
        raise PolicyUnchanged(_("Nothing was changed: this is what is promised already."))
    policy.name = name
    if is_other:
        policy.version += 1
    _save(policy)
    if is_other:
        PolicyVersion.objects.create(policy=policy, version=policy.version, effective_at=at, made_by=str(actor), **said)
    record(
        CommitmentPolicyChanged(
            subject=_about(policy), actor=str(actor), at=at, name=policy.name, version=policy.version
        )
    )


@act
def move_policy(*, policy_id: int, position: int, actor: Actor, at: datetime) -> None:
    """Ask a policy earlier or later than others: of several that fit a case, the first one holds.

    position: 0 is asked first; beyond the last one means last.

    Raises MayNotPromise, PolicyNotFound, PolicyUnchanged. Records CommitmentPolicyMoved.
    """
    _refuse_unless_manager(actor)
    policies = list(Policy.objects.select_for_update().filter(is_active=True).order_by("position", "id"))
    moved = next((policy for policy in policies if policy.pk == policy_id), None)
    if moved is None:
        raise PolicyNotFound(_("There is no such policy."))
    was = policies.index(moved)
    position = max(0, min(position, len(policies) - 1))
    if position == was:
        raise PolicyUnchanged(_("The policy stands there already."))
    policies.insert(position, policies.pop(was))
    for index, policy in enumerate(policies):
        policy.position = index
    Policy.objects.bulk_update(policies, ["position"])
    record(CommitmentPolicyMoved(subject=_about(moved), actor=str(actor), at=at, position=position))


@act
def retire_policy(*, policy_id: int, actor: Actor, at: datetime) -> None:
    """Promise nothing more by a policy; clocks that run keep what they were promised.

    Raises MayNotPromise, PolicyNotFound. Records CommitmentPolicyRetired.
    """
    _refuse_unless_manager(actor)
    policy = _locked(policy_id)
    policy.is_active = False
    policy.save(update_fields=["is_active"])
    Policy.objects.filter(is_active=True, position__gt=policy.position).update(position=F("position") - 1)
    record(CommitmentPolicyRetired(subject=_about(policy), actor=str(actor), at=at))


def checked(settings: PolicySettings, *, at: datetime) -> dict[str, Any]:
    """Return what a policy says, in the form it is stored in. at: from when on it would hold.

    Raises BadPolicy with a sentence for each field at fault.
    """
    problems: dict[str, str | Lazily] = {}
    name = settings.name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        problems["name"] = _("Write a name of 1 to 80 characters.")
    conditions: dict[str, Any] = {}
    try:
        tree = tree_of(settings)
        conditions, asked = to_json(tree), list(comparisons_of(tree))
        if any(one.value is ME or (isinstance(one.value, tuple) and ME in one.value) for one in asked):
            problems["conditions"] = _("What is promised holds whoever looks, so name a person instead of “me”.")
        elif OURS & {one.field for one in asked}:
            problems["conditions"] = _("What is promised cannot depend on what is promised: leave out when it is due.")
    except CaseUnclear as problem:
        problems["conditions"] = problem.message
    if settings.calendar_id is not None and not is_calendar(settings.calendar_id):
        problems["calendar"] = _("This calendar does not exist any more. Choose another one.")
    targets = {
        str(measure): {str(int(priority)): int(seconds) for priority, seconds in by_priority.items()}
        for measure, by_priority in settings.targets.items()
        if by_priority
    }
    times = [seconds for by_priority in targets.values() for seconds in by_priority.values()]
    if settings.about is About.CALLS:
        problems |= _problems_of_calls(settings)
        targets = {Measure.WAIT.value: {str(int(key)): times[0] for key in Priority.values}} if times else {}
    if "targets" in problems:
        pass
    elif not settings.targets.keys() <= set(PROMISED):
        problems["targets"] = _("A callback is promised by a person, case by case. No policy can promise it.")
    elif not times:
        problems["targets"] = _("Promise at least one time.")
    elif not all(SHORTEST_WAIT_S <= seconds <= LONGEST_S for seconds in times):
        problems["targets"] = _("Promise at least 5 seconds for the wait in line, and at most a year.")
    elif any(
        seconds < SHORTEST_S
        for measure, by_priority in targets.items()
        if measure != Measure.WAIT
        for seconds in by_priority.values()
    ):
        problems["targets"] = _("Promise at least one minute and at most a year.")
    elif not all(int(key) in Priority.values for by_priority in targets.values() for key in by_priority):
        problems["targets"] = _("Choose a priority from low to urgent.")
    elif "calendar" not in problems and not _suffice(settings.calendar_id, max(times), at=at):
        problems["targets"] = _(
            "The calendar is open too little for so long a time. Promise less, or choose other hours."
        )
    if not set(settings.pauses) <= {Category.NEW, Category.OPEN, Category.WAITING} - DONE:
        problems["pauses"] = _("A clock can only stand still while a case is not solved.")
    shares = [step.share for step in settings.steps]
    if len(set(shares)) < len(shares):
        problems["steps"] = _("Say only once what happens at each share of the time.")
    elif not all(LEAST_SHARE <= share <= MOST_SHARE for share in shares):
        problems["steps"] = _("Choose shares of the time from 1 % to 1000 %.")
    elif not all(step.tell or step.priority for step in settings.steps):
        problems["steps"] = _("Say for each step whom to tell, or what priority the case gets.")
    elif not all(step.priority is None or step.priority in Priority.values for step in settings.steps):
        problems["steps"] = _("Choose a priority from low to urgent.")
    levels = {str(measure): float(share) for measure, share in settings.levels.items()}
    if "steps" not in problems and settings.about is About.CALLS and any(step.priority for step in settings.steps):
        problems["steps"] = _("A call has no priority that could be raised. Choose whom to tell.")
    if not all(0 < share <= 1 for share in levels.values()):
        problems["levels"] = _("Choose a share above 0 % and up to 100 %.")
    elif not levels.keys() <= targets.keys():
        problems["levels"] = _("Promise a time first, then how many keep it.")
    if problems:
        raise BadPolicy(next(iter(problems.values())), fields=problems)
    return {
        "conditions": conditions,
        "calendar_id": settings.calendar_id,
        "targets": targets,
        "pauses": sorted(settings.pauses) if settings.about is About.CASES else [],
        "steps": [
            {"share": step.share, "tell": [str(whom) for whom in step.tell], "priority": step.priority}
            for step in sorted(settings.steps, key=lambda step: step.share)
        ],
        "levels": levels,
    }


def _problems_of_calls(settings: PolicySettings) -> dict[str, str | Lazily]:
    """Return what cannot be promised to callers."""
    times = {seconds for by_priority in settings.targets.values() for seconds in by_priority.values()}
    if not settings.targets.keys() <= {Measure.WAIT}:
        return {"targets": _("To callers only the wait in line can be promised.")}
    if len(times) > 1:
        return {"targets": _("A call has no priority: promise one time.")}
    return {}


def _suffice(calendar_id: int | None, seconds: float, *, at: datetime) -> bool:
    """Say whether the hours of a calendar, None being all hours, ever add up to so much."""
    if calendar_id is None:
        return True
    try:
        add_open_seconds(hours_by_id(at=at)[calendar_id], at, seconds)
    except NotEnoughHours:
        return False
    return True


def _refuse_unless_manager(actor: Actor) -> None:
    if not rules.may_promise(actor):
        raise MayNotPromise(_("Only an owner or a manager can say what is promised."))


def _locked(policy_id: int) -> Policy:
    policy = Policy.objects.select_for_update().filter(pk=policy_id, is_active=True).first()
    if policy is None:
        raise PolicyNotFound(_("There is no such policy."))
    return policy


def _save(policy: Policy) -> None:
    try:
        with attempt():
            policy.save()
    except IntegrityError:
        problem = _("Another policy has this name. Choose a different one.")
        raise PolicyNameTaken(problem, fields={"name": problem}) from None


def _about(policy: Policy) -> str:
    return subject("commitment_policy", policy.pk)
