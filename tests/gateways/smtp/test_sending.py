"""Sending: what is certain after a connection was lost at each step."""

import socket
from dataclasses import replace

import pytest

from careloop.gateways.smtp import Outcome, Receipt, Security, Server, Trouble, send
from careloop.gateways.smtp.fake import Fault, Outbox
from tests.servers.smtp import Cut, ScriptedSmtp

RAW = b"From: a@example.com\r\nSubject: x\r\n\r\nHello\r\n.\r\n..dots\r\n"
KIM, LEE = "kim@example.com", "lee@example.com"


def server_of(smtp: ScriptedSmtp) -> Server:
    return Server(
        host=smtp.host, port=smtp.port, security=Security.PLAIN, timeout_seconds=5, local_hostname="localhost"
    )


def sent(smtp: ScriptedSmtp, *, raw: bytes = RAW, recipients: tuple[str, ...] = (KIM, LEE)) -> Receipt:
    return send(raw, envelope_from="us@example.com", recipients=recipients, server=server_of(smtp))


def outcomes(receipt: Receipt) -> list[Outcome]:
    return [one.outcome for one in receipt.recipients]


class TestSend:
    def test_hands_in_the_bytes_unchanged(self, smtp: ScriptedSmtp) -> None:
        receipt = sent(smtp)

        assert receipt.accepted == (KIM, LEE)
        assert receipt.trouble is None
        assert [mail.raw for mail in smtp.received] == [RAW]
        assert smtp.received[0].recipients == (KIM, LEE)

    @pytest.mark.parametrize("cut", [Cut.AFTER_MAIL, Cut.AFTER_RCPT, Cut.IN_DATA])
    def test_knows_that_nothing_was_sent_before_the_final_dot(self, smtp: ScriptedSmtp, cut: Cut) -> None:
        smtp.cut = cut

        # Large enough that the loss shows while the body is still being written.
        receipt = sent(smtp, raw=RAW + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 200_000)

        assert outcomes(receipt) == [Outcome.TEMPORARY, Outcome.TEMPORARY]
        assert receipt.trouble is Trouble.CONNECTION_LOST
        assert smtp.received == []

    def test_says_uncertain_when_the_answer_to_the_dot_is_lost(self, smtp: ScriptedSmtp) -> None:
        smtp.cut = Cut.AFTER_DOT

        receipt = sent(smtp)

        assert outcomes(receipt) == [Outcome.UNCERTAIN, Outcome.UNCERTAIN]
        assert receipt.is_uncertain

    def test_is_certain_once_the_answer_came(self, smtp: ScriptedSmtp) -> None:
        smtp.cut = Cut.AFTER_REPLY

        receipt = sent(smtp)

        assert receipt.accepted == (KIM, LEE)
        assert not receipt.is_uncertain

    def test_knows_that_nothing_was_sent_without_a_greeting(self, smtp: ScriptedSmtp) -> None:
        smtp.cut = Cut.AT_GREETING

        receipt = sent(smtp)

        assert outcomes(receipt) == [Outcome.TEMPORARY, Outcome.TEMPORARY]
        assert receipt.trouble is Trouble.CANNOT_CONNECT

    def test_tells_refused_recipients_from_accepted_ones(self, smtp: ScriptedSmtp) -> None:
        smtp.replies[f"RCPT {LEE}"] = "550 5.1.1 No such user"

        receipt = sent(smtp)

        assert outcomes(receipt) == [Outcome.ACCEPTED, Outcome.REFUSED]
        assert (receipt.recipients[1].code, receipt.recipients[1].text) == (550, "5.1.1 No such user")
        assert smtp.received[0].recipients == (KIM,)

    @pytest.mark.parametrize(("reply", "outcome"), [("451 later", Outcome.TEMPORARY), ("554 spam", Outcome.REFUSED)])
    @pytest.mark.parametrize("step", ["MAIL", "DATA", "DOT"])
    def test_believes_a_refusal_at_every_step(
        self, smtp: ScriptedSmtp, step: str, reply: str, outcome: Outcome
    ) -> None:
        smtp.replies[step] = reply

        receipt = sent(smtp)

        assert outcomes(receipt) == [outcome, outcome]
        assert not receipt.is_uncertain
        assert smtp.received == []

    def test_refuses_a_mail_over_the_servers_limit_before_sending_it(self, smtp: ScriptedSmtp) -> None:
        smtp.extensions = ("SIZE 20",)

        receipt = sent(smtp)

        assert receipt.trouble is Trouble.TOO_LARGE
        assert outcomes(receipt) == [Outcome.REFUSED, Outcome.REFUSED]

    def test_refuses_an_address_that_the_server_cannot_carry(self, smtp: ScriptedSmtp) -> None:
        smtp.extensions = ()

        receipt = sent(smtp, recipients=("김@example.com",))

        assert receipt.trouble is Trouble.NEEDS_SMTPUTF8
        assert smtp.received == []

    def test_uses_smtputf8_where_needed(self, smtp: ScriptedSmtp) -> None:
        receipt = sent(smtp, recipients=("김@example.com",))

        assert receipt.accepted == ("김@example.com",)
        assert "SMTPUTF8" in smtp.received[0].mail_command
        assert smtp.received[0].recipients == ("김@example.com",)

    def test_says_that_a_server_cannot_be_reached(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]

        receipt = send(
            RAW,
            envelope_from="",
            recipients=[KIM],
            server=Server(host="127.0.0.1", port=port, security=Security.PLAIN, timeout_seconds=5),
        )

        assert receipt.trouble is Trouble.CANNOT_CONNECT
        assert outcomes(receipt) == [Outcome.TEMPORARY]

    def test_says_that_a_server_offers_no_protection(self, smtp: ScriptedSmtp) -> None:
        receipt = send(
            RAW, envelope_from="", recipients=[KIM], server=replace(server_of(smtp), security=Security.STARTTLS)
        )

        assert receipt.trouble is Trouble.TLS_PROBLEM
        assert smtp.received == []

    def test_never_shows_the_password(self) -> None:
        server = Server(host="h", port=25, security=Security.TLS, username="u", password="secret-word")

        assert "secret-word" not in repr(server)


class TestOutbox:
    def test_records_what_was_sent_and_meets_scripted_faults(self, smtp: ScriptedSmtp) -> None:
        outbox = Outbox()
        outbox.faults.append(Fault(outcome=Outcome.UNCERTAIN, trouble=Trouble.CONNECTION_LOST, arrives=True))

        first = outbox(RAW, envelope_from="us@example.com", recipients=[KIM], server=server_of(smtp))
        second = outbox(RAW, envelope_from="us@example.com", recipients=[KIM], server=server_of(smtp))

        assert first.is_uncertain
        assert second.accepted == (KIM,)
        assert len(outbox.sent) == 2
