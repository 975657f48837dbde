"""Mails that this face words, such as password resets and reports, sent by a worker."""

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from careloop.faces.web.reports.composing import composed
from careloop.kernel.secrets import open_secret
from careloop.processes.reporting import deliver

__all__ = ["mail_report", "send_account_mail"]


@app.task(name="web.send_account_mail", queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_account_mail(*, to: str, sealed_subject: str, sealed_body: str) -> None:
    """Send a worded mail.

    to: one address.
    sealed_subject, sealed_body: as `seal_secret` returns them.
    """
    EmailMessage(subject=open_secret(sealed_subject.encode()), body=open_secret(sealed_body.encode()), to=[to]).send()


@app.task(name="web.mail_report", queue="mail", retry=RetryStrategy(max_attempts=3, wait=30))
def mail_report(*, workspace_id: int, run_id: int) -> None:
    """Make a report for one reader and send it."""
    deliver(workspace_id=workspace_id, run_id=run_id, compose=composed)
