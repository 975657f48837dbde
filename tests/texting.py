"""Text messages for tests: a number at a provider of our own, and webhooks as the provider signs them."""

from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import messenger
from careloop.domains.channels.services import MessengerSettings
from careloop.domains.channels.types import MessengerRow
from careloop.gateways.texting import signature_of
from careloop.kernel.actors import HOUSE
from tests.cast import NOW

__all__ = ["OMARS", "OURS", "TOKEN", "connected_number", "post_hook", "told"]

OURS, OMARS = "+15017122661", "+15558675310"
TOKEN = "t0ken"
FORM = "application/x-www-form-urlencoded"


def connected_number(*, api_base: str = "https://api.twilio.com", live: bool = True) -> MessengerRow:
    """Connect a number in the workspace in scope."""
    given = MessengerSettings(name="Orders", number=OURS, account="AC123", token=TOKEN, api_base=api_base)
    messenger_id = channels.add_messenger(settings=given, actor=HOUSE, at=NOW)
    if live:
        channels.open_messenger(messenger_id=messenger_id, actor=HOUSE, at=NOW)
    return messenger(messenger_id)


def told(
    text: str, *, sid: str = "SM" + "1" * 32, sender: str = OMARS, media: str = "", **other: str
) -> dict[str, str]:
    """What a provider posts for a message; fields as in the documentation ("Request parameters")."""
    given = {
        "ToCountry": "US",
        "SmsMessageSid": sid,
        "NumMedia": "1" if media else "0",
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": text,
        "To": OURS,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": "AC123",
        "From": sender,
        "ApiVersion": "2010-04-01",
    }
    if media:
        given |= {"MediaUrl0": media, "MediaContentType0": "image/png"}
    return given | other


def post_hook(
    row: MessengerRow, fields: dict[str, str], *, end: str = "messages", signature: str = "", program: str = "north"
) -> int:
    """Post a webhook, signed unless a signature is given, and return the status of the answer."""
    path = f"/in/{program}/texts/{row.key}/{end}"
    signed = signature or signature_of(f"{settings.PUBLIC_URL}{path}", fields.items(), token=TOKEN)
    answer = Client().post(path, urlencode(fields), content_type=FORM, headers={"X-Twilio-Signature": signed})
    return answer.status_code
