"""Mailboxes through the API: connected, tried, opened and paused; their passwords go in and never come out."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from careloop.domains.channels.queries import imap_server, smtp_server
from careloop.domains.people.services import create_team
from careloop.domains.people.types import Scope
from careloop.faces.api.idempotency import Promised
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import seed
from tests.faces.api.test_error_shape import assert_refused
from tests.servers.submission import PASSWORD, USER, Submission, submission

pytestmark = pytest.mark.database

Machines = Callable[..., Machine]
NEW = {
    "name": "Orders",
    "address": "Orders@north.example",
    "sender_name": "North Orders",
    "imap_host": "127.0.0.1",
    "imap_port": 1,
    "imap_user": "orders",
    "imap_password": "very secret words",
    "smtp_host": "127.0.0.1",
    "smtp_port": 1,
    "smtp_user": "orders",
    "smtp_password": "other secret words",
}


@pytest.fixture
def box(house: House, machine_of: Machines) -> dict[str, Any]:
    found: dict[str, Any] = machine_of("olga").post("/mailboxes", NEW).json()
    return found


class TestKeeping:
    def test_a_mailbox_is_added_on_trial(self, house: House, machine_of: Machines) -> None:
        mina = machine_of("mina")

        made = mina.post("/mailboxes", NEW, Idempotency_Key="one")
        again = mina.post("/mailboxes", NEW, Idempotency_Key="one")

        assert made.status_code == 201
        assert again.json() == made.json()
        assert mina.get(f"/mailboxes/{made.json()['id']}").json() == made.json()
        shown = made.json()
        assert (shown["state"], shown["address"], shown["imap_security"]) == ("trying", "orders@north.example", "tls")
        assert not [name for name in shown if "password" in name]
        assert "secret" not in json.dumps(shown)

    def test_what_is_left_out_stays_passwords_included(
        self, house: House, machine_of: Machines, box: dict[str, Any]
    ) -> None:
        answer = machine_of("olga").send("PATCH", f"/mailboxes/{box['id']}", {"name": "Post", "smtp_port": 465})

        assert answer.json() == {**box, "name": "Post", "smtp_port": 465}
        assert _passwords(house, box) == ("very secret words", "other secret words")

    def test_a_password_is_changed_alone(self, house: House, machine_of: Machines, box: dict[str, Any]) -> None:
        answer = machine_of("olga").send("PATCH", f"/mailboxes/{box['id']}", {"smtp_password": "newer words"})

        assert answer.json() == box
        assert _passwords(house, box) == ("very secret words", "newer words")

    @pytest.mark.parametrize("kind", ["imap", "smtp"])
    def test_a_stored_password_is_never_handed_to_another_server(
        self, house: House, machine_of: Machines, box: dict[str, Any], kind: str
    ) -> None:
        olga, path = machine_of("olga"), f"/mailboxes/{box['id']}"

        answer = olga.send("PATCH", path, {f"{kind}_host": "eve.example"}, Accept_Language="ko")
        written = olga.send("PATCH", path, {f"{kind}_host": "eve.example", f"{kind}_password": "for eve"})

        error = assert_refused(answer, status=422, code="mailbox_unclear")
        assert error["fields"] == {
            f"{kind}_password": "저장된 비밀번호는 다른 서버에 사용하던 것입니다. 다시 입력하세요."
        }
        assert written.json()[f"{kind}_host"] == "eve.example"

    def test_its_team_is_one_of_this_workspace(self, house: House, machine_of: Machines, box: dict[str, Any]) -> None:
        with workspace_scope(house.south):
            foreign = create_team(name="South", actor=house.actor("ines"), at=clock.now())
        olga, path = machine_of("olga"), f"/mailboxes/{box['id']}"
        own = olga.post("/teams", {"name": "Post"}).json()["id"]

        refused = olga.send("PATCH", path, {"team_id": foreign})
        given = olga.send("PATCH", path, {"team_id": own})
        kept = olga.send("PATCH", path, {"name": "Post"})
        taken = olga.send("PATCH", path, {"team_id": None})

        error = assert_refused(refused, status=422, code="mailbox_unclear")
        assert list(error["fields"]) == ["team_id"]
        assert [answer.json()["team_id"] for answer in (given, kept, taken)] == [own, own, None]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"imap_port": 0}, "imap_port"),
            ({"imap_port": 70_000}, "imap_port"),
            ({"imap_security": "none"}, "imap_security"),
            ({"imap_host": "a host"}, "imap_host"),
            ({"address": "orders"}, "address"),
            ({"sender_name": "North\r\nBcc: eve@elsewhere.example"}, "sender_name"),
            ({"state": "live"}, "state"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, machine_of: Machines, box: dict[str, Any], change: dict[str, Any], field: str
    ) -> None:
        olga, path = machine_of("olga"), f"/mailboxes/{box['id']}"

        answer = olga.send("PATCH", path, change)

        error = assert_refused(answer, status=422, code="invalid_input")
        assert list(error["fields"]) == [field]
        assert olga.get(path).json() == box

    def test_an_address_is_taken_once(self, machine_of: Machines, box: dict[str, Any]) -> None:
        answer = machine_of("olga").post("/mailboxes", NEW)

        assert_refused(answer, status=409, code="address_taken")

    def test_it_is_opened_and_paused(self, machine_of: Machines, box: dict[str, Any]) -> None:
        olga, path = machine_of("olga"), f"/mailboxes/{box['id']}"
        long_ago = "2026-01-05T09:00:00Z"

        opened = olga.post(f"{path}/opening", {"since": long_ago})
        paused = olga.post(f"{path}/pause")
        later = olga.post(f"{path}/opening", {"since": (clock.now() + timedelta(days=9)).isoformat()})

        assert (opened.json()["state"], opened.json()["accepts_since"]) == ("live", long_ago)
        assert paused.json()["state"] == "paused"
        assert later.json()["accepts_since"] < clock.now().isoformat()

    @pytest.mark.parametrize("since", ["tomorrow", "2026-01-05", "2026-01-05T09:00:00", "0001-01-01T00:00:00+14:00", 5])
    def test_it_is_not_opened_from_what_is_no_moment(
        self, machine_of: Machines, box: dict[str, Any], since: Any
    ) -> None:
        answer = machine_of("olga").post(f"/mailboxes/{box['id']}/opening", {"since": since})

        error = assert_refused(answer, status=422, code="invalid_input")
        assert error["fields"] == {"since": "Write a moment in UTC such as 2026-11-16T09:00:00Z."}

    @pytest.mark.parametrize("name", ["grace", "ada", "anh"])
    def test_nobody_below_a_manager_keeps_them(self, machine_of: Machines, box: dict[str, Any], name: str) -> None:
        machine, path = machine_of(name), f"/mailboxes/{box['id']}"

        answers = [
            machine.get(path),
            machine.post("/mailboxes", {**NEW, "address": "two@north.example"}),
            machine.send("PATCH", path, {"name": "Mine"}),
            *(machine.post(f"{path}/{act}", {}) for act in ("opening", "pause", "checks", "rehearsals", "test-mails")),
        ]

        for answer in answers:
            assert_refused(answer, status=403, code="may_not_keep_mailboxes")
        assert machine_of("olga").get(path).json() == box

    def test_a_reading_token_changes_nothing(self, machine_of: Machines, box: dict[str, Any]) -> None:
        reader = machine_of("olga", scopes=[Scope.SETTINGS_READ])

        answer = reader.post(f"/mailboxes/{box['id']}/checks")

        assert_refused(answer, status=403, code="scope_missing")
        assert reader.get(f"/mailboxes/{box['id']}").json() == box


@pytest.fixture
def server() -> Iterator[Submission]:
    with submission(certificate=None) as running:
        yield running


@pytest.fixture
def sending(machine_of: Machines, server: Submission, box: dict[str, Any]) -> str:
    """The address of a mailbox whose mail a real server takes."""
    change = {"smtp_port": server.port, "smtp_security": "plain", "smtp_user": USER, "smtp_password": PASSWORD}
    path = f"/mailboxes/{box['id']}"
    assert machine_of("olga").send("PATCH", path, change).status_code == 200
    return path


class TestTrying:
    def test_both_connections_are_told_apart(self, machine_of: Machines, server: Submission, sending: str) -> None:
        answer = machine_of("olga").post(f"{sending}/checks", Accept_Language="ko")

        assert answer.status_code == 200
        assert answer.json()["reading"]["trouble"] == "cannot_connect"
        assert answer.json()["reading"]["message"].startswith("서버가 응답하지")
        assert answer.json()["sending"] == {"trouble": "", "message": "", "detail": ""}

    def test_a_rehearsal_that_cannot_connect_says_so(self, machine_of: Machines, box: dict[str, Any]) -> None:
        answer = machine_of("olga").post(f"/mailboxes/{box['id']}/rehearsals")

        assert answer.status_code == 200
        assert (answer.json()["finding"]["trouble"], answer.json()["mails"]) == ("cannot_connect", [])

    def test_a_test_mail_goes_to_oneself_once(self, machine_of: Machines, server: Submission, sending: str) -> None:
        olga = machine_of("olga")

        first = olga.post(f"{sending}/test-mails", Idempotency_Key="one")
        second = olga.post(f"{sending}/test-mails", Idempotency_Key="one")

        assert first.json() == {"to": "olga@example.com", "finding": {"trouble": "", "message": "", "detail": ""}}
        assert second.json() == first.json()
        assert second["Idempotency-Replayed"] == "true"
        assert [mail.rcpt_tos for mail in server.taken] == [["olga@example.com"]]

    def test_a_test_mail_whose_answer_was_lost_is_not_sent_again(
        self, machine_of: Machines, server: Submission, sending: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        olga = machine_of("olga")

        def power_cut(*_anything: object) -> None:
            raise ConnectionError

        with monkeypatch.context() as broken:
            broken.setattr(Promised, "redeem", power_cut)
            died = olga.post(f"{sending}/test-mails", Idempotency_Key="one")
        again = olga.post(f"{sending}/test-mails", Idempotency_Key="one")

        assert died.status_code == 500
        assert_refused(again, status=409, code="idempotency_key_busy")
        assert len(server.taken) == 1

    def test_a_test_mail_after_which_we_stumbled_is_not_sent_again(
        self, machine_of: Machines, server: Submission, sending: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        olga = machine_of("olga")

        def broken(_found: object) -> None:
            raise LookupError

        with monkeypatch.context() as bug:
            bug.setattr("careloop.faces.api.rooms.trials._finding", broken)
            stumbled = olga.post(f"{sending}/test-mails", Idempotency_Key="one")
        again = olga.post(f"{sending}/test-mails", Idempotency_Key="one")

        assert_refused(stumbled, status=500, code="internal_error")
        assert_refused(again, status=409, code="idempotency_key_busy")
        assert len(server.taken) == 1

    def test_a_refused_trial_gives_its_key_back(self, house: House, machine_of: Machines, sending: str) -> None:
        ada, path = machine_of("ada"), f"{sending}/checks"

        answers = [ada.post(path, Idempotency_Key="one") for _turn in range(2)]

        for answer in answers:
            assert_refused(answer, status=403, code="may_not_keep_mailboxes")


class TestQuarantine:
    def test_a_lead_looks_into_it_and_has_a_mail_read_again(self, house: House, machine_of: Machines) -> None:
        seeded, grace = seed(house), machine_of("grace")
        path = f"/quarantine/{seeded.mail_id}"

        listed = grace.get("/quarantine").json()["items"]
        found = grace.get(path).json()
        source = grace.get(f"{path}/source")
        retried = grace.post(f"{path}/retry")

        assert listed == [found]
        assert (found["state"], found["sender"], found["subject"]) == ("quarantined", "", "")
        assert b"".join(source) == b"\x00" * 40
        assert source["Content-Disposition"] == f'attachment; filename="mail-{seeded.mail_id}.eml"'
        assert retried.json()["state"] == "stored"
        assert grace.get("/quarantine").json()["items"] == []

    def test_others_get_neither_the_mail_nor_its_source(self, house: House, machine_of: Machines) -> None:
        seeded, ada = seed(house), machine_of("ada")

        for path in (f"/quarantine/{seeded.mail_id}", f"/quarantine/{seeded.mail_id}/source"):
            assert_refused(ada.get(path), status=404, code="mail_not_found")


def _passwords(house: House, box: dict[str, Any]) -> tuple[str, str]:
    with workspace_scope(house.north):
        return imap_server(box["id"]).password, smtp_server(box["id"]).password
