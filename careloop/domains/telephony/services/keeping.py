"""What people do with telephone systems."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import people_choices
from careloop.domains.telephony import rules
from careloop.domains.telephony.errors import MayNotKeepPhones, NameTaken, PbxNotFound, PbxUnclear
from careloop.domains.telephony.events import PbxChanged, PbxSeatChanged
from careloop.domains.telephony.models import Pbx, Seat
from careloop.domains.telephony.types import Meaning, Offer, PbxKind, PbxState, Security
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.secrets import seal_secret

__all__ = ["CONTROLS", "PbxSettings", "add_pbx", "change_pbx", "go_live", "locked", "pause_pbx", "seat_person"]

MOST_WORDS: Final = 50
LONGEST_WORD: Final = 80
LONGEST_URL: Final = 300
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")
"""Any of these would begin a line of its own in what is sent, or could not be kept."""
CONTEXT: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
EXTENSION: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
CHANNEL: Final = re.compile(r"[A-Za-z0-9_./@:-]*\{extension\}[A-Za-z0-9_./@:-]*")
PLUS: Final = re.compile(r"[+0-9*#]{0,8}")
BEGINNING: Final = re.compile(r"\+?[0-9]{1,18}")
RECORDING_URL: Final = re.compile(r"https?://[^\s{}<>]+\{key\}[^\s{}<>]*")
WITHOUT_DIALING: Final = frozenset({Offer.END, Offer.PAUSE})
LISTS: Final = frozenset({"inbound", "offers", "barred"})
MAPPINGS: Final = frozenset({"user_events", "queue_numbers"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxSettings:
    """What a person says about a telephone system. An empty secret keeps the stored one, as long as host and port stay the same.

    inbound: contexts of the dialplan in which customers' calls begin. user_events: what its own events mean, by name.
    offers, call_context, phone_channel, plus, barred, transfer_context, queue_numbers, recording_url: as in `PbxRow`.
    kind: chosen once; one that tells has a name and no more.
    """

    name: str
    host: str = ""
    port: int = 5039
    security: str = Security.TLS
    user: str = ""
    secret: str = field(default="", repr=False)
    inbound: Sequence[str] = ()
    user_events: Mapping[str, str] = field(default_factory=dict)
    offers: Sequence[str] = ()
    call_context: str = ""
    phone_channel: str = "PJSIP/{extension}"
    plus: str = "00"
    barred: Sequence[str] = ()
    transfer_context: str = ""
    queue_numbers: Mapping[str, str] = field(default_factory=dict)
    recording_url: str = ""
    kind: str = PbxKind.ASTERISK


@act
def add_pbx(*, settings: PbxSettings, actor: Actor, at: datetime) -> int:
    """Add a telephone system, on trial until somebody lets it go live, and return its id.

    Raises MayNotKeepPhones, PbxUnclear, NameTaken. Records PbxChanged.
    """
    _check(actor)
    if settings.kind not in PbxKind.values:
        raise PbxUnclear(_("Choose how Careloop hears of the calls of this telephone system."))
    pbx = Pbx(state=PbxState.TRYING, kind=settings.kind)
    _write(pbx, settings)
    record(PbxChanged(subject=subject("pbx", pbx.pk), actor=str(actor), at=at, change="made"))
    return pbx.pk


@act
def change_pbx(*, pbx_id: int, settings: PbxSettings, actor: Actor, at: datetime) -> None:
    """Change a telephone system's settings. Raises MayNotKeepPhones, PbxNotFound, PbxUnclear, NameTaken. Records PbxChanged."""
    _check(actor)
    changed = _write(locked(pbx_id), settings)
    if changed:
        about = subject("pbx", pbx_id)
        record(PbxChanged(subject=about, actor=str(actor), at=at, change="changed", fields=changed))


@act
def go_live(*, pbx_id: int, actor: Actor, at: datetime) -> None:
    """Listen to a telephone system from now on. Raises MayNotKeepPhones, PbxNotFound. Records PbxChanged."""
    _move(pbx_id, PbxState.LIVE, "live", actor, at)


