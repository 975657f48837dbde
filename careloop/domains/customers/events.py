"""What happens to customers."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "CustomerChanged",
    "CustomerCreated",
    "CustomerNoted",
    "CustomerTagged",
    "IdentityLinked",
    "IdentityUnlinked",
    "OrganizationChanged",
    "OrganizationCreated",
]


@event_type("customer.created")
class CustomerCreated(Event):
    source: str


@event_type("customer.changed")
class CustomerChanged(Event):
    """fields: which of name, language, time_zone and organization changed; the values are personal and stay in the row."""

    fields: tuple[str, ...]


@event_type("customer.identity_linked")
class IdentityLinked(Event):
    identity_id: int
    kind: str
    confidence: float


@event_type("customer.identity_unlinked")
class IdentityUnlinked(Event):
    identity_id: int
    kind: str


@event_type("customer.noted")
class CustomerNoted(Event):
    note_id: int


@event_type("customer.tagged")
class CustomerTagged(Event):
    added: tuple[str, ...]
    removed: tuple[str, ...]


@event_type("organization.created")
class OrganizationCreated(Event):
    pass


@event_type("organization.changed")
class OrganizationChanged(Event):
    """fields: which of name and domains changed."""

    fields: tuple[str, ...]
