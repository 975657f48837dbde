"""What a machine sees: its own workspace, and there no more than its token's maker."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careloop.domains.cases.services import add_note
from careloop.domains.people.services import change_role
from careloop.faces.api.house import PREFIX, contract
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import Seeded, seed

pytestmark = pytest.mark.database

ENDPOINTS: Final = [
    (method.upper(), path.removeprefix(PREFIX)) for path, found in contract()["paths"].items() for method in found
]
NAMED: Final = [(method, path) for method, path in ENDPOINTS if "{" in path]
READING: Final = [path for method, path in ENDPOINTS if method == "GET"]
OF_THE_OPERATION: Final = "/skills/{skill_id}"
"""Skills have one name in the whole operation: whoever manages any of its workspaces names them."""
PROCEDURE: Final = {
    "name": "Eve",
    "stages": [{"name": "One", "steps": [{"key": "s1", "kind": "check", "title": "Do it"}]}],
}
LAWFUL: Final = {
    "replies": {"text": "Hello"},
    "answer": {"said": "explained", "words": "Hello from somewhere else"},
    "doubt": {"words": "Hello from somewhere else"},
    "forwards": {"to": "eve@elsewhere.example", "text": "Hello"},
    "notes": {"text": "Hello"},
    "assignment": {"assignee_id": None, "team_id": None},
    "participants": {"customer_id": 1},
    "followers": {"user_id": 1},
    "place": {"place": 0},
    "status": {"status_id": 1},
    "priority": {"priority": 4},
    "type": {"type_id": 1},
    "reason": {"reason_id": None},
    "subject": {"subject": "Hello"},
    "tags": {"add": ["hello"]},
    "identities": {"kind": "email", "value": "eve@elsewhere.example"},
    "{customer_id}": {"name": "Eve"},
    "{organization_id}": {"name": "Eve"},
    "{reply_id}": {"name": "Eve", "html": "Eve"},
    "{key}": {"name": "Eve", "conditions": {}, "columns": ["number"]},
    "{board_key}": {"name": "Eve"},
    "copies": {"name": "Eve"},
    "tiles": {"kind": "number", "metric": "service_level"},
    "{tile_id}": {"kind": "number", "metric": "service_level"},
    "{status_id}": {"name": "Eve"},
    "{form_id}": {"name": "Eve", "language": "en"},
    "role": {"role": "agent"},
    "{team_id}": {"name": "Eve"},
    "{threshold_id}": {"warning": 5},
    "members": {"user_id": 1},
    "{mailbox_id}": {"name": "Eve"},
    "{webhook_id}": {"name": "Eve", "url": "https://eve.example/"},
    "{phone_id}": {"name": "Eve"},
    "call-events": {"events": []},
    "provider": {"account": "AC123", "token": "t", "queue": "Orders"},
    "intervention": {"how": "listen"},
    "transfer": {"queue": "billing"},
    "recording-consent": {"consent": "given"},
    "{messenger_id}": {"name": "Eve"},
    "outgoing-calls": {"customer_id": 1, "number": "+82 10 1234 5678"},
    "caller": {"customer_id": 1},
    "attachment": {"case_number": 1},
    "write-up": {"note": "Hello"},
    "{seat_id}": {"user_id": None},
    "{report_id}": {"name": "Eve", "board_key": "client", "frequency": "daily", "at": "08:00", "reader_ids": [1]},
    "{calendar_id}": {"name": "Eve", "zone": "UTC", "week": [[]] * 7},
    "{day}": {"name": "Eve", "hours": []},
    "{policy_id}": {"name": "Eve", "target_seconds": {"resolution": {"2": 3600}}},
    "{rule_id}": {"name": "Eve", "when": ["opened"], "actions": [{"kind": "spam"}]},
    "{procedure_id}": PROCEDURE,
    "procedures": {"procedure_id": 1},
    "tasks": {"title": "Hello", "person_id": 1},
    "result": {"answer": "Hello"},
    "skip": {"reason": "Hello"},
    "answers": {"values": {"sum": "1"}},
    "approval": {"rung": 0},
    "rejection": {"rung": 0, "reason": "Hello"},
    "{macro_id}": {"name": "Eve", "actions": [{"kind": "spam"}]},
    "{queue_id}": {"name": "Eve"},
    "{queue_rule_id}": {"queue_id": 1},
    "queue": {"queue_id": 1},
    "person": {"user_id": 1},
    "refusal": {"reason": "busy"},
    "skills": {"levels": {}},
    "languages": {"languages": []},
    "capacity": {"room": 1, "most": {}},
    "{person_id}": {"state": "available"},
    "presence": {"kind": "viewing"},
    "callback": {"due_at": "2999-01-01T09:00:00Z", "way": "call"},
    "attempt": {"outcome": "busy"},
    "move": {"due_at": "2999-01-01T09:00:00Z", "reason": "more_time"},
    "cancellation": {"reason": "not_needed"},
    "abuse": {"kind": "insult"},
    "abuse-warning": {"kind": "insult"},
    "abuse-ending": {"kind": "threat"},
    "rest": {"minutes": 10},
    "words": {"text": "Hello"},
    "whispers": {"text": "Hello"},
    "helpers": {"user_id": 1},
    "handover": {"about": "Hello"},
    "ending": {"status_id": 1},
    "{widget_id}": {"name": "Eve", "language": "en"},
    "draft": {"text": "Hello"},
    "customer-messages": {"text": "Hello"},
}
"""A lawful body by the last word of the address."""


AS_FORMS: Final = frozenset({"voicemails", "faxes"})
"""What is handed over as a form, with a file."""


def asked(machine: Machine, method: str, path: str, seeded: Seeded) -> Any:
    """Ask an endpoint for what was seeded."""
    body = LAWFUL.get(path.rpartition("/")[2], {}) if method in {"POST", "PUT", "PATCH"} else None
    address = path
    for name in Seeded.__dataclass_fields__:
        address = address.replace(f"{{{name}}}", str(getattr(seeded, name)))
    if path.rpartition("/")[2] in AS_FORMS:
        given = {"id": "1", "at": "2026-11-16T09:00:00Z", "file": SimpleUploadedFile("said.wav", b"RIFF")}
        return machine.client.post(f"/api/v1{address}", given, headers={"Authorization": f"Bearer {machine.token}"})
    return machine.send(method, f"{address}?query=shouts" if address == "/search" else address, body)


def status_of(answer: Any) -> int:
    text_of(answer)
    return int(answer.status_code)


def text_of(answer: Any) -> str:
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


class TestStranger:
    def test_every_endpoint_refuses_a_machine_without_a_token(self, house: House) -> None:
        seeded = seed(house)

        answers = {
            (method, path): asked(Machine(token="careloop_guess"), method, path, seeded).status_code
            for method, path in ENDPOINTS
        }

        assert set(answers.values()) == {401}, answers

    def test_nothing_of_another_workspace_is_there(self, house: House, machine_of: Callable[..., Machine]) -> None:
        seeded, ines = seed(house), machine_of("ines")

        answers = {(method, path): asked(ines, method, path, seeded).status_code for method, path in NAMED}

        assert {
            (method, path): status
            for (method, path), status in answers.items()
            if status != 404 and not path.startswith(OF_THE_OPERATION)
        } == {}

    def test_no_list_shows_anything_of_another_workspace(
        self, house: House, machine_of: Callable[..., Machine]
    ) -> None:
        seeded, ines = seed(house), machine_of("ines")

        for path in READING:
            found = text_of(asked(ines, "GET", path, seeded)).lower()
            told = [
                word
                for word in ("omar", "parcel", "north.example", "shouts", "ada")
                if re.search(rf"\b{word}s?\b", found)
            ]
            assert not told, (path, found)

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/cases", {"requester_id": "customer_id", "text": "x"}),
            ("/cases", {"requester_address": "eve@elsewhere.example", "text": "x", "file_ids": ["file_id"]}),
            ("/web-forms", {"key": "a", "name": "a", "language": "en", "mailbox_id": "mailbox_id"}),
            (
                "/outbound-cases",
                {"mailbox_id": "mailbox_id", "to": "eve@elsewhere.example", "subject": "x", "text": "x"},
            ),
        ],
    )
    def test_nothing_of_another_workspace_can_be_named(
        self, house: House, machine_of: Callable[..., Machine], path: str, body: dict[str, Any]
    ) -> None:
        seeded, ines = seed(house), machine_of("ines")
        known = {
            name: getattr(seeded, value) if isinstance(value, str) and value in Seeded.__dataclass_fields__ else value
            for name, value in body.items()
        }
        if "file_ids" in known:
            known["file_ids"] = [seeded.file_id]

        answer = ines.post(path, known)

        assert answer.status_code in {404, 422}, answer.content
        assert ines.get("/cases").json()["items"] == []
        assert ines.get("/web-forms").json()["items"] == []


class TestRoles:
    def test_a_client_viewer_never_gets_notes(self, house: House, machine_of: Callable[..., Machine]) -> None:
        seeded, viewer = seed(house), self._turned(house, machine_of, Role.CLIENT_VIEWER)

        answers = {path: asked(viewer, "GET", path, seeded) for path in READING}
        note_file = viewer.get(f"/files/{seeded.note_file_id}/content")
        written = viewer.post(f"/cases/{seeded.number}/notes", {"text": "Hello"})

        assert not [path for path, answer in answers.items() if "shouts" in text_of(answer)]
        assert "case.noted" not in viewer.get(f"/cases/{seeded.number}/events").content.decode()
        assert viewer.get(f"/cases/{seeded.number}").status_code == 200
        assert status_of(viewer.get(f"/files/{seeded.file_id}/content")) == 200
        assert note_file.status_code == 404
        assert written.status_code == 403

    def test_a_colleague_sees_only_what_they_are_drawn_into(
        self, house: House, machine_of: Callable[..., Machine]
    ) -> None:
        seeded, cole = seed(house), self._turned(house, machine_of, Role.COLLEAGUE)
        reading = {
            path
            for path, found in contract()["paths"].items()
            if found.get("get", {}).get("x-scopes") == ["cases:read"]
        }
        inside = [path for path in READING if path.startswith("/cases/{number}") and PREFIX + path in reading]

        before = {path: status_of(asked(cole, "GET", path, seeded)) for path in inside}
        listed_before = cole.get("/cases").json()["items"]
        found_before = cole.get("/search?query=shouts").json()
        with workspace_scope(house.north):
            grace = house.ids["grace"]
            add_note(
                case_id=seeded.case_id, html="", text="See?", mentions=[grace], actor=house.actor("ada"), at=clock.now()
            )
        after = {path: status_of(asked(cole, "GET", path, seeded)) for path in inside}

        assert set(before.values()) == {404}
        assert listed_before == []
        assert found_before == {"cases": [], "words": [], "customers": []}
        assert set(after.values()) == {200}

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.COLLEAGUE, Role.CLIENT_VIEWER])
    def test_who_does_not_work_on_cases_changes_none(
        self, house: House, machine_of: Callable[..., Machine], role: Role
    ) -> None:
        seeded, reader = seed(house), self._turned(house, machine_of, role)
        before = machine_of("olga").get(f"/cases/{seeded.number}").json()
        acts = [path for method, path in NAMED if method == "POST" and path.startswith("/cases/{number}/")]

        answers = {
            path: asked(reader, "POST", path, seeded).status_code
            for path in acts
            # Analysts approve where a procedure asks them.
            if not path.endswith(("/notes", "/following", "/reading", "/presence", "/approval", "/rejection"))
        }

        assert set(answers.values()) <= {403, 404}, answers
        assert machine_of("olga").get(f"/cases/{seeded.number}").json() == before

    @pytest.mark.parametrize(
        ("name", "statuses"),
        [
            ("olga", {"/workspace": 200, "/events": 200, "/mailboxes": 200, "/quarantine": 200, "/people": 200}),
            ("mina", {"/workspace": 200, "/events": 200, "/mailboxes": 200, "/quarantine": 200, "/people": 200}),
            ("grace", {"/workspace": 403, "/events": 403, "/mailboxes": 403, "/quarantine": 200, "/people": 200}),
            ("ada", {"/workspace": 403, "/events": 403, "/mailboxes": 403, "/quarantine": 403, "/people": 200}),
            ("anh", {"/workspace": 403, "/events": 403, "/mailboxes": 403, "/quarantine": 403, "/people": 200}),
        ],
    )
    def test_settings_are_shown_by_role(
        self, machine_of: Callable[..., Machine], name: str, statuses: dict[str, int]
    ) -> None:
        machine = machine_of(name)

        assert {path: machine.get(path).status_code for path in statuses} == statuses

    def test_no_secret_of_a_mailbox_is_shown(self, house: House, machine_of: Callable[..., Machine]) -> None:
        shown = json.dumps(machine_of("olga").get("/mailboxes").json())

        assert not [word for word in ("password", "imap", "smtp") if word in shown]

    def _turned(self, house: House, machine_of: Callable[..., Machine], role: Role) -> Machine:
        """Return the machine of Grace, who made her token before she got another role."""
        machine = machine_of("grace")
        with workspace_scope(house.north):
            change_role(user_id=house.ids["grace"], role=role, actor=HOUSE, at=clock.now())
        return machine
