"""Whatever is refused, and by whatever part of the house, has the one shape."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from careloop.domains.people.services import end_membership, make_token, revoke_token
from careloop.domains.people.types import Scope
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.faces.api.conftest import Machine

pytestmark = pytest.mark.database


def assert_refused(answer: Any, *, status: int, code: str) -> dict[str, Any]:
    """Check the shape of a refusal and return what it says."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    found = json.loads(answer.content)
    assert set(found) == {"error"}
    error: dict[str, Any] = found["error"]
    assert set(error) == {"code", "message", "fields"}
    assert error["code"] == code
    assert error["message"]
    assert all(isinstance(words, str) for words in error["fields"].values())
    return error


def deep(levels: int) -> bytes:
    return b'{"subject": ' + b"[" * levels + b"]" * levels + b"}"


class TestErrorShape:
    @pytest.mark.parametrize(
        ("method", "path", "body", "content_type", "status", "code"),
        [
            ("GET", "/nowhere", b"", "application/json", 404, "unknown_address"),
            ("GET", "", b"", "application/json", 404, "unknown_address"),
            ("GET", "/docs", b"", "application/json", 404, "unknown_address"),
            ("GET", "/cases/77", b"", "application/json", 404, "case_not_found"),
            ("PUT", "/cases", b"{}", "application/json", 405, "method_not_allowed"),
            ("POST", "/openapi.json", b"", "application/json", 405, "method_not_allowed"),
            ("POST", "/customers", b"{", "application/json", 400, "malformed_body"),
            ("POST", "/customers", b"\xff\xfe", "application/json", 400, "malformed_body"),
            ("POST", "/customers", b'{"name": NaN}', "application/json", 400, "malformed_body"),
            ("POST", "/customers", b"name=Omar", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
            ("POST", "/customers", b"{}", "text/plain", 415, "unsupported_media_type"),
            ("POST", "/customers", deep(40), "application/json", 422, "body_too_deep"),
            ("POST", "/customers", deep(90_000), "application/json", 422, "body_too_deep"),
            ("POST", "/customers", b" " * (11 * 1024**2), "application/json", 413, "body_too_large"),
            ("POST", "/customers", b"[]", "application/json", 422, "invalid_input"),
            ("POST", "/customers", b"", "application/json", 422, "invalid_input"),
            ("POST", "/customers", b'{"name": "a\\u0000b"}', "application/json", 422, "invalid_input"),
            ("POST", "/files", b"--x\r\nbroken", "multipart/form-data; boundary=", 400, "malformed_body"),
            ("GET", "/cases?cursor=nonsense", b"", "application/json", 400, "bad_cursor"),
            ("GET", "/cases?limit=0", b"", "application/json", 422, "invalid_input"),
            ("GET", "/cases?colour=red", b"", "application/json", 422, "invalid_input"),
            ("GET", "/cases?conditions=%7B", b"", "application/json", 422, "case_unclear"),
            ("GET", "/cases/nine", b"", "application/json", 422, "invalid_input"),
            ("GET", "/cases/99999999999999999999", b"", "application/json", 422, "invalid_input"),
        ],
    )
    def test_a_refusal_has_the_one_shape(
        self,
        machine_of: Callable[..., Machine],
        method: str,
        path: str,
        body: bytes,
        content_type: str,
        status: int,
        code: str,
    ) -> None:
        headers = {"Authorization": f"Bearer {machine_of('olga').token}"}

        answer = Client().generic(method, f"/api/v1{path}", body, content_type=content_type, headers=headers)

        assert_refused(answer, status=status, code=code)

    def test_fields_are_named_with_what_to_change(self, machine_of: Callable[..., Machine]) -> None:
        answer = machine_of("olga").post("/customers", {"name": "", "kind": "pigeon", "value": "x", "colour": "red"})

        error = assert_refused(answer, status=422, code="invalid_input")
        assert error["fields"] == {
            "name": "This is too short: at least 1.",
            "kind": "Choose one of: email, phone, external.",
            "colour": "There is no such field. Take it out.",
        }

    def test_a_bug_is_answered_without_its_details(
        self, machine_of: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(**_anything: object) -> None:
            raise LookupError("the secret of the house")

        monkeypatch.setattr("careloop.faces.api.rooms.people.queries.teams_of", broken)
        monkeypatch.setattr("careloop.faces.api.rooms.people.rules.may_see_people", lambda actor: broken())

        answer = machine_of("olga").get("/teams")

        error = assert_refused(answer, status=500, code="internal_error")
        assert "secret" not in json.dumps(error)

    def test_it_speaks_the_language_that_is_asked_for(
        self, machine_of: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = machine_of("olga").get("/cases/77", Accept_Language="ko-KR,ko;q=0.9")

        assert answer["Content-Language"] == "ko"

    def test_a_file_that_is_too_large_is_refused_before_it_is_read(
        self, machine_of: Callable[..., Machine], settings: Any
    ) -> None:
        settings.ATTACHMENT_BYTES_LIMIT = 1000
        headers = {"Authorization": f"Bearer {machine_of('ada').token}"}

        answer = Client().post("/api/v1/files", {"file": _file(100_000)}, headers=headers)

        assert_refused(answer, status=413, code="body_too_large")


class TestTokens:
    @pytest.mark.parametrize(
        "authorization",
        [
            None,
            "",
            "Bearer",
            "Bearer ",
            "Basic b2xnYTpwYXNz",
            "Bearer two words",
            "Bearer \xe9\xe8",
            "Token careloop_x",
        ],
    )
    def test_what_is_no_token_is_refused(self, house: House, authorization: str | None) -> None:
        headers = {} if authorization is None else {"Authorization": authorization}

        answer = Client().get("/api/v1/me", headers=headers)

        assert_refused(answer, status=401, code="token_missing")
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_an_unknown_token_is_refused(self, house: House) -> None:
        assert_refused(Machine(token="careloop_guess").get("/me"), status=401, code="token_not_valid")

    def test_an_expired_token_is_refused(self, house: House) -> None:
        long_ago = clock.now() - timedelta(days=3)
        with workspace_scope(house.north):
            token = make_token(
                name="old",
                scopes=[Scope.CASES_READ],
                expires_at=long_ago + timedelta(days=1),
                actor=house.actor("ada"),
                at=long_ago,
            )

        assert_refused(Machine(token=token.raw).get("/me"), status=401, code="token_not_valid")

    def test_a_revoked_token_is_refused(self, house: House) -> None:
        at = clock.now()
        with workspace_scope(house.north):
            ada = house.actor("ada")
            token = make_token(name="a", scopes=[Scope.CASES_READ], expires_at=at + timedelta(days=1), actor=ada, at=at)
            revoke_token(token_id=token.id, actor=ada, at=at)

        assert_refused(Machine(token=token.raw).get("/me"), status=401, code="token_not_valid")

    def test_the_token_of_somebody_who_left_is_refused(self, house: House, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        with workspace_scope(house.north):
            end_membership(user_id=house.ids["ada"], actor=HOUSE, at=clock.now())

        assert_refused(ada.get("/me"), status=401, code="token_not_valid")

    def test_a_browser_with_a_cookie_but_no_token_is_refused(self, signed_in: Callable[[str], Client]) -> None:
        browser = signed_in("olga")

        read = browser.get("/api/v1/me")
        written = browser.post("/api/v1/types", {"name": "Claim"}, content_type="application/json")

        assert_refused(read, status=401, code="token_missing")
        assert_refused(written, status=401, code="token_missing")

    def test_a_token_says_whom_it_acts_as(self, machine_of: Callable[..., Machine], house: House) -> None:
        answer = machine_of("ada", scopes=[Scope.CASES_READ]).get("/me")

        assert answer.json() == {
            "id": house.ids["ada"],
            "name": "Ada",
            "role": "agent",
            "team_ids": [],
            "scopes": ["cases:read"],
            "workspace_key": "north",
            "workspace_name": "North",
            "email": "ada@example.com",
            "language": "en",
            "time_zone": "UTC",
            "signature": "",
            "mails_notifications": True,
        }

    def test_a_token_does_no_more_than_its_scopes(self, machine_of: Callable[..., Machine]) -> None:
        reader = machine_of("olga", scopes=[Scope.CASES_READ])
        blind_writer = machine_of("olga", scopes=[Scope.SETTINGS_WRITE])

        answer = reader.post("/types", {"name": "Claim"})
        blind_answer = blind_writer.post("/types", {"name": "Claim"})

        assert_refused(answer, status=403, code="scope_missing")
        assert_refused(blind_answer, status=403, code="scope_missing")
        assert [row["name"] for row in reader.get("/types").json()["items"]] == ["Enquiry"]


def _file(byte_count: int) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("bill.txt", b"x" * byte_count)
