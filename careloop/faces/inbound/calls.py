"""What providers of telephone calls call us for: kept as it came, then answered with what to do."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from careloop.domains.telephony.queries import provider_called
from careloop.domains.telephony.types import CallHookKind
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.faces.inbound.forms import NoForm, form_of, public_url
from careloop.gateways.telephony import voice
from careloop.gateways.texting import Unusable
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import WrongSignature, answer, keep_hook

__all__ = ["call_hooks"]

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def call_hooks(request: HttpRequest, program: str, key: str, kind: str) -> HttpResponse:
    """Take in a webhook of a call, and say what the provider is to do; the same one again is answered the same way.

    What came is committed before it is answered. A telephone system that is not live takes no calls.
    """
    found = workspace_of_key(program)
    if found is None or kind not in set(CallHookKind):
        return HttpResponse(status=404)
    at = clock.now()
    try:
        url, body = form_of(request)
        with workspace_scope(found.id):
            provider = provider_called(key)
            if provider is None:
                return HttpResponse(status=404)
            signature = request.headers.get("X-Twilio-Signature", "")
            hook_id = keep_hook(provider, kind=CallHookKind(kind), url=url, body=body, signature=signature, at=at)
    except NoForm as problem:
        return HttpResponse(status=problem.status)
    except WrongSignature:
        log.warning("phone.not_signed", extra={"workspace_id": found.id})
        return HttpResponse(status=403)
    except Unusable as problem:
        return HttpResponse(problem.reason, status=422, content_type="text/plain")
    if hook_id is None:
        said = voice.reject() if kind == CallHookKind.CALL else voice.SILENCE
    else:
        base = public_url(request.path.removesuffix(kind))
        with workspace_scope(found.id):
            said = answer(provider, hook_id=hook_id, base=base, at=at)
    return HttpResponse(said, content_type="text/xml")
