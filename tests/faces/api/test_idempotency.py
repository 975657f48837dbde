"""A POST that is sent twice acts once; a token that asks too often waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from careloop.faces.api.allowances import spend
from careloop.faces.api.idempotency import Promised
from careloop.faces.api.models import KeptAnswer
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, House, open_house
from tests.faces.api.conftest import Machine, machine
from tests.faces.api.seeding import let_go, seed

pytestmark = pytest.mark.database

CUSTOMER = {"name": "Omar", "kind": "email", "value": "omar@customer.example"}


class TestIdempotency:
    def test_the_same_request_acts_once_and_is_answered_the_same(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")

        first = ada.post("/cases", _request(), Idempotency_Key="one")
        second = ada.post("/cases", _request(), Idempotency_Key="one")

        assert first.status_code == second.status_code == 201
        assert first.json() == second.json()
        assert second["Idempotency-Replayed"] == "true"
        assert len(ada.get("/cases").json()["items"]) == 1

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/people/{person_id}/role", {"role": "lead"}),
            ("/invitations/{invitation_id}/resending", None),
            ("/teams/{team_id}/members", {"user_id": "{person_id}"}),
            ("/teams/{team_id}/retirement", None),
            ("/mailboxes/{mailbox_id}/pause", None),
            ("/mailboxes/{mailbox_id}/checks", None),
            ("/mailboxes/{mailbox_id}/rehearsals", None),
            ("/quarantine/{mail_id}/retry", None),
            ("/quarantine/{mail_id}/discarding", None),
            ("/cases/{number}/closing", None),
            ("/cases/{number}/customer-messages", {"text": "Still nothing."}),
            ("/cases/{number}/presence", {"kind": "left"}),
        ],
    )
    def test_so_does_every_other_act(
        self, machine_of: Callable[..., Machine], house: House, path: str, body: dict[str, Any] | None
    ) -> None:
        seeded = seed(house)
        let_go(house, seeded)
        there = asdict(seeded)
        olga, address = machine_of("olga"), path.format(**there)
        given = body and {k: there["person_id"] if v == "{person_id}" else v for k, v in body.items()}

        first = olga.post(address, given, Idempotency_Key="one")
        events = len(olga.get("/audit?limit=200").json()["items"])
        second = olga.post(address, given, Idempotency_Key="one")

        assert first.status_code in {200, 201, 204}, first.content
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second["Idempotency-Replayed"] == "true"
        assert len(olga.get("/audit?limit=200").json()["items"]) == events

    def test_another_request_with_the_same_key_is_refused(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        ada.post("/customers", CUSTOMER, Idempotency_Key="one")

        other_body = ada.post("/customers", {**CUSTOMER, "value": "two@customer.example"}, Idempotency_Key="one")
        other_path = ada.post("/cases", CUSTOMER, Idempotency_Key="one")

        assert (other_body.status_code, other_body.json()["error"]["code"]) == (422, "idempotency_key_reused")
        assert (other_path.status_code, other_path.json()["error"]["code"]) == (422, "idempotency_key_reused")
        assert len(ada.get("/customers").json()["items"]) == 1

    def test_a_key_belongs_to_one_token(self, machine_of: Callable[..., Machine]) -> None:
        first = machine_of("ada").post("/cases", _request(), Idempotency_Key="one")
        second = machine_of("grace").post("/cases", _request(), Idempotency_Key="one")

        assert first.json()["case"]["number"] != second.json()["case"]["number"]

    def test_a_refusal_is_not_kept(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        refused = ada.post("/cases", {**_request(), "team_id": 999}, Idempotency_Key="one")

        mended = ada.post("/cases", _request(), Idempotency_Key="one")

        assert (refused.status_code, mended.status_code) == (422, 201)

    def test_an_act_that_dies_before_its_answer_is_kept_leaves_nothing(
        self, machine_of: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ada = machine_of("ada")

        def power_cut(*_anything: object) -> None:
            raise ConnectionError

        with monkeypatch.context() as broken:
            broken.setattr(Promised, "keep", power_cut)
            died = ada.post("/cases", _request(), Idempotency_Key="one")
        after_death = ada.get("/cases").json()["items"]
        again = ada.post("/cases", _request(), Idempotency_Key="one")

        assert died.status_code == 500
        assert after_death == []
        assert again.status_code == 201
        assert len(ada.get("/cases").json()["items"]) == 1

    def test_a_form_is_the_same_whatever_its_boundary(self, machine_of: Callable[..., Machine]) -> None:
        headers = {"Authorization": f"Bearer {machine_of('ada').token}", "Idempotency-Key": "one"}

        def uploaded(words: bytes, boundary: str) -> Any:
            body = (
                (
                    f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
                    "Content-Type: text/plain\r\n\r\n"
                ).encode()
                + words
                + f"\r\n--{boundary}--\r\n".encode()
            )
            return Client().generic(
                "POST", "/api/v1/files", body, f"multipart/form-data; boundary={boundary}", headers=headers
            )

        first, second, other = uploaded(b"words", "aaa"), uploaded(b"words", "bbb"), uploaded(b"more", "aaa")

        assert first.status_code == 201, first.content
        assert first.json()["byte_count"] == 5
        assert second.json() == first.json()
        assert other.status_code == 422

    def test_a_key_is_forgotten_after_a_day(self, machine_of: Callable[..., Machine], house: House) -> None:
        ada = machine_of("ada")
        ada.post("/cases", _request(), Idempotency_Key="one")
        with workspace_scope(house.north):
            kept = KeptAnswer.objects.get()
            KeptAnswer.objects.update(made_at=kept.made_at - timedelta(hours=24))

        again = ada.post("/cases", _request(), Idempotency_Key="one")

        assert again.status_code == 201
        assert "Idempotency-Replayed" not in again
        assert len(ada.get("/cases").json()["items"]) == 2

    @pytest.mark.parametrize("key", ["", "with space", "x" * 201, "한국"])
    def test_a_key_that_is_none_is_refused(self, machine_of: Callable[..., Machine], key: str) -> None:
        answer = machine_of("ada").post("/cases", _request(), Idempotency_Key=key)

        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_idempotency_key")

    def test_of_four_at_once_one_acts(self, committed: None) -> None:
        house = open_house()
        with workspace_scope(house.north):
            equip_workspace(actor=HOUSE, at=NOW)
        ada = machine(house, "ada")

        def ask(_turn: int) -> Any:
            try:
                return ada.post("/cases", _request(), Idempotency_Key="one")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(ask, range(4)))

        assert {answer.status_code for answer in answers} <= {201, 409}
        assert {a.json()["error"]["code"] for a in answers if a.status_code == 409} <= {"idempotency_key_busy"}
        assert len({a.json()["case"]["number"] for a in answers if a.status_code == 201}) == 1
        assert len(ada.get("/cases").json()["items"]) == 1


class TestAllowance:
    def test_a_minute_is_counted_and_then_begins_anew(self, house: House) -> None:
        counts = [spend(token_id=7, at=NOW + timedelta(seconds=second)).count for second in (0, 1, 59, 60, 61)]

        assert counts == [1, 2, 3, 1, 2]

    def test_each_token_has_its_own(self, house: House) -> None:
        spend(token_id=7, at=NOW)

        assert spend(token_id=8, at=NOW).count == 1

    def test_a_token_that_asks_too_often_waits(self, machine_of: Callable[..., Machine], settings: Any) -> None:
        settings.API_REQUESTS_PER_MINUTE = 1
        ada, grace = machine_of("ada"), machine_of("grace")

        # Three, because a minute may end between two of them.
        answers = [ada.get("/me") for _turn in range(3)]

        (refused, *_others) = [answer for answer in answers if answer.status_code == 429]
        assert refused.json()["error"]["code"] == "too_many_requests"
        assert refused["RateLimit-Limit"] == "1"
        assert refused["RateLimit-Remaining"] == "0"
        assert 1 <= int(refused["Retry-After"]) <= 60
        assert grace.get("/me").status_code == 200


def _request() -> dict[str, Any]:
    return {"requester_address": "omar@customer.example", "subject": "My parcel", "text": "Where is it?"}
