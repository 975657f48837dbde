"""What providers of text messages call us for: kept as it came, answered at once, read later."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from careloop.domains.channels.queries import messenger_called
from careloop.domains.channels.types import MessengerRow
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.faces.inbound.forms import NoForm, form_of
from careloop.gateways.texting import Unusable
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.texting import BadSignature, store_status, store_text

__all__ = ["messages", "statuses"]

log = logging.getLogger(__name__)

SILENCE: Final = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""We answer by the API, when a person has read it; to the webhook itself we say nothing."""

Keep = Callable[[MessengerRow, str, bytes, str, datetime], int | None]


@csrf_exempt
@require_POST
def messages(request: HttpRequest, program: str, key: str) -> HttpResponse:
    """Take in a message from a customer; the same one again is taken as well, and kept once."""
    return _kept(
        request,
        program,
        key,
        lambda messenger, url, body, signature, at: store_text(
            messenger=messenger, url=url, body=body, signature=signature, at=at
        ),
    )


@csrf_exempt
@require_POST
def statuses(request: HttpRequest, program: str, key: str, message_id: int) -> HttpResponse:
    """Take in what became of a message of ours."""
    return _kept(
        request,
        program,
        key,
        lambda messenger, url, body, signature, at: store_status(
            messenger=messenger, message_id=message_id, url=url, body=body, signature=signature, at=at
        ),
    )


def _kept(request: HttpRequest, program: str, key: str, keep: Keep) -> HttpResponse:
    found = workspace_of_key(program)
    if found is None:
        return HttpResponse(status=404)
    try:
        url, body = form_of(request)
        with workspace_scope(found.id):
            messenger = messenger_called(key)
            if messenger is None:
                return HttpResponse(status=404)
            keep(messenger, url, body, request.headers.get("X-Twilio-Signature", ""), clock.now())
    except NoForm as problem:
        return HttpResponse(status=problem.status)
    except BadSignature:
        log.warning("text.not_signed", extra={"workspace_id": found.id})
        return HttpResponse(status=403)
    except Unusable as problem:
        return HttpResponse(problem.reason, status=422, content_type="text/plain")
    return HttpResponse(SILENCE, content_type="text/xml")
