"""Real servers for the gateways, started once."""

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import Dovecot, dovecot_binary, running_dovecot
from tests.servers.smtp import ScriptedSmtp, scripted_smtp


@pytest.fixture(scope="session")
def smtp_process() -> Iterator[ScriptedSmtp]:
    with scripted_smtp() as server:
        yield server


@pytest.fixture
def smtp(smtp_process: ScriptedSmtp) -> ScriptedSmtp:
    """The scripted SMTP server, without any script."""
    smtp_process.cut = None
    smtp_process.replies.clear()
    smtp_process.received.clear()
    smtp_process.extensions = ("SIZE 33554432", "8BITMIME", "SMTPUTF8")
    return smtp_process


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot; each test takes a user name of its own."""
    if dovecot_binary() is None:
        pytest.skip("NOT TESTED: fetching from a real IMAP server. Install Dovecot to run these tests.")
    with running_dovecot() as server:
        yield server
