"""Forms of this room: they check shape; the services check rules."""

from collections.abc import Sequence
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels.services import API_BASE, MessengerSettings
from careloop.domains.channels.types import MessengerRow

__all__ = ["TextNumberForm"]

_QUIET: Final = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class TextNumberForm(forms.Form):
    """All settings of a number."""

    name = forms.CharField(label=_("Name in the workspace"), max_length=80)
    number = forms.CharField(
        label=_("Number"),
        max_length=30,
        widget=forms.TextInput(attrs={**_QUIET, "inputmode": "tel"}),
        help_text=_("With + and the country first, or a short code."),
    )
    account = forms.CharField(
        label=_("Account at the provider"),
        max_length=80,
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_("The Account SID; it begins with AC."),
    )
    token = forms.CharField(
        label=_("Auth token"),
        required=False,
        strip=False,
        max_length=200,
        # Never sent to the browser: a stored one stays where it is until another is entered.
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=_("Leave it empty to keep the stored one. Another account needs its own."),
    )
    api_base = forms.CharField(
        label=_("Address of the API"),
        max_length=200,
        initial=API_BASE,
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_("Another one only for a provider that speaks the same language."),
    )
    team_id = forms.TypedChoiceField(
        label=_("Team for its cases"), required=False, coerce=int, empty_value=None, choices=[]
    )

    def __init__(self, *args: object, teams: Sequence[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["team_id"].choices = [("", _("No team yet")), *teams]  # type: ignore[attr-defined]

    def settings(self) -> MessengerSettings:
        """Return what was asked for, once the form is valid."""
        return MessengerSettings(**self.cleaned_data)

    @staticmethod
    def about(row: MessengerRow) -> dict[str, object]:
        """Return the settings of a number as they stand, without its token."""
        return {name: getattr(row, name) for name in ("name", "number", "account", "api_base", "team_id")}
