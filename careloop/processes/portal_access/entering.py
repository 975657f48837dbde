"""Through the portal's door and back."""

from datetime import datetime

from careloop.domains.customers.queries import rows_of
from careloop.domains.customers.services import verify_identity
from careloop.domains.customers.types import CustomerRow, IdentityKind
from careloop.domains.sign_ins.queries import customer_of_session
from careloop.domains.sign_ins.services import start_session, use_link
from careloop.kernel.acts import act
from careloop.processes.portal_access.types import SignedIn

__all__ = ["sign_in", "visitor_of"]


@act
def sign_in(*, token: str, at: datetime) -> SignedIn:
    """Let in whoever holds a link: it proves that the address is theirs. The link is used up.

    Raises LinkNotFound, LinkUsed, LinkExpired, or CustomerNotFound when the address is nobody's any more.
    """
    link = use_link(token=token, at=at)
    customer_id = verify_identity(kind=IdentityKind.EMAIL, value=link.address, at=at)
    session_token = start_session(customer_id=customer_id, at=at)
    return SignedIn(session_token=session_token, customer_id=customer_id, next_path=link.next_path)


def visitor_of(*, session_token: str, at: datetime) -> CustomerRow | None:
    """Return the customer whose browser this is, or None for somebody who is not signed in to the workspace in scope."""
    customer_id = customer_of_session(token=session_token, at=at) if session_token else None
    return None if customer_id is None else rows_of([customer_id]).get(customer_id)
