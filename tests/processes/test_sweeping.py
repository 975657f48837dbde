"""Uploads that nobody sent go after a day; what hangs on a message, waits in a draft or is fresh stays. So with their bytes."""

import io
import os
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from careloop.domains.cases.queries import find_cases
from careloop.domains.channels.models import RawMail
from careloop.domains.files.models import File
from careloop.domains.files.services import keep_file
from careloop.kernel import blobs, clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.blobs import blob_path, has_blob, store_blob
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import keep_draft, note
from careloop.processes.answering.types import Words
from careloop.processes.sweeping import sweep_blobs, sweep_uploads
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database


def uploaded(house: House, name: str, *, at: datetime = NOW) -> int:
    """Let Ada upload a file."""
    return keep_file(
        name=name, declared_type="text/plain", content=b"words", is_loose=True, actor=house.actor("ada"), at=at
    )


def test_only_what_was_left_behind_goes(house: House) -> None:
    night = NOW + timedelta(days=1, minutes=1)
    with workspace_scope(house.north):
        receive(written(text="Where is it?", at=NOW), at=NOW)
        case_id, ada = find_cases(text="parcel", viewer=HOUSE)[0].id, house.actor("ada")
        left, drafted, sent = (uploaded(house, name) for name in ("left.txt", "drafted.txt", "sent.txt"))
        fresh = uploaded(house, "fresh.txt", at=night - timedelta(hours=23))
        note(
            case_id=case_id, words=Words(text="See", html="<p>See</p>", file_ids=[sent]), mentions=[], actor=ada, at=NOW
        )
        keep_draft(
            case_id=case_id,
            kind="reply",
            html="<p>Half</p>",
            fields={},
            file_ids=[drafted],
            chosen={},
            actor=ada,
            at=NOW,
        )

    count = sweep_uploads(at=night)

    with workspace_scope(house.north):
        assert set(File.objects.values_list("pk", flat=True)) == {drafted, sent, fresh}
    assert count == 1
    assert left not in {drafted, sent, fresh}


class TestBlobs:
    """Bytes are dated by the real clock."""

    def age(self, path: Path, *, hours: int = 25) -> None:
        then = (clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(path, (then, then))

    def orphan(self, content: bytes, *, hours: int = 25) -> str:
        """Leave bytes behind, as somebody does who dies between storing and committing."""
        sha256, _size = store_blob(content)
        self.age(blob_path(sha256), hours=hours)
        return sha256

    def test_what_a_crash_left_goes_and_what_rows_name_stays(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is it?", at=NOW), at=NOW)
            kept = File.objects.get(pk=uploaded(house, "kept.txt"))
            kept.preview_sha256 = self.orphan(b"its small picture")
            kept.save()
            mail = RawMail.objects.get().sha256
            left = self.orphan(b"whoever stored this died before the commit")
            young = self.orphan(b"this one may yet commit", hours=23)
            for named in (kept.sha256, kept.preview_sha256, mail):
                self.age(blob_path(named))

        count = sweep_blobs(at=clock.now())

        with workspace_scope(house.north):
            assert not has_blob(left)
            assert all(has_blob(sha256) for sha256 in (kept.sha256, kept.preview_sha256, mail, young))
        assert count == 1

    def test_a_row_of_another_workspace_keeps_nothing_here(self, house: House) -> None:
        with workspace_scope(house.south):
            theirs = File.objects.get(pk=uploaded(house, "theirs.txt")).sha256
            self.age(blob_path(theirs))
        with workspace_scope(house.north):
            ours = self.orphan(b"words")

        sweep_blobs(at=clock.now())

        assert ours == theirs
        with workspace_scope(house.north):
            assert not has_blob(ours)
        with workspace_scope(house.south):
            assert has_blob(theirs)

    def test_what_is_stored_again_while_we_look_stays(self, house: House) -> None:
        with workspace_scope(house.north):
            orphan = self.orphan(b"the same bill once more")

            def somebody_stores_it_again(_hashes: Collection[str]) -> set[str]:
                store_blob(b"the same bill once more")
                return set()

            count = blobs.sweep_blobs(before=clock.now() - timedelta(days=1), named=somebody_stores_it_again)

            assert count == 0
            assert has_blob(orphan)

    def test_what_is_being_written_is_left_alone_and_what_was_given_up_goes(self, house: House) -> None:
        def sweep() -> None:
            blobs.sweep_blobs(before=clock.now() - timedelta(days=1), named=lambda _hashes: set())

        class Slow(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                sweep()
                return super().read(size)

        with workspace_scope(house.north):
            sha256, _size = store_blob(Slow(b"a long file"))
            given_up = blob_path(sha256).parents[1] / ".draft-dead"
            given_up.write_bytes(b"half a fi")
            self.age(given_up)

            sweep()

            assert has_blob(sha256)
            assert not given_up.exists()
