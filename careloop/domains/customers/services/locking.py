"""Whom an act is about, and who may act on them."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.customers import rules
from careloop.domains.customers.errors import CustomerNotFound, MayNotChangeCustomers
from careloop.domains.customers.models import Customer, Identity
from careloop.kernel.actors import Actor
from careloop.kernel.text import document

__all__ = ["check", "index", "locked"]


def locked(customer_id: int) -> Customer:
    """Return the customer, locked until the transaction ends. Raises CustomerNotFound."""
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise CustomerNotFound(_("There is no such customer."))
    return customer


def check(actor: Actor) -> None:
    """Raise MayNotChangeCustomers for those who only read."""
    if not rules.may_change(actor):
        raise MayNotChangeCustomers(_("Your role reads customers but does not change them."))


def index(customer: Customer) -> None:
    """Let a customer be found by their present name and addresses."""
    addresses = Identity.objects.filter(customer=customer, unlinked_at__isnull=True).values_list("value", flat=True)
    customer.search = document(" ".join([customer.name, *addresses]))
    customer.save(update_fields=["search"])
