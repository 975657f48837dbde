"""Fetching from a real Dovecot; the fake twin keeps the same promises."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from ssl import SSLSocket
from uuid import uuid4

import pytest

from careloop.gateways.imap import (
    Account,
    CannotConnect,
    Mailbox,
    MailboxTrouble,
    NoSuchFolder,
    Position,
    Security,
    SkipReason,
    TlsProblem,
    WrongPassword,
    connect,
)
from careloop.gateways.imap.fake import FakeMailbox
from careloop.gateways.imap.folder import internal_date
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.plain_imap import plain_imap

MOST_BYTES = 10_000


def mail(number: int) -> bytes:
    return f"From: a@example.com\r\nSubject: {number}\r\n\r\nHello {number}\r\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A mailbox and the way mail gets into it."""

    mailbox: Mailbox
    deliver: Callable[[bytes], object]


def account_of(server: Dovecot, user: str) -> Account:
    return Account(
        host=server.host,
        port=server.port,
        security=Security.PLAIN,
        username=user,
        password=server.password,
        timeout_seconds=10,
    )


@pytest.fixture(params=["fake", pytest.param("dovecot", marks=pytest.mark.dovecot)])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """The same promises for both twins."""
    if request.param == "fake":
        fake = FakeMailbox()
        yield House(mailbox=fake, deliver=lambda raw: fake.arrive(raw, at=datetime.now(UTC)))
        return
    server: Dovecot = request.getfixturevalue("dovecot")
    user = f"u{uuid4().hex}"
    server.create(user, "Done")
    with connect(account_of(server, user)) as real:
        yield House(mailbox=real, deliver=lambda raw: server.deliver(user, raw))


class TestMailbox:
    def test_gives_new_messages_in_order(self, house: House) -> None:
        for number in range(3):
            house.deliver(mail(number))

        found = list(house.mailbox.new_messages(after=None, most_bytes=MOST_BYTES))

        assert [one.raw for one in found] == [mail(0), mail(1), mail(2)]
        assert [one.size_bytes for one in found] == [len(mail(number)) for number in range(3)]
        assert all(one.received_at is not None and one.received_at.tzinfo is not None for one in found)

    def test_goes_on_behind_a_position(self, house: House) -> None:
        house.deliver(mail(0))
        first = next(iter(house.mailbox.new_messages(after=None, most_bytes=MOST_BYTES)))
        house.deliver(mail(1))

        found = list(house.mailbox.new_messages(after=first.position, most_bytes=MOST_BYTES))

        assert [one.raw for one in found] == [mail(1)]

    def test_gives_nothing_twice_when_nothing_is_new(self, house: House) -> None:
        house.deliver(mail(0))
        at_end = house.mailbox.position_at_end()

        assert list(house.mailbox.new_messages(after=at_end, most_bytes=MOST_BYTES)) == []

    def test_starts_over_when_the_server_numbered_anew(self, house: House) -> None:
        house.deliver(mail(0))
        end = house.mailbox.position_at_end()
        stale = Position(uid_validity=end.uid_validity - 1, last_uid=999)

        found = list(house.mailbox.new_messages(after=stale, most_bytes=MOST_BYTES))

        assert [one.raw for one in found] == [mail(0)]

    def test_reports_a_huge_message_and_goes_on(self, house: House) -> None:
        house.deliver(mail(0) + b"x" * 2 * MOST_BYTES)
        house.deliver(mail(1))

        found = list(house.mailbox.new_messages(after=None, most_bytes=MOST_BYTES))

        assert [one.skipped for one in found] == [SkipReason.TOO_LARGE, None]
        assert found[0].raw is None
        assert found[1].raw == mail(1)

    def test_leaves_messages_unseen_until_told(self, house: House) -> None:
        house.deliver(mail(0))
        today = date(2020, 1, 1)
        one = next(iter(house.mailbox.new_messages(after=None, most_bytes=MOST_BYTES)))

        assert house.mailbox.counts_since(today).since_unseen_count == 1
        house.mailbox.mark_seen(one.position)
        assert house.mailbox.counts_since(today).since_unseen_count == 0

    def test_moves_one_message_only(self, house: House) -> None:
        house.deliver(mail(0))
        house.deliver(mail(1))
        first, second = house.mailbox.new_messages(after=None, most_bytes=MOST_BYTES)

        house.mailbox.move(first.position, folder="Done")

        left = list(house.mailbox.new_messages(after=None, most_bytes=MOST_BYTES))
        assert [one.position for one in left] == [second.position]

    def test_counts_for_the_dry_run(self, house: House) -> None:
        house.deliver(mail(0))

        recent = house.mailbox.counts_since(date(2020, 1, 1))
        future = house.mailbox.counts_since(date(2090, 1, 1))

        assert (recent.total_count, recent.since_count, recent.since_unseen_count) == (1, 1, 1)
        assert (future.total_count, future.since_count) == (1, 0)

    def test_finds_the_position_before_a_day(self, house: House) -> None:
        house.deliver(mail(0))

        before = house.mailbox.position_before(date(2020, 1, 1))
        behind = house.mailbox.position_before(date(2090, 1, 1))

        assert len(list(house.mailbox.new_messages(after=before, most_bytes=MOST_BYTES))) == 1
        assert list(house.mailbox.new_messages(after=behind, most_bytes=MOST_BYTES)) == []

    def test_sees_news_that_is_already_there(self, house: House) -> None:
        house.deliver(mail(0))

        assert house.mailbox.wait_for_news(after=None, timeout_seconds=5)

    def test_says_when_there_was_no_news(self, house: House) -> None:
        assert not house.mailbox.wait_for_news(after=None, timeout_seconds=0.05)


