"""Uploads that nobody sent go after a day; what hangs on a message, waits in a draft or is fresh stays."""

from datetime import datetime, timedelta

import pytest

from careloop.domains.cases.queries import find_cases
from careloop.domains.files.models import File
from careloop.domains.files.services import keep_file
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import keep_draft, note
from careloop.processes.answering.types import Words
from careloop.processes.sweeping import sweep_uploads
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
