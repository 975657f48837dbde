"""Who asks: what the middleware has found out about a request, typed."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest

from careloop.domains.people.types import Account
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.actors import Actor, ActorKind

__all__ = ["account_actor_of", "actor_of", "opens_own_scope", "person_asking", "workspace_of"]

V = TypeVar("V", bound=Callable[..., Any])


def opens_own_scope(view: V) -> V:
    """Mark a view that opens `workspace_scope()` by itself, such as a stream that opens one per batch."""
    view.opens_own_scope = True  # type: ignore[attr-defined]
    return view


def actor_of(request: HttpRequest) -> Actor:
    """Return the member who asks, on a page of a workspace."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def workspace_of(request: HttpRequest) -> WorkspaceFacts:
    """Return the workspace whose page is asked for."""
    return cast(WorkspaceFacts, request.workspace)  # type: ignore[attr-defined]


def person_asking(request: HttpRequest) -> Account | None:
    """Return the account that is signed in, or None."""
    user = getattr(request, "user", None)
    return cast(Account, user) if user is not None and user.is_authenticated else None


def account_actor_of(request: HttpRequest) -> Actor:
    """Return the signed-in person outside any workspace, for acts on their own account."""
    person = person_asking(request)
    if person is None:
        raise RuntimeError("Only pages behind sign-in ask for an account's actor.")
    return Actor(kind=ActorKind.USER, id=person.pk)
