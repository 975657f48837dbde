"""What people do with messengers: the numbers that customers send text messages to."""

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from secrets import token_hex
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels.errors import MayNotKeepMailboxes, MessengerNotFound, MessengerUnclear, NumberTaken
from careloop.domains.channels.events import MessengerChanged, MessengerFailing, MessengerRecovered
from careloop.domains.channels.models import Messenger
from careloop.domains.channels.types import MessengerState
from careloop.domains.people.queries import is_team
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.secrets import seal_secret

__all__ = [
    "API_BASE",
    "MessengerSettings",
    "add_messenger",
    "change_messenger",
    "note_messenger_failure",
    "note_messenger_works",
    "open_messenger",
    "pause_messenger",
]

API_BASE: Final = "https://api.twilio.com"
NUMBER: Final = re.compile(r"\+\d{5,18}|\d{3,8}")
ACCOUNT: Final = re.compile(r"[A-Za-z0-9-]{3,80}")
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerSettings:
    """What a person says about a messenger. An empty token keeps the stored one, as long as account and API stay the same."""

    name: str
    number: str
    account: str
    token: str = field(default="", repr=False)
    api_base: str = API_BASE
    team_id: int | None = None


@act
def add_messenger(*, settings: MessengerSettings, actor: Actor, at: datetime) -> int:
    """Add a messenger, on trial until somebody lets it go live, and return its id.

    Raises MayNotKeepMailboxes, MessengerUnclear, NumberTaken. Records MessengerChanged.
    """
    _check(actor)
    messenger = Messenger(state=MessengerState.TRYING, key=token_hex(12))
    _write(messenger, settings)
    record(MessengerChanged(subject=subject("messenger", messenger.pk), actor=str(actor), at=at, change="made"))
    return messenger.pk


@act
def change_messenger(*, messenger_id: int, settings: MessengerSettings, actor: Actor, at: datetime) -> None:
    """Change a messenger's settings.

    Raises MayNotKeepMailboxes, MessengerNotFound, MessengerUnclear, NumberTaken. Records MessengerChanged.
    """
    _check(actor)
    changed = _write(_locked(messenger_id), settings)
    if changed:
        about = subject("messenger", messenger_id)
        record(MessengerChanged(subject=about, actor=str(actor), at=at, change="changed", fields=changed))


@act
def open_messenger(*, messenger_id: int, actor: Actor, at: datetime) -> None:
    """Let a messenger go live: what waited is read now. Raises MayNotKeepMailboxes, MessengerNotFound. Records MessengerChanged."""
    _move(messenger_id, MessengerState.LIVE, "live", actor, at)


@act
def pause_messenger(*, messenger_id: int, actor: Actor, at: datetime) -> None:
    """Let a messenger rest: what comes waits, nothing is sent. Raises MayNotKeepMailboxes, MessengerNotFound."""
    _move(messenger_id, MessengerState.PAUSED, "paused", actor, at)


@act
def note_messenger_works(*, messenger_id: int, actor: Actor, at: datetime) -> None:
    """Note that the provider lets us in. Records MessengerRecovered when it had not."""
    messenger = _locked(messenger_id)
    if messenger.failing_since is None:
        return
    messenger.last_error, messenger.failing_since = "", None
    messenger.save(update_fields=["last_error", "failing_since"])
    record(MessengerRecovered(subject=subject("messenger", messenger_id), actor=str(actor), at=at))


@act
def note_messenger_failure(*, messenger_id: int, reason: str, detail: str, actor: Actor, at: datetime) -> None:
    """Note that the provider does not let us in. reason: a code. Records MessengerFailing once. Raises MessengerNotFound."""
    messenger = _locked(messenger_id)
    is_new = messenger.failing_since is None
    messenger.last_error, messenger.failing_since = f"{reason}: {detail}"[:500], messenger.failing_since or at
    messenger.save(update_fields=["last_error", "failing_since"])
    if is_new:
        record(MessengerFailing(subject=subject("messenger", messenger_id), actor=str(actor), at=at, reason=reason))


def _move(messenger_id: int, state: MessengerState, change: str, actor: Actor, at: datetime) -> None:
    _check(actor)
    messenger = _locked(messenger_id)
    if messenger.state == state:
        return
    messenger.state = state
    messenger.save(update_fields=["state"])
    record(MessengerChanged(subject=subject("messenger", messenger_id), actor=str(actor), at=at, change=change))


def _write(messenger: Messenger, settings: MessengerSettings) -> tuple[str, ...]:
    """Put settings into a messenger, save it, and return which of them changed."""
    number = re.sub(r"[\s().-]", "", settings.number)
    said = {"name": settings.name.strip(), "number": number, "account": settings.account.strip()}
    said["api_base"] = settings.api_base.strip().rstrip("/")
    if not said["name"] or CONTROLS.search(said["name"] + settings.token):
        raise MessengerUnclear(_("Give the number a name, in one line."))
    if not NUMBER.fullmatch(number):
        problem = _("Write the number with + and its country first, or a short code.")
        raise MessengerUnclear(problem, fields={"number": problem})
    if not ACCOUNT.fullmatch(said["account"]):
        problem = _("This is not an account of a provider. It consists of letters and digits.")
        raise MessengerUnclear(problem, fields={"account": problem})
    if not rules.is_api_base(said["api_base"]):
        problem = _("Write where the provider's API begins, such as https://api.twilio.com.")
        raise MessengerUnclear(problem, fields={"api_base": problem})
    if settings.team_id not in {None, messenger.team_id} and not is_team(settings.team_id or 0):
        problem = _("This team does not exist any more. Choose another one.")
        raise MessengerUnclear(problem, fields={"team_id": problem})
    is_elsewhere = (said["api_base"], said["account"]) != (messenger.api_base, messenger.account)
    if not settings.token and (is_elsewhere or not messenger.token):
        problem = (
            _("The stored token was given for another account. Enter it again.")
            if messenger.token
            else _("Enter the token of the account.")
        )
        raise MessengerUnclear(problem, fields={"token": problem})
    changed = []
    for item in fields(settings):
        value = said.get(item.name, getattr(settings, item.name))
        if item.name == "token":
            if not settings.token:
                continue
            value = seal_secret(settings.token)
        if getattr(messenger, item.name) != value:
            setattr(messenger, item.name, value)
            changed.append(item.name)
    try:
        with attempt():
            messenger.save()
    except IntegrityError:
        raise NumberTaken(_("This number is here already.")) from None
    return tuple(changed)


def _locked(messenger_id: int) -> Messenger:
    messenger = Messenger.objects.select_for_update().filter(pk=messenger_id).first()
    if messenger is None:
        raise MessengerNotFound(_("There is no such number."))
    return messenger


def _check(actor: Actor) -> None:
    if not rules.may_keep_mailboxes(actor):
        raise MayNotKeepMailboxes(_("Owners and managers connect numbers. Ask one of them."))
