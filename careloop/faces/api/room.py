"""How endpoints are registered: the scope their token needs, what they answer, and what they may refuse."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router
from ninja.params.models import Query
from ninja.security import HttpBearer
from pydantic import BaseModel

from careloop.domains.people.types import Scope
from careloop.faces.api.problems import InvalidInput, Problem, ScopeMissing
from careloop.faces.api.visits import Visit, visit_of

__all__ = ["Room"]

F = TypeVar("F", bound=Callable[..., Any])
REFUSALS: Final = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)
"""What every endpoint may answer beside its own success."""


class Room(Router):
    """The endpoints of one noun."""

    def opens(
        self,
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
        path: str,
        scope: Scope | None,
        shape: Any,
        *,
        status: int = 200,
        also: Sequence[Scope] = (),
    ) -> Callable[[F], F]:
        """Register an endpoint.

        scope: what its token needs, the reading scope with a writing one; None for any valid token.
        shape: the schema of its answer, or None for no content.
        also: further scopes, where the answer shows more than the scope itself lets see.
        """

        scopes = [*_scopes_behind(scope), *also]

        def register(endpoint: F) -> F:
            first, _newline, rest = (endpoint.__doc__ or "").partition("\n")
            self.api_operation(
                [method],
                path,
                auth=_TokenWith(scopes, names=_query_names(endpoint)),
                response={status: shape, **REFUSALS},
                operation_id=endpoint.__name__,
                summary=first.rstrip("."),
                description=rest.strip() or None,
                openapi_extra={"x-scopes": [one.value for one in scopes]},
            )(endpoint)
            return endpoint

        return register


class _TokenWith(HttpBearer):
    """Let in whoever the door has recognized, when the token has the scopes and asks for nothing unknown."""

    openapi_name = "token"

    def __init__(self, scopes: Sequence[Scope], *, names: frozenset[str]) -> None:
        super().__init__()
        self.scopes = scopes
        self.names = names

    def __call__(self, request: HttpRequest) -> Visit:
        """Return the visit. Raises ScopeMissing, InvalidInput for a query it does not know."""
        visit = visit_of(request)
        for scope in self.scopes:
            if not visit.actor.allows(scope):
                raise ScopeMissing(
                    _("This token may not do that: it lacks the scope “%(scope)s”.") % {"scope": scope.value}
                )
        unknown = sorted(set(request.GET) - self.names)
        if unknown:
            sentence = _("There is no such parameter. Take it out.")
            raise InvalidInput(sentence, fields={name.replace("\x00", "")[:100]: sentence for name in unknown[:20]})
        return visit

    def authenticate(self, request: HttpRequest, token: str) -> Visit:
        """Return the visit; the door has read the token."""
        return self(request)


def _scopes_behind(scope: Scope | None) -> list[Scope]:
    """Return every scope an endpoint needs: who writes is answered with what was written, and so has to be a reader, too."""
    match scope:
        case None:
            return []
        case Scope.CASES_WRITE:
            return [scope, Scope.CASES_READ]
        case Scope.CUSTOMERS_WRITE:
            return [scope, Scope.CUSTOMERS_READ]
        case Scope.SETTINGS_WRITE:
            return [scope, Scope.SETTINGS_READ]
        case Scope.NUMBERS_WRITE:
            return [scope, Scope.NUMBERS_READ]
        case _:
            return [scope]


def _query_names(endpoint: Callable[..., Any]) -> frozenset[str]:
    names: set[str] = set()
    for hint in get_type_hints(endpoint, include_extras=True).values():
        if get_origin(hint) is Annotated and any(isinstance(part, Query) for part in get_args(hint)):
            shape = get_args(hint)[0]
            if issubclass(shape, BaseModel):
                names |= set(shape.model_fields)
    return frozenset(names)
