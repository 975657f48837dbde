"""What a case is about."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.events import (
    CasePrioritized,
    CaseReasoned,
    CaseRenamed,
    CaseTagged,
    CaseTyped,
    ParticipantAdded,
    ParticipantRemoved,
)
from careloop.domains.cases.models import CaseTag, CaseType, Participant, Reason, ReasonTree, Tag
from careloop.domains.cases.services.locking import about, locked, locked_for_work, saved
from careloop.domains.cases.types import Priority
from careloop.domains.customers.queries import rows_of
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.scope import remembered
from careloop.kernel.text import document

__all__ = ["add_participant", "prioritize", "remove_participant", "rename", "set_reason", "set_type", "tag"]


@act
def prioritize(*, case_id: int, priority: int, revision: int | None = None, actor: Actor, at: datetime) -> None:
    """Give a case another priority, 1 (low) to 4 (urgent).

    Raises CaseNotFound, MayNotWorkOnCases, ChangedMeanwhile, CaseUnclear. Records CasePrioritized.
    """
    case = locked_for_work(case_id, actor, revision=revision)
    if priority not in Priority.values:
        raise CaseUnclear(_("Choose a priority from low to urgent."))
    if priority == case.priority:
        return
    was, case.priority = case.priority, priority
    saved(case, "priority", at=at)
    record(CasePrioritized(subject=about(case), actor=str(actor), at=at, was=was, now=priority))


@act
def rename(
    *, case_id: int, subject_line: str, requester_name: str, revision: int | None = None, actor: Actor, at: datetime
) -> None:
    """Give a case a better subject. requester_name: the requester's, by which the case is also found.

    Raises CaseNotFound, MayNotWorkOnCases, ChangedMeanwhile, CaseUnclear. Records CaseRenamed.
    """
    case = locked_for_work(case_id, actor, revision=revision)
    subject_line = " ".join(subject_line.split())[:500]
    if not subject_line:
        raise CaseUnclear(_("Say in a few words what it is about."))
    if subject_line == case.subject:
        return
    case.subject = subject_line
    case.search = document(f"{subject_line} {requester_name}")
    saved(case, "subject", "search", at=at)
    record(CaseRenamed(subject=about(case), actor=str(actor), at=at))


@act
def set_type(*, case_id: int, type_id: int, revision: int | None = None, actor: Actor, at: datetime) -> None:
    """Say what kind of matter it is. Raises CaseNotFound, MayNotWorkOnCases, ChangedMeanwhile, CaseUnclear. Records CaseTyped."""
    case = locked_for_work(case_id, actor, revision=revision)
    if not CaseType.objects.filter(pk=type_id, is_active=True).exists():
        raise CaseUnclear(_("This type does not exist any more. Choose another one."))
    if type_id == case.type_id:
        return
    was, case.type_id = case.type_id, type_id
    saved(case, "type_id", at=at)
    record(CaseTyped(subject=about(case), actor=str(actor), at=at, was=was, now=type_id))


@act
def set_reason(*, case_id: int, reason_id: int | None, revision: int | None = None, actor: Actor, at: datetime) -> None:
    """Say why the customer came, from the newest tree of reasons.

    Raises CaseNotFound, MayNotWorkOnCases, ChangedMeanwhile, CaseUnclear. Records CaseReasoned.
    """
    case = locked_for_work(case_id, actor, revision=revision)
    newest = remembered("cases.newest_reasons", lambda: ReasonTree.objects.order_by("-version").first())
    chosen = None
    if reason_id is not None:
        chosen = Reason.objects.filter(pk=reason_id, tree=newest).first()
        if chosen is None:
            raise CaseUnclear(_("The reasons have been revised meanwhile. Choose again."))
    if case.reason_id == reason_id:
        return
    was = case.reason.code if case.reason else ""
    case.reason = chosen
    saved(case, "reason", at=at)
    record(
        CaseReasoned(
            subject=about(case),
            actor=str(actor),
            at=at,
            was=was,
            now=chosen.code if chosen else "",
            tree_version=newest.version if newest else 0,
        )
    )


@act
def tag(*, case_id: int, add: Collection[str], remove: Collection[str], actor: Actor, at: datetime) -> None:
    """Put tags on a case and take others off; a new name makes a new tag.

    Raises CaseNotFound, MayNotWorkOnCases. Records CaseTagged when anything differs.
    """
    case = locked_for_work(case_id, actor)
    present = set(CaseTag.objects.filter(case=case).values_list("tag__name", flat=True))
    added = {" ".join(name.split())[:60] for name in add if name.strip()} - present
    removed = set(remove) & present - added
    if not added and not removed:
        return
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(added)], ignore_conflicts=True)
    CaseTag.objects.bulk_create([CaseTag(case=case, tag=found) for found in Tag.objects.filter(name__in=added)])
    CaseTag.objects.filter(case=case, tag__name__in=removed).delete()
    saved(case, at=at)
    record(
        CaseTagged(
            subject=about(case),
            actor=str(actor),
            at=at,
            added=tuple(sorted(added)),
            removed=tuple(sorted(removed)),
        )
    )


@act
def add_participant(*, case_id: int, customer_id: int, actor: Actor, at: datetime) -> None:
    """Let another customer take part: they see the case in the portal. Raises CaseNotFound, CaseUnclear.

    Records ParticipantAdded unless they take part already.
    """
    case = locked(case_id) if actor.is_house else locked_for_work(case_id, actor)
    if case.requester_id == customer_id:
        raise CaseUnclear(_("This customer asked in the first place, so they take part already."))
    if customer_id not in rows_of([customer_id]):
        raise CaseUnclear(_("There is no such customer."))
    _participant, is_new = Participant.objects.get_or_create(
        case=case, customer_id=customer_id, defaults={"added_at": at}
    )
    if is_new:
        record(ParticipantAdded(subject=about(case), actor=str(actor), at=at, customer_id=customer_id))


@act
def remove_participant(*, case_id: int, customer_id: int, actor: Actor, at: datetime) -> None:
    """Let a customer take part no more. Raises CaseNotFound, MayNotWorkOnCases. Records ParticipantRemoved."""
    case = locked_for_work(case_id, actor)
    if Participant.objects.filter(case=case, customer_id=customer_id).delete()[0]:
        record(ParticipantRemoved(subject=about(case), actor=str(actor), at=at, customer_id=customer_id))
