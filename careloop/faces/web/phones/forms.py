"""Forms of this room: they check shape; the services check rules."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from careloop.domains.telephony.services import PbxSettings
from careloop.domains.telephony.types import Meaning, PbxRow, Security

__all__ = ["PhoneForm"]

_QUIET: Final = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class PhoneForm(forms.Form):
    """All settings of a telephone system."""

    name = forms.CharField(label=_("Name in the workspace"), max_length=80)
    host = forms.CharField(label=_("Host"), max_length=253, widget=forms.TextInput(attrs=_QUIET))
    port = forms.IntegerField(
        label=_("Port"), min_value=1, max_value=65535, help_text=_("Usually 5039 with TLS and 5038 without.")
    )
    security = forms.ChoiceField(label=_("Security"), choices=Security.choices)
    user = forms.CharField(
        label=_("Manager user"),
        max_length=120,
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_("A section of manager.conf with its own secret, made for Careloop."),
    )
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        strip=False,
        max_length=200,
        # Never sent to the browser: a stored one stays where it is until another is entered.
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=_("Leave it empty to keep the stored one. A different server needs it again."),
    )
    inbound = forms.CharField(
        label=_("Where customers' calls begin"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={**_QUIET, "rows": 3}),
        help_text=_("Contexts of the dialplan, one in each line. Needed to count calls that never reach a queue."),
    )
    user_events = forms.CharField(
        label=_("Events of your own dialplan"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={**_QUIET, "rows": 3}),
        help_text=_(
            "One in each line, such as CallbackRequest=callback. A user event means blocked, callback, outbound or ignored."
        ),
    )

    def clean_user_events(self) -> dict[str, str]:
        """Return what each event means, by its name."""
        found = {}
        for line in self.cleaned_data["user_events"].splitlines():
            name, _equals, meaning = (word.strip() for word in line.partition("="))
            if not name and not meaning:
                continue
            if not name or meaning not in Meaning.values:
                raise forms.ValidationError(
                    _("Write each event as Name=meaning: blocked, callback, outbound or ignored.")
                )
            found[name] = meaning
        return found

    def settings(self) -> PbxSettings:
        """Return what was asked for, once the form is valid."""
        given = dict(self.cleaned_data)
        return PbxSettings(
            **{**given, "inbound": [line.strip() for line in given["inbound"].splitlines() if line.strip()]}
        )

    @staticmethod
    def about(row: PbxRow) -> dict[str, object]:
        """Return the settings of a telephone system as they stand, without its secret."""
        return {
            **{name: getattr(row, name) for name in ("name", "host", "port", "security", "user")},
            "inbound": "\n".join(row.inbound),
            "user_events": "\n".join(f"{name}={meaning}" for name, meaning in row.user_events.items()),
        }
