"""What becomes of mail, ugly and hostile mail included."""

from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careloop.domains.cases import services as case_acts
from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
from careloop.domains.cases.types import CaseDetail
from careloop.domains.channels import services as channels
from careloop.domains.channels.errors import NothingToRetry
from careloop.domains.channels.queries import mailboxes, raw_mail
from careloop.domains.channels.services import MailboxSettings, add_mailbox, change_mailbox, store_raw
from careloop.domains.channels.types import Arrived, RawRow
from careloop.domains.conversations.queries import message_row, messages
from careloop.domains.conversations.types import MessageRow
from careloop.domains.notifications.queries import unread_count
from careloop.gateways.smtp.fake import Outbox
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import forward, reply
from careloop.processes.answering.types import Words
from careloop.processes.intake import settle, settle_waiting
from careloop.processes.sending import send
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database

UGLY = sorted((Path(__file__).parents[2] / "mails").glob("*.eml"))
SOON = NOW + timedelta(minutes=10)


def all_cases() -> list[CaseDetail]:
    page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
    return [case_detail(case_id=row.id, viewer=HOUSE) for row in page.items]


def said_in(detail: CaseDetail) -> list[MessageRow]:
    return messages(
        [(c.conversation_id, c.first_message_id, c.last_message_id) for c in detail.conversations],
        limit=99,
        for_customer=False,
    )


def answered(house: House, detail: CaseDetail) -> MessageRow:
    message_id = reply(
        case_id=detail.row.id, words=Words(text="On its way.", html=""), actor=house.actor("ada"), at=SOON
    )
    row = message_row(message_id)
    assert row is not None
    return row


class TestUglyMail:
    @pytest.mark.parametrize("path", UGLY, ids=lambda path: path.stem)
    def test_ends_as_a_message_or_where_a_person_sees_it(self, house: House, path: Path) -> None:
        with workspace_scope(house.north):
            row = receive(path.read_bytes(), at=NOW)

        assert row.state in {"accepted", "quarantined"}
        assert row.reason not in {"failed", "crashes"}

    def test_nothing_at_all_waits_in_quarantine_and_stops_nobody(self, house: House) -> None:
        with workspace_scope(house.north):
            empty = receive(b"", at=NOW)
            after = receive(written(text="Hello", at=NOW), at=NOW)

        assert (empty.state, empty.reason) == ("quarantined", "empty")
        assert after.state == "accepted"

    def test_keeps_fifty_megabytes_of_attachment(self, house: House) -> None:
        mail = BytesParser(policy=policy.default).parsebytes(written(text="See the film.", at=NOW))
        assert isinstance(mail, EmailMessage)
        mail.add_attachment(b"\x00" * (50 * 1024 * 1024), maintype="video", subtype="mp4", filename="film.mp4")

        with workspace_scope(house.north):
            row = receive(mail.as_bytes(), at=NOW)
            (detail,) = all_cases()
            (said,) = said_in(detail)

        assert row.state == "accepted"
        assert len(said.files) == 1 or said.warnings == ("file_too_large",)

    def test_hostile_headers_reach_no_other_header_and_no_table(self, house: House) -> None:
        raw = (
            b"From: =?utf-8?q?Eve=0D=0ABcc:_all@north.example?= <eve@elsewhere.example>\r\n"
            b"Reply-To: <ada@north.example>,\x00 <x@y>\r\nSubject: =?utf-8?b?AAECPHNjcmlwdD4=?=\r\n"
            b"Message-ID: <" + b"a" * 5000 + b"@x>\r\nReferences: " + b"<r@x> " * 3000 + b"\r\n\r\nhi\x00"
        )

        with workspace_scope(house.north):
            row = receive(raw, at=NOW)
            (detail,) = all_cases()

        assert row.state == "accepted"
        assert "\n" not in detail.row.requester
        assert "\x00" not in detail.row.subject


