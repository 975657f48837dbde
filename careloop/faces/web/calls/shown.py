"""Calls as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.calls import queries, rules
from careloop.domains.calls.states import (
    CallState,
    Consent,
    Ending,
    PauseState,
    TransferKind,
    TransferState,
    TransferWhy,
)
from careloop.domains.calls.types import CallRow, PauseRow, RecordingRow, TransferRow
from careloop.domains.cases.queries import cases_of_customer
from careloop.domains.cases.types import CaseRow
from careloop.domains.commitments.queries import due_of_lines
from careloop.domains.customers.queries import customers_of_number, rows_of
from careloop.domains.customers.types import CustomerRow
from careloop.domains.telephony.queries import is_any_in_use, offers_to, pbx
from careloop.domains.telephony.types import Offer
from careloop.faces.web.actors import actor_of
from careloop.kernel.actors import Actor

__all__ = [
    "CallShown",
    "OwnPhones",
    "PauseShown",
    "RecordingShown",
    "TransferShown",
    "all_shown",
    "callers_of",
    "has_calls",
    "open_cases_of",
    "own_phones",
    "passed_on",
    "recording_shown",
    "shown",
]

TONES: Final = {
    CallState.WAITING: "waiting",
    CallState.CALLING: "new",
    CallState.RINGING: "new",
    CallState.TALKING: "open",
    CallState.HANDED_ON: "waiting",
    CallState.ENDED: "closed",
}
MOST_CASES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    """A call in words. who: the customer, else the number. state: where it stands, or how it ended. with_whom: who answered.

    length: how long they talked, such as 3:07, or empty. key: tells this state of it from every other.
    due_at: by when somebody has to answer, where that was promised and they stand in a queue.
    """

    row: CallRow
    who: str
    state: str | Promise
    tone: str
    with_whom: str
    missed: str
    length: str
    key: str
    due_at: datetime | None = None


def all_shown(rows: Sequence[CallRow]) -> list[CallShown]:
    """Return calls as pages show them, with by when somebody has to answer."""
    due = due_of_lines([row.id for row in rows if row.queued_at is not None])
    return [shown(row, due_at=due.get(row.id)) for row in rows]


def shown(row: CallRow, *, due_at: datetime | None = None) -> CallShown:
    """Return a call as pages show it. due_at: as in `CallShown`."""
    is_lost = row.state == CallState.ENDED and row.ending != Ending.HANDLED
    seconds = row.talk_seconds
    return CallShown(
        row=row,
        who=row.customer or row.number or _("Number withheld"),
        state=Ending(row.ending).label if row.is_over and row.ending else CallState(row.state).label,
        tone="missed" if is_lost else TONES[CallState(row.state)],
        with_whom=row.agent or row.seat,
        missed=", ".join(row.missed),
        length="" if seconds is None else f"{seconds // 60}:{seconds % 60:02}",
        key=f"{row.id}-{row.state}-{row.customer_id}-{row.case_id}-{row.written_up_at is not None}-{due_at is not None}",
        due_at=due_at,
    )


TO_PERSON: Final = {
    TransferState.ASKED: lazily("%(sender)s passes the call on to %(receiver)s."),
    TransferState.TAKEN: lazily("%(receiver)s took the call from %(sender)s."),
    TransferState.CAME_BACK: lazily("The call came back to %(sender)s. %(receiver)s did not take it."),
    TransferState.REFUSED: lazily("%(receiver)s did not take the call from %(sender)s."),
    TransferState.LOST: lazily("The caller was gone before %(receiver)s took the call from %(sender)s."),
}
ANNOUNCED: Final = lazily("%(sender)s announces the call to %(receiver)s.")
TO_QUEUE: Final = {
    TransferState.ASKED: lazily("%(sender)s passes the call on to the queue %(queue)s."),
    TransferState.TAKEN: lazily("The call from %(sender)s was taken in the queue %(queue)s."),
    TransferState.CAME_BACK: lazily("The call came back to %(sender)s from the queue %(queue)s."),
    TransferState.REFUSED: lazily("The call from %(sender)s did not get into the queue %(queue)s."),
    TransferState.LOST: lazily(
        "The caller was gone before anybody in the queue %(queue)s took the call from %(sender)s."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferShown:
    """A call that was passed on, in words. why: a sentence of its own, or empty. key: tells this state of it from every other."""

    row: TransferRow
    sentence: str
    why: str | Promise
    key: str


def passed_on(row: TransferRow) -> TransferShown:
    """Return how a call was passed on as pages show it."""
    state = TransferState(row.state)
    words = TO_QUEUE[state] if row.queue else TO_PERSON[state]
    if state == TransferState.ASKED and row.kind == TransferKind.ATTENDED:
        words = ANNOUNCED
    return TransferShown(
        row=row,
        sentence=words % {"sender": row.sender, "receiver": row.receiver, "queue": row.queue},
        why=TransferWhy(row.why).label if row.why else "",
        key=f"{row.id}-{row.state}",
    )


CONSENTS: Final = {Consent.UNKNOWN: "waiting", Consent.ASKED: "new", Consent.GIVEN: "solved", Consent.REFUSED: "missed"}
SPANS: Final = {
    PauseState.ASKED: lazily("It was asked to pause. Whether it did is not known."),
    PauseState.ON: lazily("Paused: what is said now is not recorded."),
    PauseState.OVER: lazily("Was paused."),
    PauseState.FAILED: lazily("Was not paused, though it was asked to."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseShown:
    """A span that is not recorded, in words. forced: a sentence where somebody else resumed it, or empty."""

    row: PauseRow
    sentence: str | Promise
    forced: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingShown:
    """What is known of a recording, in words. state, tone: of the consent. noted_by: who noted it.

    may_say: what the caller says may be noted. may_pause: it may be paused or resumed. may_open: the way to it may be shown.
    key: tells this state of it from every other.
    """

    row: RecordingRow
    state: str | Promise
    tone: str
    noted_by: str
    pauses: list[PauseShown]
    may_say: bool
    may_pause: bool
    may_open: bool
    key: str


def recording_shown(row: CallRow, viewer: Actor) -> RecordingShown | None:
    """Return what is known of the recording of a call as pages show it; None where nothing is, and nothing can be said."""
    known, system = queries.recording_of(call_id=row.id, viewer=viewer), pbx(row.pbx_id)
    is_recorder = Offer.RECORDING in system.offers
    if not (is_recorder or system.recording_url or known.consent != Consent.UNKNOWN or known.pauses):
        return None
    may_say = row.state == CallState.TALKING and rules.may_pause(viewer, agent_id=row.agent_id)
    is_given = known.consent == Consent.GIVEN
    return RecordingShown(
        row=known,
        state=Consent(known.consent).label,
        tone=CONSENTS[Consent(known.consent)],
        noted_by=known.consent_by if known.consent_by or known.consent_at is None else _("Telephone system"),
        pauses=[_pause(one) for one in known.pauses],
        may_say=may_say,
        may_pause=may_say and is_recorder,
        may_open=is_given and bool(system.recording_url) and rules.may_hear(viewer),
        key=f"{known.consent}-{'-'.join(f'{one.id}{one.state}' for one in known.pauses[-1:])}",
    )


def _pause(row: PauseRow) -> PauseShown:
    forced = ""
    if row.is_forced:
        words = (
            _("%(name)s resumed it.") if row.ended_by else _("It was resumed on the telephone system, not from here.")
        )
        forced = words % {"name": row.ended_by} if row.ended_by else words
    return PauseShown(row=row, sentence=SPANS[PauseState(row.state)], forced=forced)


def callers_of(row: CallRow) -> list[CustomerRow]:
    """Return the customers who have the caller's number, as long as nobody said which of them it is."""
    if row.customer_id is not None:
        return []
    found = customers_of_number(row.number)
    known = rows_of(found)
    return [known[key] for key in found if key in known]


