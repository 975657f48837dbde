"""Calls that go on at a provider shaped like Twilio, changed through its REST API. Never run live.

Source: Twilio, "Call resource", "Update a call" (www.twilio.com/docs/voice/api/call-resource): `Status=completed` ends a call that
goes on, `Twiml` tells it at once what to do from now on. What is refused: "Error and warning dictionary", 20404 and 21220
(www.twilio.com/docs/api/errors). What comes of it is told by webhooks, as of any call.
"""

from typing import Final
from urllib.parse import quote

from careloop.gateways.telephony import voice
from careloop.gateways.telephony.switch import Handover
from careloop.gateways.telephony.types import (
    ActionRefused,
    CallOver,
    PhoneTrouble,
    ProviderAway,
    ProviderBusy,
    ProviderLocked,
    ProviderRefuses,
)
from careloop.gateways.texting import Account, ask_account

__all__ = ["ProviderSwitch"]

NOT_IN_PROGRESS: Final = 21220
REFUSALS: Final[dict[int, type[ActionRefused]]] = {
    401: ProviderLocked,
    403: ProviderLocked,
    404: CallOver,
    429: ProviderBusy,
}


class ProviderSwitch:
    """What may be done with a customer's call at a provider. Each method raises PhoneTrouble; ActionRefused: it was not done.

    legs_url: where we hear of each telephone. next_url: asked for what to do when a call that was passed on is over or not taken.
    """

    def __init__(self, account: Account, *, legs_url: str, next_url: str) -> None:
        self._account, self._legs_url, self._next_url = account, legs_url, next_url

    def hang_up(self, call: str) -> None:
        self._change(call, {"Status": "completed"})

    def transfer(self, order: Handover) -> None:
        if order.is_announced:
            raise ProviderRefuses("a call is passed on at once only")
        answer = voice.ring([order.extension], legs_url=self._legs_url, next_url=self._next_url)
        self._change(order.call, {"Twiml": answer})

    def _change(self, call: str, given: dict[str, str]) -> None:
        answer, told = ask_account(self._account, "POST", f"/Calls/{quote(call, safe='')}.json", given)
        detail = f"{answer.code or answer.problem} {told.get('code') or ''} {told.get('message') or ''}".strip()[:200]
        if answer.code is None:
            raise PhoneTrouble(detail) if answer.was_sent else ProviderAway(detail)
        if 200 <= answer.code < 300:
            return
        if answer.code == 400 and told.get("code") == NOT_IN_PROGRESS:
            raise CallOver(detail)
        if 300 <= answer.code < 500:
            raise REFUSALS.get(answer.code, ProviderRefuses)(detail)
        raise PhoneTrouble(detail)
