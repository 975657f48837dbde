"""Who of ours hears about what, and from whom."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from careloop.domains.automation.queries import rule_names
from careloop.domains.automation.types import run_of
from careloop.domains.cases.events import (
    CaseAnswered,
    CaseAssigned,
    CaseFollowed,
    CaseNoted,
    CaseReopened,
    CaseSolved,
    CustomerAnsweredBack,
    ThirdPartyAnswered,
)
from careloop.domains.cases.queries import case_briefs, visible_case_ids
from careloop.domains.cases.types import CaseBrief
from careloop.domains.chats.queries import live_chats_of_cases
from careloop.domains.chats.types import ChatRow
from careloop.domains.commitments.events import CommitmentEscalated
from careloop.domains.commitments.states import Measure
from careloop.domains.conversations.events import DeliveryChanged
from careloop.domains.conversations.queries import message_row
from careloop.domains.conversations.states import WORRYING
from careloop.domains.customers.queries import rows_of
from careloop.domains.integrity.events import FlagOpened, FlagReopened
from careloop.domains.integrity.queries import flag as flag_of
from careloop.domains.integrity.rules import may_answer
from careloop.domains.integrity.types import Severity
from careloop.domains.notifications.queries import unread_about
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind, Notice, NoticeRow
from careloop.domains.people.queries import names_of, people_choices
from careloop.kernel.actors import Actor, ActorKind, Role
from careloop.kernel.events import Recorded, events_by_id

__all__ = ["names_of_doers", "promises_told", "tell_about_case", "tell_about_delivery", "tell_about_flag"]

NOTICES = Actor(kind=ActorKind.HOUSE, name="notices")


def tell_about_case(recorded: Sequence[Recorded]) -> None:
    """Tell the assignee, the mentioned and the followers of a case what happened, each once and never about their own act."""
    loud = [one for one in recorded if not getattr(one.event, "is_quiet", False)]
    written = {(one.subject_id, one.event.at) for one in loud if isinstance(one.event, CustomerAnsweredBack)}
    # Who hears that a customer wrote in a solved case need not hear that their words opened it again.
    loud = [
        one for one in loud if not (isinstance(one.event, CaseReopened) and (one.subject_id, one.event.at) in written)
    ]
    cases = case_briefs({one.subject_id for one in loud})
    chats = live_chats_of_cases({one.subject_id for one in loud if isinstance(one.event, CustomerAnsweredBack)})
    notices = [notice for one in loud for notice in _notices(one, cases[one.subject_id], chats.get(one.subject_id))]
    notify(_each_chat_once(notices, chats))


def _each_chat_once(notices: Sequence[Notice], chats: Mapping[int, ChatRow]) -> list[Notice]:
    """Leave out that a visitor wrote again to somebody who has not read yet that they wrote: in a chat words come by the minute."""
    about_chats = [one for one in notices if one.kind == Kind.CUSTOMER_WROTE and one.case_id in chats]
    told = unread_about({one.user_id for one in about_chats}, case_ids=set(chats), kind=Kind.CUSTOMER_WROTE)
    kept = list[Notice]()
    for notice in notices:
        about = (notice.user_id, notice.case_id or 0)
        if notice.kind == Kind.CUSTOMER_WROTE and notice.case_id in chats:
            if about in told:
                continue
            told.add(about)
        kept.append(notice)
    return kept


def _notices(recorded: Recorded, case: CaseBrief, chat: ChatRow | None) -> list[Notice]:
    """Return whom an event tells what. chat: of the case, going on; what its agent has read already is no news to them."""
    event = recorded.event
    told: dict[int, Kind] = {}
    match event:
        case CaseAssigned():
            if event.now[1] is not None and event.now[1] != event.was[1]:
                told[event.now[1]] = Kind.ASSIGNED
        case CaseFollowed():
            told = {event.user_id: Kind.MADE_FOLLOWER}
        case CaseNoted():
            told = dict.fromkeys(case.follower_ids, Kind.FOLLOWED_CHANGED) | dict.fromkeys(
                event.mentions, Kind.MENTIONED
            )
        case CustomerAnsweredBack() | ThirdPartyAnswered():
            told = dict.fromkeys(case.follower_ids, Kind.FOLLOWED_CHANGED)
            is_read = chat is not None and chat.agent_id == case.assignee_id and chat.agent_read_id >= event.message_id
            if case.assignee_id is not None and not is_read:
                told[case.assignee_id] = Kind.CUSTOMER_WROTE
        case CaseAnswered() | CaseSolved() | CaseReopened():
            told = dict.fromkeys(case.follower_ids, Kind.FOLLOWED_CHANGED)
    return _each(recorded, case.id, case.number, told)


def tell_about_delivery(recorded: Sequence[Recorded]) -> None:
    """Tell the writers of answers that they did not arrive."""
    for one in recorded:
        if isinstance(one.event, DeliveryChanged) and one.event.now in WORRYING:
            _tell_writer(one, one.event.message_id)


def tell_about_flag(recorded: Sequence[Recorded]) -> None:
    """Tell those who may answer that a number must not be trusted: of severe flags only, when found and when open again."""
    severe = [
        one
        for one in recorded
        if isinstance(one.event, FlagOpened | FlagReopened) and one.event.severity == Severity.SEVERE
    ]
    if not severe:
        return
    people = [
        Actor(kind=ActorKind.USER, id=user_id, role=Role(role)) for user_id, _name, role in people_choices(NOTICES)
    ]
    for one in severe:
        about = flag_of(flag_id=one.subject_id, viewer=NOTICES)
        notify(
            [
                Notice(
                    user_id=person.id,
                    kind=Kind.NUMBER_DOUBTED,
                    flag_id=about.id,
                    actor=one.event.actor,
                    event_id=one.id,
                    at=one.event.at,
                )
                for person in people
                if may_answer(person, user_id=about.user_id) and one.event.actor != str(person)
            ]
        )


def promises_told(notices: Iterable[NoticeRow]) -> dict[int, str]:
    """Return by the id of each notice about a promise which promise it is, and how much of its time is used up.

    In the active language.
    """
    about = {notice.id: notice.event_id for notice in notices if notice.kind in {Kind.PROMISE_DUE, Kind.PROMISE_MISSED}}
    events = events_by_id(about.values())
    return {
        notice_id: _used_up(event)
        for notice_id, event_id in about.items()
        if event_id in events and isinstance(event := events[event_id].event, CommitmentEscalated)
    }


def _used_up(event: CommitmentEscalated) -> str:
    measure = Measure(event.measure)
    if measure is not Measure.CALLBACK:
        words = _("%(measure)s: %(share)s %% of the time is used up")
        return words % {"measure": measure.label, "share": round(event.share * 100)}
    return _("Promised callback: the time is over") if event.share >= 1 else _("Promised callback: it is almost time")


def names_of_doers(actors: Iterable[str]) -> dict[str, str]:
    """Return what people of ours, customers and rules are called, by how the log names them; the house itself has no name."""
    keys: dict[str, set[int]] = {ActorKind.USER: set(), ActorKind.CUSTOMER: set()}
    runs: dict[str, int] = {}
    for actor in actors:
        if (run := run_of(actor)) is not None:
            runs[actor] = run[0]
        kind, _colon, key = actor.partition(":")
        if kind in keys:
            keys[kind].add(int(key))
    people = names_of(keys[ActorKind.USER])
    customers = {key: row.name for key, row in rows_of(keys[ActorKind.CUSTOMER]).items()}
    rules = rule_names(set(runs.values()))
    return (
        {f"user:{key}": name for key, name in people.items()}
        | {f"customer:{key}": name for key, name in customers.items()}
        | {actor: _("The rule “%(name)s”") % {"name": rules[key]} for actor, key in runs.items() if key in rules}
    )


def _tell_writer(recorded: Recorded, message_id: int) -> None:
    message = message_row(message_id)
    if message is None or message.user_id is None:
        return
    for case_id in visible_case_ids([message.conversation_id], viewer=NOTICES).values():
        number = case_briefs([case_id])[case_id].number
        notify(_each(recorded, case_id, number, {message.user_id: Kind.DELIVERY_FAILED}))


def _doer(recorded: Recorded) -> str:
    """Return who is named in a notice: for words that came by mail their writer, not the house that read them."""
    match recorded.event:
        case CustomerAnsweredBack(customer_id=customer_id) | ThirdPartyAnswered(customer_id=customer_id):
            return f"customer:{customer_id}"
        case _:
            return recorded.event.actor


def _each(recorded: Recorded, case_id: int, number: int, told: Mapping[int, Kind]) -> list[Notice]:
    return [
        Notice(
            user_id=user_id,
            kind=kind,
            case_id=case_id,
            case_number=number,
            actor=_doer(recorded),
            event_id=recorded.id,
            at=recorded.event.at,
        )
        for user_id, kind in sorted(told.items())
        if recorded.event.actor != f"user:{user_id}"
    ]
