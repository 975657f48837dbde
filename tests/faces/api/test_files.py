"""Files go up before they are sent, and come down only through what holds them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import seed

pytestmark = pytest.mark.database


def upload(machine: Machine, name: str, content: bytes) -> Any:
    return Client().post(
        "/api/v1/files",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {machine.token}"},
    )


class TestFiles:
    def test_a_file_goes_up_is_sent_and_comes_down(self, machine_of: Callable[..., Machine], house: House) -> None:
        seeded, ada = seed(house), machine_of("ada")

        file_id = upload(ada, "bill\u202e.html", b"<html><script>alert(1)</script></html>").json()["id"]
        unsent = ada.get(f"/files/{file_id}/content")
        answer = ada.post(f"/cases/{seeded.number}/replies", {"text": "Here.", "file_ids": [file_id]})
        sent = ada.get(f"/files/{file_id}/content")

        assert unsent.status_code == 404
        assert answer.json()["files"] == [{"file_id": file_id, "content_id": "", "is_inline": False}]
        assert b"".join(sent) == b"<html><script>alert(1)</script></html>"
        assert sent["Content-Type"] == "application/octet-stream"
        assert sent["Content-Disposition"] == 'attachment; filename="bill.html"'
        assert sent["X-Content-Type-Options"] == "nosniff"

    def test_nobody_sends_what_somebody_else_uploaded(self, machine_of: Callable[..., Machine], house: House) -> None:
        seeded = seed(house)
        file_id = upload(machine_of("grace"), "bill.txt", b"words").json()["id"]
        ada = machine_of("ada")

        replied = ada.post(f"/cases/{seeded.number}/replies", {"text": "Here.", "file_ids": [file_id]})
        noted = ada.post(f"/cases/{seeded.number}/notes", {"text": "Here.", "file_ids": [file_id]})

        assert (replied.status_code, noted.status_code) == (404, 404)
        assert len(ada.get(f"/cases/{seeded.number}/messages").json()["items"]) == 3
        assert len(ada.get(f"/cases/{seeded.number}/notes").json()["items"]) == 1

    def test_only_files_that_the_writer_may_read_are_forwarded(
        self, machine_of: Callable[..., Machine], house: House
    ) -> None:
        seeded, ada = seed(house), machine_of("ada")
        question = {"to": "eve@elsewhere.example", "text": "Whose is it?"}
        loose = upload(machine_of("grace"), "bill.txt", b"words").json()["id"]

        unread = ada.post(f"/cases/{seeded.number}/forwards", {**question, "shared_file_ids": [loose]})
        shared = ada.post(f"/cases/{seeded.number}/forwards", {**question, "shared_file_ids": [seeded.file_id]})

        assert unread.status_code == 404
        assert [file["file_id"] for file in shared.json()["files"]] == [seeded.file_id]
