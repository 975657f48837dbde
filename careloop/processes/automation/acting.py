"""The one vocabulary of actions: what rules do by themselves and macros do for people, by the acts that everybody has."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _

from careloop.domains.automation.states import ActionKind, Result
from careloop.domains.automation.types import Action, Step
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.queries import case_briefs, reasons
from careloop.domains.cases.types import CaseBrief
from careloop.domains.customers.queries import rows_of
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind, Notice
from careloop.domains.people.queries import active_members_among, teams_of
from careloop.domains.procedures.errors import ProcedureBegunAlready
from careloop.domains.procedures.queries import was_in
from careloop.domains.procedures.services import begin_procedure
from careloop.domains.tasks import services as tasks
from careloop.domains.tasks.types import NewTask
from careloop.gateways.mime import html_to_text
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.errors import Refusal
from careloop.kernel.events import collected
from careloop.processes import hands
from careloop.processes.answering.phrases import phrase_in
from careloop.processes.answering.replying import reply
from careloop.processes.answering.types import Words
from careloop.processes.automation.errors import NobodyTold, ReplyGone
from careloop.processes.automation.replying import answer_by_rule
from careloop.processes.calling.offering import promise_call
from careloop.processes.webhooks import tell_of_case
from careloop.processes.workspace import workspace_facts

__all__ = ["act_for_person", "act_for_rule", "customer_language"]


@act
def act_for_rule(actions: Sequence[Action], *, case_id: int, event_id: int, actor: Actor, at: datetime) -> list[Step]:
    """Do what a rule does to a case, and return what became of each action: what is refused leaves the others standing.

    event_id: what the rule runs on; notices are of it. actor: the part of the house that acts in this run.
    """
    steps = []
    for action in actions:
        try:
            with attempt():
                steps.append(_step(action, case_id=case_id, event_id=event_id, actor=actor, at=at))
        except Refusal as refusal:
            refused = Step(kind=action.kind, value=action.value, result=Result.REFUSED, code=refusal.code)
            steps.append(refused)
    return steps


@act
def act_for_person(actions: Sequence[Action], *, case_id: int, event_id: int, actor: Actor, at: datetime) -> list[Step]:
    """Do the same for a person, all of it or nothing. Raises whatever the acts refuse."""
    return [
        _step(action, case_id=case_id, event_id=event_id, actor=actor, at=at, status_id=_status_in(actions))
        for action in actions
    ]


def customer_language(case: CaseBrief) -> str:
    """Return the language of whoever asked in a case, or an empty text."""
    return rows_of([case.requester_id])[case.requester_id].language


def _step(
    action: Action, *, case_id: int, event_id: int, actor: Actor, at: datetime, status_id: int | None = None
) -> Step:
    before = len(collected() or ())
    made_id = _do(action, case_id=case_id, event_id=event_id, actor=actor, at=at, status_id=status_id)
    is_told = action.kind in {ActionKind.NOTIFY, ActionKind.NOTIFY_TEAM, ActionKind.NOTIFY_ASSIGNEE}
    has_acted = is_told or len(collected() or ()) > before
    result = Result.DONE if has_acted else Result.UNCHANGED
    return Step(kind=action.kind, value=action.value, result=result, made_id=made_id)


def _do(
    action: Action, *, case_id: int, event_id: int, actor: Actor, at: datetime, status_id: int | None
) -> int | None:
    """Do one action; return the id of the message, note or task that it made, or of the run of the procedure that began."""
    key = next(iter(action.ids()), 0)
    match action.kind:
        case ActionKind.PRIORITY:
            cases.prioritize(case_id=case_id, priority=key, actor=actor, at=at)
        case ActionKind.STATUS:
            hands.change_status(case_id=case_id, status_id=key, actor=actor, at=at)
        case ActionKind.TYPE:
            cases.set_type(case_id=case_id, type_id=key, actor=actor, at=at)
        case ActionKind.REASON:
            cases.set_reason(case_id=case_id, reason_id=_reason_id(action.value), actor=actor, at=at)
        case ActionKind.TAG:
            cases.tag(case_id=case_id, add=action.words(), remove=(), actor=actor, at=at)
        case ActionKind.UNTAG:
            cases.tag(case_id=case_id, add=(), remove=action.words(), actor=actor, at=at)
        case ActionKind.ASSIGN:
            team_id = _brief(case_id).team_id
            hands.assign(case_id=case_id, assignee_id=key, team_id=team_id, actor=actor, at=at)
        case ActionKind.TEAM:
            case = _brief(case_id)
            # Within another team it is nobody's yet; somebody of the same team keeps it.
            assignee_id = case.assignee_id if case.team_id == key else None
            hands.assign(case_id=case_id, assignee_id=assignee_id, team_id=key, actor=actor, at=at)
        case ActionKind.REPLY if actor.is_house:
            return answer_by_rule(case_id=case_id, reply_ids=action.ids(), actor=actor, at=at)
        case ActionKind.REPLY:
            return _answer(action, case_id=case_id, status_id=status_id, actor=actor, at=at)
        case ActionKind.NOTE:
            html = linebreaks(action.value, autoescape=True)
            return cases.add_note(case_id=case_id, html=html, text=action.value, mentions=(), actor=actor, at=at)
        case ActionKind.NOTIFY | ActionKind.NOTIFY_TEAM | ActionKind.NOTIFY_ASSIGNEE:
            _tell(action, case_id=case_id, event_id=event_id, actor=actor, at=at)
        case ActionKind.WEBHOOK:
            tell_of_case(webhook_id=key, case_id=case_id, event_id=event_id, actor=actor, at=at)
        case ActionKind.TASK:
            team_id, title, more = action.asked()
            task = NewTask(title=title, words=more, team_id=team_id)
            return tasks.ask_task(case_id=case_id, task=task, actor=actor, at=at)
        case ActionKind.CALLBACK:
            within_s, note = action.promised()
            within = None if within_s is None else timedelta(seconds=within_s)
            promise_call(case_id=case_id, within=within, note=note, actor=actor, at=at)
        case ActionKind.PROCEDURE:
            return _begin(key, case_id, actor=actor, at=at)
        case ActionKind.SPAM:
            hands.mark_spam(case_id=case_id, actor=actor, at=at)
    return None


def _begin(procedure_id: int, case_id: int, *, actor: Actor, at: datetime) -> int:
    if actor.is_house and case_id in was_in(case_ids=[case_id], procedure_id=procedure_id):
        # By itself once in a case's life: whoever left it out had a reason.
        raise ProcedureBegunAlready(_("This case is or was in this procedure already."))
    return begin_procedure(procedure_id=procedure_id, case_id=case_id, actor=actor, at=at)


def _answer(action: Action, *, case_id: int, status_id: int | None, actor: Actor, at: datetime) -> int:
    phrase = phrase_in(
        customer_language(_brief(case_id)),
        reply_ids=action.ids(),
        case_id=case_id,
        viewer=actor,
        usual=workspace_facts().settings.language,
    )
    if phrase is None:
        raise ReplyGone(_("The saved reply does not exist any more."))
    text = "".join(html_to_text(phrase.html)).strip()
    words = Words(text=text, html=phrase.html, reply_ids=(phrase.id,))
    return reply(case_id=case_id, words=words, status_id=status_id, actor=actor, at=at)


def _tell(action: Action, *, case_id: int, event_id: int, actor: Actor, at: datetime) -> None:
    case = _brief(case_id)
    people: set[int] = set()
    match action.kind:
        case ActionKind.NOTIFY:
            people = active_members_among(action.ids()[:1])
        case ActionKind.NOTIFY_TEAM:
            key = next(iter(action.ids()), 0)
            people = {one for team in teams_of(HOUSE) if team.id == key for one in team.member_ids}
        case _:
            people = active_members_among([case.assignee_id] if case.assignee_id is not None else [])
    if not people:
        raise NobodyTold(_("There is nobody to tell."))
    notify(
        [
            Notice(
                user_id=user_id,
                kind=Kind.RULE_TOLD,
                case_id=case.id,
                case_number=case.number,
                actor=str(actor),
                event_id=event_id,
                at=at,
            )
            for user_id in sorted(people - {actor.user_id})
        ]
    )


def _brief(case_id: int) -> CaseBrief:
    return case_briefs([case_id])[case_id]


def _reason_id(code: str) -> int:
    found = next((row.id for row in reasons() if row.code == code), None)
    if found is None:
        raise CaseUnclear(_("The reasons have been revised meanwhile. Choose again."))
    return found


def _status_in(actions: Sequence[Action]) -> int | None:
    """Return the status that some actions set, so that an answer among them leads there and not to the customer's turn."""
    return next((key for one in actions if one.kind is ActionKind.STATUS for key in one.ids()), None)
