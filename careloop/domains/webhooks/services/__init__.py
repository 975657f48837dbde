"""Acts on webhooks and on what is sent to them."""

from careloop.domains.webhooks.services.delivering import (
    WEBHOOK_DUE,
    begin_attempt,
    end_attempt,
    forget_deliveries,
    queue_message,
    send_again,
)
from careloop.domains.webhooks.services.keeping import (
    add_webhook,
    change_webhook,
    pause_webhook,
    renew_secret,
    resume_webhook,
    retire_webhook,
)

__all__ = [
    "WEBHOOK_DUE",
    "add_webhook",
    "begin_attempt",
    "change_webhook",
    "end_attempt",
    "forget_deliveries",
    "pause_webhook",
    "queue_message",
    "renew_secret",
    "resume_webhook",
    "retire_webhook",
    "send_again",
]
