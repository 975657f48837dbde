"""Numbers for text messages on trial. This calls their provider, so it opens its scopes itself (`door.outward_door`)."""

from typing import Any

from django.http import HttpRequest

from careloop.domains.channels.reasons import text_trouble
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.messengers import MessengerCheckShown
from careloop.faces.api.visits import visit_of
from careloop.processes.texting import try_messenger

__all__ = ["room"]

room = Room()


@room.opens("POST", "/messengers/{messenger_id}/checks", Scope.SETTINGS_WRITE, MessengerCheckShown)
def check_messenger(request: HttpRequest, messenger_id: PathId) -> Any:
    """Ask the provider whether it lets us in and say how it went; takes up to some tens of seconds."""
    visit = visit_of(request)
    code, detail = try_messenger(workspace_id=visit.workspace.id, messenger_id=messenger_id, actor=visit.actor)
    return {"trouble": code, "message": text_trouble(code) if code else "", "detail": detail}
