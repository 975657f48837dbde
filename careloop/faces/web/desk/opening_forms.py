"""Forms for cases that begin with us: taken down by hand, or written first."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careloop.domains.cases import queries as cases
from careloop.domains.cases.rules import may_be_given
from careloop.domains.channels.queries import mailboxes, messengers
from careloop.domains.channels.types import MessengerState
from careloop.domains.conversations.types import Channel
from careloop.domains.customers.types import IdentityKind
from careloop.domains.people import queries as people
from careloop.kernel.actors import Actor

__all__ = ["MailForm", "OpeningForm", "TextForm"]

BY_HAND = (Channel.VOICE, Channel.IN_PERSON, Channel.LETTER)
MOST_LETTERS = 100_000
Choices = list[tuple[str, Any]]


class OpeningForm(forms.Form):
    """What a customer said on the phone, at the counter or in a letter."""

    channel = forms.ChoiceField(label=_("How they reached us"), choices=[(c.value, c.label) for c in BY_HAND])
    customer = forms.IntegerField(label=_("Customer"), required=False, min_value=1, max_value=2**63 - 1)
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Reached by"), choices=IdentityKind, required=False)
    value = forms.CharField(label=_("Address or number"), required=False, max_length=320)
    subject_line = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=500,
        help_text=_("Left empty, the first line of the text serves."),
    )
    text = forms.CharField(label=_("What they said"), max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 8}))
    team = forms.ChoiceField(label=_("Team"), required=False)
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, help_text=_("Choose a solved one for what is settled already.")
    )

    call = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, posted: QueryDict | None, *, viewer: Actor, initial: dict[str, Any] | None = None) -> None:
        super().__init__(posted, initial=initial)
        _offer(self, "team", _teams(viewer), none=_("No team"))
        able = [(str(p.id), p.name) for p in people.people_of(viewer) if may_be_given(p.role)]
        _offer(self, "assignee", able, none=_("Nobody"))
        _offer(self, "status", [(str(row.id), row.name) for row in cases.statuses()], none=_("As new cases are"))

    def clean(self) -> dict[str, Any]:
        """Check that there is a customer, known or new."""
        given = super().clean() or self.cleaned_data
        if not given.get("customer") and not (given.get("name") and given.get("value")):
            self.add_error("customer", _("Choose a customer, or write the name and a way to reach a new one."))
        return given

    @property
    def is_new_customer(self) -> bool:
        return not self.cleaned_data["customer"]


class MailForm(forms.Form):
    """A mail that we write first."""

    mailbox = forms.ChoiceField(label=_("From"))
    to = forms.EmailField(label=_("To"), max_length=320)
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        required=False,
        max_length=200,
        help_text=_("What they are called, when they are new to us."),
    )
    cc = forms.CharField(label=_("Copy to"), required=False, max_length=2000)
    bcc = forms.CharField(label=_("Blind copy to"), required=False, max_length=2000)
    subject_line = forms.CharField(label=_("Subject"), max_length=500)
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, posted: QueryDict | None, *, viewer: Actor, initial: dict[str, Any] | None = None) -> None:
        super().__init__(posted, initial=initial)
        boxes = [(str(box.id), f"{box.name} <{box.address}>") for box in mailboxes()]
        self.fields["mailbox"].choices = boxes  # type: ignore[attr-defined]
        _offer(self, "team", _teams(viewer), none=_("No team"))

    def clean_subject_line(self) -> str:
        """Return the subject on one line; a line break would begin another header."""
        return " ".join(self.cleaned_data["subject_line"].split())

    def clean_cc(self) -> list[str]:
        """Return the addresses that get a copy."""
        return _addresses(self.cleaned_data["cc"])

    def clean_bcc(self) -> list[str]:
        """Return the addresses that get a blind copy."""
        return _addresses(self.cleaned_data["bcc"])


def _offer(form: forms.Form, name: str, choices: Choices, *, none: Any) -> None:
    form.fields[name].choices = [("", none), *choices]  # type: ignore[attr-defined]


def _teams(viewer: Actor) -> Choices:
    return [(str(team.id), team.name) for team in people.teams_of(viewer)]


def _addresses(text: str) -> list[str]:
    found = [part.lower() for part in text.replace(";", ",").replace(",", " ").split()]
    for address in found:
        validate_email(address)
    return list(dict.fromkeys(found))


class TextForm(forms.Form):
    """A text message that we write first. numbers: the customer's."""

    number = forms.ChoiceField(label=_("To"))
    messenger = forms.ChoiceField(label=_("From"))
    text = forms.CharField(label=_("Message"), max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, posted: QueryDict | None, *, numbers: list[str], initial: dict[str, Any]) -> None:
        super().__init__(posted, initial=initial)
        live = [one for one in messengers() if one.state == MessengerState.LIVE]
        self.can_be_sent = bool(numbers and live)
        _choices(self, "number", [(number, number) for number in numbers])
        _choices(self, "messenger", [(str(one.id), f"{one.name} · {one.number}") for one in live])


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
