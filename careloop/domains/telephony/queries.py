"""Questions about telephone systems."""

import zlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import Max, Min, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.telephony.errors import PbxNotFound
from careloop.domains.telephony.models import CallHook, Heard, Left, Pbx, Piece, Provider, Seat
from careloop.domains.telephony.types import (
    CallHookKind,
    CallHookRow,
    LeftRow,
    OwnPhone,
    PbxRow,
    PbxServer,
    PbxState,
    ProviderAccount,
    ProviderRow,
    SeatRow,
    Told,
    ToldCall,
    ToldKind,
    Way,
)
from careloop.kernel.secrets import open_secret

__all__ = [
    "call_hook",
    "callbacks_asked",
    "caller_of",
    "calls_begun",
    "calls_let_go",
    "heard_after",
    "heard_of",
    "is_any_in_use",
    "is_any_offering",
    "left_in_messages",
    "left_last",
    "listened_pbxes_everywhere",
    "live_pbxes_everywhere",
    "offers_to",
    "own_phones",
    "pbx",
    "pbx_server",
    "pbxes",
    "people_behind",
    "phones_of",
    "pieces_after",
    "pieces_since",
    "provider_account",
    "provider_called",
    "provider_of",
    "quiet_calls",
    "seats",
    "seats_of_person",
    "told_through",
    "waiting_hooks",
]

ANSWERED_WITHIN: Final = timedelta(minutes=1)
"""Longer than a provider waits for what it is to do."""


def pbxes() -> list[PbxRow]:
    """Return the telephone systems of the workspace by name."""
    return [_row(one) for one in Pbx.objects.order_by("name", "pk")]


def is_any_in_use() -> bool:
    """Say whether the workspace listens to any telephone system, or did before it was paused."""
    return Pbx.objects.exclude(state=PbxState.TRYING).exists()


def pbx(pbx_id: int) -> PbxRow:
    """Return one telephone system. Raises PbxNotFound."""
    return _row(_found(pbx_id))


def pbx_server(pbx_id: int) -> PbxServer:
    """Return where its manager interface is, secret included. Raises PbxNotFound, Unreadable."""
    one = _found(pbx_id)
    secret = open_secret(bytes(one.secret)) if one.secret else ""
    return PbxServer(host=one.host, port=one.port, security=one.security, user=one.user, secret=secret)


def seats(pbx_id: int) -> list[SeatRow]:
    """Return the agents that a telephone system has named, by name."""
    found = Seat.objects.filter(pbx_id=pbx_id).order_by("name", "pk")
    return [SeatRow(id=one.pk, name=one.name, user_id=one.person_id, extension=one.extension) for one in found]


def people_behind(pbx_id: int) -> dict[str, int]:
    """Return the person behind each name of a telephone system, where somebody said so."""
    return {one.name: one.user_id for one in seats(pbx_id) if one.user_id is not None}


def seats_of_person(user_id: int) -> list[tuple[int, str]]:
    """Return the seats behind which a person stands: of which telephone system, and what it calls them."""
    found = Seat.objects.filter(person_id=user_id).order_by("pbx_id", "name")
    return list(found.values_list("pbx_id", "name"))


def own_phones(user_id: int, *, offer: str) -> list[OwnPhone]:
    """Return the phones of a person on live telephone systems that offer something, those with an extension first."""
    found = Seat.objects.filter(person_id=user_id, pbx__state=PbxState.LIVE, pbx__offers__contains=[offer])
    phones = [_phone(seat) for seat in found.select_related("pbx").order_by("pbx_id", "name")]
    return sorted(phones, key=lambda phone: not phone.extension)


def phones_of(pbx_id: int) -> dict[int, OwnPhone]:
    """Return by person the phones of a telephone system that have an extension, where several the first by name."""
    found = Seat.objects.filter(pbx_id=pbx_id, person__isnull=False).select_related("pbx")
    provider = provider_of(pbx_id)
    phones: dict[int, OwnPhone] = {}
    for seat in found.order_by("name", "pk"):
        phone = _phone(seat)
        if seat.person_id is not None and phone.extension and (provider is None or seat.name in provider.numbers):
            phones.setdefault(seat.person_id, phone)
    return phones


def offers_to(user_id: int) -> tuple[bool, frozenset[str]]:
    """Return whether a person has a phone, and what may be done with those that are live and have an extension."""
    found = list(Seat.objects.filter(person_id=user_id).select_related("pbx"))
    usable = [seat.pbx.offers for seat in found if _phone(seat).extension and seat.pbx.state == PbxState.LIVE]
    return bool(found), frozenset(offer for offers in usable for offer in offers)


def is_any_offering(offer: str) -> bool:
    """Say whether any live telephone system of the workspace offers something."""
    return Pbx.objects.filter(state=PbxState.LIVE, offers__contains=[offer]).exists()


