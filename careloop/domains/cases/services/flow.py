"""The way of a case from new to closed and back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from careloop.domains.cases.errors import CaseClosedAlready, CaseHeld, CaseUnclear, MoveNotAllowed, OpenTasks
from careloop.domains.cases.events import (
    CaseAnswered,
    CaseAssigned,
    CaseClosed,
    CaseReopened,
    CaseSolved,
    CaseStatusChanged,
    CustomerAnsweredBack,
    ThirdPartyAnswered,
)
from careloop.domains.cases.models import Case, CaseConversation, Cycle, Hold, Status
from careloop.domains.cases.services.locking import (
    about,
    categories_locked,
    default_status,
    locked,
    locked_for_work,
    place_of,
    saved,
    visible,
)
from careloop.domains.cases.states import DONE, MOVES, Category
from careloop.domains.cases.types import CustomerWord
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import Event, record, record_all, subject
from careloop.kernel.statements import Asked, Statement, ask

__all__ = [
    "answered",
    "change_status",
    "close_solved",
    "customer_wrote",
    "customers_wrote",
    "hold_for_answer",
    "hold_open_cases",
    "reopen",
    "third_party_wrote",
]


@act
def change_status(*, case_id: int, status_id: int, revision: int | None = None, actor: Actor, at: datetime) -> None:
    """Give a case another status.

    Raises CaseNotFound, MayNotWorkOnCases, ChangedMeanwhile, CaseUnclear for an unknown status, MoveNotAllowed.
    Records CaseStatusChanged, CaseSolved, CaseReopened or CaseClosed.
    """
    case = locked_for_work(case_id, actor, revision=revision)
    status = Status.objects.filter(pk=status_id, is_active=True).first()
    if status is None:
        raise CaseUnclear(_("This status does not exist any more. Choose another one."))
    if status.pk != case.status_id:
        record(_moved(case, status, actor, at))


@act
def reopen(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Take a solved or closed case up again; customers may reopen their own.

    Raises CaseNotFound, MayNotWorkOnCases, MoveNotAllowed. Records CaseReopened.
    """
    case = visible(locked(case_id), actor) if actor.is_customer else locked_for_work(case_id, actor)
    if Category(case.category) not in DONE:
        raise MoveNotAllowed(_("This case is open already."))
    if actor.is_customer and case.category == Category.CLOSED:
        raise CaseClosedAlready(_("This request is closed. Write a new one and mention this number."))
    if actor.is_customer:
        case.waiting_since = at
    record(_moved(case, default_status(Category.OPEN), actor, at, "waiting_since"))


