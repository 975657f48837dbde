"""What people do to webhooks, and what became of what was sent to them."""

from careloop.kernel.events import Event, event_type

__all__ = ["WebhookChanged", "WebhookDelivered", "WebhookFailed", "WebhookQueued", "WebhookResent"]


@event_type("webhook.changed")
class WebhookChanged(Event):
    """change: made, changed, secret_renewed, paused, resumed, gone or retired. fields: which of name and url changed."""

    change: str
    fields: tuple[str, ...] = ()


@event_type("webhook.queued")
class WebhookQueued(Event):
    """Something is to be sent. kind: what happened, as the log names it. case_id: about which case, if any."""

    delivery_id: int
    kind: str
    case_id: int | None = None


@event_type("webhook.resent")
class WebhookResent(Event):
    """Somebody sends again what was delivered or failed; its key stays the same."""

    delivery_id: int


@event_type("webhook.delivered")
class WebhookDelivered(Event):
    """code: of the answer. attempts: tries in all."""

    delivery_id: int
    code: int
    attempts: int


@event_type("webhook.failed")
class WebhookFailed(Event):
    """No further try is made by itself. code: of the last answer, if there was one. trouble: a code of states.Trouble."""

    delivery_id: int
    code: int | None
    trouble: str
    attempts: int
