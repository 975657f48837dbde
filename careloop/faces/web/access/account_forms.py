"""allauth's forms in our words, and its views with the right status."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = [
    "ActivateSecondFactorForm",
    "ChangePasswordForm",
    "CodeForm",
    "ConfirmCodeForm",
    "ConfirmPasswordForm",
    "NewPasswordForm",
    "ResetPasswordForm",
    "SignInForm",
    "with_form_status",
]

PASSWORD_HELP = _("At least 10 characters; a short sentence is easy to remember and hard to guess.")
CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _word(field: forms.Field, label: str | Promise, *, help_text: str | Promise = "", **attributes: str) -> None:
    field.label = str(label)
    field.help_text = str(help_text)
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(account.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["login"], _("Mail address"), autocomplete="username")
        _word(self.fields["password"], _("Password"))


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    """The address that a reset link goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["email"], _("Mail address"), autocomplete="username")


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, after following a reset link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password1"], _("New password"), help_text=PASSWORD_HELP)
        _word(self.fields["password2"], _("New password, once more"))


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    """A new password, knowing the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["oldpassword"], _("Your password now"))
        _word(self.fields["password1"], _("New password"), help_text=PASSWORD_HELP)
        _word(self.fields["password2"], _("New password, once more"))


class ConfirmPasswordForm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password"], _("Password"))


class CodeForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """The code of the second factor, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self.fields["code"],
            _("Code"),
            help_text=_("The six digits in your authenticator app, or one of your recovery codes."),
            autocomplete="one-time-code",
        )


class ConfirmCodeForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """A code again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], _("Code"), autocomplete="one-time-code")


class ActivateSecondFactorForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code that the app shows, as proof that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], _("The six digits that the app shows"), **CODE_ATTRIBUTES)


def with_form_status(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view of allauth answer 422 when its form is shown again because something in it is wrong."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
        return response

    return answer
