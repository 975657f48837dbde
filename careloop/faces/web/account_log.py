"""What the sign-in machinery does, written into the operation's log."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from careloop.domains.people import events
from careloop.domains.people.queries import account_id_of
from careloop.domains.people.services import note_on_account
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.events import subject
from careloop.kernel.scope import operation_scope

__all__ = ["listen", "note", "note_failed_sign_in"]


def note(event_class: type[events.AccountEvent], *, user_id: int) -> None:
    """Record that something without further facts happened to an account, done by its owner."""
    actor = Actor(kind=ActorKind.USER, id=user_id)
    with operation_scope():
        note_on_account(event_class(subject=subject("user", user_id), actor=str(actor), at=clock.now()))


def note_failed_sign_in(*, email: str) -> None:
    """Record that somebody failed to sign in as an account, or as none of ours; the address stays out of the log."""
    with operation_scope():
        user_id = account_id_of(email) or 0
        note_on_account(events.SignInFailed(subject=subject("user", user_id), actor=str(HOUSE), at=clock.now()))


def listen() -> None:
    """Follow what allauth does. Called once, when the web face is ready."""
    account_signals.user_logged_in.connect(_signed_in, dispatch_uid="careloop.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="careloop.signed_out")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="careloop.password_changed")
    account_signals.password_reset.connect(_password_reset, dispatch_uid="careloop.password_reset")
    mfa_signals.authenticator_added.connect(_factor_added, dispatch_uid="careloop.factor_added")
    mfa_signals.authenticator_removed.connect(_factor_removed, dispatch_uid="careloop.factor_removed")
    mfa_signals.authenticator_reset.connect(_codes_made, dispatch_uid="careloop.codes_made")
    mfa_signals.authentication_failed.connect(_second_factor_failed, dispatch_uid="careloop.factor_failed")


def _signed_in(user: Any, **_rest: Any) -> None:
    note(events.SignedIn, user_id=user.pk)


def _signed_out(user: Any, request: HttpRequest | None, **_rest: Any) -> None:
    if user is not None and request is not None:
        note(events.SignedOut, user_id=user.pk)


def _password_changed(user: Any, **_rest: Any) -> None:
    note(events.PasswordChanged, user_id=user.pk)


def _password_reset(user: Any, **_rest: Any) -> None:
    note(events.PasswordReset, user_id=user.pk)


def _factor_added(user: Any, authenticator: Authenticator, **_rest: Any) -> None:
    is_totp = authenticator.type == Authenticator.Type.TOTP
    note(events.SecondFactorActivated if is_totp else events.RecoveryCodesMade, user_id=user.pk)


def _factor_removed(user: Any, authenticator: Authenticator, **_rest: Any) -> None:
    # Recovery codes go with the last factor; one event tells it.
    if authenticator.type == Authenticator.Type.TOTP:
        note(events.SecondFactorDeactivated, user_id=user.pk)


def _codes_made(user: Any, **_rest: Any) -> None:
    note(events.RecoveryCodesMade, user_id=user.pk)


def _second_factor_failed(user: Any, **_rest: Any) -> None:
    with operation_scope():
        note_on_account(events.SignInFailed(subject=subject("user", user.pk), actor=str(HOUSE), at=clock.now()))
