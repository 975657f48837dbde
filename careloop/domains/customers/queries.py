"""Questions about customers; answers are frozen rows."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from careloop.domains.customers import rules
from careloop.domains.customers.errors import CustomerNotFound
from careloop.domains.customers.identities import is_same_number, normalize_identity, tail_of
from careloop.domains.customers.models import Customer, CustomerNote, CustomerTag, Identity, Organization
from careloop.domains.customers.types import (
    CustomerCard,
    CustomerRow,
    IdentityKind,
    IdentityRow,
    NoteRow,
    OrganizationRow,
)
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.paging import Order, Page, paged
from careloop.kernel.search import matching_ids
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "addresses_of",
    "card",
    "customer_of_address",
    "customers",
    "customers_of_number",
    "customers_of_organization",
    "find",
    "notes_about",
    "organization",
    "organizations",
    "pseudonyms_of",
    "rows_of",
    "tags_of",
]

MOST_ON_CARD: Final = 50
MOST_ALIKE: Final = 200


def customers(*, viewer: Actor, cursor: str | None = None, limit: int = 50) -> Page[CustomerRow]:
    """Return the customers the viewer may see, newest first; nobody for roles that meet customers only in cases."""
    found = Customer.objects.only("id") if rules.may_see(viewer) else Customer.objects.none()
    return _rows_on(paged(found, order=[Order(column="id")], cursor=cursor, limit=limit))


def find(*, text: str, viewer: Actor, limit: int = 20) -> list[CustomerRow]:
    """Return the customers whose name or addresses hold the words, newest first."""
    if not rules.may_see(viewer):
        return []
    rows = rows_of(matching_ids("customers", text, limit=limit))
    return [rows[key] for key in sorted(rows, reverse=True)]


def card(*, customer_id: int, viewer: Actor, in_case: bool = False) -> CustomerCard:
    """Return everything the panel beside a case shows of a customer, in three queries.

    in_case: the viewer meets the customer inside a case that they may see; notes are then left to those who keep them.

    Raises CustomerNotFound, also when the viewer may not see customers.
    """
    sees_all = rules.may_see(viewer)
    found = CARD(customer_id=customer_id)
    if not found or not (sees_all or in_case):
        raise CustomerNotFound(_("There is no such customer."))
    name, language, time_zone, organization_id, organization_name, created_at, tags = found[0]
    notes = NOTES(customer_id=customer_id) if sees_all else ()
    return CustomerCard(
        id=customer_id,
        name=name,
        language=language,
        time_zone=time_zone,
        organization_id=organization_id,
        organization=organization_name or "",
        created_at=created_at,
        identities=tuple(
            IdentityRow(id=key, kind=kind, value=value, confidence=confidence, verified_at=verified_at)
            for key, kind, value, confidence, verified_at in IDENTITIES(customer_id=customer_id)
        ),
        tags=tuple(tags),
        notes=tuple(map(_note_row, notes)),
    )


def _card() -> QuerySet[Customer, Any]:
    tags = CustomerTag.objects.filter(customer=OuterRef("pk")).order_by("name").values("name")[:MOST_ON_CARD]
    return Customer.objects.filter(pk=Asked("customer_id")).values_list(
        "name", "language", "time_zone", "organization_id", "organization__name", "created_at", ArraySubquery(tags)
    )


CARD: Final = Statement(_card)
IDENTITIES: Final = Statement(
    lambda: (
        Identity.objects.filter(customer=Asked("customer_id"), unlinked_at__isnull=True)
        .order_by("-confidence", "id")
        .values_list("pk", "kind", "value", "confidence", "verified_at")[:MOST_ON_CARD]
    )
)
NOTES: Final = Statement(lambda: _signed(CustomerNote.objects.filter(customer=Asked("customer_id")))[:MOST_ON_CARD])


def notes_about(*, customer_id: int, viewer: Actor, behind: tuple[datetime, int] | None, limit: int) -> list[NoteRow]:
    """Return the notes about a customer, newest first; none for those who meet customers only in cases.

    behind: (written, id) of the last one seen; None begins with the newest.
    """
    if not rules.may_see(viewer):
        return []
    found = CustomerNote.objects.filter(customer_id=customer_id)
    if behind is not None:
        at, note_id = behind
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=note_id), created_at__lte=at)
    return [_note_row(note) for note in _signed(found)[:limit]]


def _signed(notes: QuerySet[CustomerNote]) -> QuerySet[CustomerNote, Any]:
    return notes.order_by("-created_at", "-pk").values_list("pk", "author_id", "author__name", "text", "created_at")


def _note_row(note: tuple[Any, ...]) -> NoteRow:
    key, author_id, author, text, created_at = note
    return NoteRow(id=key, author_id=author_id, author=author, text=text, created_at=created_at)


def customers_of_organization(
    *, organization_id: int, viewer: Actor, cursor: str | None = None, limit: int = 50
) -> Page[CustomerRow]:
    """Return the customers of an organization, newest first; nobody for those who meet customers only in cases."""
    found = Customer.objects.filter(organization_id=organization_id).only("id")
    found = found if rules.may_see(viewer) else found.none()
    return _rows_on(paged(found, order=[Order(column="id")], cursor=cursor, limit=limit))


def rows_of(customer_ids: Iterable[int]) -> Mapping[int, CustomerRow]:
    """Return the rows of some customers by id, for showing beside what a viewer may already see."""
    keys = list(set(customer_ids))
    found = ROWS.by_name(keys=keys) if keys else ()
    return {row["id"]: CustomerRow(organization=row.pop("organization_name"), **row) for row in found}


def tags_of(customer_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of some customers by id; who has none is left out. For the house."""
    found: dict[int, tuple[str, ...]] = {}
    rows = CustomerTag.objects.filter(customer_id__in=customer_ids).order_by("customer_id", "name")
    for customer_id, name in rows.values_list("customer_id", "name") if customer_ids else ():
        found[customer_id] = (*found.get(customer_id, ()), name)
    return found


