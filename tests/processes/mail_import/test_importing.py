"""Old mail comes in through the same path as new mail, and nothing is ever sent because of it."""

import json
import mailbox
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from careloop.domains.cases import services as case_acts
from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
from careloop.domains.cases.types import CaseDetail
from careloop.domains.channels.queries import mailboxes
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from careloop.processes.mail_import import ImportReport, MailSourceUnreadable, import_mail, letters_in
from careloop.processes.mail_import.errors import MailboxNotNamed
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database

LONG_AGO = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)


def question(number: int = 1, **more: Any) -> bytes:
    return written(
        text=f"Question {number}",
        subject=f"Question {number}",
        message_id=f"<q{number}@customer.example>",
        at=LONG_AGO + timedelta(hours=number),
        **more,
    )


def answer() -> bytes:
    return written(
        text="Our answer",
        sender="Ada of North <help@north.example>",
        to="omar@customer.example",
        subject="Re: Question 1",
        message_id="<a1@north.example>",
        answers="q1@customer.example",
        at=LONG_AGO + timedelta(hours=3),
    )


def mbox(folder: Path, *raws: bytes) -> Path:
    path = folder / "old.mbox"
    path.write_bytes(b"".join(b"From x@y.example Tue Mar  5 09:00:00 2024\n" + raw + b"\n" for raw in raws))
    return path


def run(house: House, path: Path) -> ImportReport:
    with workspace_scope(house.north):
        (box,) = mailboxes()
    return import_mail(
        workspace_id=house.north,
        mailbox_id=box.id,
        letters=letters_in(path),
        at=NOW,
        progress=lambda _done: None,
    )


def matters(house: House) -> list[CaseDetail]:
    with workspace_scope(house.north):
        page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
        return [case_detail(case_id=row.id, viewer=HOUSE) for row in page.items]


def words_of(house: House, detail: CaseDetail) -> list[MessageRow]:
    with workspace_scope(house.north):
        return messages([(c.conversation_id, None, None) for c in detail.conversations], limit=99, for_customer=False)


class TestImport:
    def test_takes_an_mbox_in_with_its_own_dates(self, house: House, tmp_path: Path) -> None:
        report = run(house, mbox(tmp_path, question(1), question(2)))

        assert (report.found, report.accepted, report.duplicate, report.quarantined) == (2, 2, 0, {})
        assert sorted(detail.row.opened_at for detail in matters(house)) == [
            LONG_AGO + timedelta(hours=1),
            LONG_AGO + timedelta(hours=2),
        ]

    def test_sends_nothing_where_new_mail_would_get_a_receipt(self, house: House, tmp_path: Path) -> None:
        run(house, mbox(tmp_path, question(1)))
        drain()
        (imported,) = matters(house)
        assert [word.author for word in words_of(house, imported)] == ["customer"]

        with workspace_scope(house.north):
            receive(question(2), at=NOW)
        drain()

        live = next(detail for detail in matters(house) if detail.row.subject == "Question 2")
        assert [word.author for word in words_of(house, live)] == ["customer", "house"]

    def test_makes_no_contact_that_numbers_would_count(self, house: House, tmp_path: Path) -> None:
        run(house, mbox(tmp_path, question(1), answer()))

        with workspace_scope(house.north):
            assert trail(names=["contact.opened"], limit=1) == []
            assert len(trail(names=["case.opened"], limit=9)) == 1

    def test_a_second_run_knows_everything(self, house: House, tmp_path: Path) -> None:
        path = mbox(tmp_path, question(1), question(2), b"\x00\x01 not a mail")
        first = run(house, path)

        second = run(house, path)

        assert sum(first.quarantined.values()) == 1
        assert (second.accepted, second.duplicate) == (0, 3)
        assert len(matters(house)) == 2

    def test_knows_mail_that_the_mailbox_fetched_itself(self, house: House, tmp_path: Path) -> None:
        with workspace_scope(house.north):
            receive(question(1), at=NOW)

        report = run(house, mbox(tmp_path, question(1)))

        assert (report.accepted, report.duplicate) == (0, 1)

    def test_our_own_old_mail_is_our_answer_in_the_thread(self, house: House, tmp_path: Path) -> None:
        report = run(house, mbox(tmp_path, answer(), question(1)))
        drain()

        (detail,) = matters(house)
        said = words_of(house, detail)
        assert report.accepted == 2
        assert [(word.author, word.text) for word in said] == [("customer", "Question 1"), ("agent", "Our answer")]
        assert said[1].delivery is not None
        assert said[1].delivery.state == "sent"
        assert detail.row.category == "waiting"
        assert detail.first_response_at == LONG_AGO + timedelta(hours=3)

    def test_our_own_first_word_opens_a_case_with_its_recipient(self, house: House, tmp_path: Path) -> None:
        letter = written(
            text="Your contract ends.",
            sender="help@north.example",
            to="Omar <omar@customer.example>",
            message_id="<first@north.example>",
            at=LONG_AGO,
        )

        run(house, mbox(tmp_path, letter))

        (detail,) = matters(house)
        assert detail.row.requester == "Omar"
        assert [word.author for word in words_of(house, detail)] == ["agent"]

    def test_words_among_ourselves_wait_in_quarantine(self, house: House, tmp_path: Path) -> None:
        letter = written(text="Hi", sender="help@north.example", to="help@north.example", at=LONG_AGO)

        report = run(house, mbox(tmp_path, letter))

        assert report.quarantined == {"no_recipient": 1}
        assert matters(house) == []

    def test_an_old_word_opens_no_solved_case_again(self, house: House, tmp_path: Path) -> None:
        run(house, mbox(tmp_path, question(1)))
        (detail,) = matters(house)
        with workspace_scope(house.north):
            case_acts.close_solved(case_id=detail.row.id, actor=requester_of(detail), at=NOW)

        run(house, mbox(tmp_path, question(2, answers="q1@customer.example")))

        (detail,) = matters(house)
        assert detail.row.category == "solved"
        assert len(words_of(house, detail)) == 2


