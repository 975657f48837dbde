"""Other systems that are told what happens, and what was sent to them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.domains.webhooks.types import DeliveryRow, WebhookRow
from careloop.faces.api.shapes.common import Asked, Given, Shown

__all__ = [
    "DeliveriesAsked",
    "WebhookDeliveryPage",
    "WebhookDeliveryShown",
    "WebhookGiven",
    "WebhookList",
    "WebhookSecretShown",
    "WebhookShown",
    "delivery_shown",
    "webhook_shown",
]

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Url = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^https?://[\x21-\x7e]+$")]


class WebhookGiven(Given):
    """url: begins with https://; another address gets another secret."""

    name: Name
    url: Url


class WebhookShown(Shown):
    """A webhook without its secret.

    state: active or paused; why: people or gone, where it is paused. old_until: how long the secret before this one signs as well.
    failing_since: since when nothing was taken. waiting_count, failed_count: of its messages of the last 30 days.
    """

    id: int
    name: str
    url: str
    state: str
    why: str
    old_until: datetime | None
    failing_since: datetime | None
    last_at: datetime | None
    waiting_count: int
    failed_count: int


class WebhookList(Shown):
    items: list[WebhookShown]


class WebhookSecretShown(Shown):
    """What signatures are checked with; told once, when it is made."""

    secret: str


class WebhookTryShown(Shown):
    """code: of the answer; null where there was none. trouble: why it did not deliver."""

    number: int
    at: datetime
    code: int | None
    trouble: str
    took_ms: int | None


class WebhookDeliveryShown(Shown):
    """One message.

    key: its webhook-id at every try. body: what is sent. tries: the newest first, where one message was asked for.
    """

    id: int
    webhook_id: int
    key: str
    kind: str
    case_id: int | None
    at: datetime
    state: str
    try_count: int
    next_at: datetime | None
    code: int | None
    trouble: str
    body: str
    tries: list[WebhookTryShown]


class WebhookDeliveryPage(Shown):
    items: list[WebhookDeliveryShown]
    next_cursor: str | None


class DeliveriesAsked(Asked):
    """cursor: from the page before. state: only these."""

    cursor: Annotated[str, Field(max_length=20, pattern=r"^[0-9]{1,18}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    state: Literal["waiting", "delivered", "failed"] | None = None


def webhook_shown(row: WebhookRow) -> dict[str, Any]:
    """Return a webhook."""
    return {
        "id": row.id,
        "name": row.name,
        "url": row.url,
        "state": row.state.value,
        "why": row.why.value,
        "old_until": row.old_until,
        "failing_since": row.failing_since,
        "last_at": row.last_at,
        "waiting_count": row.waiting_count,
        "failed_count": row.failed_count,
    }


def delivery_shown(row: DeliveryRow) -> dict[str, Any]:
    """Return a message."""
    return {
        "id": row.id,
        "webhook_id": row.webhook_id,
        "key": row.key,
        "kind": row.kind,
        "case_id": row.case_id,
        "at": row.at,
        "state": row.state.value,
        "try_count": row.attempt_count,
        "next_at": row.next_at,
        "code": row.code,
        "trouble": row.trouble.value,
        "body": row.body,
        "tries": [
            {
                "number": one.number,
                "at": one.at,
                "code": one.code,
                "trouble": one.trouble.value,
                "took_ms": one.took_ms,
            }
            for one in row.attempts
        ],
    }
