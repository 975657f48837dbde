"""What providers call us for, kept before anything is understood of it; what is not signed is not kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import messenger_account
from careloop.domains.channels.types import HookKind, MessengerRow
from careloop.gateways.texting import Unusable, is_signed, pairs_of, read_status, read_text
from careloop.kernel.acts import act
from careloop.kernel.errors import Forbidden
from careloop.processes.texting.house import TEXTING

__all__ = ["BadSignature", "store_status", "store_text"]


class BadSignature(Forbidden):
    """A call that its provider did not sign."""


@act
def store_text(*, messenger: MessengerRow, url: str, body: bytes, signature: str, at: datetime) -> int | None:
    """Keep a message from a customer, and return its id; None for one that came before.

    url: as the provider called it. Raises BadSignature, Unusable.
    """
    _refuse_unsigned(messenger, url=url, body=body, signature=signature)
    return channels.store_hook(
        messenger_id=messenger.id,
        kind=HookKind.MESSAGE,
        provider_id=read_text(body).provider_id,
        body=body,
        actor=TEXTING,
        at=at,
    )


@act
def store_status(
    *, messenger: MessengerRow, message_id: int, url: str, body: bytes, signature: str, at: datetime
) -> int | None:
    """Keep what became of a message of ours, and return its id; None for what came before. Raises BadSignature, Unusable."""
    _refuse_unsigned(messenger, url=url, body=body, signature=signature)
    told = read_status(body)
    return channels.store_hook(
        messenger_id=messenger.id,
        kind=HookKind.STATUS,
        provider_id=f"{message_id}:{told.provider_id}:{told.status}",
        about_id=message_id,
        body=body,
        actor=TEXTING,
        at=at,
    )


def _refuse_unsigned(messenger: MessengerRow, *, url: str, body: bytes, signature: str) -> None:
    try:
        pairs = pairs_of(body)
    except Unusable:
        pairs = []  # nobody can have signed it as what it is not
    token = messenger_account(messenger.id).token
    if not token or not signature or not is_signed(url, pairs, token=token, signature=signature):
        raise BadSignature(_("The signature of this call is wrong."))