@act
def pause_pbx(*, pbx_id: int, actor: Actor, at: datetime) -> None:
    """Listen to a telephone system no more until it goes live again. Raises MayNotKeepPhones, PbxNotFound."""
    _move(pbx_id, PbxState.PAUSED, "paused", actor, at)


@act
def seat_person(
    *, pbx_id: int, seat_id: int, user_id: int | None, extension: str | None = None, actor: Actor, at: datetime
) -> None:
    """Say who stands behind a name of a telephone system. user_id: None for nobody of ours. extension: None to leave it.

    Raises MayNotKeepPhones, PbxNotFound, PbxUnclear. Records PbxSeatChanged.
    """
    _check(actor)
    seat = Seat.objects.select_for_update().filter(pk=seat_id, pbx_id=pbx_id).first()
    if seat is None:
        raise PbxNotFound(_("This telephone system knows no such agent."))
    if user_id is not None and user_id not in {person for person, _name, _role in people_choices(actor)}:
        raise PbxUnclear(_("This person does not work here any more. Choose another one."))
    extension = seat.extension if extension is None else extension.strip()
    if extension and not EXTENSION.fullmatch(extension):
        problem = _("An extension is written in letters and digits, such as 101.")
        raise PbxUnclear(problem, fields={"extension": problem})
    if (seat.person_id, seat.extension) == (user_id, extension):
        return
    seat.person_id, seat.extension = user_id, extension
    seat.save(update_fields=["person", "extension"])
    about = subject("pbx", pbx_id)
    record(PbxSeatChanged(subject=about, actor=str(actor), at=at, seat_id=seat_id, user_id=user_id))


def locked(pbx_id: int) -> Pbx:
    """Return a telephone system that nobody else changes meanwhile. Raises PbxNotFound."""
    pbx = Pbx.objects.select_for_update().filter(pk=pbx_id).first()
    if pbx is None:
        raise PbxNotFound(_("There is no such telephone system."))
    return pbx


def _move(pbx_id: int, state: PbxState, change: str, actor: Actor, at: datetime) -> None:
    _check(actor)
    pbx = locked(pbx_id)
    if pbx.state == state:
        return
    pbx.state, pbx.connected_at, pbx.last_error, pbx.failing_since = state, None, "", None
    pbx.pausing_refused_at = None
    pbx.save(update_fields=["state", "connected_at", "last_error", "failing_since", "pausing_refused_at"])
    record(PbxChanged(subject=subject("pbx", pbx_id), actor=str(actor), at=at, change=change))


def _write(pbx: Pbx, settings: PbxSettings) -> tuple[str, ...]:
    """Put settings into a telephone system, save it, and return which of them changed."""
    if pbx.kind == PbxKind.TOLD:
        return _name(pbx, settings.name)
    if not settings.name.strip() or not settings.host.strip() or not settings.user.strip():
        raise PbxUnclear(_("A telephone system needs a name, a host, and a user of its manager interface."))
    if settings.security not in Security.values or not 1 <= settings.port <= 65535:
        raise PbxUnclear(_("Choose how the connection is secured, and a port from 1 to 65535."))
    if set(settings.user_events.values()) - set(Meaning.values):
        raise PbxUnclear(_("A user event means blocked, callback, promise, outbound or ignored."))
    words = [*settings.inbound, *settings.user_events]
    if max(len(settings.inbound), len(settings.user_events)) > MOST_WORDS:
        raise PbxUnclear(_("Name at most 50 contexts and 50 user events."))
    if any(len(word) > LONGEST_WORD for word in words):
        raise PbxUnclear(_("The name of a context or of a user event has at most 80 characters."))
    if any(CONTROLS.search(word) for word in (settings.name, settings.host, settings.user, settings.secret, *words)):
        raise PbxUnclear(_("A line break or another control character is in one of these settings. Take it out."))
    _check_acts(settings)
    _check_recordings(settings.recording_url.strip())
    is_elsewhere = (settings.host.strip().lower(), settings.port) != (pbx.host.lower(), pbx.port)
    if (is_elsewhere or not pbx.secret) and not settings.secret:
        problem = (
            _("The stored secret was given for another server. Enter it again.")
            if pbx.secret
            else _("Enter the secret of the manager user.")
        )
        raise PbxUnclear(problem, fields={"secret": problem})
    changed = []
    for item in fields(settings):
        value = getattr(settings, item.name)
        if item.name == "kind":
            continue
        if item.name == "secret":
            if not value:
                continue
            value = seal_secret(value)
        elif item.name in LISTS:
            value = [word.strip() for word in value if word.strip()]
        elif item.name in MAPPINGS:
            value = dict(value)
        elif isinstance(value, str):
            value = value.strip()
        if getattr(pbx, item.name) != value:
            setattr(pbx, item.name, value)
            changed.append(item.name)
    _save(pbx)
    return tuple(changed)


