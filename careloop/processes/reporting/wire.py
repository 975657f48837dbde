"""Put a letter on the wire through the installation's mail server, and tell what is certain afterwards."""

import smtplib
from email.mime.image import MIMEImage
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from careloop.domains.reports.states import RunState, Why
from careloop.processes.reporting.types import Letter

__all__ = ["Outcome", "put_on_wire"]


class Outcome(NamedTuple):
    """state: SENT; WAITING where another try may help; FAILED; UNCERTAIN. detail: the server's words."""

    state: RunState
    why: Why = Why.NOTHING
    detail: str = ""


def put_on_wire(letter: Letter, *, to: str, message_id: str) -> Outcome:
    """Hand a letter to the mail server. Never raises for what a server or a network does.

    message_id: the same at every try, so that a reader's mail program knows a second copy.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as problem:
        return Outcome(RunState.WAITING, Why.UNREACHABLE, _words(problem))
    try:
        connection.send_messages([_mail(letter, to=to, message_id=message_id)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refused:
        # The server spoke, so the mail is surely not there; 4xx means that it may take it later.
        state = RunState.WAITING if _code(refused) < 500 else RunState.FAILED
        return Outcome(state, Why.REFUSED, _words(refused))
    except (OSError, smtplib.SMTPException) as lost:
        # Django does not say before or behind the final dot, so nobody can know.
        return Outcome(RunState.UNCERTAIN, Why.CUT_OFF, _words(lost))
    finally:
        connection.close()
    return Outcome(RunState.SENT)


def _mail(letter: Letter, *, to: str, message_id: str) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", "X-Careloop": settings.LOOP_MARK}
    mail = EmailMultiAlternatives(subject=letter.subject, body=letter.text, to=[to], headers=headers)
    mail.attach_alternative(letter.html, "text/html")
    for picture in letter.pictures:
        image = MIMEImage(picture.png, "png")
        image.add_header("Content-ID", f"<{picture.key}>")
        image.add_header("Content-Disposition", "inline", filename=f"{picture.key}.png")
        mail.attach(image)
    for one in letter.attachments:
        mail.attach(one.name, one.payload, one.media_type)
    return mail


def _code(refused: smtplib.SMTPException) -> int:
    match refused:
        case smtplib.SMTPRecipientsRefused():
            return max((code for code, _text in refused.recipients.values()), default=550)
        case smtplib.SMTPResponseException():
            return refused.smtp_code
    return 550


def _words(problem: Exception) -> str:
    return " ".join(str(problem).split())[:500]
