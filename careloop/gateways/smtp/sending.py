"""One mail through one SMTP server, with certainty about what happened."""

import base64
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from careloop.gateways.smtp.types import Outcome, Receipt, RecipientOutcome, Security, Server, Trouble

__all__ = ["send", "sign_in"]

LONGEST_TEXT = 500


@dataclass(slots=True)
class Attempt:
    """What is known so far about each recipient, in order."""

    recipients: Sequence[str]
    known: dict[str, RecipientOutcome] = field(default_factory=dict)

    def note(self, recipient: str, outcome: Outcome, code: int | None, text: str) -> None:
        self.known[recipient] = RecipientOutcome(recipient=recipient, outcome=outcome, code=code, text=text)

    def open(self) -> list[str]:
        """Give the recipients about whom nothing final is known."""
        return [one for one in self.recipients if one not in self.known]

    def receipt(self, trouble: Trouble | None, *, outcome: Outcome, code: int | None = None, text: str = "") -> Receipt:
        """End the attempt: everybody still open has this outcome."""
        for one in self.open():
            self.note(one, outcome, code, text)
        return Receipt(recipients=tuple(self.known[one] for one in dict.fromkeys(self.recipients)), trouble=trouble)


class Obstacle(NamedTuple):
    """Why no mail could even be offered. code: the server's three digits, if it gave any; text: its words, one line."""

    trouble: Trouble
    text: str
    code: int | None = None


def send(raw: bytes, *, envelope_from: str, recipients: Sequence[str], server: Server) -> Receipt:
    """Hand one mail to a server.

    raw: the finished mail, lines ended by CRLF.
    envelope_from: where bounces go; empty for a mail that must never cause one.
    recipients: envelope recipients, blind copies included; at least one.
    server: where, and how protected.

    Returns a receipt for every recipient and never raises for what a server or a network does. Before the final dot
    everything is surely not sent; behind it, until the server's answer, everything is uncertain (RFC 5321, 4.5.3.2).
    """
    attempt = Attempt(recipients)
    connection = connect(server)
    if isinstance(connection, Obstacle):
        # A password, a name, a certificate can be put right, so the mail itself is not refused for good.
        return attempt.receipt(
            connection.trouble, outcome=Outcome.TEMPORARY, code=connection.code, text=connection.text
        )
    try:
        return hand_in(connection, raw, envelope_from=envelope_from, attempt=attempt)
    except (OSError, smtplib.SMTPException) as lost:
        # Every step behind the final dot catches its own faults, so here the mail is surely not sent.
        return attempt.receipt(Trouble.CONNECTION_LOST, outcome=Outcome.TEMPORARY, text=one_line(str(lost)))
    finally:
        leave(connection)


def sign_in(server: Server) -> tuple[Trouble, str] | None:
    """Connect, protect and sign in without handing anything in; return what is in the way and the server's words, or None."""
    connection = connect(server)
    if isinstance(connection, Obstacle):
        return connection.trouble, connection.text
    leave(connection)
    return None


def connect(server: Server) -> smtplib.SMTP | Obstacle:
    """Connect, protect and sign in, or say what is in the way. What should be protected is never sent in the open."""
    context = ssl.create_default_context()
    facts: dict[str, Any] = {"local_hostname": server.local_hostname, "timeout": server.timeout_seconds}
    connection: smtplib.SMTP | None = None
    try:
        if server.security is Security.TLS:
            connection = smtplib.SMTP_SSL(server.host, server.port, context=context, **facts)
        else:
            connection = smtplib.SMTP(server.host, server.port, **facts)
        if server.security is Security.STARTTLS:
            start_tls(connection, context)
        connection.ehlo_or_helo_if_needed()
        if server.username:
            log_in(connection, server)
    except OSError as failed:  # SMTPException is one, and so is SSLError
        if connection is not None:
            connection.close()
        return obstacle(failed)
    return connection


def start_tls(connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
    """Protect the connection. Raises SSLError for every reason why it stays open."""
    try:
        connection.starttls(context=context)
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as refused:
        raise ssl.SSLError(str(refused)) from refused


def log_in(connection: smtplib.SMTP, server: Server) -> None:
    """Sign in, with a name and a password in any script. Raises SMTPNotSupportedError where no way is offered."""
    offered = set(connection.esmtp_features.get("auth", "").upper().split())
    if not offered & {"PLAIN", "LOGIN", "CRAM-MD5"}:
        raise smtplib.SMTPNotSupportedError("No way to sign in with a password is offered.")
    if server.username.isascii() and server.password.isascii():
        connection.login(server.username, server.password)
        return
    # The library knows ASCII only; PLAIN carries UTF-8 (RFC 4616).
    if "PLAIN" not in offered:
        raise smtplib.SMTPNotSupportedError("AUTH PLAIN is not offered.")
    secret = f"\0{server.username}\0{server.password}".encode()
    code, text = connection.docmd("AUTH", f"PLAIN {base64.b64encode(secret).decode()}")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, text)


