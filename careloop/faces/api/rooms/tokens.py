"""API tokens. A token makes no tokens: new ones are made on the pages, by a person who is signed in (docs/reference/roles.md)."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.people import queries, services
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.people import TokenList
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/tokens", Scope.SETTINGS_READ, TokenList)
def list_tokens(request: HttpRequest) -> Any:
    """List one's tokens, the newest first; those who may change settings see everybody's."""
    visit = visit_of(request)
    return {
        "items": [
            {**asdict(row), "scopes": sorted(row.scopes), "is_current": row.id == visit.token_id}
            for row in queries.tokens_of(visit.actor)
        ]
    }


@room.opens("DELETE", "/tokens/{token_id}", Scope.SETTINGS_WRITE, None, status=204)
def revoke_token(request: HttpRequest, token_id: PathId) -> Any:
    """Stop a token from working: one's own, or, for administrators, anybody's."""
    visit = visit_of(request)
    services.revoke_token(token_id=token_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("DELETE", "/me/token", None, None, status=204)
def give_up_token(request: HttpRequest) -> Any:
    """Stop the token that asks from working, such as when its program is taken down."""
    visit = visit_of(request)
    services.revoke_token(token_id=visit.token_id, actor=visit.actor, at=visit.at)
    return Status(204, None)