@act
def close_solved(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Let a customer say that the matter is solved, or the house close what has long been. Raises CaseNotFound, MoveNotAllowed."""
    case = visible(locked(case_id), actor)
    if case.category == Category.CLOSED:
        raise MoveNotAllowed(_("This request is closed already."))
    record(_moved(case, default_status(Category.SOLVED if actor.is_customer else Category.CLOSED), actor, at))


@act
def customer_wrote(
    *, case_id: int, message_id: int, customer_id: int, is_quiet: bool = False, actor: Actor, at: datetime
) -> None:
    """Note a customer's word in a case: it waits for us again, and a solved case opens again.

    is_quiet: a word of long ago, told to nobody; it opens no solved case again.

    Raises CaseNotFound, CaseClosedAlready (a new case is to be opened then). Records CustomerAnsweredBack, and
    CaseReopened or CaseStatusChanged where the status moves.
    """
    word = CustomerWord(case_id=case_id, message_id=message_id, customer_id=customer_id, is_quiet=is_quiet, actor=actor)
    customers_wrote([word], at=at)


@act
def customers_wrote(words: Sequence[CustomerWord], *, at: datetime) -> None:
    """Note words of customers that came at the same moment, as `customer_wrote` does with one.

    words: at most one of each case.
    """
    categories, going_on = categories_locked([word.case_id for word in words]), list[int]()
    for word in words:
        category = categories[word.case_id]
        if category is Category.CLOSED:
            raise CaseClosedAlready(_("This request is closed. Write a new one and mention this number."))
        record(
            CustomerAnsweredBack(
                subject=subject("case", word.case_id),
                actor=str(word.actor),
                at=at,
                message_id=word.message_id,
                customer_id=word.customer_id,
                is_quiet=word.is_quiet,
            )
        )
        if word.is_quiet and category is Category.SOLVED:
            saved(locked(word.case_id), at=at)
        elif category in {Category.WAITING, Category.SOLVED}:
            case = locked(word.case_id)
            case.waiting_since = case.waiting_since or at
            record(_moved(case, default_status(Category.OPEN), word.actor, at, "waiting_since"))
        else:
            going_on.append(word.case_id)
    if going_on:
        ask(_WAITING, [at, at, going_on])


_WAITING: Final = """
UPDATE cases_case SET waiting_since = coalesce(waiting_since, %s), activity_at = greatest(activity_at, %s),
    revision = revision + 1
WHERE id = ANY(%s::bigint[]) RETURNING id
"""


@act
def third_party_wrote(
    *, case_id: int, message_id: int, customer_id: int, is_quiet: bool = False, actor: Actor, at: datetime
) -> None:
    """Note a third party's answer in a case: somebody of ours has to look, though no customer waits because of it.

    Raises CaseNotFound. Records ThirdPartyAnswered, and CaseStatusChanged when the case had been put to wait.
    """
    case = locked(case_id)
    events: list[Event] = [
        ThirdPartyAnswered(
            subject=about(case),
            actor=str(actor),
            at=at,
            message_id=message_id,
            customer_id=customer_id,
            is_quiet=is_quiet,
        )
    ]
    if case.category == Category.WAITING:
        events.append(_moved(case, default_status(Category.OPEN), actor, at))
    else:
        saved(case, at=at)
    record_all(events)


_LINKED: Final = Statement(
    lambda: (
        CaseConversation.objects.filter(conversation__among=Asked("conversation_ids"), unlinked_at__isnull=True)
        .order_by("pk")
        .values_list("conversation_id", "case_id")
    )
)
_HELD: Final = Statement(
    lambda: (
        Case.objects.select_for_update()
        .filter(pk__among=Asked("case_ids"))
        .exclude(category=Category.CLOSED)
        .order_by("pk")
        .values_list("pk")
    )
)


@act
def hold_open_cases(*, conversation_ids: Collection[int]) -> dict[int, int]:
    """Return by conversation the case that takes its next word: the one linked last of those that are not closed.

    They stay locked until the act is over. Everybody locks cases before conversations, in the order of their ids, so that
    a customer's word and an agent's answer never wait for each other for ever.
    """
    if not conversation_ids:
        return {}
    linked = _LINKED(conversation_ids=list(conversation_ids))
    open_ids = {case_id for (case_id,) in _HELD(case_ids=[case_id for _conversation_id, case_id in linked])}
    return {conversation_id: case_id for conversation_id, case_id in linked if case_id in open_ids}


@act
def hold_for_answer(*, case_id: int, actor: Actor) -> None:
    """Lock a case for somebody who is about to answer in it, so that a second agent waits and then sees the first answer.

    Raises CaseNotFound, MayNotWorkOnCases, CaseClosedAlready.
    """
    if locked_for_work(case_id, actor).category == Category.CLOSED:
        raise CaseClosedAlready(_("This case is closed. Reopen it to answer."))


@act
def answered(
    *, case_id: int, message_id: int, status_id: int | None, is_quiet: bool = False, actor: Actor, at: datetime
) -> None:
    """Note our answer in a case; whoever answers a case of nobody takes it.

    status_id: what the case becomes; None lets it wait for the customer. is_quiet: nobody is to be told.

    Raises CaseNotFound, MayNotWorkOnCases, CaseUnclear, MoveNotAllowed. Records CaseAnswered and what moves.
    """
    case = locked_for_work(case_id, actor)
    is_first = case.first_response_at is None
    waited = None if case.waiting_since is None else max(0, int((at - case.waiting_since).total_seconds()))
    fields = ["waiting_since"]
    case.waiting_since = None
    if is_first:
        case.first_response_at = at
        fields.append("first_response_at")
        Cycle.objects.filter(case=case, solved_at__isnull=True, first_response_at__isnull=True).update(
            first_response_at=at
        )
    status = (
        default_status(Category.WAITING)
        if status_id is None
        else Status.objects.filter(pk=status_id, is_active=True).first()
    )
    if status is None:
        raise CaseUnclear(_("This status does not exist any more. Choose another one."))
    events: list[Event] = [
        CaseAnswered(
            subject=about(case),
            actor=str(actor),
            at=at,
            message_id=message_id,
            is_first=is_first,
            waited_seconds=waited,
            is_quiet=is_quiet,
        )
    ]
    if case.assignee_id is None and actor.user_id is not None:
        was = place_of(case)
        case.assignee_id = actor.user_id
        fields.append("assignee_id")
        events.append(CaseAssigned(subject=about(case), actor=str(actor), at=at, was=was, now=place_of(case)))
    if status.pk != case.status_id:
        events.append(_moved(case, status, actor, at, *fields))
    else:
        saved(case, *fields, at=at)
    record_all(events)


def _moved(case: Case, status: Status, actor: Actor, at: datetime, *fields: str) -> Event:
    """Move a locked case into a status, save it, and return the event to record."""
    was_place, was_status, was_category = place_of(case), case.status_id, Category(case.category)
    category = Category(status.category)
    if category not in MOVES[was_category]:
        raise MoveNotAllowed(
            _("A case that is “%(was)s” cannot become “%(now)s”.") % {"was": was_category.label, "now": status.name}
        )
    if category in DONE and was_category not in DONE:
        _refuse_if_held(case, actor)
        _refuse_if_asked(case)
    case.status, case.category = status, category
    case.closed_at = at if category is Category.CLOSED else None
    if category not in DONE:
        case.solved_at = None
    elif case.solved_at is None:
        case.solved_at = at
    changed = ["status", "category", "closed_at", "solved_at", *fields]
    common: dict[str, Any] = {
        "subject": about(case),
        "actor": str(actor),
        "at": at,
        "was_status_id": was_status,
        "now_status_id": status.pk,
    }
    if was_category in DONE and category not in DONE:
        case.reopen_count += 1
        cycle = Cycle.objects.create(case=case, sequence=case.reopen_count + 1, opened_at=at)
        saved(case, *changed, "reopen_count", at=at)
        return CaseReopened(**common, cycle=cycle.sequence, was=was_place, now=place_of(case))
    if was_category not in DONE and category in DONE:
        cycle = Cycle.objects.select_for_update().get(case=case, solved_at__isnull=True)
        cycle.solved_at, cycle.solved_by = max(at, cycle.opened_at), str(actor)
        cycle.save(update_fields=["solved_at", "solved_by"])
        case.waiting_since = None
        saved(case, *{*changed, "waiting_since"}, at=at)
        if category is Category.SOLVED:
            seconds = int((cycle.solved_at - cycle.opened_at).total_seconds())
            return CaseSolved(**common, cycle=cycle.sequence, open_seconds=seconds, was=was_place, now=place_of(case))
        return CaseClosed(**common, was=was_place, now=place_of(case))
    saved(case, *changed, at=at)
    kind = CaseClosed if category is Category.CLOSED else CaseStatusChanged
    return kind(**common, was=was_place, now=place_of(case))


def _refuse_if_asked(case: Case) -> None:
    count = case.open_task_count
    if count:
        words = ngettext(
            "A task of this case is not done yet. Wait for it, or withdraw it.",
            "%(count)d tasks of this case are not done yet. Wait for them, or withdraw them.",
            count,
        )
        raise OpenTasks(words % {"count": count})


def _refuse_if_held(case: Case, actor: Actor) -> None:
    hold = Hold.objects.filter(case=case).order_by("pk").first()
    if hold is None:
        return
    if actor.is_customer:
        # What our rules demand of us is no business of theirs.
        raise CaseHeld(_("We still have something to do in this matter. It ends when that is done."))
    raise CaseHeld(
        _("This case cannot be solved yet: “%(missing)s” of “%(name)s” is not done. Do it on the page of the case.")
        % {"missing": hold.missing, "name": hold.name}
    )
