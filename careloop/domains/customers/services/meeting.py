"""How customers become known: by a mail address that writes to us, or because somebody enters them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from careloop.domains.customers.errors import IdentityTaken, NameMissing
from careloop.domains.customers.events import CustomerCreated
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.models import Customer, Identity
from careloop.domains.customers.queries import customers_of_number
from careloop.domains.customers.services.identities import linked
from careloop.domains.customers.services.locking import check
from careloop.domains.customers.types import IdentityKind, Met
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.text import document

__all__ = ["create_customer", "recognize", "recognize_number"]

SAID_BY_SENDER = 0.7
"""Confidence in an address that a mail or form merely claims."""
SAID_BY_NETWORK = 0.8
"""Confidence in a number that a carrier says a message came from."""
ENTERED_BY_STAFF = 0.9


@act
def recognize(met: Sequence[Met], *, source: str, actor: Actor) -> dict[str, int]:
    """Return the customers behind mail addresses, by address as given, making one where nobody is known by it.

    source: how we met, such as "mail".

    Raises AddressUnusable. Records CustomerCreated and IdentityLinked for new ones. Safe when two meet at once.
    """
    usable = {one.address: normalize_identity(IdentityKind.EMAIL, one.address) for one in met}
    for is_last in (False, True):
        known = _owners_of(IdentityKind.EMAIL, usable.values())
        strangers = {usable[one.address]: one for one in met if usable[one.address] not in known}
        new = [
            _New(
                name=one.name or address.partition("@")[0],
                language=one.language,
                kind=IdentityKind.EMAIL,
                value=address,
                confidence=SAID_BY_SENDER,
                at=one.at,
            )
            for address, one in strangers.items()
        ]
        try:
            with attempt():
                known |= _made(new, source=source, actor=actor)
            break
        except IntegrityError:  # somebody met them at the same moment, and now they are known
            if is_last:
                raise
    return {given: known[address] for given, address in usable.items()}


@act
def recognize_number(*, number: str, name: str, source: str, actor: Actor, at: datetime) -> int:
    """Return the customer behind a phone number, the surest where it is several people's, making one where it is nobody's.

    name: what to call somebody new. source: how we met, such as "sms".

    Raises AddressUnusable. Records CustomerCreated and IdentityLinked for a new one. Safe when two meet at once.
    """
    value = normalize_identity(IdentityKind.PHONE, number)
    known = customers_of_number(value, limit=1)
    if known:
        return known[0]
    new = _New(name=name, language="", kind=IdentityKind.PHONE, value=value, confidence=SAID_BY_NETWORK, at=at)
    try:
        with attempt():
            return _made([new], source=source, actor=actor)[value]
    except IntegrityError:  # somebody met them at the same moment, and now they are known
        return _owners_of(IdentityKind.PHONE, [value])[value]


@act
def create_customer(*, name: str, kind: str, value: str, language: str, source: str, actor: Actor, at: datetime) -> int:
    """Make a customer by hand or by machine, with a first address or number.

    Raises MayNotChangeCustomers, NameMissing, AddressUnusable, or IdentityTaken when another customer has the address.
    Records CustomerCreated and IdentityLinked.
    """
    check(actor)
    if not name.strip():
        raise NameMissing(_("Write the customer's name."))
    value = normalize_identity(kind, value)
    if _owners_of(kind, [value]):
        raise IdentityTaken(_("Another customer already has this address. Look them up instead."))
    new = _New(name=name.strip(), language=language, kind=kind, value=value, confidence=ENTERED_BY_STAFF, at=at)
    return _made([new], source=source, actor=actor)[value]


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    name: str
    language: str
    kind: str
    value: str
    confidence: float
    at: datetime


def _made(new: Sequence[_New], *, source: str, actor: Actor) -> dict[str, int]:
    """Make customers with a first address each, and return their ids by it."""
    if not new:
        return {}
    organizations = _organizations_of({one.value.rpartition("@")[2] for one in new if one.kind == IdentityKind.EMAIL})
    customers = Customer.objects.bulk_create(
        [
            Customer(
                name=one.name[:200],
                language=one.language,
                organization_id=organizations.get(one.value.rpartition("@")[2]),
                created_at=one.at,
                search=document(f"{one.name} {one.value}"),
            )
            for one in new
        ]
    )
    identities = Identity.objects.bulk_create(
        [
            Identity(customer=customer, kind=one.kind, value=one.value, confidence=one.confidence, created_at=one.at)
            for one, customer in zip(new, customers, strict=True)
        ]
    )
    for one, identity in zip(new, identities, strict=True):
        about = subject("customer", identity.customer_id)
        record(CustomerCreated(subject=about, actor=str(actor), at=one.at, source=source))
        record(linked(identity.customer_id, identity, actor, one.at))
    return {identity.value: identity.customer_id for identity in identities}


def _organizations_of(domains: Collection[str]) -> dict[str, int]:
    """Return the organization that the senders of a mail domain belong to, the oldest when several claim it."""
    if not domains:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT domain, min(o.id) FROM customers_organization o, unnest(string_to_array(o.domains, ',')) AS domain "
            "WHERE o.domains <> '' AND domain = ANY(%s) GROUP BY domain",
            [list(domains)],
        )
        return dict(cursor.fetchall())


def _owners_of(kind: str, values: Collection[str]) -> dict[str, int]:
    return dict(
        Identity.objects.filter(kind=kind, value__in=set(values), unlinked_at__isnull=True).values_list(
            "value", "customer_id"
        )
    )
