"""Telephone systems: secrets go in and never come out."""

from dataclasses import fields
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Status, UploadedFile

from careloop.domains.people.types import Scope
from careloop.domains.telephony import queries, services
from careloop.domains.telephony.errors import MayNotKeepPhones, PbxNotFound
from careloop.domains.telephony.services import PbxSettings, ProviderSettings
from careloop.domains.telephony.types import LeftKind, Taken, Told, ToldKind, Way
from careloop.domains.workspaces.rules import may_read_settings
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.phones import (
    CallEventGiven,
    CallEventsGiven,
    CallEventsTaken,
    LeftGiven,
    LeftTaken,
    PhoneChange,
    PhoneGiven,
    PhoneList,
    PhoneSeatGiven,
    PhoneSeatList,
    PhoneShown,
    ProviderGiven,
    ProviderShown,
)
from careloop.faces.api.visits import visit_of
from careloop.processes.calling import LeftFile, take_left

__all__ = ["room"]

room = Room()


@room.opens("GET", "/phones", Scope.SETTINGS_READ, PhoneList)
def list_phones(request: HttpRequest) -> Any:
    """List the telephone systems and how they fare."""
    _check_reader(request)
    return {"items": queries.pbxes()}


@room.opens("POST", "/phones", Scope.SETTINGS_WRITE, PhoneShown, status=201)
def add_phone(request: HttpRequest, given: PhoneGiven) -> Any:
    """Add a telephone system, on trial: nothing is kept until it is opened."""
    visit = visit_of(request)
    pbx_id = services.add_pbx(settings=PbxSettings(**given.model_dump()), actor=visit.actor, at=visit.at)
    return Status(201, queries.pbx(pbx_id))


@room.opens("GET", "/phones/{phone_id}", Scope.SETTINGS_READ, PhoneShown)
def get_phone(request: HttpRequest, phone_id: PathId) -> Any:
    """Get one telephone system, without its secret."""
    _check_reader(request)
    return queries.pbx(phone_id)


@room.opens("PATCH", "/phones/{phone_id}", Scope.SETTINGS_WRITE, PhoneShown)
def change_phone(request: HttpRequest, phone_id: PathId, given: PhoneChange) -> Any:
    """Change a telephone system; what is left out stays. A server that is another one needs its secret with it."""
    visit, was = visit_of(request), queries.pbx(phone_id)
    kept = {item.name: getattr(was, item.name) for item in fields(PbxSettings) if item.name not in {"secret", "kind"}}
    wanted = {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}
    services.change_pbx(pbx_id=phone_id, settings=PbxSettings(**{**kept, **wanted}), actor=visit.actor, at=visit.at)
    return queries.pbx(phone_id)


@room.opens("POST", "/phones/{phone_id}/opening", Scope.SETTINGS_WRITE, PhoneShown)
def open_phone(request: HttpRequest, phone_id: PathId) -> Any:
    """Listen to a telephone system from now on."""
    visit = visit_of(request)
    services.go_live(pbx_id=phone_id, actor=visit.actor, at=visit.at)
    return queries.pbx(phone_id)


@room.opens("POST", "/phones/{phone_id}/pause", Scope.SETTINGS_WRITE, PhoneShown)
def pause_phone(request: HttpRequest, phone_id: PathId) -> Any:
    """Listen to a telephone system no more until it is opened again."""
    visit = visit_of(request)
    services.pause_pbx(pbx_id=phone_id, actor=visit.actor, at=visit.at)
    return queries.pbx(phone_id)


@room.opens("GET", "/phones/{phone_id}/seats", Scope.SETTINGS_READ, PhoneSeatList)
def list_phone_seats(request: HttpRequest, phone_id: PathId) -> Any:
    """List the agents that a telephone system has named, and who they are."""
    _check_reader(request)
    return {"items": queries.seats(queries.pbx(phone_id).id)}


