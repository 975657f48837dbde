"""Lock a case before looking at it, and leave every change behind with its time and a new revision."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseNotFound, CaseUnclear, ChangedMeanwhile, MayNotWorkOnCases
from careloop.domains.cases.events import Place
from careloop.domains.cases.models import Case, Follower, Participant, Status
from careloop.domains.cases.states import Category
from careloop.domains.people.queries import actor_for, is_team
from careloop.kernel.actors import Actor, Role
from careloop.kernel.events import subject
from careloop.kernel.scope import current_workspace, remembered
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "about",
    "check_hands",
    "default_status",
    "locked",
    "locked_for_work",
    "place_of",
    "saved",
    "visible",
]


def locked(case_id: int) -> Case:
    """Return the case, locked until the transaction ends. Raises CaseNotFound."""
    case = Case.objects.select_for_update().defer("search").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound(_("There is no such case."))
    return case


def categories_locked(case_ids: Collection[int]) -> dict[int, Category]:
    """Lock some cases, in the order of their ids, and return the category of each. Raises CaseNotFound."""
    found = {case_id: Category(category) for case_id, category in _CATEGORIES(case_ids=list(case_ids))}
    if not found.keys() >= set(case_ids):
        raise CaseNotFound(_("There is no such case."))
    return found


_CATEGORIES: Final = Statement(
    lambda: (
        Case.objects.select_for_update()
        .filter(pk__among=Asked("case_ids"))
        .order_by("pk")
        .values_list("pk", "category")
    )
)


def locked_for_work(case_id: int, actor: Actor, *, revision: int | None = None) -> Case:
    """Return the locked case for somebody who wants to change it.

    revision: what the reader saw; None when the change does not depend on it.

    Raises CaseNotFound (also for those who may not see it), MayNotWorkOnCases, ChangedMeanwhile.
    """
    case = visible(locked(case_id), actor)
    if not rules.may_work(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not change them."))
    if revision is not None and revision != case.revision:
        raise ChangedMeanwhile(_("Somebody changed this case while you were looking at it. Look again, then decide."))
    return case


def visible(case: Case, actor: Actor) -> Case:
    """Return the case if the actor may see it. Raises CaseNotFound otherwise, as if it were not there."""
    if rules.may_see_all(actor):
        return case
    facts = rules.CaseFacts(
        requester_id=case.requester_id,
        participant_ids=set(Participant.objects.filter(case=case).values_list("customer_id", flat=True)),
        assignee_id=case.assignee_id,
        team_id=case.team_id,
        follower_ids=set(Follower.objects.filter(case=case).values_list("user_id", flat=True))
        if actor.has_role(Role.COLLEAGUE)
        else (),
    )
    if not rules.may_see(actor, facts):
        raise CaseNotFound(_("There is no such case."))
    return case


def saved(case: Case, *fields: str, at: datetime) -> None:
    """Save some fields of a locked case, with its last activity and a new revision."""
    case.activity_at = max(case.activity_at, at)
    case.revision = F("revision") + 1
    case.save(update_fields=[*fields, "activity_at", "revision"])


def check_hands(assignee_id: int | None, team_id: int | None) -> None:
    """Refuse to put a case into hands that cannot take it. Raises CaseUnclear."""
    if assignee_id is not None:
        assignee = actor_for(assignee_id, current_workspace())
        if assignee is None or assignee.role is None:
            raise CaseUnclear(_("This person does not work here any more. Choose somebody else."))
        if not rules.may_be_given(assignee.role):
            raise CaseUnclear(_("This person only reads cases. Choose somebody who works on them."))
    if team_id is not None and not is_team(team_id):
        raise CaseUnclear(_("This team does not exist any more. Choose another one."))


def place_of(case: Case) -> Place:
    """Return where the case lies, for the counters."""
    return (str(case.category), case.assignee_id, case.team_id, case.is_spam)


def about(case: Case) -> str:
    """Return how the log names the case."""
    return subject("case", case.pk)


def default_status(category: Category) -> Status:
    """Return the status a case gets when it enters a category by itself."""
    return remembered(
        f"cases.default_status.{category}", lambda: Status.objects.get(category=category, is_default=True)
    )