def _rows() -> QuerySet[Customer, Any]:
    surest = (
        Identity.objects.filter(customer=OuterRef("pk"), kind=IdentityKind.EMAIL, unlinked_at__isnull=True)
        .order_by("-confidence", "id")
        .values("value")[:1]
    )
    return Customer.objects.filter(pk__among=Asked("keys")).values(
        "id",
        "name",
        "language",
        address=Coalesce(Subquery(surest), Value("")),
        organization_name=Coalesce(F("organization__name"), Value("")),
    )


ROWS: Final = Statement(_rows)


def _rows_on(page: Page[Customer]) -> Page[CustomerRow]:
    rows = rows_of(customer.pk for customer in page.items)
    return Page(items=[rows[c.pk] for c in page.items if c.pk in rows], next_cursor=page.next_cursor)


def addresses_of(customer_id: int) -> list[str]:
    """Return the mail addresses of a customer, the surest first."""
    return [address for (address,) in ADDRESSES(customer_id=customer_id)]


ADDRESSES: Final = Statement(
    lambda: (
        Identity.objects.filter(customer=Asked("customer_id"), kind=IdentityKind.EMAIL, unlinked_at__isnull=True)
        .order_by("-confidence", "id")
        .values_list("value")
    )
)


def customer_of_address(address: str) -> int | None:
    """Return the customer a mail address belongs to, or None."""
    try:
        value = normalize_identity(IdentityKind.EMAIL, address)
    except Refusal:
        return None
    return (
        Identity.objects.filter(kind=IdentityKind.EMAIL, value=value, unlinked_at__isnull=True)
        .values_list("customer_id", flat=True)
        .first()
    )


def customers_of_number(number: str, *, limit: int = 10) -> list[int]:
    """Return the customers that a phone number belongs to, with its country or without, the surest first."""
    tail = tail_of(number)
    if not tail:
        return []
    found = Identity.objects.filter(kind=IdentityKind.PHONE, tail=tail, unlinked_at__isnull=True)
    same = [
        customer_id
        for customer_id, value in found.order_by("-confidence", "pk").values_list("customer_id", "value")[:MOST_ALIKE]
        if is_same_number(number, value)
    ]
    return list(dict.fromkeys(same))[:limit]


def organizations(
    *, viewer: Actor, matching: str = "", cursor: str | None = None, limit: int = 50
) -> Page[OrganizationRow]:
    """Return the organizations the viewer may see, by name; those whose name holds `matching` when given. Raises BadCursor."""
    found = Organization.objects.all() if rules.may_see(viewer) else Organization.objects.none()
    if matching:
        found = found.filter(name__icontains=matching)
    order = [Order(column="name", is_descending=False), Order(column="id", is_descending=False)]
    return paged(found, order=order, cursor=cursor, limit=limit).map(_organization_row)


def organization(*, organization_id: int, viewer: Actor) -> OrganizationRow:
    """Return one organization. Raises CustomerNotFound, also when the viewer may not see customers."""
    found = Organization.objects.filter(pk=organization_id).first() if rules.may_see(viewer) else None
    if found is None:
        raise CustomerNotFound(_("There is no such organization."))
    return _organization_row(found)


def _organization_row(found: Organization) -> OrganizationRow:
    return OrganizationRow(
        id=found.pk,
        name=found.name,
        domains=tuple(domain for domain in found.domains.split(",") if domain),
        created_at=found.created_at,
    )


def pseudonyms_of(customer_ids: Collection[int]) -> dict[int, str]:
    """Return what customers are called in the lake; those who are gone or forgotten have no name there."""
    found = (
        Customer.objects.filter(pk__in=customer_ids, pseudonym__isnull=False)
        if customer_ids
        else Customer.objects.none()
    )
    return {key: name.hex for key, name in found.values_list("pk", "pseudonym") if name is not None}
