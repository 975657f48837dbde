"""What happened at the portal's door. Subjects: "customer:7". Addresses and secrets stay out of the log."""

from careloop.kernel.events import Event, event_type

__all__ = ["CustomerSignedIn", "CustomerSignedOut", "SignInLinkIssued"]


@event_type("customer.link_issued")
class SignInLinkIssued(Event):
    """A one-time link was made for a customer."""


@event_type("customer.signed_in")
class CustomerSignedIn(Event):
    """A customer opened the portal with a link from their own mail."""


@event_type("customer.signed_out")
class CustomerSignedOut(Event):
    """A customer left the portal. session_count: how many browsers they left at once."""

    session_count: int
