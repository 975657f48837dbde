"""Questions at the portal's door."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.people.digests import hash_of
from careloop.domains.sign_ins.errors import LinkExpired, LinkNotFound, LinkUsed
from careloop.domains.sign_ins.models import CustomerSession, SignInLink
from careloop.domains.sign_ins.types import OpenedLink

__all__ = ["customer_of_session", "opened_link", "usable_link"]


def customer_of_session(*, token: str, at: datetime) -> int | None:
    """Return the customer whose browser holds a secret in the workspace in scope, or None."""
    return (
        CustomerSession.objects.filter(token_hash=hash_of(token), expires_at__gt=at)
        .values_list("customer_id", flat=True)
        .first()
    )


def usable_link(*, token: str, at: datetime) -> OpenedLink:
    """Return what a link opens, and change nothing. Raises LinkNotFound, LinkUsed, LinkExpired."""
    return opened_link(SignInLink.objects.filter(token_hash=hash_of(token)).first(), at=at)


def opened_link(link: SignInLink | None, *, at: datetime) -> OpenedLink:
    """Return what a link opens. Raises LinkNotFound, LinkUsed, LinkExpired."""
    if link is None:
        raise LinkNotFound(_("This link does not work here. Ask for a new one."))
    if link.used_at is not None:
        raise LinkUsed(_("This link was used already. Each link works once. Ask for a new one."))
    if link.expires_at <= at:
        raise LinkExpired(_("This link is too old. Each link works for 30 minutes. Ask for a new one."))
    return OpenedLink(customer_id=link.customer_id, address=link.address, next_path=link.next_path)
