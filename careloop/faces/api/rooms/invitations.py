"""Invitations: who is on the way in."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.people import queries, services
from careloop.domains.people.errors import InvitationNotFound
from careloop.domains.people.types import InvitationRow, Scope
from careloop.faces.api.problems import NoMailLeaves
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.people import InvitationGiven, InvitationList, InvitationShown
from careloop.faces.api.visits import visit_of
from careloop.kernel.actors import Role

__all__ = ["room"]

room = Room()
_SLOT: Final = "TOKEN"


@room.opens("GET", "/invitations", Scope.SETTINGS_WRITE, InvitationList)
def list_invitations(request: HttpRequest) -> Any:
    """List the invitations that are neither accepted nor taken back, the newest first."""
    visit = visit_of(request)
    return {"items": queries.invitations_of(visit.actor, at=visit.at)}


@room.opens("POST", "/invitations", Scope.SETTINGS_WRITE, InvitationShown, status=201)
def invite(request: HttpRequest, given: InvitationGiven) -> Any:
    """Invite somebody by mail, in place of an earlier invitation to the same address."""
    return Status(201, _invited(request, email=given.email, role=Role(given.role)))


@room.opens("POST", "/invitations/{invitation_id}/resending", Scope.SETTINGS_WRITE, InvitationShown, status=201)
def invite_again(request: HttpRequest, invitation_id: PathId) -> Any:
    """Send an invitation again: a new one takes its place, with a new link and a new time to expire."""
    earlier = _invitation(request, invitation_id)
    return Status(201, _invited(request, email=earlier.email, role=earlier.role))


@room.opens("DELETE", "/invitations/{invitation_id}", Scope.SETTINGS_WRITE, None, status=204)
def revoke_invitation(request: HttpRequest, invitation_id: PathId) -> Any:
    """Take an invitation back; its link no longer works."""
    visit = visit_of(request)
    services.revoke_invitation(invitation_id=invitation_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _invited(request: HttpRequest, *, email: str, role: Role) -> InvitationRow:
    visit = visit_of(request)
    # The secret of a link is for whoever reads that mailbox: no answer of ours holds it, and none is kept for a replay.
    issued = services.invite(
        email=email,
        role=role,
        link=f"{settings.PUBLIC_URL}{reverse('invitation', args=[_SLOT])}".replace(_SLOT, "{token}"),
        actor=visit.actor,
        at=visit.at,
    )
    if not visit.workspace.may_send:
        raise NoMailLeaves(
            _("This workspace sends no mail, so nobody would get the invitation. Invite people on its pages instead.")
        )
    return _invitation(request, issued.id)


def _invitation(request: HttpRequest, invitation_id: int) -> InvitationRow:
    visit = visit_of(request)
    for row in queries.invitations_of(visit.actor, at=visit.at):
        if row.id == invitation_id:
            return row
    raise InvitationNotFound(_("This invitation is no longer open."))