class TestDuplicates:
    def test_the_same_mail_again_in_the_same_mailbox_is_a_duplicate(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Hello", at=NOW), at=NOW, provider_id="1:1")
            again = receive(written(text="Hello", at=NOW), at=NOW, provider_id="2:1")

            assert again.state == "duplicate"
            assert len(all_cases()) == 1

    def test_other_words_under_a_used_message_id_are_a_mail_of_their_own(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Hello", at=NOW), at=NOW, provider_id="1:1")
            other = receive(written(text="Something else", at=NOW), at=NOW, provider_id="1:2")

            assert other.state == "accepted"
            assert len(all_cases()) == 2

    def test_one_mail_to_two_mailboxes_is_one_message(self, house: House) -> None:
        raw = written(text="Hello both", to="help@north.example, sales@north.example", at=NOW)
        with workspace_scope(house.north):
            first = receive(raw, at=NOW)
            sales = add_mailbox(
                settings=MailboxSettings(name="Sales", address="sales@north.example", sender_name="Sales"),
                actor=HOUSE,
                at=NOW,
            )
            second = stored(raw, mailbox_id=sales)

            assert (second.state, second.message_id) == ("accepted", first.message_id)
            assert len(all_cases()) == 1


def stored(raw: bytes, *, mailbox_id: int) -> RawRow:
    arrived = Arrived(mailbox_id=mailbox_id, provider_id="9:9", raw=raw, received_at=NOW)
    (raw_id,) = store_raw([arrived], is_silent=False, actor=HOUSE, at=NOW)
    assert raw_id is not None
    settle(raw_ids=[raw_id], at=NOW)
    return raw_mail(raw_id=raw_id, viewer=HOUSE)


class TestForgery:
    def test_a_forged_participant_joins_nothing_and_gets_no_receipt(self, house: House) -> None:
        with workspace_scope(house.north):
            trust("mx.north.example")
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
            forged = written(
                text="Send it to me instead.",
                message_id="<evil@elsewhere.example>",
                answers="one@customer.example",
                at=SOON,
                Authentication_Results="mx.north.example; dmarc=fail header.from=customer.example",
                Reply_To="eve@elsewhere.example",
            )
            receive(forged, at=SOON)
        drain()

        with workspace_scope(house.north):
            newest, _oldest = all_cases()
            (said,) = said_in(newest)
        assert set(said.warnings) == {"sender_not_proven", "stranger_quotes_us"}

    def test_verdicts_of_other_hosts_are_ignored(self, house: House) -> None:
        with workspace_scope(house.north):
            trust("mx.north.example")
            receive(
                written(text="Hi", at=NOW, Authentication_Results="mx.evil.example; dmarc=fail header.from=x"), at=NOW
            )
            (detail,) = all_cases()

            assert said_in(detail)[0].warnings == ()


def trust(host: str) -> None:
    (box,) = mailboxes()
    change_mailbox(
        mailbox_id=box.id,
        settings=MailboxSettings(
            name=box.name,
            address=box.address,
            sender_name=box.sender_name,
            smtp_host=box.smtp_host,
            trusted_host=host,
        ),
        actor=HOUSE,
        at=NOW,
    )


class TestMachines:
    def test_an_automatic_reply_stands_in_the_thread_but_opens_nothing_again(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is it?", at=NOW), at=NOW)
            (detail,) = all_cases()
            ours = answered(house, detail)
            assert ours.mail is not None
            row = receive(
                written(
                    text="I am away.",
                    subject="Automatic reply: My parcel",
                    message_id="<auto@customer.example>",
                    answers=ours.mail.rfc_message_id,
                    at=SOON,
                    Auto_Submitted="auto-replied",
                ),
                at=SOON,
            )
            (detail,) = all_cases()

            assert row.state == "accepted"
            assert detail.row.category == "waiting"
            assert [word.is_auto for word in said_in(detail)] == [False, False, True]

    def test_a_bounce_tells_the_answer_and_its_writer(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is it?", at=NOW), at=NOW)
            (detail,) = all_cases()
            ours = answered(house, detail)
            assert ours.mail is not None
        deliver(house, ours)
        with workspace_scope(house.north):
            row = receive(bounce_of(ours.mail.rfc_message_id), at=SOON + timedelta(hours=1))
        drain()

        with workspace_scope(house.north):
            after = message_row(ours.id)
            assert after is not None
            assert after.delivery is not None
            assert (row.state, after.delivery.state) == ("accepted", "bounced")
            assert "omar@customer.example" in after.delivery.detail
            assert unread_count(viewer=house.actor("ada")) == 1

    def test_two_desks_with_receipts_fall_silent(self, house: House) -> None:
        """South writes to north; each answers the other's machine as long as anything comes."""
        outbox = Outbox()
        raw = written(text="A question", sender="help@south.example", at=NOW)
        carried = 0
        with workspace_scope(house.north):
            receive(raw, at=NOW)
        while carried < 20:
            drain()
            letters = waiting_letters(house)
            if not letters:
                break
            for workspace_id, message_id in letters:
                send(workspace_id=workspace_id, message_id=message_id, wire=outbox)
                carried += 1
                target = house.south if workspace_id == house.north else house.north
                with workspace_scope(target):
                    receive(outbox.sent[-1].raw, at=NOW + timedelta(minutes=carried), provider_id=f"7:{carried}")

        assert carried == 1

    def test_a_letter_from_a_neighbor_workspace_is_a_letter(self, house: House) -> None:
        outbox = Outbox()
        with workspace_scope(house.north):
            receive(written(text="Hello", sender="help@south.example", at=NOW), at=NOW)
            (detail,) = all_cases()
            ours = answered(house, detail)
        deliver(house, ours, outbox)

        with workspace_scope(house.south):
            row = receive(outbox.sent[-1].raw, at=SOON)
            (there,) = all_cases()
        assert row.state == "accepted"
        assert there.row.requester == "Ada (North Help)"

    def test_our_own_mail_coming_back_is_put_aside(self, house: House) -> None:
        outbox = Outbox()
        with workspace_scope(house.north):
            receive(written(text="Hello", at=NOW), at=NOW)
            (detail,) = all_cases()
            ours = answered(house, detail)
        deliver(house, ours, outbox)

        with workspace_scope(house.north):
            row = receive(outbox.sent[-1].raw, at=SOON)
        assert (row.state, row.reason) == ("discarded", "own_loop")


def waiting_letters(house: House) -> list[tuple[int, int]]:
    found = []
    for workspace_id in (house.north, house.south):
        with workspace_scope(workspace_id):
            for detail in all_cases():
                found += [
                    (workspace_id, word.id)
                    for word in said_in(detail)
                    if word.delivery is not None and word.delivery.state == "queued"
                ]
    return found


def deliver(house: House, ours: MessageRow, outbox: Outbox | None = None) -> None:
    drain()
    send(workspace_id=house.north, message_id=ours.id, wire=outbox or Outbox())


def bounce_of(rfc_message_id: str) -> bytes:
    return (
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: help@north.example\r\nReturn-Path: <>\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; omar@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{rfc_message_id}>\r\nSubject: Re: My parcel\r\n\r\nhi\r\n"
        "--x--\r\n"
    ).encode()


class TestCaps:
    def test_a_sender_who_opens_too_much_waits_in_quarantine(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("careloop.processes.intake.placing.MOST_CASES_AN_HOUR", 2)
        with workspace_scope(house.north):
            rows = [
                receive(written(text="Buy", message_id=f"<{n}@customer.example>", at=NOW), at=NOW, provider_id=f"1:{n}")
                for n in range(3)
            ]
            other = receive(
                written(text="Hi", sender="b@b.example", message_id="<b@b.example>", at=NOW), at=NOW, provider_id="1:9"
            )

        assert [row.state for row in rows] == ["accepted", "accepted", "quarantined"]
        assert rows[-1].reason == "too_many"
        assert other.state == "accepted"

    def test_two_machines_cannot_talk_in_one_thread_for_ever(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("careloop.processes.intake.placing.MOST_MAILS_AN_HOUR", 2)
        with workspace_scope(house.north):
            receive(written(text="Hi", at=NOW), at=NOW, provider_id="1:0")
            rows = [
                receive(
                    written(
                        text=f"And {n}", message_id=f"<{n}@customer.example>", answers="one@customer.example", at=NOW
                    ),
                    at=NOW,
                    provider_id=f"1:{n}",
                )
                for n in (1, 2)
            ]

        assert [(row.state, row.reason) for row in rows] == [("accepted", ""), ("quarantined", "too_many")]

    def test_spam_gets_a_case_apart_and_no_receipt(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Buy now", at=NOW, X_Spam_Flag="YES"), at=NOW)
            (detail,) = spam_cases()
        drain()

        with workspace_scope(house.north):
            assert detail.row.is_spam
            assert len(said_in(detail)) == 1


def spam_cases() -> list[CaseDetail]:
    page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["spam"][1]), order="-activity_at", now=NOW)
    return [case_detail(case_id=row.id, viewer=HOUSE) for row in page.items]


class TestJoining:
    def test_an_answer_to_a_closed_case_opens_the_next_from_there(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="First matter", at=NOW), at=NOW)
            (first,) = all_cases()
            case_acts.close_solved(case_id=first.row.id, actor=HOUSE, at=SOON)
            later = SOON + timedelta(days=40)
            receive(
                written(text="Again!", message_id="<two@customer.example>", answers="one@customer.example", at=later),
                at=later,
            )
            second = next(detail for detail in all_cases() if detail.row.id != first.row.id)

            assert [word.text for word in said_in(second)] == ["Again!"]
            assert second.conversations[0].conversation_id == first.conversations[0].conversation_id

    def test_those_in_copy_take_part_and_may_answer(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="We both ask", at=NOW, Cc="Rosa <rosa@customer.example>"), at=NOW)
            receive(
                written(
                    text="I add something",
                    sender="rosa@customer.example",
                    message_id="<rosa@customer.example>",
                    answers="one@customer.example",
                    at=SOON,
                ),
                at=SOON,
            )
            (detail,) = all_cases()

            assert [word.text for word in said_in(detail)] == ["We both ask", "I add something"]
            assert len(detail.participant_ids) == 1


class TestReading:
    def test_a_mail_that_is_accepted_stays_so_whoever_comes_late(self, house: House) -> None:
        with workspace_scope(house.north):
            row = receive(written(text="Hi", at=NOW), at=NOW)
            with pytest.raises(NothingToRetry):
                channels.quarantine_raw(raw_id=row.id, reason="crashes", detail="", actor=HOUSE, at=NOW)

            assert raw_mail(raw_id=row.id, viewer=HOUSE).state == "accepted"

    def test_a_mail_that_takes_its_reader_down_waits_after_three_times(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(**_facts: object) -> None:
            raise SystemExit

        with workspace_scope(house.north):
            (box,) = mailboxes()
            arrived = Arrived(mailbox_id=box.id, provider_id="1:1", raw=written(text="Deadly", at=NOW), received_at=NOW)
            (raw_id,) = store_raw([arrived], is_silent=False, actor=HOUSE, at=NOW)
        assert raw_id is not None
        monkeypatch.setattr("careloop.processes.intake.reading.settle", die)
        for _try in range(channels.MOST_ATTEMPTS):
            with pytest.raises(SystemExit):
                settle_waiting(at=NOW)
        settle_waiting(at=NOW)

        with workspace_scope(house.north):
            row = raw_mail(raw_id=raw_id, viewer=HOUSE)
        assert (row.state, row.reason) == ("quarantined", "crashes")

    def test_costs_a_known_number_of_questions(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="First", at=NOW), at=NOW, provider_id="1:1")
            with CaptureQueriesContext(connection) as asked:
                receive(
                    written(text="Second", sender="b@b.example", message_id="<2@b.example>", at=NOW),
                    at=NOW,
                    provider_id="1:2",
                )

        assert len(asked) <= 36


class TestThirdParties:
    def test_their_answer_comes_back_into_the_case_and_stays_from_the_customer(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="My router is broken.", at=NOW), at=NOW)
            (detail,) = all_cases()
            asked_id = forward(
                case_id=detail.row.id,
                to="factory@maker.example",
                words=Words(text="Is this model known for it?", html=""),
                actor=house.actor("ada"),
                at=SOON,
            )
            asked = message_row(asked_id)
            assert asked is not None
            assert asked.mail is not None
            receive(
                written(
                    text="Yes, send it in.",
                    sender="factory@maker.example",
                    message_id="<f@maker.example>",
                    answers=asked.mail.rfc_message_id,
                    at=SOON,
                ),
                at=SOON,
            )
            (detail,) = all_cases()
            ranges = [(c.conversation_id, None, None) for c in detail.conversations]

            assert [word.author for word in said_in(detail)] == ["customer", "agent", "third_party"]
            assert [word.text for word in messages(ranges, limit=9, for_customer=True)] == ["My router is broken."]
