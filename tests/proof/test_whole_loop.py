"""The main job on real servers: mails in Dovecot, `careloop up`, answers in Chromium, received threaded over SMTP.

PROOF_MAILS says how many mails (200 for the proof of a release); PROOF_TEXTS may name a JSON file of texts by language, such
as `{"ko": [...]}`, so that nothing is read that was written for these tests.
"""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from careloop.gateways.postgres import Cluster
from tests.cast import PASSWORD
from tests.faces.cli.conftest import careloop, home, started
from tests.proof.house import found_in
from tests.proof.letters import Letter, answer_to, letters
from tests.servers.dovecot import Dovecot, closing_imap, dovecot_binary, free_port, running_dovecot
from tests.servers.submission import PASSWORD as SMTP_PASSWORD
from tests.servers.submission import USER, Submission, submission

__all__ = ["home"]

pytestmark = [pytest.mark.browser, pytest.mark.dovecot]

HOW_MANY = int(os.environ.get("PROOF_MAILS", "30"))
PATIENCE_SECONDS = 600.0

WAITING = """
SELECT (SELECT count(*) FROM channels_rawmail WHERE state = 'stored')
    + (SELECT count(*) FROM kernel_event WHERE position IS NULL)
    + (SELECT count(*) FROM kernel_log_head h CROSS JOIN (VALUES ('reactions'), ('cases.tallies')) r (name)
       LEFT JOIN kernel_reader_cursor c ON c.reader = r.name AND c.workspace_id = h.workspace_id
       WHERE coalesce(c.position, 0) < h.position)
    + (SELECT count(*) FROM kernel_timer WHERE kind = 'message.dispatch')
    + (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = 'mail')
    + (SELECT count(*) FROM conversations_delivery WHERE state IN ('scheduled', 'queued', 'sending', 'paused'))
"""
SAID = """
SELECT c.number, c.category, array_agg(m.author ORDER BY m.at, m.id),
    array_agg(coalesce(mail.rfc_message_id, '') ORDER BY m.at, m.id), array_agg(m.text ORDER BY m.at, m.id)
FROM cases_case c JOIN cases_caseconversation cc ON cc.case_id = c.id
JOIN conversations_message m ON m.conversation_id = cc.conversation_id
LEFT JOIN conversations_mail mail ON mail.message_id = m.id GROUP BY c.number, c.category ORDER BY c.number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one case holds, in order."""

    number: int
    category: str
    authors: list[str]
    message_ids: list[str]
    texts: list[str]


@dataclass(slots=True, kw_only=True)
class Stack:
    """Everything that runs."""

    base: str
    database: str
    dovecot: Dovecot
    outgoing: Submission
    delivered: int = 0

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as owner:
            return owner.execute(statement).fetchall()

    def deliver(self, mails: list[Letter]) -> None:
        """Put mails into the mailbox, and wait until every consequence is done."""
        with closing_imap(self.dovecot, "proof") as client:
            for mail in mails:
                client.append("INBOX", "", "", mail.raw)
        self.delivered += len(mails)
        self.settle()

    def settle(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            ((fetched,),) = self.ask("SELECT count(*) FROM channels_rawmail")
            ((waiting,),) = self.ask(WAITING)
            if fetched == self.delivered and not waiting:
                return
            assert time.monotonic() < deadline, f"{fetched} of {self.delivered} fetched, {waiting} things wait."
            time.sleep(0.2)

    def cases(self) -> dict[str, Said]:
        """Return the cases by the Message-ID of their first word."""
        found = [
            Said(number=number, category=category, authors=authors, message_ids=ids, texts=texts)
            for number, category, authors, ids, texts in self.ask(SAID)
        ]
        return {said.message_ids[0]: said for said in found}

    def mails(self) -> list[EmailMessage]:
        """Return what customers received, in order."""
        read = []
        for taken in self.outgoing.taken:
            assert isinstance(taken.content, bytes)
            mail = message_from_bytes(taken.content, policy=default)
            assert isinstance(mail, EmailMessage)
            read.append(mail)
        return read


@pytest.fixture
def stack(home: Path) -> Iterator[Stack]:
    if dovecot_binary() is None:
        pytest.skip("NOT TESTED: the whole loop on real servers. Install Dovecot to run it.")
    with running_dovecot() as dovecot, submission(certificate=None) as outgoing:
        servers = {
            "imap_host": dovecot.host, "imap_port": dovecot.port, "imap_security": "plain", "imap_user": "proof",
            "imap_password": dovecot.password, "smtp_host": outgoing.host, "smtp_port": outgoing.port,
            "smtp_security": "plain", "smtp_user": USER, "smtp_password": SMTP_PASSWORD,
        }  # fmt: skip
        migrated = careloop("migrate", home=home)
        assert migrated.returncode == 0, migrated.stderr
        with Cluster(home).running(), a_house_in(home, servers) as base:
            yield Stack(base=base, database=Cluster(home).url, dovecot=dovecot, outgoing=outgoing)


@contextmanager
def a_house_in(home: Path, servers: dict[str, object]) -> Iterator[str]:
    """Found the house, bring it up as an operator does, and give its address."""
    found_in(home, servers)
    process = started("up", "--json", home=home, PORT=str(free_port()))
    try:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["address"])
    finally:
        process.send_signal(signal.SIGTERM)
        _said, complained = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in complained, complained


