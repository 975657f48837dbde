"""Forms of this room: they check shape; the services check rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

__all__ = ["WebhookForm"]


class WebhookForm(forms.Form):
    """Where another system wants to be told."""

    name = forms.CharField(label=_("Name in the workspace"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}
        ),
        help_text=_("Begins with https://. Another address gets another secret."),
    )
