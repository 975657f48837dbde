"""What people are told by mail, after commit."""

import logging

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from careloop.domains.people.models import Invitation, User
from careloop.domains.people.types import ROLE_LABELS
from careloop.kernel.actors import Role
from careloop.kernel.secrets import open_secret

__all__ = ["mail_invitation"]

log = logging.getLogger(__name__)


@app.task(name="people.mail_invitation", queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def mail_invitation(*, invitation_id: int, sealed_link: str) -> None:
    """Send an invitation to the invited address, unless it is no longer open.

    sealed_link: the address of the acceptance page with its secret, as `seal_secret` returns it.
    """
    found = (
        Invitation.objects.select_related("workspace", "invited_by")
        .filter(pk=invitation_id, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if found is None:
        log.info("invitation.not_mailed", extra={"invitation_id": invitation_id})
        return
    language = User.objects.filter(email=found.email).values_list("language", flat=True).first()
    with translation.override(language or found.workspace.language):
        subject = _("%(inviter)s invites you to %(workspace)s") % {
            "inviter": found.invited_by.name,
            "workspace": found.workspace.name,
        }
        body = render_to_string(
            "people/mail/invitation.txt",
            {
                "inviter_name": found.invited_by.name,
                "workspace_name": found.workspace.name,
                "role": ROLE_LABELS[Role(found.role)],
                "link": open_secret(sealed_link.encode()),
            },
        )
    EmailMessage(subject=subject, body=body, to=[found.email]).send()