def signed_in(browser: Browser, stack: Stack) -> Page:
    page = browser.new_context(locale="en-US").new_page()
    page.goto(f"{stack.base}/account/sign-in")
    page.fill("[name=login]", "ada@example.com")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url, timeout=60_000)
    return page


def answer(page: Page, stack: Stack, number: int) -> None:
    """Answer a case in the browser, with the keyboard."""
    page.goto(f"{stack.base}/w/north/cases/{number}")
    page.locator(".composer-text").wait_for(timeout=60_000)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    page.keyboard.type(f"Here you are. (answer {number})")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Your answer leaves in").first.wait_for(state="attached", timeout=60_000)


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_unseen_mails_are_answered_in_their_threads(stack: Stack, browser: Browser) -> None:
    texts = os.environ.get("PROOF_TEXTS")
    made = letters(HOW_MANY, to="help@north.example", texts=json.loads(Path(texts).read_text()) if texts else None)
    kinds = Counter(mail.kind for mail in made)

    stack.deliver(made)

    # Nothing lost, nothing doubled: every mail is accounted for, and every case is one matter.
    states = dict(stack.ask("SELECT state, count(*) FROM channels_rawmail GROUP BY 1"))
    assert states.get("accepted", 0) == kinds["opening"] + kinds["follow"] + kinds["stranger"]
    assert (states.get("duplicate", 0), states.get("quarantined", 0)) == (kinds["copy"], kinds["machine"])
    cases = stack.cases()
    expected: dict[str, list[Letter]] = {}
    for mail in made:
        if mail.kind in {"opening", "follow", "stranger"}:
            expected.setdefault(mail.matter, []).append(mail)
    assert set(cases) == set(expected)
    for matter, mails in expected.items():
        words = [
            (message_id, one_line(text))
            for author, message_id, text in zip(
                cases[matter].authors, cases[matter].message_ids, cases[matter].texts, strict=True
            )
            if author == "customer"
        ]
        assert words == [(mail.message_id, one_line(mail.text)) for mail in mails]

    # One receipt a case, to whom it concerns.
    receipts = Counter(str(mail["To"]) for mail in stack.mails())
    assert receipts == Counter(mails[0].sender for mails in expected.values())

    # Answered in the browser, received in the right thread.
    openings = [mail for mail in made if mail.kind == "opening"][: max(3, HOW_MANY // 10)]
    page = signed_in(browser, stack)
    for opening in openings:
        answer(page, stack, cases[opening.matter].number)
    stack.settle()
    answers = stack.mails()[sum(receipts.values()) :]
    assert Counter(str(mail["To"]) for mail in answers) == Counter(opening.sender for opening in openings)
    by_customer = {str(mail["To"]): mail for mail in answers}
    for opening in openings:
        sent = by_customer[opening.sender]
        number = cases[opening.matter].number
        said = sent.get_body(("plain",))
        assert said is not None
        assert f"(answer {number})" in said.get_content()
        references = str(sent["References"]).split()
        assert references[0] == f"<{opening.message_id}>"
        assert sent["In-Reply-To"] == references[-1]
        assert one_line(str(sent["Subject"])) == one_line(f"Re: {opening.subject}")

    # Their answers come back into the same cases.
    backs = [
        answer_to(by_customer[opening.sender], customer=opening, number=number)
        for number, opening in enumerate(openings)
    ]
    stack.deliver(backs)
    afterwards = stack.cases()
    assert set(afterwards) == set(cases)
    for opening, back in zip(openings, backs, strict=True):
        case = afterwards[opening.matter]
        assert (case.authors[-2:], case.message_ids[-1]) == (["agent", "customer"], back.message_id)
        assert one_line(case.texts[-1]) == back.text
        assert case.category == "open"

    # What left is what is kept as sent, each once.
    left = Counter(str(mail["Message-ID"]).strip("<>") for mail in stack.mails())
    kept = Counter(
        row[0]
        for row in stack.ask(
            "SELECT mail.rfc_message_id FROM conversations_mail mail JOIN conversations_delivery d USING (message_id)"
            " WHERE d.state = 'sent'"
        )
    )
    assert left == kept
    assert set(left.values()) == {1}
    print(  # noqa: T201 - the proof, for whoever runs it with -s
        f"{len(made) + len(backs)} mails ({dict(kinds)}, {len(backs)} answers of customers): {states}; {len(cases)} cases; "
        f"{sum(receipts.values())} receipts and {len(answers)} answers received, {len(left)} Message-IDs, each once."
    )
