"""A callback instead of waiting: whoever calls is promised one, within a time that the last callbacks say can be kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from careloop.domains.calendars.queries import hours_by_id, own_hours
from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import DoesNotWantCalls, NumberMissing
from careloop.domains.calls.queries import declines_calls
from careloop.domains.calls.types import CallRow
from careloop.domains.cases.queries import case_briefs
from careloop.domains.commitments import services as commitments
from careloop.domains.commitments.callbacks import length_to_promise, on_the_quarter
from careloop.domains.commitments.states import Way
from careloop.domains.customers.queries import card, customers_of_number
from careloop.domains.customers.services import create_customer
from careloop.domains.customers.types import IdentityKind
from careloop.domains.queues import queries as queues
from careloop.domains.queues.states import Kind
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.kernel.calendars import Calendar, NotEnoughHours
from careloop.kernel.hours import add_open_seconds, is_open, next_opening
from careloop.processes.answering.types import Words
from careloop.processes.calling.handling import open_case_for_call
from careloop.processes.workspace import workspace_facts

__all__ = [
    "BookedCallback",
    "CallbackWindow",
    "book_callback",
    "callback_window",
    "may_be_called_back",
    "promise_call",
]

LAST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackWindow:
    """When a caller is called back. from_at: None for at once. due_at: at the latest."""

    from_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedCallback:
    """A callback that was promised to a caller, in a case. from_at, due_at: as in `CallbackWindow`."""

    case_number: int
    from_at: datetime | None
    due_at: datetime


def callback_window(*, at: datetime, within: timedelta | None = None) -> CallbackWindow:
    """Return when a caller of this moment can be called back, counted in the hours of the queue for callbacks.

    Without a queue that takes callbacks, in those of the workspace. within: how long it may take; None for as long as the last
    callbacks say. For whoever may deal with calls.
    """
    queue_id = queues.queue_for(Kind.CALLBACK)
    lately: list[float] = []
    hours = own_hours(at=at)
    if queue_id is not None:
        calendar_id = queues.house_queue(queue_id).settings.calendar_id
        hours = hours_by_id(at=at).get(calendar_id) if calendar_id is not None else None
        lately = queues.last_waits(queue_id=queue_id, kind=Kind.CALLBACK, at=at, limit=LAST)
    length = length_to_promise(lately) if within is None else within
    from_at = None if hours is None or is_open(hours, at) else next_opening(hours, at)
    return CallbackWindow(from_at=from_at, due_at=on_the_quarter(_after(hours, at, length)))


@act
def book_callback(*, call_id: int, actor: Actor, at: datetime) -> BookedCallback:
    """Promise whoever called that we call them back, in the case of the call or in a new one.

    A caller who is not known becomes a customer with this number.

    Raises CallNotFound, MayNotHandleCalls, CallUnclear, DoesNotWantCalls, and CallbackOwed where one is promised already.
    Records CallbackPromised, and what opening a case records.
    """
    row = calls.caller_to_call_back(call_id=call_id, actor=actor)
    window = callback_window(at=at)
    case_id = row.case_id or _opened(row, actor=actor, at=at)
    commitments.promise_callback(
        case_id=case_id, due_at=window.due_at, way=Way.CALL, note="", from_at=window.from_at, actor=actor, at=at
    )
    return BookedCallback(
        case_number=case_briefs([case_id])[case_id].number, from_at=window.from_at, due_at=window.due_at
    )


@act
def promise_call(*, case_id: int, within: timedelta | None, note: str, actor: Actor, at: datetime) -> CallbackWindow:
    """Promise whoever asked in a case that we call them, and return when.

    within: in how much time, counted in the hours in which callbacks are made; None for as long as the last ones say.
    note: what it is about, for colleagues, at most 500 characters.

    Raises NumberMissing, DoesNotWantCalls, CallbackOwed where one is promised already, CallbackNotFound, MayNotCallBack,
    BadCallback. Records CallbackPromised.
    """
    customer_id = case_briefs([case_id])[case_id].requester_id
    known = card(customer_id=customer_id, viewer=HOUSE).identities
    if not any(one.kind == IdentityKind.PHONE for one in known):
        raise NumberMissing(_("No phone number of this customer is known. Add one first, or write to them."))
    if declines_calls(customer_id):
        raise DoesNotWantCalls(_("This customer does not want to be called. Write to them instead."))
    window = callback_window(at=at, within=within)
    commitments.promise_callback(
        case_id=case_id, due_at=window.due_at, way=Way.CALL, note=note, from_at=window.from_at, actor=actor, at=at
    )
    return window


def may_be_called_back(number: str) -> bool:
    """Say whether who calls from a number can be promised a callback: it is whole, nobody's or one customer's, who wants calls."""
    owners = customers_of_number(number, limit=2)
    return number.startswith("+") and len(owners) < 2 and not any(declines_calls(one) for one in owners)


def _opened(row: CallRow, *, actor: Actor, at: datetime) -> int:
    customer_id = row.customer_id or create_customer(
        name=row.number, kind="phone", value=row.number, language="", source="phone", actor=HOUSE, at=at
    )
    with translation.override(workspace_facts().settings.language):
        text = _("Asks to be called back at %(number)s.") % {"number": row.number}
    return open_case_for_call(
        call_id=row.id,
        channel="voice",
        customer_id=customer_id,
        subject_line=text,
        words=Words(text=text, html=linebreaks(text, autoescape=True)),
        team_id=None,
        assignee_id=None,
        actor=actor,
        at=at,
    )


def _after(hours: Calendar | None, at: datetime, length: timedelta) -> datetime:
    try:
        return at + length if hours is None else add_open_seconds(hours, at, length.total_seconds())
    except NotEnoughHours:
        return at + length
