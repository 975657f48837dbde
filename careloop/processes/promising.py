"""Keep what is promised: changed hours are counted again, and as time runs out people hear of it."""

from collections.abc import Collection, Sequence
from typing import Final

from procrastinate.contrib.django import app

from careloop.domains.calls.queries import call_rows
from careloop.domains.cases.queries import case_briefs
from careloop.domains.cases.services import prioritize
from careloop.domains.cases.types import CaseBrief
from careloop.domains.chats.queries import chat_rows
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow
from careloop.domains.commitments.events import CommitmentEscalated
from careloop.domains.commitments.queries import (
    chat_of_clock,
    escalation_at,
    promiser_of,
    since_of_clock,
    task_of_clock,
)
from careloop.domains.commitments.services import recount
from careloop.domains.commitments.states import Measure, Whom
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind, Notice
from careloop.domains.people.queries import people_choices, people_in_teams, teams_of
from careloop.domains.tasks.queries import tasks_by_id
from careloop.domains.tasks.types import TaskRow
from careloop.domains.workforce.queries import at_work
from careloop.kernel import clock
from careloop.kernel.actors import Actor, ActorKind, Role
from careloop.kernel.events import Recorded
from careloop.kernel.scope import current_workspace, workspace_scope

__all__ = ["count_again", "escalate", "recount_hours"]

KEEPER: Final = Actor(kind=ActorKind.HOUSE, name="commitments")


def count_again(recorded: Sequence[Recorded]) -> None:
    """Have the clocks counted again that run in hours which have changed."""
    workspace_id = current_workspace()
    for calendar_id in sorted({one.subject_id for one in recorded}):
        app.configure_task("recount_hours", lock=f"recount {workspace_id} {calendar_id}").defer(
            workspace_id=workspace_id, calendar_id=calendar_id
        )


def recount_hours(*, workspace_id: int, calendar_id: int) -> None:
    """Work out again when all clocks are due that run in the hours of a calendar, some at a time."""
    after: int | None = 0
    while after is not None:
        with workspace_scope(workspace_id):
            after = recount(calendar_id=calendar_id, at=clock.now(), after=after)


def escalate(recorded: Sequence[Recorded]) -> None:
    """Tell those who are to hear that time runs out, and raise the priority where the policy says so.

    Nobody is called to a visitor or a caller who does not wait any more. The priority of the case is that of its chat in the queue;
    a call has none, its telephone system holds the queue.
    """
    _tell_of_callers([one for one in recorded if one.event.subject.startswith("call:")])
    events = [
        one for one in recorded if isinstance(one.event, CommitmentEscalated) and one.event.subject.startswith("case:")
    ]
    cases = case_briefs({one.subject_id for one in events})
    for one in events:
        event: CommitmentEscalated = one.event  # type: ignore[assignment]
        case, step = cases.get(one.subject_id), escalation_at(version_id=event.version_id, share=event.share)
        if case is None or step is None:
            continue
        task, chat = _task(event), _chat(event)
        if event.measure == Measure.WAIT and (chat is None or chat.state != State.WAITING):
            continue
        if chat is not None:
            people = _people_of_wait(chat, case, step.tell)
        elif task is None:
            people = _people(case, step.tell) | (_promiser(event.clock_id) if event.version_id is None else set())
        else:
            people = _people_of_task(task, step.tell, is_over=event.share >= 1)
        kind = Kind.PROMISE_MISSED if event.share >= 1 else Kind.PROMISE_DUE
        notify(
            [
                Notice(
                    user_id=user_id,
                    kind=kind,
                    case_id=case.id,
                    case_number=case.number,
                    task_id=task.id if task is not None else None,
                    actor=event.actor,
                    event_id=one.id,
                    at=event.at,
                )
                for user_id in sorted(people)
            ]
        )
        # A case is not made urgent because a colleague is late with a part of it.
        if task is None and step.priority is not None and step.priority > case.priority:
            prioritize(case_id=case.id, priority=step.priority, actor=KEEPER, at=event.at)


def _tell_of_callers(recorded: Sequence[Recorded]) -> None:
    """Tell those who lead that somebody stands in a queue of the telephone system."""
    calls = call_rows({one.subject_id for one in recorded})
    notices: list[Notice] = []
    for one in recorded:
        if not isinstance(one.event, CommitmentEscalated) or one.subject_id not in calls:
            continue
        event, call = one.event, calls[one.subject_id]
        step = escalation_at(version_id=event.version_id, share=event.share)
        if step is None or call.queued_at is None or call.queued_at != since_of_clock(event.clock_id):
            continue
        notices += [
            Notice(
                user_id=user_id,
                kind=Kind.PROMISE_MISSED if event.share >= 1 else Kind.PROMISE_DUE,
                call_id=call.id,
                actor=event.actor,
                event_id=one.id,
                at=event.at,
            )
            for user_id in sorted(_people_of_queue(call.queue, step.tell))
        ]
    notify(notices)


