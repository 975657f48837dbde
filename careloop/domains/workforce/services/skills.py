"""What people can, speak and hold, and what programs ought to get."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import actor_for
from careloop.domains.workforce import rules
from careloop.domains.workforce.errors import (
    BadCapacity,
    BadShare,
    BadSkill,
    MayNotKeepSkills,
    PersonNotHere,
    SkillNameTaken,
    SkillNotFound,
)
from careloop.domains.workforce.events import (
    CapacitySet,
    LanguagesSet,
    ShareSet,
    SkillMade,
    SkillRenamed,
    SkillRetired,
    SkillsSet,
)
from careloop.domains.workforce.models import PersonLanguage, PersonSkill, Share, Skill
from careloop.domains.workforce.services.seats import locked, settle
from careloop.domains.workforce.types import Capacity
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace

__all__ = [
    "make_skill",
    "rename_skill",
    "retire_skill",
    "set_capacity",
    "set_languages",
    "set_share",
    "set_skills",
]

KINDS: Final = frozenset({"case", "chat", "call", "callback"})
MOST: Final = 1000


@act
def make_skill(*, name: str, actor: Actor, at: datetime) -> int:
    """Name something that people know more or less about, for the whole operation, and return its primary key.

    name: 1 to 60 characters. actor: an owner or a manager.

    Raises MayNotKeepSkills, BadSkill, SkillNameTaken. Records SkillMade.
    """
    _refuse_unless_keeper(actor)
    skill = _save(Skill(name=_checked(name)))
    record(SkillMade(subject=subject("skill", skill.pk), actor=str(actor), at=at, name=skill.name))
    return skill.pk


@act
def rename_skill(*, skill_id: int, name: str, actor: Actor, at: datetime) -> None:
    """Call a skill something else. Raises MayNotKeepSkills, SkillNotFound, BadSkill, SkillNameTaken. Records SkillRenamed."""
    _refuse_unless_keeper(actor)
    skill = _locked_skill(skill_id)
    skill.name = _checked(name)
    _save(skill)
    record(SkillRenamed(subject=subject("skill", skill.pk), actor=str(actor), at=at, name=skill.name))


@act
def retire_skill(*, skill_id: int, actor: Actor, at: datetime) -> None:
    """Take a skill out of use; people keep it, so that what waits for it finds them. Nothing new asks for it.

    Raises MayNotKeepSkills, SkillNotFound. Records SkillRetired.
    """
    _refuse_unless_keeper(actor)
    skill = _locked_skill(skill_id)
    skill.is_active = False
    skill.save(update_fields=["is_active"])
    record(SkillRetired(subject=subject("skill", skill.pk), actor=str(actor), at=at))


@act
def set_skills(*, user_id: int, levels: Mapping[int, int], actor: Actor, at: datetime) -> None:
    """Say all that somebody can. levels: by skill, 1 (knows some) to 5 (knows all); what is not there they do not know.

    Raises MayNotKeepSkills, PersonNotHere, BadSkill. Records SkillsSet.
    """
    _refuse_unless_keeper(actor)
    _check_person(user_id)
    known = set(Skill.objects.filter(pk__in=levels).values_list("pk", flat=True))
    if known != set(levels) or not all(1 <= level <= 5 for level in levels.values()):
        raise BadSkill(_("Choose known skills, each with a level from 1 to 5."))
    seat = locked(user_id, at=at)
    PersonSkill.objects.filter(user_id=user_id).exclude(skill_id__in=levels).delete()
    PersonSkill.objects.bulk_create(
        [PersonSkill(user_id=user_id, skill_id=skill_id, level=level) for skill_id, level in sorted(levels.items())],
        update_conflicts=True,
        unique_fields=["user", "skill"],
        update_fields=["level"],
    )
    about = subject("user", user_id)
    record(SkillsSet(subject=about, actor=str(actor), at=at, skill_ids=frozenset(levels)))
    settle(seat, actor=actor, at=at)


@act
def set_languages(*, user_id: int, languages: Collection[str], actor: Actor, at: datetime) -> None:
    """Say all that somebody speaks well enough to serve in. languages: codes of at most 10 characters, such as "ko".

    Raises MayNotKeepSkills, PersonNotHere, BadSkill. Records LanguagesSet.
    """
    _refuse_unless_keeper(actor)
    _check_person(user_id)
    spoken = {code.strip().lower() for code in languages}
    if not all(1 <= len(code) <= 10 and code.replace("-", "").isalpha() for code in spoken):
        raise BadSkill(_("Write languages as codes, such as ko or zh-hans."))
    seat = locked(user_id, at=at)
    PersonLanguage.objects.filter(user_id=user_id).delete()
    PersonLanguage.objects.bulk_create([PersonLanguage(user_id=user_id, language=code) for code in sorted(spoken)])
    about = subject("user", user_id)
    record(LanguagesSet(subject=about, actor=str(actor), at=at, languages=frozenset(spoken)))
    settle(seat, actor=actor, at=at)


@act
def set_capacity(*, user_id: int, capacity: Capacity, actor: Actor, at: datetime) -> None:
    """Say how much somebody holds at a time. Raises MayNotKeepSkills, PersonNotHere, BadCapacity. Records CapacitySet."""
    _refuse_unless_keeper(actor)
    _check_person(user_id)
    if not set(capacity.most) <= KINDS:
        raise BadCapacity(_("Choose kinds of work that there are."))
    if not all(0 <= number <= MOST for number in (capacity.room, *capacity.most.values())):
        raise BadCapacity(_("Choose numbers from 0 to 1000."))
    seat = locked(user_id, at=at)
    seat.room, seat.most = capacity.room, {kind: most for kind, most in capacity.most.items() if most}
    kinds = frozenset(seat.most)
    record(CapacitySet(subject=subject("user", user_id), actor=str(actor), at=at, room=capacity.room, kinds=kinds))
    settle(seat, actor=actor, at=at)


@act
def set_share(*, agreed: float, actor: Actor, at: datetime) -> None:
    """Say how much of the operation's work the workspace in scope ought to get, when several compete for the same people.

    agreed: its weight among the programs, above 0 and at most 1000; a program nobody agreed anything for has 1.

    Raises MayNotKeepSkills, BadShare. Records ShareSet.
    """
    _refuse_unless_keeper(actor)
    if not 0 < agreed <= MOST:
        raise BadShare(_("Choose a weight above 0 and up to 1000."))
    Share.objects.update_or_create(
        workspace_id=current_workspace(),
        defaults={"agreed": agreed},
        create_defaults={"agreed": agreed, "given_at": at},
    )
    record(ShareSet(subject=subject("workspace", current_workspace()), actor=str(actor), at=at, agreed=agreed))


def _refuse_unless_keeper(actor: Actor) -> None:
    if not rules.may_keep_skills(actor):
        raise MayNotKeepSkills(_("Only an owner or a manager can say what people can and hold."))


def _check_person(user_id: int) -> None:
    person = actor_for(user_id, current_workspace())
    if person is None or not rules.may_set_own(person):
        raise PersonNotHere(_("Nobody like that serves customers in this workspace."))


def _checked(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 60 or not name.isprintable():
        problem = _("Write a name of 1 to 60 characters.")
        raise BadSkill(problem, fields={"name": problem})
    return name


def _locked_skill(skill_id: int) -> Skill:
    skill = Skill.objects.select_for_update().filter(pk=skill_id, is_active=True).first()
    if skill is None:
        raise SkillNotFound(_("There is no such skill."))
    return skill


def _save(skill: Skill) -> Skill:
    try:
        with attempt():
            skill.save()
    except IntegrityError:
        problem = _("Another skill has this name. Choose a different one.")
        raise SkillNameTaken(problem, fields={"name": problem}) from None
    return skill
