"""What may cross the threshold."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["CustomerCard", "CustomerRow", "IdentityKind", "IdentityRow", "Met", "NoteRow", "OrganizationRow"]


class IdentityKind(models.TextChoices):
    EMAIL = "email", _("Mail address")
    PHONE = "phone", _("Phone number")
    EXTERNAL = "external", _("Customer number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Somebody whose mail address we came across.

    name: what they call themselves; the address's first half serves when empty.
    language: a language code, or empty when not known. at: when we met.
    """

    address: str
    name: str = ""
    language: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer in a list or beside a message. address: the surest mail address, or empty."""

    id: int
    name: str
    address: str
    language: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """An address, number or handle. confidence: 0 to 1; 1 when the customer proved it."""

    id: int
    kind: str
    value: str
    confidence: float
    verified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note about a customer. author: what its writer is called."""

    id: int
    author_id: int
    author: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """Everything the panel beside a case shows of a customer."""

    id: int
    name: str
    language: str
    time_zone: str
    organization_id: int | None
    organization: str
    created_at: datetime
    identities: tuple[IdentityRow, ...]
    tags: tuple[str, ...]
    notes: tuple[NoteRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRow:
    """A company that customers belong to. domains: mail domains whose new senders belong to it."""

    id: int
    name: str
    domains: tuple[str, ...]
    created_at: datetime
