"""Acts on API tokens: keys with which a machine acts as their maker, in one workspace, for some scopes."""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.people import rules
from careloop.domains.people.digests import hash_of
from careloop.domains.people.errors import BadToken, MayNotAdministerTokens, TokenNotFound, TokenNotValid
from careloop.domains.people.events import TokenMade, TokenRevoked
from careloop.domains.people.models import ApiToken
from careloop.domains.people.types import IssuedToken, Scope, TokenGrant
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace

__all__ = ["make_token", "revoke_token", "use_token"]

PREFIX: Final = "careloop_"
"""Lets secret scanners find a token that somebody published by mistake."""
LONGEST: Final = timedelta(days=366)
NOTED_EVERY: Final = timedelta(minutes=1)


@act
def make_token(*, name: str, scopes: Iterable[str], expires_at: datetime, actor: Actor, at: datetime) -> IssuedToken:
    """Make an API token of the actor's own for the workspace in scope, and return its secret, once.

    name: what it is for, 1 to 80 characters.
    scopes: at least one of Scope.
    expires_at: after `at`, at most a year later.
    actor: a signed-in member, from agent to owner.

    Raises MayNotAdministerTokens, BadToken. Records TokenMade.
    """
    user_id = actor.user_id
    if user_id is None or not rules.may_make_tokens(actor):
        raise MayNotAdministerTokens(_("Agents, leads, analysts, managers and owners can make API tokens."))
    wanted = frozenset(scopes)
    _check(name=name, scopes=wanted, expires_at=expires_at, at=at)
    raw = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        workspace_id=current_workspace(),
        user_id=user_id,
        name=name.strip(),
        token_hash=hash_of(raw),
        hint=raw[-4:],
        scopes=sorted(wanted),
        created_at=at,
        expires_at=expires_at,
    )
    record(TokenMade(subject=subject("token", made.pk), actor=str(actor), at=at, scopes=wanted, expires_at=expires_at))
    return IssuedToken(id=made.pk, raw=raw)


@act
def revoke_token(*, token_id: int, actor: Actor, at: datetime) -> None:
    """Stop an API token of the workspace in scope from working.

    actor: the token's maker, or an administrator.

    Raises TokenNotFound, also when the token is somebody else's business. Records TokenRevoked.
    """
    token = (
        ApiToken.objects.select_for_update()
        .filter(pk=token_id, workspace_id=current_workspace(), revoked_at=None)
        .first()
    )
    if token is None or not rules.may_revoke_token(actor, user_id=token.user_id):
        raise TokenNotFound(_("There is no such token, or it was revoked already."))
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(TokenRevoked(subject=subject("token", token.pk), actor=str(actor), at=at, user_id=token.user_id))


def use_token(*, raw: str, at: datetime) -> TokenGrant:
    """Return what an API token opens, and note that it was used, at most once a minute.

    raw: as the machine sent it.

    Needs no scope, for the token says which workspace it is for; inside that scope ask `queries.actor_of_grant`.
    Raises TokenNotValid.
    """
    # The lookup is by hash, so its timing says nothing about the secret.
    digest = hash_of(raw)
    token = ApiToken.objects.filter(token_hash=digest).first()
    if token is None or not hmac.compare_digest(token.token_hash, digest) or token.revoked_at is not None:
        raise TokenNotValid(_("This API token is not valid. Make a new one in your settings."))
    if token.expires_at <= at:
        raise TokenNotValid(_("This API token has expired. Make a new one in your settings."))
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at <= at - NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
    return TokenGrant(
        token_id=token.pk,
        workspace_id=token.workspace_id,
        user_id=token.user_id,
        scopes=frozenset(token.scopes),
    )


def _check(*, name: str, scopes: frozenset[str], expires_at: datetime, at: datetime) -> None:
    problems: dict[str, str | Promise] = {}
    if not 1 <= len(name.strip()) <= 80 or not name.isprintable():
        problems["name"] = _("Write what the token is for, in 1 to 80 characters.")
    if not scopes or not scopes <= set(Scope):
        problems["scopes"] = _("Choose at least one thing that the token may do.")
    if not at < expires_at <= at + LONGEST:
        problems["expires_at"] = _("Choose an expiry in the future, at most a year from now.")
    if problems:
        raise BadToken(next(iter(problems.values())), fields=problems)