def _people(case: CaseBrief, whom: Collection[Whom]) -> set[int]:
    """Return who hears of a case; where nobody has it and nobody leads its team, the managers do: somebody must."""
    roles = {user_id: Role(role) for user_id, _name, role in people_choices(KEEPER)}
    team = next((team for team in teams_of(KEEPER) if team.id == case.team_id), None)
    found: set[int] = set()
    if Whom.ASSIGNEE in whom and case.assignee_id in roles:
        found.add(case.assignee_id)
    if Whom.LEADS in whom and team is not None:
        found |= {user_id for user_id in team.member_ids if roles.get(user_id) is Role.LEAD}
    if Whom.MANAGERS in whom or (whom and not found):
        found |= {user_id for user_id, role in roles.items() if role is Role.MANAGER}
    return found


def _chat(event: CommitmentEscalated) -> ChatRow | None:
    chat_id = chat_of_clock(event.clock_id) if event.measure == Measure.WAIT else None
    return chat_rows([chat_id]).get(chat_id) if chat_id is not None else None


def _people_of_wait(chat: ChatRow, case: CaseBrief, whom: Collection[Whom]) -> set[int]:
    """Return who hears that a visitor waits: whoever has the case and is on duty, else as `_on_duty`."""
    is_assigned = Whom.ASSIGNEE in whom and case.assignee_id is not None
    return _on_duty(chat.team_id, whom, at_work([case.assignee_id or 0]) if is_assigned else set())


def _people_of_queue(queue: str, whom: Collection[Whom]) -> set[int]:
    """Return who hears that a caller stands in a queue, whom nobody has yet: as `_on_duty`, of the team that is called as it is."""
    teams = {team.name.casefold(): team.id for team in teams_of(KEEPER)}
    return _on_duty(teams.get(queue.casefold()), whom, set())


def _on_duty(team_id: int | None, whom: Collection[Whom], found: Collection[int]) -> set[int]:
    """Return who of those on duty hears that somebody waits, because nobody else could come; if need be, all managers.

    team_id: whose leads are asked first. found: who hears of it already.
    """
    if not whom:
        return set()
    roles = {user_id: Role(role) for user_id, _name, role in people_choices(KEEPER)}
    here = at_work(roles.keys())
    leads = {user_id for user_id in here if roles[user_id] is Role.LEAD}
    managers = {user_id for user_id, role in roles.items() if role is Role.MANAGER}
    team = people_in_teams([team_id] if team_id is not None else [])
    told = {*found} & here
    if Whom.LEADS in whom or not told:
        told |= (leads & team) or leads
    if Whom.MANAGERS in whom or not told:
        told |= (managers & here) or managers
    return told


def _task(event: CommitmentEscalated) -> TaskRow | None:
    task_id = task_of_clock(event.clock_id) if event.measure == Measure.TASK else None
    return tasks_by_id([task_id]).get(task_id) if task_id is not None else None


def _people_of_task(task: TaskRow, whom: Collection[Whom], *, is_over: bool) -> set[int]:
    """Return who hears that time runs out for a task: who does it, its team's leads, and once it is over whoever asked for it."""
    roles = {user_id: Role(role) for user_id, _name, role in people_choices(KEEPER)}
    team = people_in_teams([task.team_id] if task.team_id is not None else []) & roles.keys()
    found: set[int] = set()
    if Whom.ASSIGNEE in whom:
        found = ({task.taken_by or task.person_id or 0} & roles.keys()) or team
    if Whom.LEADS in whom:
        found |= {user_id for user_id in team if roles[user_id] is Role.LEAD}
    if Whom.MANAGERS in whom or (whom and not found):
        found |= {user_id for user_id, role in roles.items() if role is Role.MANAGER}
    kind, _colon, key = task.asked_by.partition(":")
    return found | ({int(key)} & roles.keys() if is_over and kind == ActorKind.USER else set())


def _promiser(clock_id: int) -> set[int]:
    """Return who gave a customer their word, as long as they work here: they hear of it, whoever has the case now."""
    kind, _colon, key = promiser_of(clock_id).partition(":")
    here = {user_id for user_id, _name, _role in people_choices(KEEPER)}
    return {int(key)} & here if kind == ActorKind.USER and key.isdigit() else set()