@pytest.mark.dovecot
class TestConnect:
    def test_wakes_from_idle_when_mail_arrives(self, dovecot: Dovecot) -> None:
        user = f"u{uuid4().hex}"
        with connect(account_of(dovecot, user)) as box:
            assert "IDLE" in box.box.client.capabilities
            later = threading.Timer(0.2, dovecot.deliver, args=(user, mail(0)))
            later.start()

            assert box.wait_for_news(after=None, timeout_seconds=30)
            later.join()

    def test_polls_where_the_server_has_no_idle(self, dovecot: Dovecot) -> None:
        user = f"u{uuid4().hex}"
        with connect(account_of(dovecot, user)) as box:
            box.box.client.capabilities = ("IMAP4REV1",)
            box.sleep = lambda _seconds: dovecot.deliver(user, mail(0))

            assert box.wait_for_news(after=None, timeout_seconds=300)

    def test_moves_without_the_move_extension_and_deletes_nothing_else(self, dovecot: Dovecot) -> None:
        user = f"u{uuid4().hex}"
        dovecot.create(user, "Done")
        dovecot.deliver(user, mail(0))
        dovecot.deliver(user, mail(1))
        with connect(account_of(dovecot, user)) as box:
            first, second = box.new_messages(after=None, most_bytes=MOST_BYTES)
            box.command("STORE", str(second.position.last_uid), "+FLAGS", r"(\Deleted)")
            box.box.client.capabilities = ("IMAP4REV1", "UIDPLUS")

            box.move(first.position, folder="Done")

            assert [one.position for one in box.new_messages(after=None, most_bytes=MOST_BYTES)] == [second.position]

    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    def test_speaks_protected_with_a_server_whose_authority_is_known(
        self, dovecot: Dovecot, security: Security, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
        account = account_of(dovecot, f"u{uuid4().hex}")
        port = dovecot.tls_port if security is Security.TLS else dovecot.port

        with connect(replace(account, security=security, port=port)) as box:
            assert list(box.new_messages(after=None, most_bytes=MOST_BYTES)) == []
            assert isinstance(box.box.client.sock, SSLSocket)

    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    def test_refuses_an_unknown_certificate(self, dovecot: Dovecot, security: Security) -> None:
        port = dovecot.tls_port if security is Security.TLS else dovecot.port

        with pytest.raises(TlsProblem):
            connect(replace(account_of(dovecot, "u"), security=security, port=port))

    def test_refuses_a_certificate_about_somebody_else(self, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
        elsewhere = replace(account_of(dovecot, "u"), host="localhost", security=Security.TLS, port=dovecot.tls_port)

        with pytest.raises(TlsProblem):
            connect(elsewhere)

    def test_gives_no_password_to_a_server_that_offers_no_protection(self) -> None:
        with plain_imap() as server:
            account = Account(
                host="127.0.0.1", port=server.port, security=Security.STARTTLS, username="u", password="secret-word"
            )
            with pytest.raises(TlsProblem):
                connect(account)

        assert all("secret-word" not in line and "LOGIN" not in line for line in server.heard)

    def test_tells_that_a_server_wants_protection_before_it_hears_a_password(self) -> None:
        with plain_imap(login="NO [PRIVACYREQUIRED] Not in the open.") as server, pytest.raises(TlsProblem):
            connect(Account(host="127.0.0.1", port=server.port, security=Security.PLAIN, username="u", password="p"))

    def test_tells_a_wrong_password(self, dovecot: Dovecot) -> None:
        with pytest.raises(WrongPassword) as refused:
            connect(replace(account_of(dovecot, "u"), password="wrong-secret"))

        assert "wrong-secret" not in f"{refused.value} {refused.value.detail}"

    def test_tells_a_wrong_password_in_any_script(self, dovecot: Dovecot) -> None:
        with pytest.raises(WrongPassword):
            connect(replace(account_of(dovecot, "u"), password="비밀번호"))

    def test_signs_in_with_a_name_in_any_script(self, dovecot: Dovecot) -> None:
        connect(account_of(dovecot, "도움")).close()

    def test_tells_a_missing_folder(self, dovecot: Dovecot) -> None:
        with pytest.raises(NoSuchFolder):
            connect(account_of(dovecot, "u"), folder="Nowhere")

    def test_opens_a_folder_with_a_korean_name(self, dovecot: Dovecot) -> None:
        user = f"u{uuid4().hex}"
        dovecot.create(user, "&vPSwuNO4ycDVaA-")  # "보낸편지함" in the encoding of IMAP

        with connect(account_of(dovecot, user), folder="보낸편지함") as box:
            assert box.position_at_end().last_uid == 0

    def test_tells_a_lost_connection(self, dovecot: Dovecot) -> None:
        with connect(account_of(dovecot, f"u{uuid4().hex}")) as box:
            box.box.client.shutdown()

            with pytest.raises(MailboxTrouble):
                box.position_at_end()


class TestCannotConnect:
    def test_is_raised_when_nobody_answers(self) -> None:
        account = Account(host="127.0.0.1", port=free_port(), security=Security.PLAIN, username="u", timeout_seconds=5)

        with pytest.raises(CannotConnect):
            connect(account)


class TestInternalDate:
    def test_reads_the_servers_own_format(self) -> None:
        assert internal_date(" 3-Nov-2026 14:15:00 +0900") == datetime(2026, 11, 3, 5, 15, tzinfo=UTC)

    def test_gives_none_for_anything_else(self) -> None:
        assert internal_date("yesterday") is None
