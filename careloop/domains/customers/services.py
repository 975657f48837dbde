"""Acts on customers: the only code that writes these tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from careloop.domains.customers import rules
from careloop.domains.customers.errors import (
    CustomerNotFound,
    IdentityTaken,
    MayNotChangeCustomers,
    NameMissing,
)
from careloop.domains.customers.events import (
    CustomerChanged,
    CustomerCreated,
    CustomerNoted,
    CustomerTagged,
    IdentityLinked,
    IdentityUnlinked,
    OrganizationChanged,
    OrganizationCreated,
)
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.models import Customer, CustomerNote, CustomerTag, Identity, Organization
from careloop.domains.customers.types import IdentityKind, Met
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.text import document

__all__ = [
    "add_note",
    "change_customer",
    "change_organization",
    "create_customer",
    "create_organization",
    "link_identity",
    "recognize",
    "tag_customer",
    "unlink_identity",
    "verify_identity",
]

SAID_BY_SENDER = 0.7
"""Confidence in an address that a mail or form merely claims."""
ENTERED_BY_STAFF = 0.9
PROVED = 1.0


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
def create_customer(*, name: str, kind: str, value: str, language: str, source: str, actor: Actor, at: datetime) -> int:
    """Make a customer by hand or by machine, with a first address or number.

    Raises MayNotChangeCustomers, NameMissing, AddressUnusable, or IdentityTaken when another customer has the address.
    Records CustomerCreated and IdentityLinked.
    """
    _check(actor)
    if not name.strip():
        raise NameMissing(_("Write the customer's name."))
    value = normalize_identity(kind, value)
    if _owners_of(kind, [value]):
        raise IdentityTaken(_("Another customer already has this address. Look them up instead."))
    new = _New(name=name.strip(), language=language, kind=kind, value=value, confidence=ENTERED_BY_STAFF, at=at)
    return _made([new], source=source, actor=actor)[value]


@act
def change_customer(
    *,
    customer_id: int,
    name: str,
    language: str,
    time_zone: str,
    organization_id: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Change what is written about a customer. Raises CustomerNotFound, MayNotChangeCustomers, NameMissing.

    Records CustomerChanged when anything differs.
    """
    _check(actor)
    customer = _locked(customer_id)
    if not name.strip():
        raise NameMissing(_("Write the customer's name."))
    if organization_id is not None and not Organization.objects.filter(pk=organization_id).exists():
        raise CustomerNotFound(_("There is no such organization."))
    wanted = {
        "name": name.strip(),
        "language": language,
        "time_zone": time_zone,
        "organization_id": organization_id,
    }
    changed = tuple(field for field, value in wanted.items() if getattr(customer, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(customer, field, wanted[field])
    customer.save(update_fields=list(changed))
    _index(customer)
    record(CustomerChanged(subject=subject("customer", customer.pk), actor=str(actor), at=at, fields=changed))


@act
def link_identity(*, customer_id: int, kind: str, value: str, confidence: float, actor: Actor, at: datetime) -> int:
    """Add an address, number or handle to a customer and return its id.

    confidence: above 0, at most 1.

    Raises CustomerNotFound, MayNotChangeCustomers, AddressUnusable, IdentityTaken. Records IdentityLinked.
    """
    _check(actor)
    customer = _locked(customer_id)
    value = normalize_identity(kind, value)
    try:
        with attempt():
            identity = Identity.objects.create(customer=customer, kind=kind, value=value, confidence=confidence)
    except IntegrityError:
        raise IdentityTaken(_("Another customer already has this address. Unlink it there first.")) from None
    _index(customer)
    record(_linked(customer.pk, identity, actor, at))
    return identity.pk


@act
def unlink_identity(*, identity_id: int, actor: Actor, at: datetime) -> None:
    """Take an address off a customer; the row stays, so that history explains itself.

    Raises CustomerNotFound, MayNotChangeCustomers. Records IdentityUnlinked.
    """
    _check(actor)
    identity = Identity.objects.select_for_update().filter(pk=identity_id, unlinked_at__isnull=True).first()
    if identity is None:
        raise CustomerNotFound(_("This address is not linked any more."))
    identity.unlinked_at = at
    identity.save(update_fields=["unlinked_at"])
    _index(_locked(identity.customer_id))
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


@act
def add_note(*, customer_id: int, text: str, actor: Actor, at: datetime) -> int:
    """Write a note about a customer for colleagues. Raises CustomerNotFound, MayNotChangeCustomers, NameMissing."""
    _check(actor)
    customer = _locked(customer_id)
    if not text.strip() or actor.user_id is None:
        raise NameMissing(_("Write something first."))
    note = CustomerNote.objects.create(customer=customer, author_id=actor.user_id, text=text.strip(), created_at=at)
    record(CustomerNoted(subject=subject("customer", customer.pk), actor=str(actor), at=at, note_id=note.pk))
    return note.pk


@act
def tag_customer(*, customer_id: int, add: frozenset[str], remove: frozenset[str], actor: Actor, at: datetime) -> None:
    """Put tags on a customer and take others off. Raises CustomerNotFound, MayNotChangeCustomers."""
    _check(actor)
    customer = _locked(customer_id)
    present = set(CustomerTag.objects.filter(customer=customer).values_list("name", flat=True))
    added, removed = {tag.strip()[:60] for tag in add if tag.strip()} - present, set(remove) & present
    if not added and not removed:
        return
    CustomerTag.objects.bulk_create([CustomerTag(customer=customer, name=name) for name in sorted(added)])
    CustomerTag.objects.filter(customer=customer, name__in=removed).delete()
    record(
        CustomerTagged(
            subject=subject("customer", customer.pk),
            actor=str(actor),
            at=at,
            added=tuple(sorted(added)),
            removed=tuple(sorted(removed)),
        )
    )


@act
def create_organization(*, name: str, domains: frozenset[str], actor: Actor, at: datetime) -> int:
    """Make an organization. domains: mail domains whose new senders belong to it, such as "example.com".

    Raises MayNotChangeCustomers, NameMissing, IdentityTaken. Records OrganizationCreated.
    """
    _check(actor)
    if not name.strip():
        raise NameMissing(_("Write the organization's name."))
    try:
        with attempt():
            organization = Organization.objects.create(name=name.strip(), domains=_written(domains))
    except IntegrityError:
        raise IdentityTaken(_("An organization of this name exists already.")) from None
    record(OrganizationCreated(subject=subject("organization", organization.pk), actor=str(actor), at=at))
    return organization.pk


@act
def change_organization(
    *, organization_id: int, name: str, domains: frozenset[str], actor: Actor, at: datetime
) -> None:
    """Change what is written about an organization. domains: as in `create_organization`.

    Raises CustomerNotFound, MayNotChangeCustomers, NameMissing, IdentityTaken. Records OrganizationChanged when anything differs.
    """
    _check(actor)
    organization = Organization.objects.select_for_update().filter(pk=organization_id).first()
    if organization is None:
        raise CustomerNotFound(_("There is no such organization."))
    if not name.strip():
        raise NameMissing(_("Write the organization's name."))
    wanted = {"name": name.strip(), "domains": _written(domains)}
    changed = tuple(field for field, value in wanted.items() if getattr(organization, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(organization, field, wanted[field])
    try:
        with attempt():
            organization.save(update_fields=list(changed))
    except IntegrityError:
        raise IdentityTaken(_("An organization of this name exists already.")) from None
    about = subject("organization", organization.pk)
    record(OrganizationChanged(subject=about, actor=str(actor), at=at, fields=changed))


def _written(domains: frozenset[str]) -> str:
    written = "".join(f",{domain.strip().lower()}" for domain in sorted(domains) if domain.strip())
    return f"{written}," if written else ""


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
        record(_linked(identity.customer_id, identity, actor, one.at))
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


def _linked(customer_id: int, identity: Identity, actor: Actor, at: datetime) -> IdentityLinked:
    return IdentityLinked(
        subject=subject("customer", customer_id),
        actor=str(actor),
        at=at,
        identity_id=identity.pk,
        kind=identity.kind,
        confidence=identity.confidence,
    )


def _index(customer: Customer) -> None:
    addresses = Identity.objects.filter(customer=customer, unlinked_at__isnull=True).values_list("value", flat=True)
    customer.search = document(" ".join([customer.name, *addresses]))
    customer.save(update_fields=["search"])


def _owners_of(kind: str, values: Collection[str]) -> dict[str, int]:
    return dict(
        Identity.objects.filter(kind=kind, value__in=set(values), unlinked_at__isnull=True).values_list(
            "value", "customer_id"
        )
    )


def _locked(customer_id: int) -> Customer:
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise CustomerNotFound(_("There is no such customer."))
    return customer


def _check(actor: Actor) -> None:
    if not rules.may_change(actor):
        raise MayNotChangeCustomers(_("Your role reads customers but does not change them."))
