"""In whose hands a case is, and who looks on."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseUnclear, MayNotWorkOnCases
from careloop.domains.cases.events import (
    CaseAssigned,
    CaseFollowed,
    CaseMarkedSpam,
    CaseUnfollowed,
    CaseUnmarkedSpam,
)
from careloop.domains.cases.models import Case, Follower
from careloop.domains.cases.services.locking import (
    about,
    check_hands,
    locked,
    locked_for_work,
    place_of,
    saved,
    visible,
)
from careloop.domains.people.queries import actor_for
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.scope import current_workspace

__all__ = ["add_follower", "assign", "follow", "mark_spam", "remove_follower", "unfollow", "unmark_spam"]


@act
def assign(
    *,
    case_id: int,
    assignee_id: int | None,
    team_id: int | None,
    revision: int | None = None,
    actor: Actor,
    at: datetime,
) -> bool:
    """Put a case into somebody's hands and say whether that changed anything.

    assignee_id: somebody of the workspace who may be given cases, or None for nobody. team_id: a team of the workspace, or None.

    Raises CaseNotFound, MayNotWorkOnCases, ChangedMeanwhile, CaseUnclear. Records CaseAssigned.
    """
    case = locked_for_work(case_id, actor, revision=revision)
    if (case.assignee_id, case.team_id) == (assignee_id, team_id):
        return False
    check_hands(None if assignee_id == case.assignee_id else assignee_id, None if team_id == case.team_id else team_id)
    was = place_of(case)
    case.assignee_id, case.team_id = assignee_id, team_id
    saved(case, "assignee_id", "team_id", at=at)
    record(CaseAssigned(subject=about(case), actor=str(actor), at=at, was=was, now=place_of(case)))
    return True


@act
def mark_spam(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Put a case among the spam: out of every list and number. Raises CaseNotFound, MayNotWorkOnCases. Records CaseMarkedSpam."""
    case = locked_for_work(case_id, actor)
    if case.is_spam:
        return
    was, case.is_spam = place_of(case), True
    saved(case, "is_spam", at=at)
    record(CaseMarkedSpam(subject=about(case), actor=str(actor), at=at, was=was, now=place_of(case)))


@act
def unmark_spam(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Take a case out of the spam. Raises CaseNotFound, MayNotWorkOnCases. Records CaseUnmarkedSpam."""
    case = locked_for_work(case_id, actor)
    if not case.is_spam:
        return
    was, case.is_spam = place_of(case), False
    saved(case, "is_spam", at=at)
    record(CaseUnmarkedSpam(subject=about(case), actor=str(actor), at=at, was=was, now=place_of(case)))


@act
def follow(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Hear of everything that happens in a case. Raises CaseNotFound. Records CaseFollowed unless followed already."""
    case = visible(locked(case_id), actor)
    if actor.user_id is None or not rules.may_read_notes(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not follow them."))
    _follows(case, actor.user_id, actor, at)


@act
def unfollow(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Stop hearing of a case. Raises CaseNotFound. Records CaseUnfollowed unless it was not followed."""
    case = visible(locked(case_id), actor)
    if actor.user_id is not None:
        _follows_no_more(case, actor.user_id, actor, at)


@act
def add_follower(*, case_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Let a colleague hear of everything that happens in a case; whoever sees only some cases sees this one from now on.

    Raises CaseNotFound, MayNotWorkOnCases, CaseUnclear. Records CaseFollowed unless they follow already.
    """
    case = locked_for_work(case_id, actor)
    follower = actor_for(user_id, current_workspace())
    if follower is None or not rules.may_read_notes(follower):
        raise CaseUnclear(_("This person cannot follow cases here. Choose somebody else."))
    _follows(case, user_id, actor, at)


@act
def remove_follower(*, case_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Let a colleague follow a case no more. Raises CaseNotFound, MayNotWorkOnCases. Records CaseUnfollowed if they did."""
    _follows_no_more(locked_for_work(case_id, actor), user_id, actor, at)


def _follows(case: Case, user_id: int, actor: Actor, at: datetime) -> None:
    _follower, is_new = Follower.objects.get_or_create(case=case, user_id=user_id, defaults={"since": at})
    if is_new:
        record(CaseFollowed(subject=about(case), actor=str(actor), at=at, user_id=user_id))


def _follows_no_more(case: Case, user_id: int, actor: Actor, at: datetime) -> None:
    if Follower.objects.filter(case=case, user_id=user_id).delete()[0]:
        record(CaseUnfollowed(subject=about(case), actor=str(actor), at=at, user_id=user_id))
