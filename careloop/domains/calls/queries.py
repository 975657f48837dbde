"""Questions about calls; answers are frozen rows, and visibility is an argument."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls.errors import CallNotFound
from careloop.domains.calls.models import Call, Followed, NoCalls, Recording, RecordingPause, Transfer
from careloop.domains.calls.passing import OPEN
from careloop.domains.calls.states import CallState, Consent, TransferState
from careloop.domains.calls.types import CallRow, PassedOn, PauseRow, RecordingRow, TransferRow
from careloop.domains.people.queries import people_in_teams
from careloop.domains.telephony.queries import seats_of_person
from careloop.kernel.actors import Actor
from careloop.kernel.events import stories, subject
from careloop.kernel.paging import Order, Page, paged

__all__ = [
    "call_at_hand",
    "call_heard_of",
    "call_of_key",
    "call_row",
    "call_rows",
    "call_seen_by",
    "called_conversations",
    "calls",
    "calls_lately",
    "calls_now",
    "calls_of_callers",
    "calls_of_customer",
    "declines_calls",
    "ended_from_here",
    "followed_until",
    "is_call",
    "is_with_customer",
    "newest_transfer",
    "numbers_of",
    "passed_on",
    "people_with_customers",
    "played_call",
    "recording_of",
    "talk_about",
    "talker_of",
    "transfers_of",
]

MOST_NOW: Final = 200
STALE_AFTER: Final = timedelta(hours=8)
"""A call that is over is no longer at hand, whether it was written up or not."""


def calls(*, viewer: Actor, is_own: bool = False, cursor: str | None = None, limit: int = 50) -> Page[CallRow]:
    """Return one page of the calls that are over and that the viewer may see, the newest first.

    is_own: only those that the viewer answered. Raises BadCursor.
    """
    found = _seen_by(viewer).filter(state=CallState.ENDED)
    if is_own:
        found = found.filter(agent_id=viewer.user_id) if viewer.user_id else found.none()
    page = paged(found, order=[Order(column="id")], cursor=cursor, limit=limit)
    by_id = {row.id: row for row in _rows(Call.objects.filter(pk__in=[call.pk for call in page.items]))}
    return Page(items=[by_id[call.pk] for call in page.items], next_cursor=page.next_cursor)


def calls_now(*, viewer: Actor, is_own: bool = False) -> list[CallRow]:
    """Return the calls that go on and that the viewer may see, at most 200, the oldest first. is_own: at the viewer's phones."""
    found = _seen_by(viewer).exclude(state=CallState.ENDED)
    if is_own:
        found = found.filter(_at_phones_of(viewer))
    return _rows(found.order_by("began_at", "pk")[:MOST_NOW])


def calls_of_customer(*, customer_id: int, viewer: Actor, limit: int = 10) -> list[CallRow]:
    """Return the newest calls of a customer that the viewer may see."""
    return _rows(_seen_by(viewer).filter(customer_id=customer_id).order_by("-pk")[:limit])


def call_seen_by(viewer: Actor, *, call_id: int) -> CallRow:
    """Return a call as one of ours may see it. Raises CallNotFound."""
    for row in _rows(_seen_by(viewer).filter(pk=call_id)):
        return row
    raise CallNotFound(_("There is no such call."))


def call_row(call_id: int) -> CallRow:
    """Return a call. For the house. Raises CallNotFound."""
    for row in _rows(Call.objects.filter(pk=call_id)):
        return row
    raise CallNotFound(_("There is no such call."))


def call_rows(call_ids: Collection[int]) -> dict[int, CallRow]:
    """Return some calls by id; those that are gone are left out. For the house."""
    return {row.id: row for row in _rows(Call.objects.filter(pk__in=call_ids))} if call_ids else {}


def call_heard_of(pbx_id: int, *, key: str) -> int | None:
    """Return the call that a telephone system knows by a key, if it was told of. For the house."""
    return Call.objects.filter(pbx_id=pbx_id, key=key).values_list("pk", flat=True).first()


def call_of_key(pbx_id: int, *, key: str) -> tuple[int | None, int | None]:
    """Return a call that belongs to no case yet by what its telephone system calls it, and whose call it is. For the house."""
    found = Call.objects.filter(pbx_id=pbx_id, key=key, case_id__isnull=True).values_list("pk", "customer_id").first()
    return found or (None, None)


def call_at_hand(viewer: Actor, *, at: datetime) -> CallRow | None:
    """Return the call the viewer has to do with now: whom they talk to, else what rings, else what they have to write up.

    What is passed on to them rings; what they pass on is theirs until somebody has taken it.
    """
    if viewer.user_id is None or not rules.may_handle(viewer):
        return None
    found = _rows(
        Call.objects.exclude(state=CallState.ENDED).filter(_at_phones_of(viewer)).order_by("-seen_at", "-pk")[:10]
    )
    for row in sorted(found, key=lambda row: row.state != CallState.TALKING or row.agent_id != viewer.user_id):
        return row
    own = Call.objects.filter(agent_id=viewer.user_id, ended_at__gte=at - STALE_AFTER).order_by("-pk")[:1]
    return next((row for row in _rows(own) if row.written_up_at is None), None)


