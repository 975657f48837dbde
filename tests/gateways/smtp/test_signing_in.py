"""Signing in at a real server, protected as asked, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from careloop.gateways.smtp import Outcome, Security, Server, Trouble, send, sign_in
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.smtp import ScriptedSmtp
from tests.servers.submission import PASSWORD, USER, Submission, submission

RAW = b"From: help@north.example\r\nSubject: x\r\n\r\nHello\r\n"
PROTECTED = [Security.TLS, Security.STARTTLS]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(Path(tmp_path_factory.mktemp("authority")))


@pytest.fixture
def is_known(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority as an operator does: by OpenSSL's own variable."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))


@contextmanager
def serving(certificate: Certificate | None, security: Security, *refused: str) -> Iterator[Submission]:
    is_implicit = security is Security.TLS
    with submission(certificate=certificate, is_implicit=is_implicit, refused=frozenset(refused)) as server:
        yield server


def server_of(
    running: Submission, security: Security, *, password: str = PASSWORD, username: str = USER, host: str = "127.0.0.1"
) -> Server:
    return Server(
        host=host,
        port=running.port,
        security=security,
        username=username,
        password=password,
        timeout_seconds=10,
        local_hostname="localhost",
    )


@pytest.mark.usefixtures("is_known")
class TestSignIn:
    @pytest.mark.parametrize("security", PROTECTED)
    def test_hands_in_a_mail_after_signing_in(self, certificate: Certificate, security: Security) -> None:
        with serving(certificate, security) as running:
            receipt = send(
                RAW, envelope_from=USER, recipients=["omar@example.com"], server=server_of(running, security)
            )

        assert receipt.accepted == ("omar@example.com",)
        assert running.sign_ins == [("PLAIN", True)]
        assert [mail.rcpt_tos for mail in running.taken] == [["omar@example.com"]]

    @pytest.mark.parametrize("security", PROTECTED)
    @pytest.mark.parametrize("password", ["wrong", "틀린 비밀번호"])
    def test_tells_a_wrong_password_and_hands_nothing_in(
        self, certificate: Certificate, security: Security, password: str
    ) -> None:
        with serving(certificate, security) as running:
            server = server_of(running, security, password=password)
            found = sign_in(server)
            receipt = send(RAW, envelope_from=USER, recipients=["omar@example.com"], server=server)

        assert found is not None
        assert found[0] is Trouble.WRONG_PASSWORD
        assert password not in found[1]
        assert receipt.trouble is Trouble.WRONG_PASSWORD
        assert [one.outcome for one in receipt.recipients] == [Outcome.TEMPORARY]
        assert running.taken == []

    def test_signs_in_by_login_where_plain_is_not_offered(self, certificate: Certificate) -> None:
        with serving(certificate, Security.STARTTLS, "PLAIN") as running:
            found = sign_in(server_of(running, Security.STARTTLS, password="only ascii"))

        assert found is not None
        assert found[0] is Trouble.WRONG_PASSWORD
        assert running.sign_ins == [("LOGIN", False)]

    @pytest.mark.parametrize("password", ["only ascii", PASSWORD])
    def test_tells_that_no_way_to_sign_in_is_offered(self, certificate: Certificate, password: str) -> None:
        with serving(certificate, Security.STARTTLS, "PLAIN", "LOGIN") as running:
            found = sign_in(server_of(running, Security.STARTTLS, password=password))

        assert found is not None
        assert found[0] is Trouble.NO_SIGN_IN


class TestProtection:
    @pytest.mark.parametrize("security", PROTECTED)
    def test_refuses_an_unknown_certificate_and_gives_no_password(
        self, certificate: Certificate, security: Security
    ) -> None:
        with serving(certificate, security) as running:
            found = sign_in(server_of(running, security))
            receipt = send(
                RAW, envelope_from=USER, recipients=["omar@example.com"], server=server_of(running, security)
            )

        assert found is not None
        assert found[0] is Trouble.TLS_PROBLEM
        assert receipt.trouble is Trouble.TLS_PROBLEM
        assert (running.sign_ins, running.taken) == ([], [])

    @pytest.mark.usefixtures("is_known")
    @pytest.mark.parametrize("security", PROTECTED)
    def test_refuses_a_certificate_about_somebody_else(
        self, tmp_path: Path, security: Security, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = make_certificate(tmp_path, names="DNS:mail.elsewhere.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(other.authority))
        with serving(other, security) as running:
            found = sign_in(server_of(running, security))

        assert found is not None
        assert found[0] is Trouble.TLS_PROBLEM
        assert running.sign_ins == []

    @pytest.mark.usefixtures("is_known")
    def test_gives_neither_password_nor_mail_to_a_server_without_starttls(self) -> None:
        with serving(None, Security.STARTTLS) as running:
            server = server_of(running, Security.STARTTLS)
            found = sign_in(server)
            receipt = send(RAW, envelope_from=USER, recipients=["omar@example.com"], server=server)

        assert found is not None
        assert found[0] is Trouble.TLS_PROBLEM
        assert receipt.trouble is Trouble.TLS_PROBLEM
        assert (running.sign_ins, running.taken) == ([], [])

    def test_gives_nothing_to_a_server_that_offers_starttls_and_then_refuses_it(self, smtp: ScriptedSmtp) -> None:
        smtp.extensions = ("STARTTLS", "AUTH PLAIN LOGIN")
        smtp.replies["STARTTLS"] = "454 not now"

        receipt = send(
            RAW,
            envelope_from=USER,
            recipients=["omar@example.com"],
            server=Server(
                host=smtp.host,
                port=smtp.port,
                security=Security.STARTTLS,
                username=USER,
                password="p",
                timeout_seconds=5,
            ),
        )

        assert receipt.trouble is Trouble.TLS_PROBLEM
        assert smtp.received == []
