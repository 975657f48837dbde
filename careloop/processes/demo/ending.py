"""What is done at the end, so that there is something to do for everybody who signs in."""

from datetime import datetime, timedelta
from typing import Any

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, cases
from careloop.domains.cases.services import close_solved, save_draft
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import CaseRow
from careloop.domains.commitments.services import finish_callback, move_callback, promise_callback
from careloop.domains.commitments.states import Reason, Way
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.processes import hands
from careloop.processes.demo.equipping import Stage

__all__ = ["settle_down"]

SOLVED_FOR_GOOD = timedelta(days=3)
TO_DO_EACH = 3
PAGE = 200


@act
def settle_down(stage: Stage, *, until: datetime) -> None:
    """Close what was solved days ago, give every agent something to do, and leave a draft and promised callbacks behind.

    until: the simulated present.
    """
    for row in _all("done", HOUSE, until):
        if row.category == Category.SOLVED and row.solved_at and until - row.solved_at > SOLVED_FOR_GOOD:
            close_solved(case_id=row.id, actor=HOUSE, at=row.solved_at + SOLVED_FOR_GOOD)
    lead = stage.people[stage.house["lead"]]
    at = until - timedelta(minutes=9)
    free = [row for row in _all("unassigned", lead, until) if row.opened_at < at]
    for key in stage.agents:
        agent = stage.people[key]
        missing = max(0, TO_DO_EACH - len(_all("mine", agent, until)))
        free.sort(key=lambda row: row.team_id not in agent.team_ids)  # what the agent's own teams wait for comes first
        for row in free[:missing]:
            hands.assign(case_id=row.id, assignee_id=agent.id, team_id=row.team_id, actor=lead, at=at)
        del free[:missing]
    agent = stage.people[stage.house["draft"]["of"]]
    mine = _all("mine", agent, until)
    if mine:
        save_draft(
            case_id=mine[0].id,
            kind="reply",
            html=f"<p>{stage.house['draft']['text']}</p>",
            fields={},
            actor=agent,
            at=until,
        )
    _give_words(stage, until)


def _give_words(stage: Stage, until: datetime) -> None:
    """Let agents promise some of their customers to come back, and keep, move or forget it, as the texts say."""
    for key, said in zip(stage.agents, stage.house["callbacks"], strict=False):
        agent = stage.people[key]
        promised_at = until - timedelta(hours=said["promised_before"])
        able = [row for row in _all("mine", agent, until) if row.opened_at < promised_at]
        if not able:
            continue
        about: dict[str, Any] = {"case_id": able[-1].id, "actor": agent}
        due_at = (until + timedelta(hours=said["due_in"])).replace(minute=0, second=0, microsecond=0)
        promise_callback(**about, due_at=due_at, way=Way(said["way"]), note=said["note"], at=promised_at)
        if "moved_by" in said:
            later = due_at + timedelta(hours=said["moved_by"])
            reason = Reason(said["reason"])
            move_callback(**about, due_at=later, reason=reason, at=promised_at + timedelta(minutes=50))
        if "done_before" in said:
            finish_callback(**about, at=until - timedelta(hours=said["done_before"]))


def _all(view: str, viewer: Actor, now: datetime) -> list[CaseRow]:
    """Return all cases in one of the system's views, the oldest activity first."""
    found: list[CaseRow] = []
    cursor: str | None = None
    while True:
        page = cases(
            viewer=viewer,
            condition=as_tree(SYSTEM_VIEWS[view][1]),
            order="activity_at",
            now=now,
            cursor=cursor,
            limit=PAGE,
        )
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