@room.opens("PUT", "/phones/{phone_id}/seats/{seat_id}", Scope.SETTINGS_WRITE, PhoneSeatList)
def seat_person(request: HttpRequest, phone_id: PathId, seat_id: PathId, given: PhoneSeatGiven) -> Any:
    """Say who an agent of a telephone system is."""
    visit = visit_of(request)
    services.seat_person(
        pbx_id=phone_id,
        seat_id=seat_id,
        user_id=given.user_id,
        extension=given.extension,
        actor=visit.actor,
        at=visit.at,
    )
    return {"items": queries.seats(phone_id)}


@room.opens("GET", "/phones/{phone_id}/provider", Scope.SETTINGS_READ, ProviderShown)
def get_provider(request: HttpRequest, phone_id: PathId) -> Any:
    """Get the provider whose webhooks tell of the calls of a telephone system; its token is never shown."""
    _check_reader(request)
    found = queries.provider_of(queries.pbx(phone_id).id)
    if found is None:
        raise PbxNotFound(_("No provider is connected to this telephone system."))
    return found


@room.opens("PUT", "/phones/{phone_id}/provider", Scope.SETTINGS_WRITE, ProviderShown)
def connect_provider(request: HttpRequest, phone_id: PathId, given: ProviderGiven) -> Any:
    """Let a provider's webhooks tell of the calls of a telephone system of the kind "told", or change how."""
    visit = visit_of(request)
    wanted = ProviderSettings(**given.model_dump())
    services.connect_provider(pbx_id=phone_id, settings=wanted, actor=visit.actor, at=visit.at)
    return queries.provider_of(phone_id)


@room.opens("POST", "/phones/{phone_id}/call-events", Scope.CALLS_TELL, CallEventsTaken)
def tell_call_events(request: HttpRequest, phone_id: PathId, given: CallEventsGiven) -> Any:
    """Tell what happens to calls on a telephone system of the kind "told".

    Each event counts once, however often it is told; in whatever order they come, the call stands as if they had come in time.
    A call is counted a minute after its end and the last news of it.
    """
    visit = visit_of(request)
    told = [_told(one) for one in given.events]
    return {"items": services.take_told(pbx_id=phone_id, told=told, actor=visit.actor, at=visit.at)}


@room.opens("POST", "/phones/{phone_id}/voicemails", Scope.CALLS_TELL, LeftTaken, status=201)
def leave_voicemail(request: HttpRequest, phone_id: PathId, file: File[UploadedFile], given: Form[LeftGiven]) -> Any:
    """Hand over a voicemail, a sound of the form's part “file”. It stands in a case of its caller, and is played there."""
    return Status(201, _left(request, phone_id, LeftKind.VOICEMAIL, file, given))


@room.opens("POST", "/phones/{phone_id}/faxes", Scope.CALLS_TELL, LeftTaken, status=201)
def leave_fax(request: HttpRequest, phone_id: PathId, file: File[UploadedFile], given: Form[LeftGiven]) -> Any:
    """Hand over a fax, a PDF or TIFF in the form's part “file”. It stands in a case of its sender."""
    return Status(201, _left(request, phone_id, LeftKind.FAX, file, given))


def _left(request: HttpRequest, phone_id: int, kind: LeftKind, file: UploadedFile, given: LeftGiven) -> dict[str, str]:
    visit = visit_of(request)
    message_id = take_left(
        pbx_id=phone_id,
        kind=kind,
        told_id=given.id,
        number=given.number.strip(),
        call=given.call.strip(),
        seconds=given.seconds,
        left_at=given.at,
        file=LeftFile(name=file.name or "", declared_type=file.content_type or "", content=file.read()),
        actor=visit.actor,
        at=visit.at,
    )
    return {"id": given.id, "became": Taken.KNOWN if message_id is None else Taken.TAKEN}


def _told(given: CallEventGiven) -> Told:
    return Told(
        id=given.id,
        call=given.call,
        kind=ToldKind(given.kind),
        at=given.at,
        way=Way(given.direction),
        number=given.number.strip(),
        line=given.line.strip(),
        queue=given.queue.strip(),
        seat=given.seat.strip(),
        to=given.to.strip(),
        by_customer=given.ended_by == "customer",
    )


def _check_reader(request: HttpRequest) -> None:
    if not may_read_settings(visit_of(request).actor):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))
