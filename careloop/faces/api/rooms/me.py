"""Who am I?"""

from typing import Any

from django.http import HttpRequest

from careloop.domains.people.queries import own_account
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.people import MeShown
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/me", None, MeShown)
def who_am_i(request: HttpRequest) -> Any:
    """Say whom the token acts as, in which workspace, and for what."""
    visit = visit_of(request)
    actor, account = visit.actor, own_account(visit.actor.id)
    return {
        "id": actor.id,
        "name": account.settings.name,
        "email": account.email,
        "language": account.settings.language,
        "time_zone": account.settings.time_zone,
        "signature": account.settings.signature,
        "mails_notifications": account.settings.mails_notifications,
        "role": actor.role,
        "team_ids": sorted(actor.team_ids),
        "scopes": sorted(actor.scopes or ()),
        "workspace_key": visit.workspace.key,
        "workspace_name": visit.workspace.name,
    }
