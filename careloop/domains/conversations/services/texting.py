"""Text messages: whether the customer wants them, and what the provider calls them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.events import TextsStopped, TextsWanted
from careloop.domains.conversations.models import Conversation, Text
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["name_text", "stop_texts", "want_texts"]


@act
def stop_texts(*, conversation_id: int, actor: Actor, at: datetime) -> bool:
    """Note that a customer wants no more text messages in a conversation, and say whether that was news.

    Raises MessageNotFound. Records TextsStopped.
    """
    conversation = _locked(conversation_id)
    if conversation.stopped_at is not None:
        return False
    conversation.stopped_at = at
    conversation.save(update_fields=["stopped_at"])
    about = subject("conversation", conversation_id)
    record(TextsStopped(subject=about, actor=str(actor), at=at, customer_id=conversation.customer_id))
    return True


@act
def want_texts(*, conversation_id: int, actor: Actor, at: datetime) -> bool:
    """Note that a customer wants text messages again, and say whether that was news.

    Raises MessageNotFound. Records TextsWanted.
    """
    conversation = _locked(conversation_id)
    if conversation.stopped_at is None:
        return False
    conversation.stopped_at = None
    conversation.save(update_fields=["stopped_at"])
    about = subject("conversation", conversation_id)
    record(TextsWanted(subject=about, actor=str(actor), at=at, customer_id=conversation.customer_id))
    return True


@act
def name_text(*, message_id: int, provider_id: str) -> None:
    """Note what the provider calls a text message of ours."""
    Text.objects.filter(message_id=message_id).update(provider_id=provider_id[:80])


def _locked(conversation_id: int) -> Conversation:
    found = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if found is None:
        raise MessageNotFound(_("There is no such conversation."))
    return found
