"""What we ask of the provider: take a message, tell whether we are let in, give out a file.

Source: Twilio, "Messages resource" (www.twilio.com/docs/messaging/api/message-resource) and "Media resource".
"""

import base64
import http.client
import json
import mimetypes
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urljoin

from careloop.gateways.texting.guarding import MediaTrouble, connected, origin_of
from careloop.gateways.texting.types import Account, Media, Outcome, Receipt

__all__ = ["check", "fetch_media", "send_text"]

MOST_REDIRECTS: Final = 4
MOST_ANSWER_BYTES: Final = 256 * 1024
TOO_MANY: Final = 429


def send_text(account: Account, *, sender: str, receiver: str, text: str, callback: str) -> Receipt:
    """Hand a message to the provider. callback: where it tells us what became of it, or empty.

    Only what surely never arrived is TEMPORARY: a connection that could not be made, or a provider that says it has too much to do.
    """
    given = {"From": sender, "To": receiver, "Body": text}
    if callback:
        given["StatusCallback"] = callback
    try:
        connection, target = connected(
            f"{_of(account)}/Messages.json", timeout_seconds=account.timeout_seconds, trusts=True
        )
        connection.connect()
    except (MediaTrouble, OSError, ValueError) as problem:
        return Receipt(outcome=Outcome.TEMPORARY, detail=f"cannot_connect: {problem}")
    try:
        connection.request("POST", target, body=urlencode(given), headers=_headers(account))
        status, told = _answer(connection)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return Receipt(outcome=Outcome.UNCERTAIN, detail=f"interrupted: {problem or type(problem).__name__}")
    finally:
        connection.close()
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
    try:
        connection, target = connected(f"{_of(account)}.json", timeout_seconds=account.timeout_seconds, trusts=True)
        try:
            connection.request("GET", target, headers=_headers(account))
            status, told = _answer(connection)
        finally:
            connection.close()
    except (MediaTrouble, OSError, http.client.HTTPException, ValueError) as problem:
        return "cannot_connect", str(problem)
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
    home = origin_of(account.api_base)
    try:
        for _step in range(MOST_REDIRECTS + 1):
            is_home = origin_of(url) == home
            connection, target = connected(url, timeout_seconds=account.timeout_seconds, trusts=is_home)
            try:
                connection.request("GET", target, headers=_headers(account) if is_home else {})
                answer = connection.getresponse()
                if answer.status in {301, 302, 303, 307, 308}:
                    url = urljoin(url, answer.getheader("Location") or "")
                    continue
                return _media(answer, content_type=content_type, number=number, most_bytes=most_bytes)
            finally:
                connection.close()
    except (OSError, http.client.HTTPException) as problem:
        raise MediaTrouble("cannot_connect", is_final=False) from problem
    except ValueError as problem:
        raise MediaTrouble("no_address", is_final=True) from problem
    raise MediaTrouble("too_many_redirects", is_final=True)


def _media(answer: http.client.HTTPResponse, *, content_type: str, number: int, most_bytes: int) -> Media:
    if answer.status != 200:
        # A file may take a moment to be there after its message.
        is_final = 400 <= answer.status < 500 and answer.status not in {404, 408, TOO_MANY}
        raise MediaTrouble(f"answered_{answer.status}", is_final=is_final)
    content = answer.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise MediaTrouble("too_large", is_final=True)
    kind = (answer.getheader("Content-Type") or content_type).partition(";")[0].strip().lower()
    return Media(name=f"{number}{mimetypes.guess_extension(kind) or ''}", content_type=kind, content=content)


def _answer(connection: http.client.HTTPConnection) -> tuple[int, Mapping[str, Any]]:
    answer = connection.getresponse()
    body = answer.read(MOST_ANSWER_BYTES)
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    return answer.status, told if isinstance(told, dict) else {}


def _of(account: Account) -> str:
    return f"{account.api_base.rstrip('/')}/2010-04-01/Accounts/{quote(account.account, safe='')}"


def _headers(account: Account) -> dict[str, str]:
    pair = base64.b64encode(f"{account.account}:{account.token}".encode()).decode()
    return {
        "Authorization": f"Basic {pair}",
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
