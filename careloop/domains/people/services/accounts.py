"""Acts on accounts: the person as a whole, whatever their workspaces. Called inside `operation_scope()`."""

import re
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.errors import BadAccount, EmailTaken, NothingChanged, NotSignedIn, WeakPassword
from careloop.domains.people.events import AccountCreated, AccountEvent, PersonalSettingsChanged
from careloop.domains.people.models import User
from careloop.domains.people.types import PersonalSettings, Theme
from careloop.domains.workspaces.types import Language
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["change_personal_settings", "create_user", "create_user_alike", "note_on_account", "tidy_email"]

_SIGNATURE_CHARACTERS: Final = 2000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@act
def create_user(
    *, email: str, name: str, password: str, language: str, time_zone: str, actor: Actor, at: datetime
) -> int:
    """Make an account and return its primary key; what it may do is said by memberships.

    email: what the person signs in with; the case of letters does not matter.
    password: as typed; only a hash is kept.
    name, language, time_zone: see PersonalSettings.
    actor: the house, or the administrator whose invitation is accepted.

    Raises BadAccount, WeakPassword, EmailTaken. Records AccountCreated in the scope that is open.
    """
    user = User(email=tidy_email(email), name=name.strip(), language=language, time_zone=time_zone)
    _check(user.personal_settings)
    _check_password(password, user)
    user.set_password(password)
    return _created(user, actor, at)


@act
def create_user_alike(
    *, user_id: int, email: str, name: str, language: str, time_zone: str, actor: Actor, at: datetime
) -> int:
    """Make an account with the password of another one, such as all of a demo's, and return its primary key.

    user_id: primary key of the account whose password it shares. actor: the house.
    email, name, language, time_zone: as create_user.

    Raises BadAccount, EmailTaken, NotSignedIn for anybody but the house. Records AccountCreated in the scope that is open.
    """
    if not actor.is_house:
        raise NotSignedIn(_("Only whoever runs this installation can do this."))
    user = User(email=tidy_email(email), name=name.strip(), language=language, time_zone=time_zone)
    _check(user.personal_settings)
    user.password = User.objects.values_list("password", flat=True).get(pk=user_id)
    return _created(user, actor, at)


@act
def change_personal_settings(*, settings: PersonalSettings, actor: Actor, at: datetime) -> None:
    """Change the actor's own settings.

    settings: all of them, as they shall be.
    actor: the person, without an API token.

    Raises NotSignedIn, BadAccount, NothingChanged. Records PersonalSettingsChanged.
    """
    if actor.user_id is None or actor.scopes is not None:
        raise NotSignedIn(_("Sign in to change your settings."))
    wanted = replace(settings, name=settings.name.strip(), signature=settings.signature.replace("\r\n", "\n").strip())
    _check(wanted)
    user = User.objects.select_for_update().get(pk=actor.user_id)
    was, shall = asdict(user.personal_settings), asdict(wanted)
    changed = [name for name, value in shall.items() if was[name] != value]
    if not changed:
        raise NothingChanged(_("Nothing was changed: these are your settings already."))
    for name in changed:
        setattr(user, name, shall[name])
    user.save(update_fields=changed)
    record(
        PersonalSettingsChanged(subject=subject("user", user.pk), actor=str(actor), at=at, changed=frozenset(changed))
    )


@act
def note_on_account(event: AccountEvent) -> None:
    """Record what the sign-in machinery did to an account, such as SignedIn; it changes its own tables."""
    record(event)


def tidy_email(email: str) -> str:
    """Return an address in the one form it is kept in. Raises BadAccount when it is not an address."""
    tidy = email.strip().lower()
    try:
        validate_email(tidy)
    except ValidationError:
        problem = _("Write a mail address such as ada@example.com.")
        raise BadAccount(problem, fields={"email": problem}) from None
    return tidy


def _created(user: User, actor: Actor, at: datetime) -> int:
    try:
        with attempt():
            user.save()
    except IntegrityError:
        problem = _("There is an account with this address already. Sign in with it.")
        raise EmailTaken(problem, fields={"email": problem}) from None
    record(AccountCreated(subject=subject("user", user.pk), actor=str(actor), at=at))
    return user.pk


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        problem = " ".join(weak.messages)
        raise WeakPassword(problem, fields={"password": problem}) from None


def _check(settings: PersonalSettings) -> None:
    problems: dict[str, str | Promise] = {}
    if not 1 <= len(settings.name) <= 120 or not settings.name.isprintable():
        problems["name"] = _("Write a name of 1 to 120 characters.")
    if settings.language not in set(Language):
        problems["language"] = _("Choose one of the languages in the list.")
    if settings.time_zone not in available_timezones():
        problems["time_zone"] = _("Choose a time zone such as Asia/Seoul.")
    if settings.theme not in set(Theme):
        problems["theme"] = _("Choose one of the looks in the list.")
    if len(settings.signature) > _SIGNATURE_CHARACTERS or _CONTROL.search(settings.signature):
        problems["signature"] = _("Write a signature of at most 2000 characters of plain text.")
    if problems:
        raise BadAccount(next(iter(problems.values())), fields=problems)
