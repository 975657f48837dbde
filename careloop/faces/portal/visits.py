"""A visit to a workspace's portal: which workspace, and who is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest

from careloop.domains.customers.types import CustomerRow
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.actors import Actor, ActorKind

__all__ = ["Visit", "visit_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """workspace: whose portal. customer: who is signed in, or None. at: the moment of the request.

    wait_seconds: above 0 when this sender posts too often and nothing may be done for them now.
    """

    workspace: WorkspaceFacts
    customer: CustomerRow | None
    at: datetime
    wait_seconds: int

    @property
    def actor(self) -> Actor | None:
        """The signed-in customer as an actor, or None."""
        return None if self.customer is None else Actor(kind=ActorKind.CUSTOMER, id=self.customer.id)

    @property
    def is_open_demo(self) -> bool:
        """Whether sign-in links may be shown instead of mailed: a demo workspace on somebody's own machine."""
        return not self.workspace.may_send and not settings.IS_PRODUCTION


def visit_of(request: HttpRequest) -> Visit:
    """Return the visit that a portal page belongs to."""
    return cast(Visit, request.visit)  # type: ignore[attr-defined]
