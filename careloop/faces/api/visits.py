"""One request of a machine: who asks, in which workspace, when, and with which token."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest

from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.actors import Actor

__all__ = ["Visit", "visit_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """actor: the token's maker, limited to its scopes. at: now, read once at the door."""

    actor: Actor
    workspace: WorkspaceFacts
    token_id: int
    at: datetime


def visit_of(request: HttpRequest) -> Visit:
    """Return what the door has found out about a request."""
    return cast(Visit, request.visit)  # type: ignore[attr-defined]
