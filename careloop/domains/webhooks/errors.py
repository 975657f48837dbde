from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "DeliveryNotFound",
    "MayNotKeepWebhooks",
    "WebhookGone",
    "WebhookNameTaken",
    "WebhookNotFound",
    "WebhookStandsSo",
    "WebhookUnclear",
]


class WebhookNotFound(NotFound):
    pass


class DeliveryNotFound(NotFound):
    pass


class MayNotKeepWebhooks(Forbidden):
    pass


class WebhookNameTaken(Conflict):
    """Another webhook of the workspace has the name."""


class WebhookStandsSo(Conflict):
    """Nothing would change."""


class WebhookUnclear(Refusal):
    """An address to which nothing can or may be sent."""


class WebhookGone(Refusal):
    """It is paused or out of use, so nothing is sent to it."""
