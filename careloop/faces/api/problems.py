"""The one shape of every refusal: `{"error": {"code", "message", "fields"}}`."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel, Field

from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal, TooLarge, TooMany

__all__ = [
    "BadIdempotencyKey",
    "BodyTooDeep",
    "BodyTooLarge",
    "DraftEmpty",
    "DraftNotFound",
    "IdempotencyKeyBusy",
    "IdempotencyKeyReused",
    "InvalidInput",
    "MalformedBody",
    "MethodNotAllowed",
    "NoMailLeaves",
    "Problem",
    "ScopeMissing",
    "TokenMissing",
    "TooManyRequests",
    "UnknownAddress",
    "UnsupportedMediaType",
    "answer_to",
    "refused",
]

log = logging.getLogger(__name__)


class ProblemDetail(BaseModel):
    code: str = Field(description="What went wrong, for machines; never translated.")
    message: str = Field(description="What went wrong and what to do, in the language of Accept-Language.")
    fields: dict[str, str] = Field(description="A sentence for each input that is at fault, by its name.")


class Problem(BaseModel):
    """Something was refused; nothing was changed."""

    error: ProblemDetail


class TokenMissing(Refusal):
    """No token, or something that cannot be one."""

    status = 401


class ScopeMissing(Forbidden):
    """The token was not made for this."""


class UnknownAddress(NotFound):
    """No such path."""


class MethodNotAllowed(Refusal):
    status = 405


class MalformedBody(Refusal):
    """Not JSON, or a form that breaks off."""

    status = 400


class BodyTooDeep(Refusal):
    """Nested deeper than anything the house takes."""


class BodyTooLarge(TooLarge):
    """More bytes than the house takes in one request."""


class UnsupportedMediaType(Refusal):
    status = 415


class InvalidInput(Refusal):
    """Inputs that do not fit the schema; `fields` says which."""


class TooManyRequests(TooMany):
    """The token has asked too often in this minute."""


class BadIdempotencyKey(Refusal):
    """A key that is empty, too long, or not plain text."""


class IdempotencyKeyReused(Refusal):
    """The key came with another request before."""


class IdempotencyKeyBusy(Conflict):
    """The first request with this key is still at work."""


class DraftNotFound(NotFound):
    """The token's maker has no draft there."""


class DraftEmpty(Refusal):
    """A draft without anything worth keeping."""


class NoMailLeaves(Conflict):
    """The workspace sends no mail, so what was asked for would reach nobody."""


def refused(refusal: Refusal) -> JsonResponse:
    """Return a refusal in the one shape, with its own status."""
    return _shaped(refusal.status, refusal.code, str(refusal), {k: str(v) for k, v in refusal.fields.items()})


def answer_to(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Return what a machine reads for anything that went wrong; a bug is logged and answered without its details."""
    match exception:
        case Refusal():
            return refused(exception)
        case ValidationError():
            return refused(_invalid(exception.errors))
        case HttpError():
            return _shaped(exception.status_code, "refused", str(exception), {})
        case _:
            log.exception("api.failed", extra={"path": request.path, "method": request.method}, exc_info=exception)
            sentence = _("Something went wrong on our side. Nothing was changed; try again in a moment.")
            return _shaped(500, "internal_error", sentence, {})


def _invalid(errors: list[dict[str, Any]]) -> InvalidInput:
    fields: dict[str, str | Promise] = {}
    for error in errors:
        place = [str(part) for part in error["loc"][1:]]
        # The body's own name says nothing to the one who wrote it.
        name = ".".join(place[1:] if error["loc"][0] == "body" else place) or "body"
        fields.setdefault(name, _sentence(error))
    return InvalidInput(
        gettext_lazy("Some of what was sent cannot be used. See “fields” for what to change."), fields=fields
    )


def _sentence(error: Mapping[str, Any]) -> str:
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _("This is required.")
        case "extra_forbidden":
            return _("There is no such field. Take it out.")
        case "string_too_long" | "too_long":
            return _("This is too long: at most %(most)s.") % {"most": limits.get("max_length")}
        case "string_too_short" | "too_short":
            return _("This is too short: at least %(least)s.") % {"least": limits.get("min_length")}
        case "greater_than" | "greater_than_equal":
            return _("This is too small: at least %(least)s.") % {"least": limits.get("ge", limits.get("gt"))}
        case "less_than" | "less_than_equal":
            return _("This is too large: at most %(most)s.") % {"most": limits.get("le", limits.get("lt"))}
        case "literal_error" | "enum":
            # pydantic joins them with an English “or”.
            choices = re.findall(r"'([^']*)'", limits.get("expected", ""))
            return _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}
        case "value_error":
            return str(limits.get("error", error["msg"]))
        case kind if kind.startswith(("int", "float", "decimal")):
            return _("Write a number.")
        case kind if kind.startswith("bool"):
            return _("Write true or false.")
        case kind if kind.startswith("string"):
            return _("Write text without control characters.")
        case kind if kind.startswith(("date", "time")):
            return _("Write a moment in UTC such as 2026-11-16T09:00:00Z.")
        case kind if kind.startswith(("list", "set", "tuple")):
            return _("Write a list.")
        case _:
            return _("This cannot be used here. See the API reference for what is expected.")


def _shaped(status: int, code: str, message: str, fields: Mapping[str, str]) -> JsonResponse:
    answer = JsonResponse({"error": {"code": code, "message": message, "fields": dict(fields)}}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer
