"""The shape of a web form's settings; the services check rules."""

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels.types import MailboxRow, WebFormRow
from careloop.domains.people.types import TeamRow

__all__ = ["NewSiteFormForm", "SiteFormForm"]

# Each in its own words, so that whoever reads only that language finds it.
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("zh-hans", "简体中文"), ("vi", "Tiếng Việt")]


class SiteFormForm(forms.Form):
    """What may be changed about a web form.

    teams, mailboxes: what there is to choose from.
    """

    name = forms.CharField(label=_("Title"), max_length=80, help_text=_("Stands above the form, for customers."))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    team_id = forms.TypedChoiceField(label=_("Requests go to"), coerce=int, empty_value=None, required=False)
    mailbox_id = forms.TypedChoiceField(label=_("Answers leave from"), coerce=int, empty_value=None, required=False)
    allowed_origins = forms.CharField(
        label=_("Sites that may show it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, such as https://www.example.com. Others cannot put the form into their pages."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        teams: Iterable[TeamRow],
        mailboxes: Iterable[MailboxRow],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(posted, initial=dict(initial or {}))
        self._offer("team_id", _("Nobody's list"), [(team.id, team.name) for team in teams])
        self._offer("mailbox_id", _("The first mailbox"), [(box.id, box.address) for box in mailboxes])

    def _offer(self, name: str, empty: object, choices: list[tuple[int, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", empty), *choices]

    def clean_allowed_origins(self) -> list[str]:
        """Return the sites as a list."""
        return str(self.cleaned_data["allowed_origins"]).split()

    @staticmethod
    def initial_of(row: WebFormRow) -> dict[str, object]:
        """Return a web form as the form shows it."""
        return {
            "name": row.name,
            "language": row.language,
            "team_id": row.team_id,
            "mailbox_id": row.mailbox_id,
            "allowed_origins": "\n".join(row.allowed_origins),
            "is_active": row.is_active,
        }


class NewSiteFormForm(SiteFormForm):
    """A new web form; it is in use at once."""

    key = forms.SlugField(
        label=_("Address"), max_length=40, help_text=_("What its address ends in: small letters, digits and hyphens.")
    )
    is_active = None  # type: ignore[assignment]
    field_order = ["name", "key"]
