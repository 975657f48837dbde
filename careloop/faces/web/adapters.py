"""How the sign-in machinery (allauth, axes) behaves in this house."""

import logging
from io import BytesIO
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from careloop.faces.web.account_log import note_failed_sign_in
from careloop.faces.web.jobs import send_account_mail
from careloop.kernel.secrets import open_secret, seal_secret

__all__ = ["AccountAdapter", "MFAAdapter", "axes_username", "locked_out"]

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up; mails in the reader's language, sent by a worker; failures in the log."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is switched off. Ask an owner of your workspace."),
        "email_password_mismatch": _("This address and this password do not belong together. Try again."),
        "enter_current_password": _("This is not your password now. Try again."),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _("This code does not fit, or is too old. Write the one that shows now."),
        "too_many_login_attempts": _("That was too often. Wait a few minutes, then try again."),
        "rate_limited": _("That was too often. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say that accounts are made by invitation only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Word a mail and hand it to a worker, so that the page answers equally fast whether an account exists."""
        user = context.get("user")
        with translation.override(getattr(user, "language", None) or translation.get_language()):
            mail = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        # Reset links are secrets: the job's arguments lie in a table.
        send_account_mail.defer(to=email, sealed_subject=_sealed(mail.subject), sealed_body=_sealed(mail.body))

    def format_email_subject(self, subject: str) -> str:
        """Return a subject as it is, without the host's name before it."""
        return subject

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a failed sign-in, whether the account exists or not."""
        super().authentication_failed(request, **credentials)
        note_failed_sign_in(email=str(credentials.get("email") or ""))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors readable only with the installation's secret."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code does not fit, or is too old. Write the one that shows now."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Draw a QR code on white ground, so that a camera reads it on a dark page too."""
        file = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(file)
        return file.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Return a secret in the form it is stored in."""
        return seal_secret(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret."""
        return open_secret(encrypted_text.encode())


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return whose sign-in is counted: the address as typed, case apart."""
    typed = (credentials or {}).get("email") or (request.POST.get("login") if request else None)
    return str(typed or "").strip().lower()


def locked_out(
    request: HttpRequest, _credentials: dict[str, Any] | None = None, *_args: Any, **_kwargs: Any
) -> HttpResponse:
    """Return the page for somebody who failed to sign in too often."""
    log.warning("sign_in.locked", extra={"path": request.path})
    return render(request, "429.html", status=429)


def _sealed(text: object) -> str:
    return seal_secret(str(text)).decode()
