"""What has to be done before a case may be solved. For those who demand it, in the transaction of their acts."""

from datetime import datetime

from careloop.domains.cases.models import Hold
from careloop.domains.cases.services.locking import locked as _locked
from careloop.domains.cases.services.locking import locked_for_work, saved, visible
from careloop.domains.cases.types import HeldCase
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["hold_for_decision", "hold_for_step", "note_open_tasks", "release", "require"]


@act
def hold_for_step(*, case_id: int, actor: Actor) -> HeldCase:
    """Lock a case for somebody who does a part of the work on it. Raises CaseNotFound, MayNotWorkOnCases."""
    case = locked_for_work(case_id, actor)
    return HeldCase(number=case.number, team_id=case.team_id, category=case.category, is_spam=case.is_spam)


@act
def hold_for_decision(*, case_id: int, actor: Actor) -> HeldCase:
    """Lock a case for somebody who decides something in it and need not work on cases. Raises CaseNotFound."""
    case = visible(_locked(case_id), actor)
    return HeldCase(number=case.number, team_id=case.team_id, category=case.category, is_spam=case.is_spam)


@act
def note_open_tasks(*, case_id: int, count: int, at: datetime) -> None:
    """Keep how many tasks of a case are not done yet. For whoever hands them out; records nothing, which is theirs to do."""
    case = _locked(case_id)
    case.open_task_count = count
    saved(case, "open_task_count", at=at)


@act
def require(*, case_id: int, key: str, name: str, missing: str) -> None:
    """Let nobody solve a locked case before something is done.

    key: of what demands it. name, missing: who demands what, in the workspace's own words, as the refusal will say it.
    """
    Hold.objects.update_or_create(case_id=case_id, key=key, defaults={"name": name[:80], "missing": missing[:200]})


@act
def release(*, case_id: int, key: str) -> None:
    """Demand nothing more of a locked case."""
    Hold.objects.filter(case_id=case_id, key=key).delete()
