"""Forms of this room: they check shape; the services check rules."""

from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.types import CalendarRow
from careloop.domains.telephony.services import API_BASE, PbxSettings, ProviderSettings
from careloop.domains.telephony.types import Meaning, Offer, PbxKind, PbxRow, ProviderRow, Security

__all__ = ["PhoneForm", "ProviderForm", "ToldPhoneForm"]

_QUIET: Final = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}

_LINES: Final = ("inbound", "barred")
_AS_THEY_ARE: Final = (
    "name",
    "host",
    "port",
    "security",
    "user",
    "call_context",
    "phone_channel",
    "plus",
    "transfer_context",
    "recording_url",
)


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

    offers = forms.MultipleChoiceField(
        label=_("What may be done from Careloop"),
        required=False,
        choices=Offer.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Without any, Careloop only listens. The manager user needs write = originate for calls, call to pass them "
            "on, and agent to pause phones."
        ),
    )
    call_context = forms.CharField(
        label=_("Where your phones dial"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_("The context of the dialplan for calls of your own agents, such as from-internal."),
    )
    phone_channel = forms.CharField(
        label=_("How a phone is rung"),
        required=False,
        empty_value="PJSIP/{extension}",
        max_length=120,
        initial="PJSIP/{extension}",
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_("With {extension} where the extension of the agent stands."),
    )
    plus = forms.CharField(
        label=_("What is dialed for +"),
        required=False,
        max_length=8,
        initial="00",
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_("Before numbers that begin with their country, such as +82."),
    )
    barred = forms.CharField(
        label=_("Numbers that are not called"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={**_QUIET, "rows": 3}),
        help_text=_("How they begin, one in each line, such as those that cost extra."),
    )

    transfer_context = forms.CharField(
        label=_("Where calls are passed on"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_(
            "The context of the dialplan for calls that are passed on. Left empty, it is where your phones dial."
        ),
    )
    queue_numbers = forms.CharField(
        label=_("Queues that calls are passed on to"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={**_QUIET, "rows": 3}),
        help_text=_("What is dialed for each queue, one in each line, such as billing=600."),
    )

    recording_url = forms.CharField(
        label=_("Where recordings are heard"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_(
            "An address with {key} where the call's key stands. Shown only with consent, and only to those who may hear."
        ),
    )

    def clean_queue_numbers(self) -> dict[str, str]:
        """Return what is dialed for each queue, by its name."""
        found = {}
        for line in self.cleaned_data["queue_numbers"].splitlines():
            name, _equals, number = (word.strip() for word in line.partition("="))
            if not name and not number:
                continue
            if not name or not number:
                raise forms.ValidationError(_("Write each queue as Name=number, such as billing=600, at most 50."))
            found[name] = number
        return found

    def clean_user_events(self) -> dict[str, str]:
        """Return what each event means, by its name."""
        found = {}
        for line in self.cleaned_data["user_events"].splitlines():
            name, _equals, meaning = (word.strip() for word in line.partition("="))
            if not name and not meaning:
                continue
            if not name or meaning not in Meaning.values:
                raise forms.ValidationError(
                    _("Write each event as Name=meaning: blocked, callback, promise, outbound or ignored.")
                )
            found[name] = meaning
        return found

    def settings(self) -> PbxSettings:
        """Return what was asked for, once the form is valid."""
        given = dict(self.cleaned_data)
        lines = {name: [line.strip() for line in given[name].splitlines() if line.strip()] for name in _LINES}
        return PbxSettings(**{**given, **lines})

    @staticmethod
    def about(row: PbxRow) -> dict[str, object]:
        """Return the settings of a telephone system as they stand, without its secret."""
        return {
            **{name: getattr(row, name) for name in _AS_THEY_ARE},
            **{name: "\n".join(getattr(row, name)) for name in _LINES},
            "offers": list(row.offers),
            "queue_numbers": "\n".join(f"{name}={number}" for name, number in row.queue_numbers.items()),
            "user_events": "\n".join(f"{name}={meaning}" for name, meaning in row.user_events.items()),
        }


class ToldPhoneForm(forms.Form):
    """All that is said about a telephone system that tells of its calls through the API."""

    name = forms.CharField(label=_("Name in the workspace"), max_length=80)

    def settings(self) -> PbxSettings:
        """Return what was asked for, once the form is valid."""
        return PbxSettings(name=self.cleaned_data["name"], kind=PbxKind.TOLD)

    @staticmethod
    def about(row: PbxRow) -> dict[str, object]:
        """Return the settings of a telephone system as they stand."""
        return {"name": row.name}


class ProviderForm(forms.Form):
    """All settings of a provider whose webhooks tell of calls."""

    account = forms.CharField(label=_("Account"), max_length=80, widget=forms.TextInput(attrs=_QUIET))
    token = forms.CharField(
        label=_("Auth token"),
        required=False,
        max_length=200,
        # Never sent to the browser: a stored one stays where it is until another is entered.
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=_("Leave it empty to keep the stored one. A different account needs it again."),
    )
    api_base = forms.CharField(
        label=_("Address of the API"), max_length=200, initial=API_BASE, widget=forms.TextInput(attrs=_QUIET)
    )
    queue = forms.CharField(
        label=_("Queue in which callers wait"),
        max_length=120,
        help_text=_("As it stands on the wallboard and in numbers."),
    )
    calendar_id = forms.TypedChoiceField(
        label=_("Opening hours"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Outside these hours callers leave a message."),
    )
    numbers = forms.CharField(
        label=_("Telephones of the agents"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={**_QUIET, "rows": 4}),
        help_text=_(
            "One number in each line, with + and its country, at most 10. They ring at once, but for people who are not available."
        ),
    )

    offers = forms.MultipleChoiceField(
        label=_("What may be done from Careloop"),
        required=False,
        choices=[(Offer.END, Offer.END.label), (Offer.TRANSFER, _("Pass calls on to colleagues"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The provider's API is asked for it. Calls go on to a colleague at once; nobody can announce them."
        ),
    )

    def __init__(self, posted: QueryDict | None, *, calendars: list[CalendarRow], provider: ProviderRow | None) -> None:
        super().__init__(posted, initial=_about(provider) if provider is not None else None)
        field = self.fields["calendar_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Always open")), *((str(one.id), one.settings.name) for one in calendars)]

    def settings(self) -> ProviderSettings:
        """Return what was asked for, once the form is valid."""
        return ProviderSettings(**{**self.cleaned_data, "numbers": self.cleaned_data["numbers"].splitlines()})


def _about(row: ProviderRow) -> dict[str, object]:
    return {
        "account": row.account,
        "api_base": row.api_base,
        "queue": row.queue,
        "calendar_id": row.calendar_id,
        "numbers": "\n".join(row.numbers),
        "offers": list(row.offers),
    }