def pieces_after(pbx_id: int, *, number: int, limit: int) -> list[tuple[int, bytes]]:
    """Return what a telephone system sent after a piece, at most so many pieces, in their order."""
    found = Piece.objects.filter(pbx_id=pbx_id, number__gt=number).order_by("number")[:limit]
    return [(one.number, zlib.decompress(bytes(one.body))) for one in found]


def pieces_since(pbx_id: int, *, since: datetime, until: int, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Return pieces that came since a moment, of numbers after one and up to another, in their order."""
    found = Piece.objects.filter(pbx_id=pbx_id, received_at__gte=since, number__gt=after, number__lte=until)
    return [(one.number, zlib.decompress(bytes(one.body))) for one in found.order_by("number")[:limit]]


def live_pbxes_everywhere() -> list[tuple[int, int]]:
    """Return (workspace, pbx) of every live telephone system of the installation; needs no scope, shows nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, pbx_id FROM careloop_live_pbxes()")
        return list(cursor.fetchall())


def listened_pbxes_everywhere() -> list[tuple[int, int]]:
    """Return (workspace, pbx) of every live telephone system that we listen to; needs no scope, shows nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, pbx_id FROM careloop_listened_pbxes()")
        return list(cursor.fetchall())


def heard_after(pbx_id: int, *, number: int, limit: int) -> tuple[int, frozenset[str]]:
    """Return how far things told after a number go, at most so many, and which calls they are about."""
    found = Heard.objects.filter(pbx_id=pbx_id, number__gt=number).order_by("number")
    rows = list(found.values_list("number", "call")[:limit])
    return (rows[-1][0] if rows else number), frozenset(call for _number, call in rows)


def callbacks_asked(pbx_id: int, *, after: int, until: int) -> list[str]:
    """Return the calls whose caller asked to be called back, by what was told after a number and up to another."""
    found = Heard.objects.filter(pbx_id=pbx_id, kind=ToldKind.CALLBACK, way=Way.IN, number__gt=after, number__lte=until)
    return sorted(set(found.values_list("call", flat=True)))


def heard_of(pbx_id: int, *, calls: Collection[str]) -> list[ToldCall]:
    """Return everything that was told of some calls, each in the order of its moments, whatever the order in which it came."""
    found: dict[str, list[tuple[int, Told]]] = {}
    for row in Heard.objects.filter(pbx_id=pbx_id, call__in=calls).order_by("number"):
        found.setdefault(row.call, []).append((row.number, _told(row)))
    return [ToldCall(key=call, heard=_in_order(told)) for call, told in sorted(found.items())]


def quiet_calls(pbx_id: int, *, over_before: datetime, given_up_before: datetime, limit: int) -> list[str]:
    """Return calls to be counted: over, and nothing told of them since a moment; or nothing told since another, over or not."""
    of_calls = Heard.objects.filter(pbx_id=pbx_id, is_settled=False).values("call")
    found = of_calls.annotate(latest=Max("received_at"), is_over=BoolOr(Q(kind=ToldKind.ENDED)))
    quiet = found.filter(Q(is_over=True, latest__lt=over_before) | Q(latest__lt=given_up_before))
    return list(quiet.order_by("latest", "call").values_list("call", flat=True)[:limit])


def left_in_messages(message_ids: Collection[int]) -> dict[int, LeftRow]:
    """Return the voicemails and faxes among some messages, by message."""
    found = Left.objects.filter(message_id__in=message_ids).values_list("message_id", "kind", "seconds")
    return {key: LeftRow(message_id=key, kind=kind, seconds=seconds) for key, kind, seconds in found if key is not None}


def left_last(pbx_id: int, *, kind: str, number: str) -> int | None:
    """Return the conversation in which a caller left something of this kind last; None before the first."""
    found = Left.objects.filter(pbx_id=pbx_id, kind=kind, number=number, conversation_id__isnull=False)
    return found.order_by("-pk").values_list("conversation_id", flat=True).first() if number else None


def provider_of(pbx_id: int) -> ProviderRow | None:
    """Return the provider whose webhooks tell of the calls of a telephone system, if there is one."""
    found = Provider.objects.select_related("pbx").filter(pbx_id=pbx_id).first()
    return None if found is None else _provider(found)


def provider_called(key: str) -> ProviderRow | None:
    """Return the provider with a key in the address that it calls, if there is one."""
    found = Provider.objects.select_related("pbx").filter(key=key).first()
    return None if found is None else _provider(found)


def provider_account(pbx_id: int) -> ProviderAccount:
    """Return how a provider is asked. For the house. Raises PbxNotFound, Unreadable."""
    found = Provider.objects.filter(pbx_id=pbx_id).first()
    if found is None:
        raise PbxNotFound(_("No provider is connected to this telephone system."))
    token = open_secret(bytes(found.token))
    return ProviderAccount(key=found.key, api_base=found.api_base, account=found.account, token=token)


def call_hook(hook_id: int) -> CallHookRow:
    """Return a webhook that was kept. For the house."""
    return _hook(CallHook.objects.get(pk=hook_id))


def waiting_hooks(pbx_id: int, *, at: datetime, limit: int) -> list[CallHookRow]:
    """Return webhooks of which nothing was told yet, the oldest first; one that is being answered waits for that."""
    waiting = CallHook.objects.filter(pbx_id=pbx_id, settled_at__isnull=True)
    questions = [kind for kind in CallHookKind if kind.is_question]
    in_hand = Q(kind__in=questions, answer="", received_at__gt=at - ANSWERED_WITHIN)
    return [_hook(one) for one in waiting.exclude(in_hand).order_by("pk")[:limit]]


def calls_begun(pbx_id: int, *, calls: Collection[str]) -> dict[str, datetime]:
    """Return when some calls came, to the second."""
    found = CallHook.objects.filter(pbx_id=pbx_id, call__in=calls, kind=CallHookKind.CALL)
    return {call: at.replace(microsecond=0) for call, at in found.values_list("call", "received_at")}


def calls_let_go(pbx_id: int, *, calls: Collection[str]) -> frozenset[str]:
    """Return which of some calls we ended, or sent to where a message is taken."""
    return frozenset(
        CallHook.objects.filter(pbx_id=pbx_id, call__in=calls, lets_go=True).values_list("call", flat=True)
    )


def caller_of(pbx_id: int, *, call: str) -> str:
    """Return the number from which somebody called, as far as it was told; empty otherwise."""
    told = Heard.objects.filter(pbx_id=pbx_id, call=call).exclude(customer_number="").order_by("number")
    return told.values_list("customer_number", flat=True).first() or ""


def told_through(pbx_id: int) -> datetime | None:
    """Return the earliest moment of what was told and is not counted yet; None when all is."""
    opened = Heard.objects.filter(pbx_id=pbx_id, is_settled=False)
    first: datetime | None = opened.aggregate(first=Min("happened_at"))["first"]
    return first


def _phone(seat: Seat) -> OwnPhone:
    pbx = _row(seat.pbx)
    return OwnPhone(pbx=pbx, seat=seat.name, extension=seat.name if pbx.is_told else seat.extension)


def _in_order(told: list[tuple[int, Told]]) -> tuple[Told, ...]:
    places = list(ToldKind)
    return tuple(
        one for _number, one in sorted(told, key=lambda pair: (pair[1].at, places.index(pair[1].kind), pair[0]))
    )


def _told(row: Heard) -> Told:
    return Told(
        id=row.told_id,
        call=row.call,
        kind=ToldKind(row.kind),
        at=row.happened_at,
        way=Way(row.way),
        number=row.customer_number,
        line=row.line,
        queue=row.queue,
        seat=row.seat,
        to=row.to,
        by_customer=row.by_customer,
    )


def _provider(one: Provider) -> ProviderRow:
    return ProviderRow(
        pbx_id=one.pbx_id,
        key=one.key,
        account=one.account,
        api_base=one.api_base,
        queue=one.queue,
        calendar_id=one.calendar_id,
        numbers=tuple(one.numbers),
        offers=tuple(one.pbx.offers),
    )


def _hook(one: CallHook) -> CallHookRow:
    return CallHookRow(
        id=one.pk,
        pbx_id=one.pbx_id,
        kind=one.kind,
        call=one.call,
        body=bytes(one.body),
        answer=one.answer,
        received_at=one.received_at,
    )


def _found(pbx_id: int) -> Pbx:
    found = Pbx.objects.filter(pk=pbx_id).first()
    if found is None:
        raise PbxNotFound(_("There is no such telephone system."))
    return found


def _row(one: Pbx) -> PbxRow:
    return PbxRow(
        id=one.pk,
        name=one.name,
        host=one.host,
        port=one.port,
        security=one.security,
        user=one.user,
        state=one.state,
        inbound=tuple(one.inbound),
        user_events=dict(one.user_events),
        connected_at=one.connected_at,
        heard_at=one.heard_at,
        deaf_from=one.deaf_from,
        deaf_until=one.deaf_until,
        last_error=one.last_error,
        failing_since=one.failing_since,
        offers=tuple(one.offers),
        call_context=one.call_context,
        phone_channel=one.phone_channel,
        plus=one.plus,
        barred=tuple(one.barred),
        transfer_context=one.transfer_context,
        queue_numbers=dict(one.queue_numbers),
        recording_url=one.recording_url,
        kind=one.kind,
        pausing_refused_at=one.pausing_refused_at,
    )