def requester_of(detail: CaseDetail) -> Actor:
    return Actor(kind=ActorKind.CUSTOMER, id=detail.row.requester_id)


class TestSources:
    def test_reads_maildirs_and_loose_files_at_any_depth(self, house: House, tmp_path: Path) -> None:
        box = mailbox.Maildir(str(tmp_path / "box"))
        box.add(question(1))
        box.add_folder("Sent").add(answer())
        (tmp_path / "loose.EML").write_bytes(question(4))
        (tmp_path / "notes.txt").write_text("no mail")

        found = letters_in(tmp_path)

        assert [letter.at for letter in found] == [LONG_AGO + timedelta(hours=hours) for hours in (1, 3, 4)]

    def test_a_line_that_begins_with_from_ends_no_mail(self, tmp_path: Path) -> None:
        raw = question(1) + b"\n\nFrom here on it is easy.\n>From the start in 2024 it was not.\n"

        (found,) = letters_in(mbox(tmp_path, raw))

        assert b"\nFrom here on it is easy.\nFrom the start in 2024" in found.raw()

    def test_goes_by_the_time_of_the_last_server(self, tmp_path: Path) -> None:
        received = b"Received: from a.example\n by b.example; Wed, 06 Mar 2024 10:00:00 +0900\n"

        (found,) = letters_in(mbox(tmp_path, received + question(1)))

        assert found.at == datetime(2024, 3, 6, 1, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (lambda folder: folder / "missing", "cannot be read: No such file or directory."),
            (lambda folder: folder, "There is no mail in"),
        ],
    )
    def test_says_why_there_is_nothing_to_read(self, make: Callable[[Path], Path], words: str, tmp_path: Path) -> None:
        with pytest.raises(MailSourceUnreadable, match=words):
            letters_in(make(tmp_path))


class TestCommand:
    def test_answers_machines_with_counts(self, house: House, tmp_path: Path) -> None:
        out = StringIO()

        call_command("import", "mail", str(mbox(tmp_path, question(1))), "--workspace=north", "--json", stdout=out)

        assert json.loads(out.getvalue()) == {
            "found": 1,
            "accepted": 1,
            "duplicate": 0,
            "quarantined": {},
            "discarded": {},
            "waiting": 0,
        }

    def test_asks_for_the_workspace_where_there_are_several(self, house: House, tmp_path: Path) -> None:
        with pytest.raises(MailboxNotNamed, match="--workspace with one of north, south"):
            call_command("import", "mail", str(mbox(tmp_path, question(1))))
