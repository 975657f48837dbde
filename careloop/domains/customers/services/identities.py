"""The addresses and numbers by which a customer is known."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.customers.errors import CustomerNotFound, IdentityTaken
from careloop.domains.customers.events import IdentityLinked, IdentityUnlinked
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.models import Identity
from careloop.domains.customers.services.locking import check, index, locked
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["link_identity", "linked", "unlink_identity", "verify_identity"]

PROVED = 1.0


@act
def link_identity(*, customer_id: int, kind: str, value: str, confidence: float, actor: Actor, at: datetime) -> int:
    """Add an address, number or handle to a customer and return its id.

    confidence: above 0, at most 1.

    Raises CustomerNotFound, MayNotChangeCustomers, AddressUnusable, IdentityTaken. Records IdentityLinked.
    """
    check(actor)
    customer = locked(customer_id)
    value = normalize_identity(kind, value)
    try:
        with attempt():
            identity = Identity.objects.create(customer=customer, kind=kind, value=value, confidence=confidence)
    except IntegrityError:
        raise IdentityTaken(_("Another customer already has this address. Unlink it there first.")) from None
    index(customer)
    record(linked(customer.pk, identity, actor, at))
    return identity.pk


@act
def unlink_identity(*, identity_id: int, actor: Actor, at: datetime) -> None:
    """Take an address off a customer; the row stays, so that history explains itself.

    Raises CustomerNotFound, MayNotChangeCustomers. Records IdentityUnlinked.
    """
    check(actor)
    identity = Identity.objects.select_for_update().filter(pk=identity_id, unlinked_at__isnull=True).first()
    if identity is None:
        raise CustomerNotFound(_("This address is not linked any more."))
    identity.unlinked_at = at
    identity.save(update_fields=["unlinked_at"])
    index(locked(identity.customer_id))
    record(
        IdentityUnlinked(
            subject=subject("customer", identity.customer_id),
            actor=str(actor),
            at=at,
            identity_id=identity.pk,
            kind=identity.kind,
        )
    )


@act
def verify_identity(*, kind: str, value: str, at: datetime) -> int:
    """Note that a customer proved an address to be theirs, and return the customer. Raises CustomerNotFound."""
    value = normalize_identity(kind, value)
    identity = Identity.objects.select_for_update().filter(kind=kind, value=value, unlinked_at__isnull=True).first()
    if identity is None:
        raise CustomerNotFound(_("Nobody is known by this address."))
    if identity.verified_at is None:
        identity.verified_at, identity.confidence = at, PROVED
        identity.save(update_fields=["verified_at", "confidence"])
    return identity.customer_id


def linked(customer_id: int, identity: Identity, actor: Actor, at: datetime) -> IdentityLinked:
    """Return the event that a customer got an identity."""
    return IdentityLinked(
        subject=subject("customer", customer_id),
        actor=str(actor),
        at=at,
        identity_id=identity.pk,
        kind=identity.kind,
        confidence=identity.confidence,
    )
