"""Bodies and queries as they come in: bounded, JSON only, without what no database can keep."""

import json
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from ninja.parser import Parser

from careloop.faces.api.problems import BodyTooDeep, BodyTooLarge, InvalidInput, MalformedBody, UnsupportedMediaType

__all__ = ["CarefulParser", "read_body"]

DEEPEST: Final = 20
_NO_CONTROL: Final = _("Write text without control characters.")


class CarefulParser(Parser):
    """Reads JSON that the door has let in, and query strings."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body, which `read_body` has read already."""
        return getattr(request, "json", None)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return a query string or a form as a mapping. Raises InvalidInput for what no database can keep."""
        found: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        for name, value in found.items():
            if "\x00" in name or (isinstance(value, str) and "\x00" in value):
                raise InvalidInput(_NO_CONTROL, fields={name.replace("\x00", ""): _NO_CONTROL})
        return found


def read_body(request: HttpRequest) -> Any:
    """Return the JSON that a request carries, or None when it carries nothing.

    Raises UnsupportedMediaType, BodyTooLarge, MalformedBody, BodyTooDeep, InvalidInput.
    """
    try:
        body = request.body
    except RequestDataTooBig:
        raise BodyTooLarge(_("This request is too large. Send at most 10 MB; files go to /api/v1/files.")) from None
    if not body:
        return None
    if request.content_type != "application/json":
        raise UnsupportedMediaType(_("Send JSON, and say so: Content-Type: application/json."))
    try:
        found = json.loads(body.decode(), parse_constant=_no_constant)
    except RecursionError:
        raise BodyTooDeep(_("The JSON is nested too deeply.")) from None
    except ValueError:
        raise MalformedBody(_("The body is not valid JSON in UTF-8.")) from None
    _check(found, depth=0)
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


def _check(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise BodyTooDeep(_("The JSON is nested too deeply."))
    match value:
        case str():
            if "\x00" in value or (not value.isprintable() and any("\ud800" <= c <= "\udfff" for c in value)):
                raise InvalidInput(_NO_CONTROL)
        case list():
            for part in value:
                _check(part, depth=depth + 1)
        case dict():
            for name, part in value.items():
                _check(name, depth=depth)
                _check(part, depth=depth + 1)
