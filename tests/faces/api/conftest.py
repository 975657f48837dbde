"""The cast, in workspaces that are ready for cases, and machines that knock with their tokens."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from careloop.domains.people.services import make_token
from careloop.domains.people.types import Scope
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.fixtures import house as bare_house
from tests.fixtures import quick_passwords, signed_in
from tests.processes.conftest import house

__all__ = ["bare_house", "house", "machine", "machine_of", "quick_passwords", "signed_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Somebody's program, with their token."""

    token: str
    client: Client = field(default_factory=Client)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request with a JSON body, if any. headers: with _ for -."""
        named = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        content = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, f"/api/v1{path}", content, content_type="application/json", headers=named)


def machine(house: House, name: str, *, scopes: Iterable[Scope] = tuple(Scope)) -> Machine:
    """Make a token of somebody's and return the machine that uses it. scopes: all of them unless given."""
    at = clock.now()
    with workspace_scope(house.south if name == "ines" else house.north):
        token = make_token(
            name="a program", scopes=scopes, expires_at=at + timedelta(days=1), actor=house.actor(name), at=at
        )
    return Machine(token=token.raw)


@pytest.fixture
def machine_of(house: House) -> Callable[..., Machine]:
    return partial(machine, house)
