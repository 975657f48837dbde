"""Forms of this room: they check shape; the services check rules."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels.services import MailboxSettings
from careloop.domains.channels.types import MailboxRow, Security
from careloop.faces.web.mail_admin.providers import provider_of

__all__ = ["MailboxForm", "OpeningForm"]

Posted = QueryDict | Mapping[str, object] | None
_QUIET = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _password() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=1000,
        # Never sent to the browser: a stored one stays where it is until another is entered.
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=_("Leave it empty to keep the stored one. A different server needs it again."),
    )


class MailboxForm(forms.Form):
    """All settings of a mailbox."""

    name = forms.CharField(label=_("Name in the workspace"), max_length=80)
    address = forms.EmailField(label=_("Mail address"), max_length=254, widget=forms.EmailInput(attrs=_QUIET))
    sender_name = forms.CharField(
        label=_("Sender name"), max_length=120, help_text=_("Customers see it beside the address.")
    )
    team_id = forms.TypedChoiceField(
        label=_("Team"), required=False, coerce=int, empty_value=None, help_text=_("New cases go to this team.")
    )
    sends_receipts = forms.BooleanField(
        label=_("Tell customers that their request arrived"),
        required=False,
        help_text=_("Once for each new case, in the customer's language, never to machines."),
    )
    imap_host = forms.CharField(label=_("Server"), max_length=253, required=False, widget=forms.TextInput(attrs=_QUIET))
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    imap_security = forms.ChoiceField(label=_("Security"), choices=Security.choices)
    imap_user = forms.CharField(label=_("User name"), max_length=320, required=False)
    imap_password = _password()
    imap_folder = forms.CharField(label=_("Folder"), max_length=200)
    trusted_host = forms.CharField(
        label=_("Server whose checks of senders are believed"),
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs=_QUIET),
        help_text=_("The first word of Authentication-Results in mails you get. Leave it empty when you do not know."),
    )
    smtp_host = forms.CharField(label=_("Server"), max_length=253, required=False, widget=forms.TextInput(attrs=_QUIET))
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("Security"), choices=Security.choices)
    smtp_user = forms.CharField(label=_("User name"), max_length=320, required=False)
    smtp_password = _password()

    def __init__(self, posted: Posted, *, initial: Mapping[str, object], teams: Iterable[tuple[int, str]]) -> None:
        super().__init__(posted, initial=dict(initial))
        team = self.fields["team_id"]
        if isinstance(team, forms.TypedChoiceField):
            team.choices = [("", _("No team")), *teams]

    def settings(self) -> MailboxSettings:
        """Return what was asked for, once the form is valid."""
        return MailboxSettings(**self.cleaned_data)

    def part(self, prefix: str) -> list[forms.BoundField]:
        """Return the fields of one server, such as those whose names begin with "imap"."""
        return [field for field in self if field.name.startswith(prefix)]

    @property
    def imap_fields(self) -> list[forms.BoundField]:
        return [*self.part("imap_"), self["trusted_host"]]

    @property
    def smtp_fields(self) -> list[forms.BoundField]:
        return self.part("smtp_")

    @property
    def general_fields(self) -> list[forms.BoundField]:
        servers = {field.name for field in (*self.imap_fields, *self.smtp_fields)}
        return [field for field in self if field.name not in servers]

    @staticmethod
    def suggested(address: str) -> dict[str, object]:
        """Return what a new mailbox with this address probably needs."""
        provider = provider_of(address)
        plain = {item.name: item.default for item in fields(MailboxSettings) if item.name not in _NAMELESS}
        known: dict[str, object] = {**plain, "address": address, "imap_user": address, "smtp_user": address}
        if provider is not None:
            names = ("imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security")
            known |= {name: getattr(provider, name) for name in (*names, "trusted_host")}
        return known

    @staticmethod
    def about(row: MailboxRow) -> dict[str, object]:
        """Return the settings of a mailbox as they stand, without passwords."""
        return {name: getattr(row, name) for name in MailboxForm.base_fields if hasattr(row, name)}


_NAMELESS = {"name", "address", "sender_name", "imap_password", "smtp_password"}


class OpeningForm(forms.Form):
    """From when on a mailbox takes mail in."""

    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def moment(self, *, at: datetime, zone: ZoneInfo) -> datetime:
        """Return the beginning of the day that was chosen, in the reader's zone, or `at` when none was."""
        day = self.cleaned_data.get("since")
        return at if day is None else datetime.combine(day, time.min, tzinfo=zone)
