"""The API keeps its written contract, whatever it is sent."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
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

import careloop.faces.api.shapes
from careloop.faces.api.house import PREFIX, contract
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import Seeded, seed

pytestmark = pytest.mark.database

COMMITTED: Final = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"
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


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """Keep the test's own transaction open: Django would close its connection after each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_committed_contract_is_the_present_one() -> None:
    assert json.loads(COMMITTED.read_text()) == json.loads(json.dumps(contract())), "Run script/openapi."


def test_no_two_shapes_have_one_name() -> None:
    shapes = [
        name
        for module in Path(careloop.faces.api.shapes.__path__[0]).glob("*.py")
        for name in re.findall(r"^class (\w+)", module.read_text(), re.MULTILINE)
    ]

    assert sorted(name for name, count in Counter(shapes).items() if count > 1) == [], "One would stand for the other."


def test_the_reference_says_where_everything_is() -> None:
    told = COMMITTED.with_name("api.md").read_text()
    nouns = {part for path in contract()["paths"] for part in path.removeprefix(PREFIX).split("/")}

    assert sorted(noun for noun in nouns if noun and "{" not in noun and f"/{noun}" not in told) == []


def test_the_contract_is_served_without_a_token(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == json.loads(COMMITTED.read_text())


@pytest.mark.parametrize(("operation", "mode"), _attempts())
def test_whatever_is_sent_gets_an_answer_of_the_contract(
    operation: Any,
    mode: GenerationMode,
    machine_of: Callable[..., Machine],
    house: House,
    settings: Any,
    one_connection: None,
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10**9
    seeded = seed(house)
    token = machine_of("olga").token

    @_hypothesis
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def send(case: Any, is_known: bool) -> None:
        if is_known and mode is GenerationMode.POSITIVE:
            _name_what_is_there(case, seeded)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=PROMISES)

    send()


_hypothesis = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def _name_what_is_there(case: Any, seeded: Seeded) -> None:
    for name in case.path_parameters or {}:
        case.path_parameters[name] = getattr(seeded, name)