def open_cases_of(row: CallRow, viewer: Actor) -> list[CaseRow]:
    """Return the newest cases of the caller that are not done, at most five."""
    if row.customer_id is None:
        return []
    found = cases_of_customer(customer_id=row.customer_id, viewer=viewer)
    return [case for case in found if case.category not in {"solved", "closed"} and case.id != row.case_id][:MOST_CASES]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPhones:
    """What the reader has to telephone with; false without any. offers: what may be done with it."""

    is_there: bool = False
    offers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.is_there

    @property
    def may_call(self) -> bool:
        return Offer.CALL in self.offers

    @property
    def may_listen(self) -> bool:
        return Offer.LISTEN in self.offers

    @property
    def may_transfer(self) -> bool:
        return Offer.TRANSFER in self.offers


def own_phones(request: HttpRequest) -> OwnPhones:
    """Say whether calls may come to the reader's screen, and what they may do on the telephone."""
    actor = actor_of(request)
    if actor.user_id is None or not rules.may_handle(actor):
        return OwnPhones()
    is_there, offers = offers_to(actor.user_id)
    return OwnPhones(is_there=is_there, offers=offers)


def has_calls(actor: Actor) -> bool:
    """Say whether the reader has anything to see where calls are."""
    return rules.may_see(actor) and is_any_in_use()
