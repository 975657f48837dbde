"""Companies that customers belong to."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.customers.errors import CustomerNotFound, IdentityTaken, NameMissing
from careloop.domains.customers.events import OrganizationChanged, OrganizationCreated
from careloop.domains.customers.models import Organization
from careloop.domains.customers.services.locking import check
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["change_organization", "create_organization"]


@act
def create_organization(*, name: str, domains: frozenset[str], actor: Actor, at: datetime) -> int:
    """Make an organization. domains: mail domains whose new senders belong to it, such as "example.com".

    Raises MayNotChangeCustomers, NameMissing, IdentityTaken. Records OrganizationCreated.
    """
    check(actor)
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
    check(actor)
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
