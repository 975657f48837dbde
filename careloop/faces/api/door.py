"""The one door of the API: who knocks, how often, in which workspace, and whether they asked before."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from careloop.domains.people.errors import TokenNotValid
from careloop.domains.people.queries import actor_of_grant
from careloop.domains.people.services import use_token
from careloop.domains.people.types import TokenGrant
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.faces.api.allowances import spend
from careloop.faces.api.idempotency import Promised, promise_of
from careloop.faces.api.parsing import read_body
from careloop.faces.api.problems import (
    BodyTooLarge,
    InvalidInput,
    MalformedBody,
    MethodNotAllowed,
    TokenMissing,
    TooManyRequests,
    UnknownAddress,
    answer_to,
    refused,
)
from careloop.faces.api.visits import Visit
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope

__all__ = ["door", "outward_door", "unknown_address"]

View = Callable[..., HttpResponseBase]
_BEARER: Final = re.compile(r"[Bb]earer +([\x21-\x7e]{1,300})")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_BYTES: Final = 64 * 1024
"""What a form around an uploaded file may weigh."""


def door(view: View) -> View:
    """Let machines with a valid token into a view, inside the wall of their workspace.

    Cookies count for nothing here, so no browser can be led to act. Everything that is refused undoes everything and has
    the one shape, in the language of Accept-Language.
    """
    return _guarded(view, _visited)


def outward_door(view: View) -> View:
    """Do the same for a view that calls the world, which no transaction may wait for; it opens its scopes by itself."""
    return _guarded(view, _sent_out)


def _guarded(view: View, visit: View) -> View:
    @csrf_exempt
    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _language(request)
        with translation.override(language):
            try:
                answer = _admitted(request, partial(visit, request, view, args, kwargs))
            except Exception as problem:  # noqa: BLE001 - the one translator; what is no refusal is logged as a bug
                answer = answer_to(request, problem)
        answer.headers.setdefault("Content-Language", language)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return entered


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Say that there is nothing at this address of the API."""
    language = _language(request)
    with translation.override(language):
        answer = refused(
            UnknownAddress(_("There is nothing at this address. See /api/v1/openapi.json for what there is."))
        )
    answer["Content-Language"] = language
    return answer


def _admitted(request: HttpRequest, visit: View) -> HttpResponseBase:
    at = clock.now()
    grant = use_token(raw=_token(request), at=at)
    spent = spend(token_id=grant.token_id, at=at)
    try:
        if spent.is_over:
            raise TooManyRequests(_("This token has asked too often. Wait a moment, then go on."))
        _read(request)
        answer = visit(grant=grant, at=at)
    except Exception as problem:  # noqa: BLE001 - as above; here so that its answer says what is left of the minute
        answer = answer_to(request, problem)
    spent.write_on(answer)
    return answer


def _visited(
    request: HttpRequest, view: View, args: Any, kwargs: Any, *, grant: TokenGrant, at: datetime
) -> HttpResponseBase:
    with workspace_scope(grant.workspace_id):
        promised, earlier = _begun(request, grant=grant, at=at)
        if earlier is not None:
            return earlier
        answer = _answered(request, view, args, kwargs)
        if answer.status_code >= 400:
            transaction.set_rollback(True)
        elif request.method not in SAFE:
            _settle()
            if promised and isinstance(answer, HttpResponse):
                promised.keep(answer)
        return answer


def _sent_out(
    request: HttpRequest, view: View, args: Any, kwargs: Any, *, grant: TokenGrant, at: datetime
) -> HttpResponseBase:
    with workspace_scope(grant.workspace_id):
        promised, earlier = _begun(request, grant=grant, at=at)
        if earlier is None and promised:
            promised.claim()
    if earlier is not None:
        return earlier
    answer = _answered(request, view, args, kwargs)
    if promised and isinstance(answer, HttpResponse):
        with workspace_scope(grant.workspace_id):
            promised.redeem(answer)
    return answer


def _begun(request: HttpRequest, *, grant: TokenGrant, at: datetime) -> tuple[Promised | None, HttpResponseBase | None]:
    """Find out who visits; return what the request promises, and what the same one was answered before."""
    actor, workspace = actor_of_grant(grant), workspace_of_id(grant.workspace_id)
    if actor is None or workspace is None:
        raise TokenNotValid(_("Whoever made this API token has left. Make a new one."))
    request.visit = Visit(actor=actor, workspace=workspace, token_id=grant.token_id, at=at)  # type: ignore[attr-defined]
    promised = promise_of(request, token_id=grant.token_id, at=at)
    return promised, promised.earlier_answer() if promised else None


def _answered(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    answer = view(request, *args, **kwargs)
    if isinstance(answer, HttpResponseNotAllowed):
        allowed = answer["Allow"]
        answer = refused(MethodNotAllowed(_("This address takes only: %(methods)s.") % {"methods": allowed}))
        answer["Allow"] = allowed
    return answer


def _settle() -> None:
    """Let the database check now what it would check at commit, while it can still be refused in words."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        raise InvalidInput(_("Something that was named does not exist any more. Look again, then decide.")) from None


def _token(request: HttpRequest) -> str:
    found = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if found is None:
        raise TokenMissing(_("Send an API token: Authorization: Bearer followed by the token."))
    return found[1]


def _read(request: HttpRequest) -> None:
    """Read the body before anything is locked. Raises BodyTooLarge and what `read_body` raises."""
    if request.method in SAFE or request.method == "DELETE":
        return
    is_form = request.content_type == "multipart/form-data"
    size = request.headers.get("Content-Length", "")
    if is_form and size.isdecimal() and int(size) > settings.ATTACHMENT_BYTES_LIMIT + FORM_BYTES:
        raise BodyTooLarge(
            _("This file is larger than %(limit)d MB. Share a link to it instead.")
            % {"limit": settings.ATTACHMENT_BYTES_LIMIT // 1024**2}
        )
    if not is_form:
        request.json = read_body(request)  # type: ignore[attr-defined]
        return
    try:
        request.FILES  # noqa: B018 - reading it is what parses the form
    except (BadRequest, MultiPartParserError, SuspiciousOperation):
        raise MalformedBody(_("The form breaks off, or has too many parts. Send it again.")) from None


def _language(request: HttpRequest) -> str:
    """Return the language that the machine asks for among ours; English when it names none."""
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return "en"
