"""What we ask of the provider: take a message, tell whether we are let in, give out a file.

Source: Twilio, "Messages resource" (www.twilio.com/docs/messaging/api/message-resource) and "Media resource".
"""

import base64
import json
import mimetypes
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urljoin

from careloop.gateways.asking import Answer, Problem, ask, origin_of
from careloop.gateways.texting.types import Account, Media, MediaTrouble, Outcome, Receipt

__all__ = ["ask_account", "check", "fetch_media", "send_text"]

MOST_REDIRECTS: Final = 4
MOST_ANSWER_BYTES: Final = 256 * 1024
TOO_MANY: Final = 429
FILE_SECONDS: Final = 120.0
"""How long a file may take altogether."""


def send_text(account: Account, *, sender: str, receiver: str, text: str, callback: str) -> Receipt:
    """Hand a message to the provider. callback: where it tells us what became of it, or empty.

    Only what surely never arrived is TEMPORARY: a connection that could not be made, or a provider that says it has too much to do.
    """
    given = {"From": sender, "To": receiver, "Body": text}
    if callback:
        given["StatusCallback"] = callback
    answer, told = ask_account(account, "POST", "/Messages.json", given)
    if answer.code is None:
        if answer.was_sent:
            return Receipt(outcome=Outcome.UNCERTAIN, detail=f"interrupted: {answer.problem}")
        return Receipt(outcome=Outcome.TEMPORARY, detail=f"cannot_connect: {answer.problem}")
    status = answer.code
    detail = f"{status} {told.get('code') or ''} {told.get('message') or ''}".strip()
    if 200 <= status < 300 and told.get("sid"):
        return Receipt(outcome=Outcome.ACCEPTED, provider_id=str(told["sid"])[:80])
    if status == TOO_MANY:
        return Receipt(outcome=Outcome.TEMPORARY, detail=detail)
    if 300 <= status < 500:
        return Receipt(outcome=Outcome.REFUSED, detail=detail)
    return Receipt(outcome=Outcome.UNCERTAIN, detail=detail)


def check(account: Account) -> tuple[str, str]:
    """Ask whether the provider lets us in, and return a code of what is wrong and its words; both empty when all is well."""
    answer, told = ask_account(account, "GET", ".json", {})
    if answer.code is None:
        return "cannot_connect", str(answer.problem)
    status = answer.code
    if status in {401, 403, 404}:
        return "wrong_token", f"{status} {told.get('message') or ''}".strip()
    if not 200 <= status < 300:
        return "unexpected", f"{status} {told.get('message') or ''}".strip()
    return ("not_active", str(told["status"])) if told.get("status", "active") != "active" else ("", "")


def fetch_media(account: Account, *, url: str, content_type: str, number: int, most_bytes: int) -> Media:
    """Fetch a file that came with a message.

    The account's token goes to the provider's own address only; wherever that leads on is public or not asked at all.

    Raises MediaTrouble.
    """
    try:
        home = origin_of(account.api_base)
        for _step in range(MOST_REDIRECTS + 1):
            origin = origin_of(url)
            if origin != home and origin[0] != "https":
                raise MediaTrouble("not_private", is_final=True)
            answer = ask(
                "GET",
                url,
                headers=_headers(account) if origin == home else {},
                trusts=origin == home,
                most_bytes=most_bytes,
                time_limit_s=FILE_SECONDS,
            )
            if answer.code not in {301, 302, 303, 307, 308}:
                return _media(answer, content_type=content_type, number=number, most_bytes=most_bytes)
            url = urljoin(url, answer.headers.get("location", ""))
    except ValueError as problem:
        raise MediaTrouble("no_address", is_final=True) from problem
    raise MediaTrouble("too_many_redirects", is_final=True)


def ask_account(account: Account, method: str, path: str, given: Mapping[str, str]) -> tuple[Answer, Mapping[str, Any]]:
    """Ask for something of an account, and return the answer with what it tells. path: behind the account's own.

    Source: Twilio, "Twilio's request" of the REST API: Basic authentication, a form is posted, JSON comes back.
    """
    answer = ask(
        method,
        f"{account.api_base.rstrip('/')}/2010-04-01/Accounts/{quote(account.account, safe='')}{path}",
        headers=_headers(account),
        body=urlencode(given).encode(),
        trusts=True,
        most_bytes=MOST_ANSWER_BYTES,
        time_limit_s=account.timeout_seconds,
    )
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = {}
    return answer, told if isinstance(told, dict) else {}


def _media(answer: Answer, *, content_type: str, number: int, most_bytes: int) -> Media:
    if answer.code is None:
        is_inside = answer.problem == Problem.INSIDE
        raise MediaTrouble("inside" if is_inside else "cannot_connect", is_final=is_inside)
    if answer.code != 200:
        # A file may take a moment to be there after its message.
        is_final = 400 <= answer.code < 500 and answer.code not in {404, 408, TOO_MANY}
        raise MediaTrouble(f"answered_{answer.code}", is_final=is_final)
    if len(answer.body) > most_bytes:
        raise MediaTrouble("too_large", is_final=True)
    kind = (answer.headers.get("content-type") or content_type).partition(";")[0].strip().lower()
    return Media(name=f"{number}{mimetypes.guess_extension(kind) or ''}", content_type=kind, content=answer.body)


def _headers(account: Account) -> dict[str, str]:
    pair = base64.b64encode(f"{account.account}:{account.token}".encode()).decode()
    return {
        "authorization": f"Basic {pair}",
        "accept": "application/json",
        "content-type": "application/x-www-form-urlencoded",
    }
