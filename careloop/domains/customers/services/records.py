"""What is written about a customer."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.customers.errors import CustomerNotFound, NameMissing
from careloop.domains.customers.events import CustomerChanged, CustomerNoted, CustomerTagged
from careloop.domains.customers.models import CustomerNote, CustomerTag, Organization
from careloop.domains.customers.services.locking import check, index, locked
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["add_note", "change_customer", "tag_customer"]


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
    check(actor)
    customer = locked(customer_id)
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
    index(customer)
    record(CustomerChanged(subject=subject("customer", customer.pk), actor=str(actor), at=at, fields=changed))


@act
def add_note(*, customer_id: int, text: str, actor: Actor, at: datetime) -> int:
    """Write a note about a customer for colleagues. Raises CustomerNotFound, MayNotChangeCustomers, NameMissing."""
    check(actor)
    customer = locked(customer_id)
    if not text.strip() or actor.user_id is None:
        raise NameMissing(_("Write something first."))
    note = CustomerNote.objects.create(customer=customer, author_id=actor.user_id, text=text.strip(), created_at=at)
    record(CustomerNoted(subject=subject("customer", customer.pk), actor=str(actor), at=at, note_id=note.pk))
    return note.pk


@act
def tag_customer(*, customer_id: int, add: frozenset[str], remove: frozenset[str], actor: Actor, at: datetime) -> None:
    """Put tags on a customer and take others off. Raises CustomerNotFound, MayNotChangeCustomers."""
    check(actor)
    customer = locked(customer_id)
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