def is_with_customer(user_id: int) -> bool:
    """Say whether a person talks to a customer, or calls one, on any telephone system of the workspace."""
    return Call.objects.filter(agent_id=user_id, state__in=[CallState.TALKING, CallState.CALLING]).exists()


def people_with_customers() -> set[int]:
    """Return who talks to a customer, or calls one, at this moment."""
    found = Call.objects.filter(agent__isnull=False, state__in=[CallState.TALKING, CallState.CALLING])
    return {agent_id for agent_id in found.values_list("agent_id", flat=True) if agent_id is not None}


def is_call(call_id: int) -> bool:
    """Say whether there is such a call in the workspace. For the house."""
    return Call.objects.filter(pk=call_id).exists()


def played_call(actor: Actor) -> CallRow | None:
    """Return the call that somebody plays now, if they do."""
    own = Call.objects.filter(key__startswith=f"{Call.PLAYED}{actor.id}-").exclude(state=CallState.ENDED)
    return next(iter(_rows(own.order_by("-pk")[:1])), None)


def talk_about(case_id: int, *, agent_id: int) -> CallRow | None:
    """Return the call of a case in which somebody talks to the customer now. For the house."""
    found = Call.objects.filter(case_id=case_id, agent_id=agent_id, state=CallState.TALKING).order_by("-pk")[:1]
    return next(iter(_rows(found)), None)


def talker_of(pbx_id: int, *, key: str) -> tuple[int | None, bool]:
    """Return who talks in a call now, by what its telephone system calls it, and whether we made it. For the house."""
    talking = Call.objects.filter(pbx_id=pbx_id, key=key, state=CallState.TALKING)
    return talking.values_list("agent_id", "is_outbound").first() or (None, False)


def transfers_of(*, call_id: int, viewer: Actor) -> list[TransferRow]:
    """Return to whom a call was passed on, the newest first, at most 50. Raises CallNotFound."""
    call_seen_by(viewer, call_id=call_id)
    return _transfers(Transfer.objects.filter(call_id=call_id).order_by("-pk")[:50])


def newest_transfer(call_id: int) -> TransferRow | None:
    """Return how a call was passed on last. For whoever has the call in hand."""
    return next(iter(_transfers(Transfer.objects.filter(call_id=call_id).order_by("-pk")[:1])), None)


def passed_on(pbx_id: int, *, keys: Collection[str]) -> dict[str, PassedOn]:
    """Return how some calls of a telephone system were passed on last, by key. For the house."""
    found = Transfer.objects.filter(call__pbx_id=pbx_id, call__key__in=keys).order_by("pk")
    return {
        key: PassedOn(transfer_id=pk, state=state, phone=phone, sender_phone=sender_phone, asked_at=asked_at)
        for key, pk, state, phone, sender_phone, asked_at in found.values_list(
            "call__key", "pk", "state", "phone", "sender_phone", "asked_at"
        )
    }


def ended_from_here(pbx_id: int, *, keys: Collection[str]) -> frozenset[str]:
    """Return which of some calls somebody has ended from a screen, as far as it is known, by key. For the house."""
    found = dict(Call.objects.filter(pbx_id=pbx_id, key__in=keys).values_list("pk", "key"))
    story = stories([subject("call", pk) for pk in found], names=("call.end_asked", "call.end_failed")) if found else []
    last = {one.subject_id: one.name for one in story}
    return frozenset(found[pk] for pk, name in last.items() if name == "call.end_asked")


def recording_of(*, call_id: int, viewer: Actor) -> RecordingRow:
    """Return what is known of the recording of a call; never the recording itself. Raises CallNotFound."""
    call_seen_by(viewer, call_id=call_id)
    found = Recording.objects.filter(call_id=call_id).values("consent", "consent_at", by=F("consent_by__name")).first()
    names = ("id", "state", "is_forced", "began_at", "ended_at")
    spans = RecordingPause.objects.filter(call_id=call_id).order_by("pk")[:100]
    rows: list[dict[str, Any]] = [
        dict(one) for one in spans.values(*names, begun=F("begun_by__name"), ended=F("ended_by__name"))
    ]
    return RecordingRow(
        consent=found["consent"] if found else Consent.UNKNOWN,
        consent_at=found["consent_at"] if found else None,
        consent_by=(found["by"] or "") if found else "",
        pauses=tuple(PauseRow(begun_by=row.pop("begun") or "", ended_by=row.pop("ended") or "", **row) for row in rows),
    )


