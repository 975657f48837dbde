"""The API keeps its written contract, whatever it is sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from careloop.faces.api.house import contract
from tests.cast import open_house
from tests.faces.api.conftest import machine
from tests.faces.api.seeding import Seeded, seed
from tests.processes.conftest import ready

pytestmark = [pytest.mark.database, pytest.mark.once]

EXAMPLES: Final = 8
PROMISES: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def _without_tokens() -> dict[str, Any]:
    """Return the contract as if it needed no token, so that nobody takes ours away."""
    found: dict[str, Any] = json.loads(json.dumps(contract()))
    for path in found["paths"].values():
        for operation in path.values():
            del operation["security"]
    return found


SCHEMA: Final = schemathesis.openapi.from_dict(_without_tokens())
SCHEMA.app = get_wsgi_application()
OPERATIONS: Final = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]


def _attempts() -> list[Any]:
    """Return every endpoint, to be asked lawfully, and unlawfully where anything can be wrong at all."""
    return [
        pytest.param(operation, mode, id=f"{operation.label} {mode.value}")
        for operation in OPERATIONS
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or _can_be_wrong(operation.definition.raw)
    ]


def _can_be_wrong(definition: dict[str, Any]) -> bool:
    """Say whether an endpoint takes more than a name in its path, for every name is a lawful one."""
    parts = definition["parameters"]
    return "requestBody" in definition or any(part.get("schema", {}).get("type") != "string" for part in parts)


@contextmanager
def _undone() -> Iterator[None]:
    """Roll back what is written meanwhile, in a transaction of the test's own that scopes may be opened in."""
    own = transaction.atomic()
    own._from_testcase = True  # type: ignore[attr-defined]  # as Django marks its tests' own
    with own:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def there(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Seeded, str]]:
    """A workspace with one of everything, and a token of its owner's. Made once: each test gives it back as it was."""
    # Django would close the connection, and with it our transaction, after each request.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), _undone():
        house = open_house()
        ready(house)
        yield seed(house), machine(house, "olga").token
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("operation", "mode"), _attempts())
def test_whatever_is_sent_gets_an_answer_of_the_contract(
    operation: Any, mode: GenerationMode, there: tuple[Seeded, str], settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10**9
    seeded, token = there

    @_hypothesis
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def send(case: Any, is_known: bool) -> None:
        if is_known and mode is GenerationMode.POSITIVE:
            _name_what_is_there(case, seeded)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=PROMISES)

    with _undone():
        send()


_hypothesis = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def _name_what_is_there(case: Any, seeded: Seeded) -> None:
    for name in case.path_parameters or {}:
        case.path_parameters[name] = getattr(seeded, name)
