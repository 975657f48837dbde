"""What is noted while a telephone system is listened to."""

import zlib
from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from careloop.domains.telephony.events import PbxFailing, PbxRecovered
from careloop.domains.telephony.models import Pbx, Piece, Seat
from careloop.domains.telephony.services.keeping import locked
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["forget_pieces", "note_connected", "note_failure", "note_heard", "note_names", "note_pausing", "store_piece"]

LONGEST_NAME = 120


@act
def note_connected(*, pbx_id: int, actor: Actor, at: datetime) -> None:
    """Note that a telephone system is heard from now on. Raises PbxNotFound. Records PbxRecovered when it had been failing."""
    pbx = locked(pbx_id)
    if pbx.heard_at is not None:
        pbx.deaf_from, pbx.deaf_until = pbx.heard_at, at
    since, pbx.connected_at, pbx.heard_at = pbx.failing_since, at, at
    pbx.last_error, pbx.failing_since = "", None
    pbx.save(update_fields=["deaf_from", "deaf_until", "connected_at", "heard_at", "last_error", "failing_since"])
    if since is not None:
        deaf = int((at - (pbx.deaf_from or since)).total_seconds())
        record(PbxRecovered(subject=subject("pbx", pbx_id), actor=str(actor), at=at, deaf_seconds=deaf))


@act
def store_piece(*, pbx_id: int, body: bytes, actor: Actor, at: datetime) -> int:
    """Keep what a telephone system sent, whole frames, before anything is understood of it; return its number, counted from 1.

    Raises PbxNotFound.
    """
    pbx = locked(pbx_id)
    pbx.last_piece, pbx.heard_at = pbx.last_piece + 1, at
    pbx.save(update_fields=["last_piece", "heard_at"])
    Piece.objects.create(pbx=pbx, number=pbx.last_piece, received_at=at, body=zlib.compress(body))
    return pbx.last_piece


@act
def note_heard(*, pbx_id: int, actor: Actor, at: datetime) -> None:
    """Note that a telephone system is there, though nothing happens on it."""
    Pbx.objects.filter(pk=pbx_id).update(heard_at=at)


@act
def note_failure(*, pbx_id: int, reason: str, detail: str, actor: Actor, at: datetime) -> None:
    """Note that a telephone system cannot be heard. reason: a code such as "wrong_secret". Records PbxFailing once.

    Raises PbxNotFound.
    """
    pbx = locked(pbx_id)
    is_new = pbx.failing_since is None
    pbx.last_error, pbx.failing_since, pbx.connected_at = f"{reason}: {detail}"[:500], pbx.failing_since or at, None
    pbx.save(update_fields=["last_error", "failing_since", "connected_at"])
    if is_new:
        record(PbxFailing(subject=subject("pbx", pbx_id), actor=str(actor), at=at, reason=reason))


@act
def note_names(*, pbx_id: int, names: Collection[str], actor: Actor, at: datetime) -> None:
    """Note the agents that the queues of a telephone system name, so that somebody can say who they are."""
    wanted = sorted({name[:LONGEST_NAME] for name in names if name.strip()})
    Seat.objects.bulk_create([Seat(pbx_id=pbx_id, name=name) for name in wanted], ignore_conflicts=True)


@act
def note_pausing(*, pbx_id: int, is_refused: bool, actor: Actor, at: datetime) -> None:
    """Note whether a telephone system refuses to pause phones, so that whoever keeps it sees it. Raises PbxNotFound."""
    pbx = locked(pbx_id)
    pbx.pausing_refused_at = (pbx.pausing_refused_at or at) if is_refused else None
    pbx.save(update_fields=["pausing_refused_at"])


@act
def forget_pieces(*, before: datetime, actor: Actor, at: datetime) -> int:
    """Delete what telephone systems of the workspace sent before a moment, but not their last piece; return how many pieces."""
    count, _by_table = Piece.objects.filter(received_at__lt=before).exclude(number__gte=F("pbx__last_piece")).delete()
    return count