def calls_of_callers(
    *, numbers: Collection[str], customer_ids: Collection[int], since: datetime, limit: int = 20_000
) -> list[CallRow]:
    """Return the calls with some numbers or customers since a moment, the newest first. For the house.

    numbers: as the telephone system tells them.
    """
    theirs = Q(number__in=set(numbers) - {""}) | Q(customer_id__in=set(customer_ids))
    return _rows(Call.objects.filter(theirs, began_at__gte=since).order_by("-pk")[:limit])


def calls_lately(*, since: datetime, limit: int) -> list[int]:
    """Return the newest calls that customers made since a moment, the newest first. For the house."""
    found = Call.objects.filter(is_outbound=False).exclude(key__startswith=Call.PLAYED).order_by("-pk")
    return [key for key, began_at in found.values_list("pk", "began_at")[:limit] if began_at >= since]


def declines_calls(customer_id: int) -> bool:
    """Say whether a customer does not want to be called."""
    return NoCalls.objects.filter(customer_id=customer_id).exists()


def called_conversations(conversation_ids: Collection[int]) -> set[int]:
    """Return those of some conversations that take down what was said in a call. For the house."""
    found = Call.objects.filter(conversation_id__in=conversation_ids) if conversation_ids else Call.objects.none()
    return set(found.values_list("conversation_id", flat=True))


def numbers_of(call_ids: Collection[int]) -> dict[int, str]:
    """Return the callers' numbers of some calls by id, for the log."""
    return dict(Call.objects.filter(pk__in=call_ids).values_list("pk", "number"))


def followed_until(pbx_id: int) -> int | None:
    """Return up to which piece the calls of a telephone system were followed; None before the first. For the house."""
    return Followed.objects.filter(pbx_id=pbx_id).values_list("piece", flat=True).first()


def _seen_by(viewer: Actor) -> QuerySet[Call]:
    """Return the calls a viewer may see: the one filter behind every list, page and answer of the API."""
    if rules.may_see_all(viewer):
        return Call.objects.all()
    if not rules.may_see(viewer) or viewer.user_id is None:
        return Call.objects.none()
    mates = {viewer.user_id, *people_in_teams(viewer.team_ids)}
    passed_on = Transfer.objects.filter(Q(receiver_id=viewer.user_id) | Q(sender_id=viewer.user_id)).values("call_id")
    return Call.objects.filter(
        Q(agent_id__in=mates) | Q(answered_at__isnull=True, is_outbound=False) | Q(pk__in=passed_on)
    )


def _at_phones_of(viewer: Actor) -> Q:
    to_them = Q(receiver_id=viewer.user_id, state=TransferState.ASKED)
    from_them = Q(sender_id=viewer.user_id, state__in=OPEN)
    found = Q(agent_id=viewer.user_id, state__in=[CallState.TALKING, CallState.CALLING])
    found |= Q(pk__in=Transfer.objects.filter(to_them).values("call_id"))
    found |= Q(pk__in=Transfer.objects.filter(from_them).values("call_id")) & ~Q(state=CallState.TALKING)
    for pbx_id, seat in seats_of_person(viewer.user_id or 0):
        found |= Q(pbx_id=pbx_id, ringing__contains=[seat])
    return found


def _transfers(found: QuerySet[Transfer]) -> list[TransferRow]:
    names = (
        "id",
        "call_id",
        "kind",
        "state",
        "why",
        "sender_id",
        "receiver_id",
        "queue",
        "note",
        "asked_at",
        "ended_at",
    )
    shown = found.values(*names, sender_name=F("sender__name"), receiver_name=F("receiver__name"))
    rows: list[dict[str, Any]] = [dict(row) for row in shown]
    return [
        TransferRow(sender=row.pop("sender_name") or "", receiver=row.pop("receiver_name") or "", **row) for row in rows
    ]


def _in_line_since(queued_at: datetime | None, left_at: datetime | None) -> datetime | None:
    return queued_at if left_at is None else None


def _rows(found: QuerySet[Call]) -> list[CallRow]:
    shown = found.values(
        "id",
        "pbx_id",
        "key",
        "number",
        "is_outbound",
        "line",
        "queue",
        "queued_at",
        "left_queue_at",
        "state",
        "ringing",
        "missed",
        "seat",
        "agent_id",
        "began_at",
        "answered_at",
        "ended_at",
        "ending",
        "customer_id",
        "case_id",
        "reason_id",
        "note",
        "written_up_at",
        agent_name=F("agent__name"),
        customer_name=F("customer__name"),
        case_number=F("case__number"),
        reason_name=F("reason__name"),
    )
    rows: list[dict[str, Any]] = [dict(row) for row in shown]
    return [
        CallRow(
            contact_key=f"phone-{row['pbx_id']}:{row.pop('key')}",
            agent=row.pop("agent_name") or "",
            customer=row.pop("customer_name") or "",
            reason=row.pop("reason_name") or "",
            ringing=tuple(row.pop("ringing")),
            missed=tuple(row.pop("missed")),
            queued_at=_in_line_since(row.pop("queued_at"), row.pop("left_queue_at")),
            **row,
        )
        for row in rows
    ]