def obstacle(failed: OSError) -> Obstacle:
    """Tell what a failure on the way in means."""
    match failed:
        case smtplib.SMTPAuthenticationError():
            return Obstacle(Trouble.WRONG_PASSWORD, one_line(failed.smtp_error), failed.smtp_code)
        case ssl.SSLError():
            return Obstacle(Trouble.TLS_PROBLEM, one_line(str(failed)))
        case smtplib.SMTPNotSupportedError():
            return Obstacle(Trouble.NO_SIGN_IN, one_line(str(failed)))
        case smtplib.SMTPResponseException():
            return Obstacle(Trouble.CANNOT_CONNECT, one_line(failed.smtp_error), failed.smtp_code)
        case _:
            return Obstacle(Trouble.CANNOT_CONNECT, one_line(str(failed)))


def hand_in(connection: smtplib.SMTP, raw: bytes, *, envelope_from: str, attempt: Attempt) -> Receipt:
    """Go through MAIL, RCPT, DATA and the final dot."""
    options, trouble = mail_options(connection, raw, envelope_from=envelope_from, recipients=attempt.recipients)
    if trouble is not None:
        return attempt.receipt(trouble, outcome=Outcome.REFUSED, text=connection.esmtp_features.get("size", ""))
    code, text = connection.mail(envelope_from, options)
    if code != 250:
        return attempt.receipt(Trouble.REFUSED_SENDER, outcome=outcome_of(code), code=code, text=one_line(text))
    taken = False
    for recipient in dict.fromkeys(attempt.recipients):
        code, text = connection.rcpt(recipient)
        if code in (250, 251):
            taken = True
        else:
            attempt.note(recipient, outcome_of(code), code, one_line(text))
            if code == 421:
                return attempt.receipt(
                    Trouble.CONNECTION_LOST, outcome=Outcome.TEMPORARY, code=code, text=one_line(text)
                )
    if not taken:
        return attempt.receipt(None, outcome=Outcome.REFUSED)
    code, text = connection.docmd("DATA")
    if code != 354:
        return attempt.receipt(Trouble.REFUSED_MESSAGE, outcome=outcome_of(code), code=code, text=one_line(text))
    connection.send(stuffed(raw))
    return final_dot(connection, attempt)


def final_dot(connection: smtplib.SMTP, attempt: Attempt) -> Receipt:
    """Send the end of the mail and wait for the answer. From the first byte on, only an answer brings certainty."""
    try:
        connection.send(b".\r\n")
        code, text = connection.getreply()
    except (OSError, smtplib.SMTPException) as lost:
        return attempt.receipt(Trouble.CONNECTION_LOST, outcome=Outcome.UNCERTAIN, text=one_line(str(lost)))
    if not 200 <= code < 600:
        # Something answered, but not in SMTP: as good as no answer.
        return attempt.receipt(Trouble.CONNECTION_LOST, outcome=Outcome.UNCERTAIN, text=one_line(text))
    if code < 300:
        return attempt.receipt(None, outcome=Outcome.ACCEPTED, code=code, text=one_line(text))
    return attempt.receipt(Trouble.REFUSED_MESSAGE, outcome=outcome_of(code), code=code, text=one_line(text))


def mail_options(
    connection: smtplib.SMTP, raw: bytes, *, envelope_from: str, recipients: Sequence[str]
) -> tuple[list[str], Trouble | None]:
    """Choose the extensions of RFC 1870, 6152 and 6531 that this mail needs, or say why it cannot go this way."""
    options: list[str] = []
    needs_utf8 = not all(address.isascii() for address in (envelope_from, *recipients))
    if needs_utf8 and not connection.has_extn("smtputf8"):
        return [], Trouble.NEEDS_SMTPUTF8
    if connection.has_extn("size"):
        most = connection.esmtp_features.get("size", "")
        if most.isdigit() and 0 < int(most) < len(raw):
            return [], Trouble.TOO_LARGE
        options.append(f"SIZE={len(raw)}")
    if needs_utf8:
        options.append("SMTPUTF8")
        connection.command_encoding = "utf-8"
    if (needs_utf8 or not raw.isascii()) and connection.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    return options, None


def stuffed(raw: bytes) -> bytes:
    """Make line ends CRLF and double leading dots (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def outcome_of(code: int) -> Outcome:
    """Translate a refusal: 5xx is final, anything else is worth another try."""
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.TEMPORARY


def one_line(text: bytes | str) -> str:
    """Bring a server's words to one clean line."""
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(re.sub("[\x00-\x1f\x7f\ud800-\udfff]", " ", decoded).split())[:LONGEST_TEXT]


def leave(connection: smtplib.SMTP) -> None:
    """Say goodbye politely, if anybody still listens; nothing about the mail depends on it."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
