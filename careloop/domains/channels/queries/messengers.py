"""Questions about messengers, and about what their providers called us for."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels.errors import MessengerNotFound
from careloop.domains.channels.models import Messenger, RawHook
from careloop.domains.channels.services.hooks import hook_row
from careloop.domains.channels.types import HookKind, HookRow, MessengerAccount, MessengerRow, RawMailState
from careloop.kernel.actors import Actor
from careloop.kernel.secrets import open_secret

__all__ = [
    "hooks_in_quarantine",
    "messenger",
    "messenger_account",
    "messenger_called",
    "messengers",
    "statuses_waiting",
    "waiting_hooks",
]

MOST_SHOWN = 50


def messengers() -> list[MessengerRow]:
    """Return the messengers of the workspace by name."""
    return [_row(one) for one in Messenger.objects.order_by("name", "pk")]


def messenger(messenger_id: int) -> MessengerRow:
    """Return one messenger. Raises MessengerNotFound."""
    return _row(_found(messenger_id))


def messenger_called(key: str) -> MessengerRow | None:
    """Return the messenger whose provider calls under a key, or None."""
    one = Messenger.objects.filter(key=key).first()
    return None if one is None else _row(one)


def messenger_account(messenger_id: int) -> MessengerAccount:
    """Return how a messenger's provider is asked, token included. Raises MessengerNotFound, Unreadable."""
    one = _found(messenger_id)
    token = open_secret(bytes(one.token)) if one.token else ""
    return MessengerAccount(api_base=one.api_base, account=one.account, token=token)


def waiting_hooks(messenger_id: int, *, limit: int) -> list[int]:
    """Return what a messenger's provider called us for and nobody has read, the oldest first."""
    found = RawHook.objects.filter(messenger_id=messenger_id, state=RawMailState.STORED)
    return list(found.order_by("pk").values_list("pk", flat=True)[:limit])


def statuses_waiting(message_id: int, *, messenger_id: int) -> list[int]:
    """Return what was told of a message of ours before we knew whether it had left, the oldest first."""
    found = RawHook.objects.filter(
        messenger_id=messenger_id, state=RawMailState.STORED, kind=HookKind.STATUS, about_id=message_id
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def hooks_in_quarantine(messenger_id: int, *, viewer: Actor) -> list[HookRow]:
    """Return what could not be read, newest first; nothing for those who do not look after the quarantine."""
    if not rules.may_tend_quarantine(viewer):
        return []
    found = RawHook.objects.filter(messenger_id=messenger_id, state=RawMailState.QUARANTINED)
    return [hook_row(one) for one in found.order_by("-pk")[:MOST_SHOWN]]


def _found(messenger_id: int) -> Messenger:
    one = Messenger.objects.filter(pk=messenger_id).first()
    if one is None:
        raise MessengerNotFound(_("There is no such number."))
    return one


def _row(one: Messenger) -> MessengerRow:
    return MessengerRow(
        id=one.pk,
        name=one.name,
        number=one.number,
        team_id=one.team_id,
        state=one.state,
        api_base=one.api_base,
        account=one.account,
        key=one.key,
        heard_at=one.heard_at,
        last_error=one.last_error,
        failing_since=one.failing_since,
    )
