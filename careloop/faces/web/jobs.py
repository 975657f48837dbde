"""Mails about accounts, such as password resets, sent by a worker."""

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from careloop.kernel.secrets import open_secret

__all__ = ["send_account_mail"]


@app.task(name="web.send_account_mail", queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_account_mail(*, to: str, sealed_subject: str, sealed_body: str) -> None:
    """Send a worded mail.

    to: one address.
    sealed_subject, sealed_body: as `seal_secret` returns them.
    """
    EmailMessage(subject=open_secret(sealed_subject.encode()), body=open_secret(sealed_body.encode()), to=[to]).send()
