"""Telephone systems on trial. This calls them, so it opens its scopes itself (`door.outward_door`)."""

from typing import Any

from django.http import HttpRequest

from careloop.domains.people.types import Scope
from careloop.domains.telephony.reasons import trouble
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.phones import PhoneCheckShown
from careloop.faces.api.visits import visit_of
from careloop.processes.phone_trial import try_pbx

__all__ = ["room"]

room = Room()


@room.opens("POST", "/phones/{phone_id}/checks", Scope.SETTINGS_WRITE, PhoneCheckShown)
def check_phone(request: HttpRequest, phone_id: PathId) -> Any:
    """Sign in at a telephone system, ask how its queues stand and say how it went; takes up to some tens of seconds."""
    visit = visit_of(request)
    found = try_pbx(workspace_id=visit.workspace.id, pbx_id=phone_id, actor=visit.actor)
    return {
        "trouble": found.trouble,
        "message": trouble(found.trouble) if found.trouble else "",
        "detail": found.detail,
        "queues": [{"name": name, "waiting_count": waiting} for name, waiting in found.queues],
        "agents": found.agents,
    }
