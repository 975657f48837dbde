"""Acts at the portal's door: the only code that writes these tables."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from careloop.domains.people.digests import hash_of
from careloop.domains.sign_ins.events import CustomerSignedIn, CustomerSignedOut, SignInLinkIssued
from careloop.domains.sign_ins.models import CustomerSession, SignInLink
from careloop.domains.sign_ins.queries import opened_link
from careloop.domains.sign_ins.types import OpenedLink
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["SESSION_LASTS", "end_all_sessions", "end_session", "issue_link", "start_session", "use_link"]

LINK_LASTS: Final = timedelta(minutes=30)
SESSION_LASTS: Final = timedelta(days=30)
KEPT_AFTER_EXPIRY: Final = timedelta(days=1)
"""So long an old link is still told apart from one that never was."""


@act
def issue_link(*, customer_id: int, address: str, next_path: str, actor: Actor, at: datetime) -> str:
    """Make a link that signs a customer in once within 30 minutes, and return its secret.

    address: the mail address the secret goes to; using the link proves that it is the customer's.
    next_path: where the customer goes on to, or empty; longer than 300 characters counts as empty.

    Records SignInLinkIssued.
    """
    SignInLink.objects.filter(expires_at__lt=at - KEPT_AFTER_EXPIRY).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        token_hash=hash_of(token),
        customer_id=customer_id,
        address=address,
        next_path=next_path if len(next_path) <= 300 else "",
        created_at=at,
        expires_at=at + LINK_LASTS,
    )
    record(SignInLinkIssued(subject=subject("customer", customer_id), actor=str(actor), at=at))
    return token


@act
def use_link(*, token: str, at: datetime) -> OpenedLink:
    """Use a link up, and with it every other open link of the same address. Raises LinkNotFound, LinkUsed, LinkExpired."""
    link = SignInLink.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    opened = opened_link(link, at=at)
    SignInLink.objects.filter(address=opened.address, used_at__isnull=True).update(used_at=at)
    return opened


@act
def start_session(*, customer_id: int, at: datetime) -> str:
    """Sign a customer in for 30 days and return the secret for their browser. Records CustomerSignedIn."""
    CustomerSession.objects.filter(expires_at__lte=at).delete()
    token = secrets.token_urlsafe(32)
    CustomerSession.objects.create(
        token_hash=hash_of(token), customer_id=customer_id, started_at=at, expires_at=at + SESSION_LASTS
    )
    actor = Actor(kind=ActorKind.CUSTOMER, id=customer_id)
    record(CustomerSignedIn(subject=subject("customer", customer_id), actor=str(actor), at=at))
    return token


@act
def end_session(*, token: str, actor: Actor, at: datetime) -> None:
    """Sign a customer out of the browser that holds a secret. Records CustomerSignedOut when it was signed in."""
    ended, _rows = CustomerSession.objects.filter(token_hash=hash_of(token), customer_id=actor.id).delete()
    _note_end(ended, actor, at)


@act
def end_all_sessions(*, actor: Actor, at: datetime) -> None:
    """Sign a customer out of every browser. Records CustomerSignedOut when there was one."""
    ended, _rows = CustomerSession.objects.filter(customer_id=actor.id).delete()
    _note_end(ended, actor, at)


def _note_end(session_count: int, actor: Actor, at: datetime) -> None:
    if session_count:
        record(
            CustomerSignedOut(
                subject=subject("customer", actor.id), actor=str(actor), at=at, session_count=session_count
            )
        )
