"""Who acts here, and how a provider is asked."""

from typing import Final

from careloop.domains.channels.queries import messenger_account
from careloop.gateways.texting import Account
from careloop.kernel.actors import Actor, ActorKind

__all__ = ["TEXTING", "account_of"]

TEXTING: Final = Actor(kind=ActorKind.HOUSE, name="texting")


def account_of(messenger_id: int) -> Account:
    """Return a messenger's provider as the gateway wants it. Raises MessengerNotFound, Unreadable."""
    known = messenger_account(messenger_id)
    return Account(api_base=known.api_base, account=known.account, token=known.token)
