"""Acts on customers: the only code that writes these tables."""

from careloop.domains.customers.services.identities import link_identity, unlink_identity, verify_identity
from careloop.domains.customers.services.meeting import create_customer, recognize, recognize_number
from careloop.domains.customers.services.organizations import change_organization, create_organization
from careloop.domains.customers.services.pseudonyms import forget_pseudonyms
from careloop.domains.customers.services.records import add_note, change_customer, tag_customer

__all__ = [
    "add_note",
    "change_customer",
    "change_organization",
    "create_customer",
    "create_organization",
    "forget_pseudonyms",
    "link_identity",
    "recognize",
    "recognize_number",
    "tag_customer",
    "unlink_identity",
    "verify_identity",
]
