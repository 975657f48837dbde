"""Forms of this room: they check shape; the services check rules."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Self
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careloop.domains.people.errors import BadAccount, PersonNotFound
from careloop.domains.people.types import (
    ROLE_LABELS,
    SCOPE_LABELS,
    THEME_LABELS,
    Account,
    PersonalSettings,
)
from careloop.domains.workspaces.types import WorkspaceSettings
from careloop.faces.web.access.account_forms import PASSWORD_HELP
from careloop.kernel.actors import Role

__all__ = [
    "HostForm",
    "InvitationForm",
    "NewAccountForm",
    "PersonForm",
    "PersonalSettingsForm",
    "RoleForm",
    "TeamForm",
    "TokenForm",
    "WorkspaceSettingsForm",
    "time_zones",
]

Posted = QueryDict | Mapping[str, object] | None
# Each in its own words, so that whoever reads only that language finds it.
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("zh-hans", "简体中文"), ("vi", "Tiếng Việt")]
DAY_BEGINS = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30)]
DAYS = [("30", _("30 days")), ("90", _("90 days")), ("180", _("180 days")), ("365", _("One year"))]


@cache
def time_zones() -> list[tuple[str, str]]:
    """Return the zones that a person may choose, by IANA name."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [(name, name.replace("_", " ")) for name in ["UTC", *places]]


class PersonalSettingsForm(forms.Form):
    """One's own settings."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=120, help_text=_("As colleagues and customers read it.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    theme = forms.ChoiceField(label=_("Colors"), choices=list(THEME_LABELS.items()))
    signature = forms.CharField(
        label=_("Signature"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stands under your answers to customers."),
    )
    mails_notifications = forms.BooleanField(
        label=_("Also send me notices by mail"), required=False, help_text=_("Mentions, assignments and answers.")
    )

    @classmethod
    def about(cls, person: Account | None, *, posted: Posted) -> Self:
        """Return the form as it stands for a person, or as they have posted it."""
        return cls(posted, initial={name: getattr(person, name) for name in cls.base_fields} if person else None)

    def settings(self) -> PersonalSettings:
        """Return what was asked for, once the form is valid."""
        return PersonalSettings(**self.cleaned_data)


class NewAccountForm(forms.Form):
    """What an invited newcomer says about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)


class InvitationForm(forms.Form):
    """Who is invited, as what."""

    email = forms.EmailField(label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), initial=Role.AGENT.value)

    def __init__(self, posted: Posted, *, roles: Iterable[Role]) -> None:
        super().__init__(posted)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, ROLE_LABELS[role]) for role in roles]


class RoleForm(forms.Form):
    """A role."""

    role = forms.ChoiceField(choices=[(role.value, role.value) for role in Role])

    def role_chosen(self) -> Role:
        """Return the role. Raises BadAccount when there is none like that."""
        if not self.is_valid():
            raise BadAccount(_("Choose one of the roles in the list."))
        return Role(self.cleaned_data["role"])


class PersonForm(forms.Form):
    """A person, chosen from a list."""

    user_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)

    def person_chosen(self) -> int:
        """Return the primary key of the account. Raises PersonNotFound when nobody was chosen."""
        if not self.is_valid():
            raise PersonNotFound(_("Choose a person from the list."))
        return int(self.cleaned_data["user_id"])


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(label=_("Name of the new team"), max_length=80)


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, label) for scope, label in SCOPE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the token may do.")},
    )
    days = forms.ChoiceField(label=_("It works for"), choices=DAYS, initial="90")


class WorkspaceSettingsForm(forms.Form):
    """The settings of a workspace."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, help_text=_("Of mails to people whose own language is not known.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    accent_color = forms.CharField(
        label=_("Brand color"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    undo_send_seconds = forms.IntegerField(
        label=_("Seconds to take back an answer"),
        min_value=0,
        max_value=120,
        help_text=_("0 sends at once; at most 120."),
    )
    contact_quiet_hours = forms.IntegerField(
        label=_("Quiet hours that end a contact"),
        min_value=1,
        max_value=2160,
        help_text=_("A customer who writes later than this after our last answer begins a new contact."),
    )
    day_begins = forms.ChoiceField(
        label=_("A day begins at"),
        choices=[(time, time) for time in DAY_BEGINS],
        help_text=_(
            "Days, weeks and months of boards and reports begin then. "
            "Choose an early hour where a night shift ends after midnight. Invoices go by the calendar."
        ),
    )

    @classmethod
    def about(cls, settings: WorkspaceSettings, *, posted: Posted) -> Self:
        """Return the form as it stands for a workspace, or as somebody has posted it."""
        return cls(posted, initial={name: getattr(settings, name) for name in cls.base_fields})

    def settings(self) -> WorkspaceSettings:
        """Return what was asked for, once the form is valid."""
        return WorkspaceSettings(**self.cleaned_data)


class HostForm(forms.Form):
    """A host name."""

    host = forms.CharField(label=_("Host name of the portal"), max_length=253, help_text=_("Such as help.example.com."))