def _name(pbx: Pbx, name: str) -> tuple[str, ...]:
    """Name a telephone system that tells of its calls itself; it has no other settings."""
    name = name.strip()
    if not name or len(name) > LONGEST_WORD or CONTROLS.search(name):
        problem = _("A telephone system needs a name of at most 80 characters, without control characters.")
        raise PbxUnclear(problem, fields={"name": problem})
    if pbx.name == name:
        return ()
    pbx.name = name
    _save(pbx)
    return ("name",)


def _save(pbx: Pbx) -> None:
    try:
        with attempt():
            pbx.save()
    except IntegrityError:
        raise NameTaken(_("Another telephone system of this workspace has this name.")) from None


def _check_acts(settings: PbxSettings) -> None:
    """Check what is asked of a telephone system on which something may be done."""
    if set(settings.offers) - set(Offer.values):
        raise PbxUnclear(_("Choose what may be done from Careloop from the list."))
    context = settings.call_context.strip()
    if (context or set(settings.offers) - WITHOUT_DIALING) and not CONTEXT.fullmatch(context):
        problem = _("Name the context of the dialplan in which phones of agents dial, such as from-internal.")
        raise PbxUnclear(problem, fields={"call_context": problem})
    if settings.transfer_context.strip() and not CONTEXT.fullmatch(settings.transfer_context.strip()):
        problem = _("Name the context of the dialplan in which calls that are passed on are dialed, or leave it empty.")
        raise PbxUnclear(problem, fields={"transfer_context": problem})
    named = settings.queue_numbers
    if len(named) > MOST_WORDS or not all(
        _is_queue(name) and EXTENSION.fullmatch(number) for name, number in named.items()
    ):
        problem = _("Write each queue as Name=number, such as billing=600, at most 50.")
        raise PbxUnclear(problem, fields={"queue_numbers": problem})
    if not CHANNEL.fullmatch(settings.phone_channel.strip()) or len(settings.phone_channel) > 120:
        problem = _("Say how a phone is rung, with {extension} where its extension stands, such as PJSIP/{extension}.")
        raise PbxUnclear(problem, fields={"phone_channel": problem})
    if not PLUS.fullmatch(settings.plus.strip()):
        problem = _("What is dialed for + has at most eight digits, such as 00.")
        raise PbxUnclear(problem, fields={"plus": problem})
    if len(settings.barred) > MOST_WORDS or not all(BEGINNING.fullmatch(one.strip()) for one in settings.barred):
        problem = _("Write how numbers begin that are not called, in digits, one in each line, at most 50.")
        raise PbxUnclear(problem, fields={"barred": problem})


def _check_recordings(url: str) -> None:
    if url and (len(url) > LONGEST_URL or not RECORDING_URL.fullmatch(url)):
        problem = _(
            "Write the address of a recording with {key} where the call's key stands, such as https://pbx.example/{key}.wav."
        )
        raise PbxUnclear(problem, fields={"recording_url": problem})


def _is_queue(name: str) -> bool:
    return bool(name.strip()) and len(name) <= LONGEST_WORD and not CONTROLS.search(name)


def _check(actor: Actor) -> None:
    if not rules.may_keep_phones(actor):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))
